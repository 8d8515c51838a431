// The editable catalogue: a table with role=grid. One cell holds the focus (roving
// tabindex); arrows walk, F2 or Enter or simply typing edits, Esc gives the edit up.
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { Volume } from '@/api/types';
import { t } from '@/i18n';
import { CellEditor } from './CellEditor';
import { cellText, classNumber, COLUMNS, gridRows, type ColumnKey, type DraftPlace, type FieldKey, type Row } from './rows';

export const PAGE_TYPE = 'text/x-juanzong-page';
const MATERIAL_TYPE = 'text/x-juanzong-material';

export type GridActions = {
  onEdit: (material: string, field: FieldKey, value: string) => void;
  onAdd: (place: DraftPlace, title: string) => void;
  onStep: (material: string, step: 1 | -1) => void;
  onMove: (material: string, place: DraftPlace) => void;
  onRemove: (material: string) => void;
  onDropPage: (page: string, material: string) => void;
};

type Props = GridActions & {
  volume: Volume;
  editable: boolean;
  selected?: string;
  onSelect: (material: string | undefined, cls: string) => void;
  draft: DraftPlace | null;
  setDraft: (place: DraftPlace | null) => void;
  /** A class code or material id that should get the focus. */
  goTo: string | null;
};

type Cell = { row: number; col: number };

