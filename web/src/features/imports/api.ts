import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

/** Rows fetched at a time; a file with more problems than this is not read to its end anyway. */
const CHUNK = 200;

export function useBatches() {
  return useQuery({ queryKey: ['imports'], queryFn: () => ask(api.GET('/api/v1/imports')) });
}

export function useBatch(id: string) {
  return useQuery({
    queryKey: ['import', id],
    queryFn: () => ask(api.GET('/api/v1/imports/{batch}', { params: { path: { batch: id } } })),
  });
}

export function useFindings(id: string, sheet: string | undefined, code: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['import', id, 'findings', sheet, code],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/api/v1/imports/{batch}/findings', {
        params: { path: { batch: id }, query: { sheet, code, after: pageParam, limit: CHUNK } },
      })),
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useChanges(id: string) {
  return useInfiniteQuery({
    queryKey: ['import', id, 'changes'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET('/api/v1/imports/{batch}/changes', {
        params: { path: { batch: id }, query: { after: pageParam, limit: CHUNK } },
      })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
