// The query and its hits live in memory only: names must not stand in addresses or in
// the storage of the browser. Reloading the page forgets them.
import { useSyncExternalStore } from 'react';
import type { Hit } from '@/api/types';

export type SearchKind = 'all' | 'person' | 'material' | 'page';
export type SearchState = { q: string; kind: SearchKind; org?: string };

let state: SearchState = { q: '', kind: 'all' };
let pageHits: Hit[] = [];
const watchers = new Set<() => void>();

export function setSearch(change: Partial<SearchState>): void {
  state = { ...state, ...change };
  watchers.forEach((f) => f());
}

export function useSearchState(): SearchState {
  return useSyncExternalStore(
    (f) => {
      watchers.add(f);
      return () => watchers.delete(f);
    },
    () => state,
  );
}

/** Remembers the page hits of the last search, for walking from hit to hit in the viewer. */
export function keepPageHits(hits: Hit[]): void {
  pageHits = hits.filter((h) => h.kind === 'page' && h.page !== undefined);
}

export function keptPageHits(): Hit[] {
  return pageHits;
}
