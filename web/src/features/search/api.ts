import { api, ask } from '@/api/client';
import type { SearchRequest } from '@/api/types';

export function search(body: SearchRequest, signal?: AbortSignal) {
  return ask(api.POST('/api/v1/search', { body, signal }));
}

/** Shorter queries match too much to be of use; numbers and names start at two signs. */
export const MIN_QUERY = 2;
