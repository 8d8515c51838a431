import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

export function usePage(id: string | undefined) {
  return useQuery({
    queryKey: ['page', id],
    queryFn: () => ask(api.GET('/api/v1/pages/{page}', { params: { path: { page: id ?? '' } } })),
    enabled: id !== undefined,
    // Text of a personnel file does not stay in memory long after it left the screen.
    gcTime: 60_000,
  });
}
