// One workbook: what is wrong row by row, what would change; then write it, or undo all of it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { Batch, Finding } from '@/api/types';
import { useBatch, useChanges, useFindings } from '@/features/imports/api';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { count, instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { Severity, Tag, word } from '@/shared/ui/Tags';
import { Figures, More, Note, State } from '../parts';
import { Ask } from '../sheet';
import { ErrorBox, Head, Loading, QueryView } from '../ui';
import { Card } from './PersonCards';

/** A new row lists its first fields only; the rest is in the file anyway. */
const SHOWN = 5;

export function ImportBatch() {
  const { batch: id } = useParams({ from: '/imports/$batch' });
  const router = useRouter();
  const query = useBatch(id);
  return (
    <>
      <Head title={query.data?.file_name ?? t.imports.title} onBack={() => router.history.back()} />
      <QueryView query={query}>{(batch) => <Loaded batch={batch} />}</QueryView>
    </>
  );
}

function Loaded({ batch }: { batch: Batch }) {
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'commit' | 'undo' | null>(null);
  const [said, setSaid] = useState('');
  const [broken, setBroken] = useState<unknown>(null);
  const path = { params: { path: { batch: batch.id } } };
  const act = useMutation({
    mutationFn: (what: 'commit' | 'undo') =>
      ask(what === 'commit' ? api.POST('/api/v1/imports/{batch}/commit', path) : api.POST('/api/v1/imports/{batch}/undo', path)),
    onSuccess: (now, what) => {
      setAsking(null);
      setSaid(what === 'commit' ? t.imports.committed : t.imports.undone);
      client.setQueryData(['import', batch.id], now);
      for (const key of ['imports', 'orgs', 'persons', 'person']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const open = (what: 'commit' | 'undo') => {
    act.reset();
    setSaid('');
    setAsking(what);
  };
  const save = () => {
    setBroken(null);
    download(`/api/v1/imports/${batch.id}/annotated`, batch.file_name).catch(setBroken);
  };
  const f = t.imports.figures;
  const writes = batch.state === 'preview' && can('import.run');
  const undoes = batch.state === 'committed' && can('import.run');
  return (
    <>
      <Note>{said}</Note>
      <section className="m-card">
        <p><State words={t.imports.states} state={batch.state} /> <span className="dim">{word(t.imports.kinds, batch.kind)} · {instant(batch.created_at)} · {batch.actor}</span></p>
        <Figures
          items={[
            [f.rows, count(batch.rows)], [f.good, count(batch.good)], [f.bad, count(batch.bad), batch.bad > 0],
            [f.new, count(batch.new)], [f.changed, count(batch.changed)], [f.same, count(batch.same)],
          ]}
        />
        {batch.state === 'preview' && !batch.can_commit && <p>{batch.bad > 0 ? t.imports.cannotCommit : t.imports.upToDate}</p>}
        {batch.undo_blocked && <p>{t.imports.undoBlocked(batch.undo_blocked)}</p>}
        {broken !== null && <ErrorBox error={broken} />}
        <div className="m-stack">
          {writes && <Button block size="large" color="primary" disabled={!batch.can_commit} onClick={() => open('commit')}>{t.imports.commit}</Button>}
          {undoes && <Button block size="large" color="danger" fill="outline" disabled={!batch.can_undo} onClick={() => open('undo')}>{t.imports.undo}</Button>}
          <Button block size="large" onClick={save}>{t.imports.annotated}</Button>
        </div>
        <p className="dim">{t.imports.annotatedHint}</p>
      </section>
      <Findings id={batch.id} />
      <Changes id={batch.id} />
      <Sheets batch={batch} />
      {asking && (
        <Ask
          title={asking === 'commit' ? t.imports.commitTitle(batch.new + batch.changed) : t.imports.undoTitle}
          text={asking === 'commit' ? t.imports.commitText(batch.new, batch.changed, batch.bad) : t.imports.undoText}
          ok={asking === 'commit' ? t.imports.commit : t.imports.undo} danger={asking === 'undo'}
          busy={act.isPending} error={act.error} onOk={() => act.mutate(asking)} onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

/** Problems of one row stand together, the way they are mended. */
function byRow(findings: Finding[]): [string, Finding[]][] {
  const rows = new Map<string, Finding[]>();
  for (const f of findings) {
    const key = `${f.sheet} · ${t.imports.rowNo(f.row)}`;
    rows.set(key, [...(rows.get(key) ?? []), f]);
  }
  return [...rows];
}

function Findings({ id }: { id: string }) {
  const query = useFindings(id, undefined, undefined);
  if (query.isPending) return <Loading rows={2} />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const all = query.data.pages.flatMap((p) => p.findings);
  return (
    <Card title={t.imports.findings}>
      {all.length === 0 ? <p className="dim">{t.imports.findingsNone}</p> : (
        <ul className="m-list">
          {byRow(all).map(([place, list]) => (
            <li key={place} className="m-event">
              <strong>{place}</strong>
              {list.map((f) => (
                <div key={`${f.column}/${f.code}`} className="m-finding">
                  <p><Severity value={f.severity} /> {word(t.imports.codes, f.code)} <span className="mono dim">{f.code}</span></p>
                  <p>{f.column}{f.value && <>: <span className="mono m-value">{f.value}</span></>}</p>
                  <p className="dim">{f.message}</p>
                </div>
              ))}
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && <More busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} />}
    </Card>
  );
}

function Changes({ id }: { id: string }) {
  const query = useChanges(id);
  const [few, setFew] = useState(true);
  if (query.isPending) return <Loading rows={2} />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const all = query.data.pages.flatMap((p) => p.changes);
  return (
    <Card title={t.imports.changes}>
      {all.length === 0 ? <p className="dim">{t.imports.changesNone}</p> : (
        <ul className="m-list">
          {(few ? all.slice(0, 10) : all).map((r) => (
            <li key={`${r.sheet}/${r.row}`} className="m-event">
              <p><Tag tone={r.kind === 'new' ? 'good' : 'info'}>{word(t.imports.changeKind, r.kind)}</Tag> <strong>{r.name}</strong> <span className="dim">{r.sheet} · {t.imports.rowNo(r.row)}</span></p>
              {r.kind === 'new' ? (
                <p className="m-sub">{r.fields.filter((x) => x.after && x.after !== r.name).slice(0, SHOWN).map((x) => `${x.label} ${x.after}`).join(' · ')}</p>
              ) : r.fields.map((x) => (
                <p key={x.label} className="m-sub">
                  {x.label}: <span className={x.before ? 'before' : 'dim'}>{x.before || t.common.empty}</span> → <span className={x.after ? 'after' : 'dim'}>{x.after || t.common.empty}</span>
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
      {few && all.length > 10 ? <More onClick={() => setFew(false)} />
        : query.hasNextPage && <More busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} />}
    </Card>
  );
}

function Sheets({ batch }: { batch: Batch }) {
  return (
    <Card title={t.imports.sheets}>
      <ul className="m-list">
        {batch.sheets.map((s) => (
          <li key={s.name} className="m-event">
            <strong>{s.name}</strong> {s.role === 'skipped' && <Tag tone="plain">{word(t.imports.sheetRole, 'skipped')}</Tag>}
            <span className="dim m-sub">{s.role === 'skipped' ? s.reason : `${t.imports.headerRows(s.header_rows)} · ${t.imports.sheetRows(s.rows, s.bad)}`}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
