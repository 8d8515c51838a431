// Boxes over a page: one SVG per page, not an element per line.
import type { PageRef, TextLine } from '@/api/types';
import type { Turn } from './layout';

export type Decor = {
  lines: TextLine[];
  /** Draw the box of every line. */
  boxes: boolean;
  /** Words somebody searched for, [x0, y0, x1, y1] in pixels of the page. */
  marks: number[][];
  activeMark: number | null;
  activeLine: number | null;
};

const NS = 'http://www.w3.org/2000/svg';

function rect(box: readonly number[], name: string): SVGRectElement {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
  const r = document.createElementNS(NS, 'rect');
  r.setAttribute('x', String(x0));
  r.setAttribute('y', String(y0));
  r.setAttribute('width', String(Math.max(1, x1 - x0)));
  r.setAttribute('height', String(Math.max(1, y1 - y0)));
  r.setAttribute('class', name);
  return r;
}

function shape(line: TextLine, name: string): SVGElement {
  const quad = line.quad;
  if (!quad || quad.length < 8) return rect(line.box, name);
  const polygon = document.createElementNS(NS, 'polygon');
  polygon.setAttribute('points', quad.join(' '));
  polygon.setAttribute('class', name);
  return polygon;
}

const LOW = 0.85;

export function drawDecor(page: PageRef, turn: Turn, decor: Decor): SVGSVGElement {
  const svg = document.createElementNS(NS, 'svg');
  const sideways = turn % 180 === 90;
  svg.setAttribute('viewBox', sideways ? `0 0 ${page.h} ${page.w}` : `0 0 ${page.w} ${page.h}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'decor');
  svg.setAttribute('aria-hidden', 'true');
  const g = document.createElementNS(NS, 'g');
  const moves: Record<Turn, string> = {
    0: '', 90: `translate(${page.h} 0) rotate(90)`, 180: `translate(${page.w} ${page.h}) rotate(180)`, 270: `translate(0 ${page.w}) rotate(270)`,
  };
  if (turn !== 0) g.setAttribute('transform', moves[turn]);
  if (decor.boxes) decor.lines.forEach((line) => g.append(shape(line, line.conf < LOW ? 'decor-line decor-low' : 'decor-line')));
  const active = decor.activeLine === null ? undefined : decor.lines[decor.activeLine];
  if (active) g.append(shape(active, 'decor-active'));
  decor.marks.forEach((box, i) => g.append(rect(box, i === decor.activeMark ? 'decor-mark decor-mark-active' : 'decor-mark')));
  svg.append(g);
  return svg;
}

/** Index of the line at a point of the page. */
export function lineAt(lines: TextLine[], x: number, y: number): number | null {
  const i = lines.findIndex(({ box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0] }) => x >= x0 && x <= x1 && y >= y0 && y <= y1);
  return i < 0 ? null : i;
}
