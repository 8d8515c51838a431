// The catalogue as a value and what an edit makes of it, so that the grid can show an
// edit before the server has answered, and lay edits over what somebody else saved.
// The server applies the same edits for good; this copy only has to look the same.
import type { CatalogueOp, Material, Volume } from '@/api/types';

/** The catalogue after `ops`, and the ops that no longer find what they are about. */
export function applyOps(volume: Volume, ops: CatalogueOp[]): { volume: Volume; lost: CatalogueOp[] } {
  const lost: CatalogueOp[] = [];
  let classes = volume.classes;
  ops.forEach((op, i) => {
    const next = applyOne(classes, op, i);
    if (next) classes = next;
    else lost.push(op);
  });
  return { volume: { ...volume, classes: classes.map((c) => ({ ...c, materials: number(c.materials) })) }, lost };
}

type Classes = Volume['classes'];

function number(materials: Material[]): Material[] {
  return materials.map((m, i) => (m.seq === i + 1 ? m : { ...m, seq: i + 1 }));
}

export function findMaterial(classes: Classes, id: string): Material | undefined {
  for (const c of classes) {
    const found = c.materials.find((m) => m.id === id);
    if (found) return found;
  }
  return undefined;
}

function insertAt<T>(list: T[], item: T, at: number | undefined): T[] {
  const i = at === undefined ? list.length : Math.max(0, Math.min(list.length, at - 1));
  return [...list.slice(0, i), item, ...list.slice(i)];
}

function into(classes: Classes, code: string, change: (m: Material[]) => Material[]): Classes | undefined {
  if (!classes.some((c) => c.code === code)) return undefined;
  return classes.map((c) => (c.code === code ? { ...c, materials: change(c.materials) } : c));
}

function without(classes: Classes, id: string): Classes {
  return classes.map((c) => (c.materials.some((m) => m.id === id) ? { ...c, materials: c.materials.filter((m) => m.id !== id) } : c));
}

function edited(m: Material, field: string, value: string): Material {
  switch (field) {
    case 'title': return { ...m, title: value };
    case 'formed': return { ...m, formed: value || undefined };
    case 'page_count': return { ...m, page_count: value === '' ? undefined : Number(value) };
    case 'copies': return { ...m, copies: Number(value) || 1 };
    case 'remark': return { ...m, remark: value };
    default: return m;
  }
}

function applyOne(classes: Classes, op: CatalogueOp, index: number): Classes | undefined {
  switch (op.op) {
    case 'add': {
      const material: Material = {
        id: `new-${index}`, class_code: op.class_code, seq: 0, title: op.title, formed: op.formed, page_count: op.page_count,
        copies: op.copies ?? 1, remark: op.remark ?? '', pages: [], state: 'new',
      };
      return into(classes, op.class_code, (list) => insertAt(list, material, op.at ?? undefined));
    }
    case 'edit': {
      const m = findMaterial(classes, op.material);
      return m && into(classes, m.class_code, (list) => list.map((x) => (x.id === m.id ? edited(x, op.field, op.value) : x)));
    }
    case 'move': {
      const m = findMaterial(classes, op.material);
      return m && into(without(classes, m.id), op.class_code, (list) => insertAt(list, { ...m, class_code: op.class_code }, op.at));
    }
    case 'remove':
      return findMaterial(classes, op.material) && without(classes, op.material);
    case 'page_move':
      return movePage(classes, op.page, op.material, op.at);
  }
}

function movePage(classes: Classes, page: string, material: string, at: number): Classes | undefined {
  const all = classes.flatMap((c) => c.materials);
  const from = all.find((m) => m.pages.some((p) => p.id === page));
  const ref = from?.pages.find((p) => p.id === page);
  if (!from || !ref || !all.some((m) => m.id === material)) return undefined;
  const renumber = (pages: Material['pages']) => pages.map((p, i) => ({ ...p, no: i + 1 }));
  return classes.map((c) => ({
    ...c,
    materials: c.materials.map((m) => {
      if (m.id !== from.id && m.id !== material) return m;
      const rest = m.pages.filter((p) => p.id !== page);
      return { ...m, pages: renumber(m.id === material ? insertAt(rest, ref, at) : rest) };
    }),
  }));
}

/** Where a material goes when it is moved one row up or down; classes are crossed. */
export function stepMove(classes: Classes, id: string, step: 1 | -1): { class_code: string; at: number } | undefined {
  const leaves = classes.filter((c) => c.leaf);
  const c = leaves.findIndex((x) => x.materials.some((m) => m.id === id));
  const own = leaves[c];
  if (!own) return undefined;
  const i = own.materials.findIndex((m) => m.id === id);
  const inside = i + step;
  if (inside >= 0 && inside < own.materials.length) return { class_code: own.code, at: inside + 1 };
  const next = leaves[c + step];
  if (!next) return undefined;
  return { class_code: next.code, at: step === 1 ? 1 : next.materials.length + 1 };
}
