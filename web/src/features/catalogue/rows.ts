// The catalogue as the rows of the grid: class headings and materials in their order.
import type { Material, Volume, VolumeClass } from '@/api/types';
import { parsePartialDate, showPartialDate } from '@/shared/partial-date';
import { t } from '@/i18n';

export type Row =
  | { key: string; type: 'class'; cls: VolumeClass }
  | { key: string; type: 'material'; cls: VolumeClass; material: Material }
  | { key: string; type: 'draft'; cls: VolumeClass; at: number };

export const COLUMNS = ['no', 'title', 'formed', 'page_count', 'copies', 'remark'] as const;
export type ColumnKey = (typeof COLUMNS)[number];
export type FieldKey = Exclude<ColumnKey, 'no'>;

export type DraftPlace = { class_code: string; at: number };

export function gridRows(volume: Volume, draft: DraftPlace | null): Row[] {
  return volume.classes.flatMap((cls): Row[] => {
    const rows: Row[] = cls.materials.map((material) => ({ key: `m${material.id}`, type: 'material', cls, material }));
    if (draft?.class_code === cls.code) rows.splice(draft.at - 1, 0, { key: 'draft', type: 'draft', cls, at: draft.at });
    return [{ key: `c${cls.code}`, type: 'class', cls }, ...rows];
  });
}

/** What a cell shows. */
export function cellText(material: Material, column: ColumnKey): string {
  switch (column) {
    case 'no': return `${material.class_code}-${material.seq}`;
    case 'title': return material.title;
    case 'formed': return showPartialDate(material.formed);
    case 'page_count': return String(material.page_count ?? (material.pages.length || ''));
    case 'copies': return String(material.copies);
    case 'remark': return material.remark;
  }
}

/** What the server gets for what was typed, or why it cannot be. */
export function readCell(field: FieldKey, typed: string): { value: string } | { bad: string } {
  const text = typed.trim();
  switch (field) {
    case 'title': return text === '' ? { bad: t.catalogue.badTitle } : { value: text };
    case 'formed': {
      const date = text === '' ? '' : parsePartialDate(text);
      return date === null ? { bad: t.catalogue.badDate } : { value: date };
    }
    case 'page_count': return text === '' || /^\d{1,4}$/.test(text) ? { value: text } : { bad: t.catalogue.badNumber };
    case 'copies': return /^[1-9]\d{0,3}$/.test(text) ? { value: text } : { bad: t.catalogue.badNumber };
    case 'remark': return { value: text };
  }
}

const NUMERALS = [...t.chineseNumerals];

/** Class 1 is printed as a Chinese numeral, sub-class 4-1 and letters as they are. */
export function classNumber(code: string): string {
  const n = Number(code);
  return Number.isInteger(n) && n >= 1 && n <= 10 ? (NUMERALS[n - 1] ?? code) : code;
}
