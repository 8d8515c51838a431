import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { upload } from '@/api/client';
import type { VolumeBatch } from '@/api/types';
import { t } from '@/i18n';
import { bytes, count, instant } from '@/shared/format';
import { DropZone, type Picked } from '@/shared/ui/Files';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';
import { Tag, word, type Tone } from '@/shared/ui/Tags';
import { useVolumeBatches } from './api';
import { LayoutPicker, type Layout } from './LayoutPicker';

const TONES: Record<string, Tone> = { preview: 'warn', committed: 'good', done: 'good', failed: 'bad', committing: 'info', running: 'info' };

export function VolumeBatchState({ state }: { state: string }) {
  return <Tag tone={TONES[state] ?? 'plain'}>{word(t.volumeImport.states, state)}</Tag>;
}

/** What operating systems leave in folders and nobody means to file. */
const JUNK = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*|\._[^/]*)$/i;

function columns(): Column<VolumeBatch>[] {
  const c = t.volumeImport.columns;
  return [
    { key: 'layout', title: c.layout, rowHeader: true, render: (b) => t.volumeImport.layouts[b.layout]?.name ?? b.layout },
    { key: 'volumes', title: c.volumes, align: 'right', render: (b) => b.volumes.length },
    { key: 'pages', title: c.pages, align: 'right', render: (b) => count(b.volumes.reduce((n, v) => n + v.pages, 0)) },
    { key: 'unmatched', title: c.unmatched, align: 'right', render: (b) => b.unmatched.length || '' },
    { key: 'state', title: c.state, render: (b) => <VolumeBatchState state={b.state} /> },
    { key: 'at', title: c.at, nowrap: true, render: (b) => instant(b.created_at) },
    { key: 'actor', title: c.actor, nowrap: true, render: (b) => b.actor },
  ];
}

export function VolumeImportPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const batches = useVolumeBatches();
  const [layout, setLayout] = useState<Layout>('a');
  const [picked, setPicked] = useState<Picked[]>([]);
  const [ignored, setIgnored] = useState(0);
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const take = (files: Picked[]) => {
    const wanted = files.filter((f) => !JUNK.test(f.path));
    setPicked(wanted);
    setIgnored(files.length - wanted.length);
    setError(null);
  };

  const send = async () => {
    setPart(0);
    setError(null);
    const form = new FormData();
    form.append('layout', layout);
    // The path inside the chosen folder travels as the file name of its part.
    for (const { path, file } of picked) form.append('files', file, path);
    try {
      const batch = await upload<VolumeBatch>('/api/v1/volume-imports', form, setPart);
      client.setQueryData(['volume-imports', batch.id], batch);
      await navigate({ to: '/volumes/import/$batch', params: { batch: batch.id } });
    } catch (e) {
      setError(e);
    } finally {
      setPart(null);
    }
  };

  const v = t.volumeImport;
  return (
    <div className="page">
      <PageHead title={v.title} note={v.note} />
      <section className="card" aria-label={v.title}>
        <LayoutPicker value={layout} onChange={setLayout} />
        {picked.length === 0 ? (
          <DropZone folder multiple title={v.drop} hint={v.dropHint} accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf,.xlsx,.zip,.json,.txt" onFiles={take} />
        ) : (
          <div className="drop">
            <p className="drop-title">{v.chosen(picked.length, bytes(picked.reduce((n, p) => n + p.file.size, 0)))}</p>
            {ignored > 0 && <p className="drop-hint">{v.ignored(ignored)}</p>}
            <div className="drop-buttons">
              <Button type="primary" loading={part !== null} onClick={() => void send()}>{v.send}</Button>
              <Button disabled={part !== null} onClick={() => setPicked([])}>{v.clear}</Button>
            </div>
            {part !== null && (
              <div className="upload-progress" role="status">
                <Progress percent={Math.round(part * 100)} aria-label={v.sending} />
                <span className="dim">{part < 1 ? v.sending : v.checking}</span>
              </div>
            )}
          </div>
        )}
        {error !== null && <div className="gap-above"><ErrorBox error={error} /></div>}
      </section>
      <section className="card" aria-labelledby="volume-history">
        <h2 id="volume-history">{v.history}</h2>
        <QueryView query={batches} rows={3}>
          {(data) =>
            data.batches.length === 0 ? <p className="dim">{v.historyEmpty}</p> : (
              <ListTable
                label={v.history} columns={columns()} rows={data.batches} rowKey={(b) => b.id}
                onOpen={(b) => void navigate({ to: '/volumes/import/$batch', params: { batch: b.id } })}
              />
            )
          }
        </QueryView>
      </section>
    </div>
  );
}
