// The roll of pages on OpenSeadragon. It loads only what is near the window: opening a
// page is a look that the ledger records, and a volume may have hundreds of pages.
// Knows nothing of React; the hook useStage binds it to the screen.
import OpenSeadragon from 'openseadragon';
import { cspNonce } from '@/shared/nonce';
import type { Leaf, Place, Turn } from './layout';
import { pageAt, places } from './layout';
import { drawDecor, type Decor } from './decor';

type Loaded = { image?: OpenSeadragon.TiledImage; wanted: boolean };

export type StageEvents = {
  onCurrent: (index: number) => void;
  onClickPage: (index: number, x: number, y: number) => void;
  onFailed: (index: number) => void;
};

/** How far beyond the window pages are kept, in windows. */
const NEAR = 0.6;
const FAR = 4;

export class Stage {
  private readonly viewer: OpenSeadragon.Viewer;
  private readonly loaded = new Map<string, Loaded>();
  private readonly decors = new Map<string, SVGSVGElement>();
  private readonly turns = new Map<string, Turn>();
  private rolls: Place[] = [];
  private all: Leaf[] = [];
  private current = -1;
  private frame = 0;

  constructor(element: HTMLElement, private readonly events: StageEvents) {
    keepLibraryStyleOut();
    this.viewer = new OpenSeadragon.Viewer({
      element,
      drawer: 'canvas',
      showNavigationControl: false,
      showNavigator: false,
      preserveViewport: true,
      visibilityRatio: 0,
      minZoomImageRatio: 0,
      minZoomLevel: 0.05,
      maxZoomPixelRatio: 3,
      animationTime: 0.25,
      springStiffness: 9,
      imageLoaderLimit: 6,
      gestureSettingsMouse: { scrollToZoom: false, clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchToZoom: true, flickEnabled: true },
      gestureSettingsPen: { clickToZoom: false },
    });
    this.viewer.addHandler('canvas-key', (e) => {
      e.preventDefaultAction = true;
    });
    this.viewer.addHandler('canvas-scroll', (e) => this.scroll(e));
    this.viewer.addHandler('canvas-click', (e) => e.quick && this.click(e.position));
    this.viewer.addHandler('viewport-change', () => this.later());
    this.viewer.addHandler('animation-finish', () => this.clamp());
    this.viewer.addHandler('resize', () => this.later());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.viewer.destroy();
  }

  /** Shows these pages; those that stay keep their images. */
  setLeaves(all: Leaf[], start: number): void {
    const first = this.all.length === 0;
    const keep = new Set(all.map((l) => l.page.id));
    for (const id of Array.from(this.loaded.keys())) if (!keep.has(id)) this.unload(id);
    this.all = all;
    this.arrange();
    if (first) requestAnimationFrame(() => this.fitWidth(start, true));
    else this.later();
  }

  goTo(index: number): void {
    const place = this.rolls[index];
    if (!place) return;
    const view = this.viewer.viewport;
    const bounds = view.getBounds(true);
    // The library's own constraints know only pages that are loaded, so they are not asked.
    // The top of the page comes to the top of the window; zoom and side stay.
    const height = bounds.height;
    const y = place.height < height ? place.y + place.height / 2 : place.y - height * 0.02 + height / 2;
    view.panTo(new OpenSeadragon.Point(bounds.width >= 1 ? 0.5 : bounds.getCenter().x, y));
    this.report(index);
  }

  fitWidth(index: number, immediately = false): void {
    const place = this.rolls[index];
    if (!place) return;
    const view = this.viewer.viewport;
    const aspect = view.getAspectRatio() || 1;
    const width = 1.04;
    view.fitBounds(new OpenSeadragon.Rect(-0.02, place.y - 0.02, width, width / aspect), immediately);
    this.report(index);
  }

  fitPage(index: number): void {
    const place = this.rolls[index];
    if (!place) return;
    this.viewer.viewport.fitBounds(new OpenSeadragon.Rect(0, place.y, 1, place.height));
    this.report(index);
  }

  zoom(factor: number): void {
    this.viewer.viewport.zoomBy(factor);
    this.viewer.viewport.applyConstraints();
  }

