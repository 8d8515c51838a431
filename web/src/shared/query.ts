import { QueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/client';

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        // A refusal does not get better by asking again; a broken line may.
        retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(asProblem(error).status),
      },
    },
  });
}
