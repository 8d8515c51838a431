// A dense list as a real <table>: readable by screen readers and printers, header that
// sticks, rows that can be walked with the arrow keys and opened with Enter.
// Not a grid: nothing is edited here. For editing see features/catalogue/grid.
import type { KeyboardEvent, ReactNode } from 'react';

export type Column<T> = {
  key: string;
  title: string;
  width?: number | string;
  align?: 'left' | 'right' | 'center';
  /** The cell that names the row, read out as its header. */
  rowHeader?: boolean;
  nowrap?: boolean;
  render: (row: T, index: number) => ReactNode;
};

type Props<T> = {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: string;
  busy?: boolean;
  rowClass?: (row: T) => string | undefined;
};

function walk(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget;
  const to =
    event.key === 'ArrowDown' ? row.nextElementSibling
    : event.key === 'ArrowUp' ? row.previousElementSibling
    : event.key === 'Home' ? row.parentElement?.firstElementChild
    : event.key === 'End' ? row.parentElement?.lastElementChild
    : null;
  if (to instanceof HTMLElement && event.target === row) {
    event.preventDefault();
    to.focus();
  }
}

export function ListTable<T>({ label, columns, rows, rowKey, onOpen, selected, busy, rowClass }: Props<T>) {
  return (
    <div className={busy ? 'list-wrap list-busy' : 'list-wrap'} aria-busy={busy}>
      <table className="list-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" className={c.rowHeader ? 'list-name' : undefined} style={{ width: c.width, textAlign: c.align }}>{c.title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const key = rowKey(row);
            const classes = [onOpen && 'list-open', selected === key && 'list-selected', rowClass?.(row)];
            return (
              <tr
                key={key}
                className={classes.filter(Boolean).join(' ') || undefined}
                tabIndex={onOpen ? 0 : undefined}
                onClick={onOpen && ((e) => !isControl(e.target) && !hasSelection() && onOpen(row))}
                onKeyDown={onOpen && ((e) => {
                  if (e.key === 'Enter' && e.target === e.currentTarget) onOpen(row);
                  else walk(e);
                })}
              >
                {columns.map((c) => {
                  const Cell = c.rowHeader ? 'th' : 'td';
                  return (
                    <Cell
                      key={c.key}
                      scope={c.rowHeader ? 'row' : undefined}
                      className={c.nowrap ? 'nowrap' : undefined}
                      style={{ textAlign: c.align }}
                    >
                      {c.render(row, index)}
                    </Cell>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

// A click on a button inside the row is not a click on the row.
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label') !== null;
}

// Somebody who marks text in a row wants to copy it, not to open the row.
function hasSelection(): boolean {
  return (getSelection()?.toString() ?? '') !== '';
}