  rotate(index: number): void {
    const leaf = this.all[index];
    if (!leaf) return;
    const turn = (((this.turns.get(leaf.page.id) ?? 0) + 90) % 360) as Turn;
    this.turns.set(leaf.page.id, turn);
    this.arrange();
    this.goTo(index);
  }

  /** Draws line boxes and marks over a page, in pixels of the page; null takes them away. */
  setDecor(id: string, decor: Decor | null): void {
    const old = this.decors.get(id);
    if (old) {
      this.viewer.removeOverlay(old);
      this.decors.delete(id);
    }
    const index = this.all.findIndex((l) => l.page.id === id);
    const leaf = this.all[index];
    const place = this.rolls[index];
    if (!decor || !leaf || !place) return;
    const svg = drawDecor(leaf.page, this.turns.get(id) ?? 0, decor);
    this.decors.set(id, svg);
    this.viewer.addOverlay({ element: svg as unknown as HTMLElement, location: new OpenSeadragon.Rect(0, place.y, 1, place.height) });
    svg.style.pointerEvents = 'none';
  }

  /** Brings a box of a page into the window if it is outside. */
  reveal(index: number, box: readonly number[]): void {
    const leaf = this.all[index];
    const place = this.rolls[index];
    if (!leaf || !place) return;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
    const turn = this.turns.get(leaf.page.id) ?? 0;
    const at = turned((x0 + x1) / 2 / leaf.page.w, (y0 + y1) / 2 / leaf.page.h, turn);
    const point = new OpenSeadragon.Point(at.x, place.y + at.y * place.height);
    const bounds = this.viewer.viewport.getBounds(true);
    const inside = point.x > bounds.x && point.x < bounds.x + bounds.width && point.y > bounds.y + bounds.height * 0.08 && point.y < bounds.y + bounds.height * 0.92;
    if (!inside) {
      this.viewer.viewport.panTo(bounds.width >= 1 ? new OpenSeadragon.Point(0.5, point.y) : point);
    }
    this.report(index);
  }

  private arrange(): void {
    this.rolls = places(this.all, this.turns);
    this.all.forEach((leaf, i) => {
      const image = this.loaded.get(leaf.page.id)?.image;
      const place = this.rolls[i];
      if (!image || !place) return;
      const spot = this.spot(leaf, place);
      image.setRotation(this.turns.get(leaf.page.id) ?? 0, true);
      image.setWidth(spot.width, true);
      image.setPosition(new OpenSeadragon.Point(spot.x, spot.y), true);
    });
    this.later();
  }

  /** Place of the image before it is turned around its middle. */
  private spot(leaf: Leaf, place: Place): { x: number; y: number; width: number } {
    const sideways = (this.turns.get(leaf.page.id) ?? 0) % 180 === 90;
    if (!sideways) return { x: 0, y: place.y, width: 1 };
    const width = leaf.page.w / leaf.page.h;
    return { x: 0.5 - width / 2, y: place.y + place.height / 2 - 0.5, width };
  }

