// How instants, dates, numbers and sizes are written.

const pad = (n: number) => String(n).padStart(2, '0');

/** `2026-11-21 14:05` in the reader's time zone. */
export function instant(ms: number | null | undefined): string {
  if (ms === undefined || ms === null) return '';
  const d = new Date(ms);
  return `${day(ms)} ${pad(d.getHours())}:${pad(d.getMinutes())}`;
}

/** `2026-11-21` in the reader's time zone. */
export function day(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
}

/** `1234567` → `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1,000+` when the server stopped counting. */
export function capped(total: number, isCapped: boolean): string {
  return isCapped ? `${count(total)}+` : count(total);
}

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} KB`;
  return `${(n / 1024 / 1024).toFixed(1)} MB`;
}

/** A part of one as whole per cent. */
export function percent(part: number | null | undefined): string {
  return part === undefined || part === null ? '' : `${Math.round(part * 100)}%`;
}
