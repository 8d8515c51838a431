// Where pages stand under each other: every page is one unit wide, whatever its size.
import type { Material, PageRef, Volume } from '@/api/types';

export type Leaf = { page: PageRef; material: Material; index: number };
export type Turn = 0 | 90 | 180 | 270;
/** The rectangle a page takes up in the roll. */
export type Place = { y: number; height: number };

const GAP = 0.025;

/** All pages of a volume in the order of its catalogue. */
export function leaves(volume: Volume): Leaf[] {
  return volume.classes
    .flatMap((c) => c.materials)
    .flatMap((material) => material.pages.map((page) => ({ page, material })))
    .map((leaf, index) => ({ ...leaf, index }));
}

export function places(all: Leaf[], turns: ReadonlyMap<string, Turn>): Place[] {
  let y = 0;
  return all.map(({ page }) => {
    const sideways = (turns.get(page.id) ?? 0) % 180 === 90;
    const height = sideways ? page.w / page.h : page.h / page.w;
    const place = { y, height };
    y += height + GAP;
    return place;
  });
}

/** Index of the page that stands at height `y`; the nearest when it is a gap. */
export function pageAt(all: Place[], y: number): number {
  let low = 0;
  let high = all.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((all[mid]?.y ?? 0) <= y) low = mid;
    else high = mid - 1;
  }
  return Math.max(0, low);
}
