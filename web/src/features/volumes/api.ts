import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

export function useVolumes(query: { org?: string; person?: string; q?: string; after?: string; limit?: number }) {
  return useQuery({
    queryKey: ['volumes', query],
    queryFn: ({ signal }) => ask(api.POST('/api/v1/volumes/search', { body: query, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useVolume(id: string) {
  return useQuery({
    queryKey: ['volume', id],
    queryFn: () => ask(api.GET('/api/v1/volumes/{volume}', { params: { path: { volume: id } } })),
  });
}

export function useVolumeBatches() {
  return useQuery({ queryKey: ['volume-imports'], queryFn: () => ask(api.GET('/api/v1/volume-imports')) });
}

/** States in which the server is still at work. */
const AT_WORK = new Set(['checking', 'committing', 'running', 'queued']);

export function useVolumeBatch(id: string) {
  return useQuery({
    queryKey: ['volume-imports', id],
    queryFn: () => ask(api.GET('/api/v1/volume-imports/{batch}', { params: { path: { batch: id } } })),
    // Events move the bar; which volumes are filed is asked for while it is being worked on.
    refetchInterval: (q) => (q.state.data && AT_WORK.has(q.state.data.state) ? 2000 : false),
  });
}
