import { DownloadOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, App, Button, Segmented } from 'antd';
import { useState } from 'react';
import { asProblem, upload } from '@/api/client';
import type { Batch } from '@/api/types';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { count, instant, percent } from '@/shared/format';
import { useCan } from '@/shared/me';
import { DropZone, type Picked } from '@/shared/ui/Files';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { Empty, ErrorBox, QueryView } from '@/shared/ui/States';
import { Tag, word, type Tone } from '@/shared/ui/Tags';
import { useBatches } from './api';

const KINDS = ['orgs', 'members'] as const;
const TONES: Record<string, Tone> = { preview: 'warn', committed: 'good', undone: 'plain', failed: 'bad' };

export function BatchState({ state }: { state: string }) {
  return <Tag tone={TONES[state] ?? 'plain'}>{word(t.imports.states, state)}</Tag>;
}

function columns(): Column<Batch>[] {
  const c = t.imports.columns;
  return [
    { key: 'file', title: c.file, rowHeader: true, render: (b) => b.file_name },
    { key: 'kind', title: c.kind, nowrap: true, render: (b) => word(t.imports.kinds, b.kind) },
    { key: 'state', title: c.state, render: (b) => <BatchState state={b.state} /> },
    { key: 'rows', title: c.rows, align: 'right', render: (b) => count(b.rows) },
    { key: 'good', title: c.good, align: 'right', render: (b) => count(b.good) },
    { key: 'bad', title: c.bad, align: 'right', render: (b) => (b.bad > 0 ? count(b.bad) : '') },
    { key: 'at', title: c.at, nowrap: true, render: (b) => instant(b.created_at) },
    { key: 'actor', title: c.actor, nowrap: true, render: (b) => b.actor },
  ];
}

export function ImportsPage() {
  const can = useCan();
  const navigate = useNavigate({ from: '/imports' });
  const client = useQueryClient();
  const { message } = App.useApp();
  const search = useSearch({ from: '/imports' });
  const kind = search.kind === 'orgs' ? 'orgs' : 'members';
  const batches = useBatches();
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const take = async (picked: Picked[]) => {
    const only = picked[0];
    if (!only || picked.length > 1) {
      void message.warning(t.imports.oneFile);
      return;
    }
    setError(null);
    setPart(0);
    const form = new FormData();
    form.append('kind', kind);
    form.append('file', only.file, only.file.name);
    try {
      const batch = await upload<Batch>('/api/v1/imports', form, setPart);
      client.setQueryData(['import', batch.id], batch);
      void client.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/imports/$batch', params: { batch: batch.id } });
    } catch (e) {
      setError(e);
    } finally {
      setPart(null);
    }
  };

  const template = () => {
    download(`/api/v1/imports/templates/${kind}`, `${t.imports.templateOf[kind]}.xlsx`)
      .catch((e: unknown) => void message.error(asProblem(e).detail));
  };

  return (
    <div className="page">
      <PageHead title={t.imports.title} note={t.imports.note} />
      {can('import.run') && (
        <section className="card" aria-label={t.imports.kindLabel}>
          <div className="row-gap gap-below">
            <Segmented
              value={kind} aria-label={t.imports.kindLabel}
              options={KINDS.map((k) => ({ value: k, label: t.imports.kinds[k] }))}
              onChange={(k) => void navigate({ search: { kind: k }, replace: true })}
            />
            <Button icon={<DownloadOutlined aria-hidden />} onClick={template}>{t.imports.templates}</Button>
          </div>
          <DropZone
            title={t.imports.dropTitle[kind] ?? ''} hint={t.imports.dropHint} busy={part !== null} accept=".xlsx,.xlsm,.xls,.csv"
            onFiles={(p) => void take(p)}
          />
          {part !== null && <Alert className="gap-above" type="info" showIcon title={`${t.imports.checking} ${percent(part)}`} role="status" />}
          {error !== null && <div className="gap-above"><ErrorBox error={error} /></div>}
        </section>
      )}
      <section className="card" aria-labelledby="history">
        <h2 id="history">{t.imports.history}</h2>
        <QueryView query={batches}>
          {(data) =>
            data.batches.length === 0 ? <Empty title={t.imports.historyEmpty} hint={t.imports.historyEmptyHint} /> : (
              <ListTable
                label={t.imports.history} columns={columns()} rows={data.batches} rowKey={(b) => b.id}
                onOpen={(b) => void navigate({ to: '/imports/$batch', params: { batch: b.id } })}
              />
            )
          }
        </QueryView>
      </section>
    </div>
  );
}