  private later(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.refresh());
  }

  private refresh(): void {
    if (this.all.length === 0) return;
    const view = this.viewer.viewport.getBounds(true);
    const from = pageAt(this.rolls, view.y - view.height * NEAR);
    const to = pageAt(this.rolls, view.y + view.height * (1 + NEAR));
    this.all.forEach((leaf, i) => {
      if (i >= from && i <= to) this.load(leaf, i);
      else if (i < from - FAR || i > to + FAR) this.unload(leaf.page.id);
    });
    this.report(pageAt(this.rolls, view.y + view.height * 0.4));
  }

  private report(index: number): void {
    if (index === this.current) return;
    this.current = index;
    this.events.onCurrent(index);
  }

  private load(leaf: Leaf, index: number): void {
    const id = leaf.page.id;
    if (this.loaded.has(id)) return;
    const entry: Loaded = { wanted: true };
    this.loaded.set(id, entry);
    const place = this.rolls[index];
    if (!place) return;
    const failed = () => {
      if (entry.wanted) this.events.onFailed(this.all.findIndex((l) => l.page.id === id));
    };
    describe(id).then((tileSource) => entry.wanted && this.add(leaf, entry, tileSource, failed), failed);
  }

  private add(leaf: Leaf, entry: Loaded, tileSource: object, failed: () => void): void {
    const id = leaf.page.id;
    const place = this.rolls[this.all.findIndex((l) => l.page.id === id)];
    if (!place) return;
    const spot = this.spot(leaf, place);
    this.viewer.addTiledImage({
      tileSource,
      x: spot.x, y: spot.y, width: spot.width, degrees: this.turns.get(id) ?? 0,
      success: (event: unknown) => {
        const { item } = event as { item: OpenSeadragon.TiledImage };
        // It may have been scrolled away while its description was on the way.
        if (entry.wanted) entry.image = item;
        else this.viewer.world.removeItem(item);
      },
      error: failed,
    });
  }

  private unload(id: string): void {
    const entry = this.loaded.get(id);
    if (!entry) return;
    entry.wanted = false;
    this.loaded.delete(id);
    if (entry.image) this.viewer.world.removeItem(entry.image);
  }

  private scroll(event: OpenSeadragon.CanvasScrollEvent): void {
    event.preventDefaultAction = true;
    event.preventDefault = true;
    const wheel = event.originalEvent as WheelEvent;
    const view = this.viewer.viewport;
    if (wheel.ctrlKey || wheel.metaKey) {
      view.zoomBy(event.scroll > 0 ? 1.2 : 1 / 1.2, view.pointFromPixel(event.position, true));
      return;
    }
    const lines = wheel.deltaMode === 1 ? 32 : wheel.deltaMode === 2 ? 600 : 1;
    const delta = view.deltaPointsFromPixels(new OpenSeadragon.Point(wheel.deltaX * lines, wheel.deltaY * lines), true);
    view.panBy(delta, true);
    this.clamp();
  }

  /** Keeps the roll in the window. */
  private clamp(): void {
    const last = this.rolls.at(-1);
    if (!last) return;
    const view = this.viewer.viewport;
    const bounds = view.getBounds(true);
    const center = bounds.getCenter();
    const end = last.y + last.height;
    const half = Math.min(bounds.height / 2, end / 2);
    const x = bounds.width >= 1.02 ? 0.5 : Math.max(0, Math.min(1, center.x));
    const y = Math.max(half - 0.03, Math.min(end - half + 0.03, center.y));
    if (Math.abs(x - center.x) > 0.001 || Math.abs(y - center.y) > 0.001) view.panTo(new OpenSeadragon.Point(x, y), true);
  }

  private click(position: OpenSeadragon.Point): void {
    const point = this.viewer.viewport.pointFromPixel(position, true);
    const index = pageAt(this.rolls, point.y);
    const leaf = this.all[index];
    const place = this.rolls[index];
    if (!leaf || !place || point.x < 0 || point.x > 1) return;
    const back = ((360 - (this.turns.get(leaf.page.id) ?? 0)) % 360) as Turn;
    const at = turned(point.x, (point.y - place.y) / place.height, back);
    this.events.onClickPage(index, at.x * leaf.page.w, at.y * leaf.page.h);
  }
}

/**
 * The IIIF description of a page. Its id names the host as the server sees it, which
 * behind a proxy is not where this page came from.
 */
async function describe(id: string): Promise<object> {
  const path = `/iiif/3/${id}`;
  const answer = await fetch(`${path}/info.json`, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`info ${answer.status}`);
  const info = (await answer.json()) as object;
  return { ...info, id: new URL(path, location.href).href };
}

/** A point of the unit square after a clockwise turn. */
function turned(x: number, y: number, turn: Turn): { x: number; y: number } {
  switch (turn) {
    case 0: return { x, y };
    case 90: return { x: 1 - y, y: x };
    case 180: return { x: 1 - x, y: 1 - y };
    case 270: return { x: y, y: 1 - x };
  }
}

/** The library writes a style element of its own, which the content security policy forbids. */
function keepLibraryStyleOut(): void {
  if (document.querySelector('style[data-openseadragon-mobile-css]')) return;
  const style = document.createElement('style');
  style.dataset['openseadragonMobileCss'] = 'true';
  style.nonce = cspNonce() ?? '';
  document.head.append(style);
}
