// Folder imports so far. Telephones cannot choose a folder: a zip of it can be sent instead.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { upload } from '@/api/client';
import type { VolumeBatch } from '@/api/types';
import { LAYOUTS, type Layout } from '@/features/volumes/LayoutPicker';
import { useVolumeBatches } from '@/features/volumes/api';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { Choice, FileButton, Sending, State } from '../parts';
import { Empty, ErrorBox, Head, QueryView } from '../ui';
import { Card } from './PersonCards';

export function VolumeImports() {
  const can = useCan();
  const router = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const batches = useVolumeBatches();
  const [layout, setLayout] = useState<Layout>('a');
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const v = t.volumeImport;

  const send = async (files: File[]) => {
    setError(null);
    setPart(0);
    const form = new FormData();
    form.append('layout', layout);
    for (const file of files) form.append('files', file, file.name);
    try {
      const batch = await upload<VolumeBatch>('/api/v1/volume-imports', form, setPart);
      client.setQueryData(['volume-imports', batch.id], batch);
      void client.invalidateQueries({ queryKey: ['volume-imports'], exact: true });
      await navigate({ to: '/volumes/import/$batch', params: { batch: batch.id } });
    } catch (e) {
      setError(e);
      setPart(null);
    }
  };

  return (
    <>
      <Head title={v.title} onBack={() => router.history.back()} />
      {can('volume.edit') && (
        <Card title={t.mobile.volumes.zip}>
          <p>{t.mobile.volumes.noFolder}</p>
          <Choice
            name="layout" label={t.mobile.volumes.layout} value={layout} onChange={setLayout}
            options={LAYOUTS.map((value) => ({ value, label: v.layouts[value]?.name ?? value }))}
          />
          <p className="dim">{v.layouts[layout]?.hint}</p>
          {error !== null && <ErrorBox error={error} />}
          <FileButton label={t.mobile.volumes.chooseZip} accept=".zip,application/zip" disabled={part !== null} onFiles={(f) => void send(f)} />
          <Sending part={part} />
        </Card>
      )}
      <QueryView query={batches}>
        {(data) =>
          data.batches.length === 0 ? <Empty title={v.historyEmpty} /> : (
            <Card title={v.history}>
              <ul className="m-list">
                {data.batches.map((b) => (
                  <li key={b.id}>
                    <Link to="/volumes/import/$batch" params={{ batch: b.id }} className="m-row">
                      <span>
                        {v.batchTitle(b.volumes.length)} · {t.mobile.pages(b.volumes.reduce((n, x) => n + x.pages, 0))}
                        <span className="dim m-sub">{v.layouts[b.layout]?.name ?? b.layout}</span>
                        <span className="dim m-sub">
                          {instant(b.created_at)} · {b.actor}{b.unmatched.length > 0 && ` · ${v.figures.unmatched} ${count(b.unmatched.length)}`}
                        </span>
                      </span>
                      <State words={v.states} state={b.state} />
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          )
        }
      </QueryView>
    </>
  );
}