export function Grid(props: Props) {
  const { volume, editable, draft, setDraft, goTo, onSelect } = props;
  const rows = gridRows(volume, draft);
  const [active, setActive] = useState<Cell>({ row: 0, col: 1 });
  const [editing, setEditing] = useState<{ first?: string } | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const place = { row: Math.min(active.row, rows.length - 1), col: active.col };

  const focus = (row: number, col: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, row));
    setActive({ row: to, col });
    const target = rows[to];
    if (target) onSelect(target.type === 'material' ? target.material.id : undefined, target.cls.code);
    requestAnimationFrame(() => {
      // Whoever was quicker than a frame is typing already.
      if (table.current?.querySelector('.cell-editor')?.contains(document.activeElement)) return;
      const cell = table.current?.querySelector<HTMLElement>(`[data-cell="${to}-${target?.type === 'class' ? 0 : col}"]`);
      cell?.focus({ preventScroll: true });
      cell?.scrollIntoView({ block: 'nearest' });
    });
  };

  // The tree and new rows ask for a place; look it up in the rows of this moment.
  const seek = useRef<(key: string) => void>(() => undefined);
  useEffect(() => {
    seek.current = (key) => {
      const found = rows.findIndex((r) => r.key === `c${key}` || r.key === `m${key}`);
      if (found >= 0) focus(found, 1);
    };
  });
  useEffect(() => {
    if (goTo) seek.current(goTo);
  }, [goTo]);

  const startDraft = (at: number) => {
    const row = rows[at];
    if (!row || !editable) return;
    if (row.type === 'class') {
      const cls = row.cls.leaf ? row.cls : volume.classes.find((c) => c.parent === row.cls.code);
      if (cls) setDraft({ class_code: cls.code, at: cls.materials.length + 1 });
    } else if (row.type === 'material') {
      setDraft({ class_code: row.cls.code, at: row.material.seq + 1 });
    }
  };

  const beginEdit = (row: Row | undefined, col: number, first?: string) => {
    if (editable && row?.type === 'material' && col > 0) setEditing({ first });
  };

  const onKey = (event: KeyboardEvent) => {
    if (editing || draft || event.nativeEvent.isComposing) return;
    const row = rows[place.row];
    const { row: r, col: c } = place;
    const alt = event.altKey;
    const handled = (run: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    if (alt && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const step = event.key === 'ArrowUp' ? -1 : 1;
      if (editable && row?.type === 'material') handled(() => props.onStep(row.material.id, step));
      return;
    }
    if (alt || event.ctrlKey || event.metaKey) {
      if (event.ctrlKey && event.key === 'Home') handled(() => focus(0, 1));
      if (event.ctrlKey && event.key === 'End') handled(() => focus(rows.length - 1, 1));
      return;
    }
    switch (event.key) {
      case 'ArrowDown': return handled(() => focus(r + 1, c));
      case 'ArrowUp': return handled(() => focus(r - 1, c));
      case 'ArrowLeft': return handled(() => focus(r, Math.max(0, c - 1)));
      case 'ArrowRight': return handled(() => focus(r, Math.min(COLUMNS.length - 1, c + 1)));
      case 'Home': return handled(() => focus(r, 0));
      case 'End': return handled(() => focus(r, COLUMNS.length - 1));
      case 'PageDown': return handled(() => focus(r + 12, c));
      case 'PageUp': return handled(() => focus(r - 12, c));
      case 'F2':
      case 'Enter': return handled(() => beginEdit(row, c === 0 ? 1 : c));
      case 'Insert': return handled(() => startDraft(r));
      case 'Delete': return handled(() => editable && row?.type === 'material' && props.onRemove(row.material.id));
      default:
        if (event.key.length === 1 && event.key !== '?' && event.key !== ' ') beginEdit(row, c, event.key);
    }
  };

  const finish = (row: Row, field: FieldKey, value: string | null, go: 'down' | 'right' | 'left' | 'stay') => {
    setEditing(null);
    if (row.type === 'material' && value !== null) props.onEdit(row.material.id, field, value);
    const { row: r, col: c } = place;
    if (go === 'down') focus(r + 1, c);
    else if (go === 'right') focus(r, Math.min(COLUMNS.length - 1, c + 1));
    else if (go === 'left') focus(r, Math.max(0, c - 1));
    else focus(r, c);
  };

  return (
    <div className="grid-wrap">
      <table ref={table} role="grid" aria-label={t.catalogue.grid} aria-readonly={!editable} className="grid" onKeyDown={onKey}>
        <thead>
          <tr>{COLUMNS.map((c) => <th key={c} scope="col" className={`g-${c}`}>{t.catalogue.columns[c]}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, r) => {
            if (row.type === 'class') {
              return <ClassRow key={row.key} row={row} r={r} active={place.row === r} onFocus={() => focus(r, place.col)} actions={props} />;
            }
            if (row.type === 'draft') {
              return <DraftRow key={row.key} place={{ class_code: row.cls.code, at: row.at }} actions={props} onClose={() => {
                setDraft(null);
                focus(Math.max(0, r - 1), 1);
              }} />;
            }
            return (
              <tr
                key={row.key} aria-selected={props.selected === row.material.id} className={props.selected === row.material.id ? 'g-selected' : undefined}
                {...dropProps(props, editable, row.material.id, { class_code: row.cls.code, at: row.material.seq })}
              >
                {COLUMNS.map((c, col) => {
                  const here = place.row === r && place.col === col;
                  const isEditing = here && editing !== null && c !== 'no';
                  return (
                    <td
                      key={c} role="gridcell" tabIndex={here && !isEditing ? 0 : -1} data-cell={`${r}-${col}`} className={`g-${c}`}
                      draggable={c === 'no' && editable}
                      onDragStart={c === 'no' ? (e) => e.dataTransfer.setData(MATERIAL_TYPE, row.material.id) : undefined}
                      onMouseDown={() => !isEditing && focus(r, col)} onDoubleClick={() => beginEdit(row, col)}
                    >
                      {isEditing ? (
                        <CellEditor
                          field={c} label={`${row.material.title} ${t.catalogue.columns[c]}`} first={editing.first}
                          value={c === 'page_count' && row.material.page_count === undefined ? '' : cellText(row.material, c)}
                          onDone={(value, go) => finish(row, c, value, go)}
                        />
                      ) : <CellText row={row} column={c} />}
                    </td>
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

function CellText({ row, column }: { row: Extract<Row, { type: 'material' }>; column: ColumnKey }) {
  const { material } = row;
  const text = cellText(material, column);
  if (column !== 'page_count') return <>{text}</>;
  const images = material.pages.length;
  const differs = material.page_count !== undefined && material.page_count !== null && images > 0 && material.page_count !== images;
  return differs ? <span className="g-differs" title={t.catalogue.pagesDiffer(material.page_count ?? 0, images)}>{text}<span className="dim"> / {images}</span></span> : <>{text}</>;
}

function ClassRow({ row, r, active, onFocus, actions }: {
  row: Extract<Row, { type: 'class' }>; r: number; active: boolean; onFocus: () => void; actions: Props;
}) {
  const { cls } = row;
  const drop = cls.leaf ? dropProps(actions, actions.editable, undefined, { class_code: cls.code, at: cls.materials.length + 1 }) : {};
  return (
    <tr className={cls.parent ? 'g-class g-subclass' : 'g-class'} {...drop}>
      <td role="gridcell" colSpan={COLUMNS.length} tabIndex={active ? 0 : -1} data-cell={`${r}-0`} onMouseDown={onFocus}>
        <span className="g-class-no">{classNumber(cls.code)}</span> {cls.label}
        {cls.leaf && actions.editable && (
          <button
            type="button" className="g-add" tabIndex={-1} aria-label={t.catalogue.addHere(cls.label)} title={t.catalogue.addHere(cls.label)}
            onClick={() => actions.setDraft({ class_code: cls.code, at: cls.materials.length + 1 })}
          >
            +
          </button>
        )}
      </td>
    </tr>
  );
}

function DraftRow({ place, actions, onClose }: { place: DraftPlace; actions: Props; onClose: () => void }) {
  return (
    <tr className="g-draft">
      <td role="gridcell" className="g-no">{`${place.class_code}-${place.at}`}</td>
      <td role="gridcell" colSpan={COLUMNS.length - 1}>
        <CellEditor
          field="title" label={t.catalogue.add} value="" placeholder={t.catalogue.newTitle}
          onDone={(value) => {
            onClose();
            if (value !== null) actions.onAdd(place, value);
          }}
        />
      </td>
    </tr>
  );
}

/** Pages are dropped onto materials; materials onto a place. */
function dropProps(actions: GridActions, editable: boolean, material: string | undefined, place: DraftPlace) {
  if (!editable) return {};
  const takes = (e: DragEvent) => (material !== undefined && e.dataTransfer.types.includes(PAGE_TYPE)) || e.dataTransfer.types.includes(MATERIAL_TYPE);
  return {
    onDragOver: (e: DragEvent) => {
      if (!takes(e)) return;
      e.preventDefault();
      e.currentTarget.classList.add('g-over');
    },
    onDragLeave: (e: DragEvent) => e.currentTarget.classList.remove('g-over'),
    onDrop: (e: DragEvent) => {
      e.preventDefault();
      e.currentTarget.classList.remove('g-over');
      const page = e.dataTransfer.getData(PAGE_TYPE);
      const moved = e.dataTransfer.getData(MATERIAL_TYPE);
      if (page && material) actions.onDropPage(page, material);
      else if (moved && moved !== material) actions.onMove(moved, place);
    },
  };
}
