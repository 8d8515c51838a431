// Hits to walk through in the viewer: those of the last search, or of a search inside the volume.
import type { Hit } from '@/api/types';
import { keptPageHits } from '@/features/search/state';

export type Walk = { hits: Hit[]; at: number };

/** The walk a reader begins with; empty when the opened page is no hit of the last search. */
export function firstWalk(page: string | undefined): Walk {
  const hits = keptPageHits();
  const at = hits.findIndex((h) => h.page === page);
  return at < 0 ? { hits: [], at: -1 } : { hits, at };
}

export function boxesOf(hits: Hit[], page: string): number[][] {
  return hits.filter((h) => h.page === page).flatMap((h) => h.boxes);
}
