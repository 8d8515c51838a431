import { Button } from 'antd';
import type { RowChange } from '@/api/types';
import { t } from '@/i18n';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { Empty, ErrorBox, Loading } from '@/shared/ui/States';
import { Tag, word } from '@/shared/ui/Tags';
import { useChanges } from './api';

/** A new row lists its first fields only; the rest is in the file anyway. */
const SHOWN = 8;

function Fields({ change }: { change: RowChange }) {
  if (change.kind === 'new') {
    // The name stands in its own column.
    const fields = change.fields.filter((f) => f.after && f.after !== change.name);
    return (
      <span>
        {fields.slice(0, SHOWN).map((f) => `${f.label} ${f.after}`).join(' · ')}
        {fields.length > SHOWN && ` … +${fields.length - SHOWN}`}
      </span>
    );
  }
  return (
    <ul>
      {change.fields.map((f) => (
        <li key={f.label}>
          {f.label}: <span className={f.before ? 'before' : 'dim'}>{f.before || t.common.empty}</span>
          {' → '}
          <span className={f.after ? 'after' : 'dim'}>{f.after || t.common.empty}</span>
        </li>
      ))}
    </ul>
  );
}

function columns(): Column<RowChange>[] {
  const c = t.imports.changeColumns;
  return [
    { key: 'kind', title: c.kind, render: (r) => <Tag tone={r.kind === 'new' ? 'good' : 'info'}>{word(t.imports.changeKind, r.kind)}</Tag> },
    { key: 'name', title: c.name, rowHeader: true, nowrap: true, render: (r) => r.name },
    { key: 'fields', title: c.fields, render: (r) => <Fields change={r} /> },
    { key: 'sheet', title: c.sheet, render: (r) => r.sheet },
    { key: 'row', title: c.row, align: 'right', render: (r) => r.row },
  ];
}

export function ChangesTab({ id }: { id: string }) {
  const query = useChanges(id);
  if (query.isPending) return <Loading />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const all = query.data.pages.flatMap((p) => p.changes);
  if (all.length === 0) return <Empty title={t.imports.changesNone} />;
  return (
    <>
      <ListTable label={t.imports.changes} columns={columns()} rows={all} rowKey={(r) => `${r.sheet}/${r.row}`} />
      {query.hasNextPage && (
        <p className="gap-above">
          <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.imports.loadMore}</Button>{' '}
          <span className="dim">{t.imports.partLoaded(all.length)}</span>
        </p>
      )}
    </>
  );
}
