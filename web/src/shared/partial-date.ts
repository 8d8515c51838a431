// Dates of the archive are partial: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as text.

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads what people type (`2025.12.3`, `20251203`, `2025/12`); null when it is no date. */
export function parsePartialDate(text: string): string | null {
  const plain = text.normalize('NFKC').trim();
  const parts = /^\d{6}$|^\d{8}$/.test(plain)
    ? [plain.slice(0, 4), plain.slice(4, 6), plain.slice(6, 8)].filter((p) => p !== '')
    : plain.split(/[^\d]+/).filter((p) => p !== '');
  if (parts.length === 0 || parts.length > 3 || !/^\d{4}$/.test(parts[0] ?? '')) return null;
  const year = Number(parts[0]);
  if (year < 1850 || year > 2200) return null;
  if (parts.length === 1) return String(year);
  const month = Number(parts[1]);
  if (month < 1 || month > 12) return null;
  const head = `${year}-${String(month).padStart(2, '0')}`;
  if (parts.length === 2) return head;
  const date = Number(parts[2]);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 31);
  if (date < 1 || date > last) return null;
  return `${head}-${String(date).padStart(2, '0')}`;
}

/** `2025-12` → `2025.12`, the way catalogues print it. */
export function showPartialDate(date: string | undefined | null): string {
  return date ? date.replaceAll('-', '.') : '';
}
