// Workbooks: choose one, it is checked first; the batches so far.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { upload } from '@/api/client';
import type { Batch } from '@/api/types';
import { useBatches } from '@/features/imports/api';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { word } from '@/shared/ui/Tags';
import { Choice, FileButton, Sending, State } from '../parts';
import { Empty, ErrorBox, Head, QueryView } from '../ui';
import { Card } from './PersonCards';

export function Imports() {
  const can = useCan();
  const router = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const batches = useBatches();
  const [kind, setKind] = useState<'orgs' | 'members'>('members');
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const send = async ([file]: File[]) => {
    if (!file) return;
    setError(null);
    setPart(0);
    const form = new FormData();
    form.append('kind', kind);
    form.append('file', file, file.name);
    try {
      const batch = await upload<Batch>('/api/v1/imports', form, setPart);
      client.setQueryData(['import', batch.id], batch);
      void client.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/imports/$batch', params: { batch: batch.id } });
    } catch (e) {
      setError(e);
      setPart(null);
    }
  };

  return (
    <>
      <Head title={t.imports.title} onBack={() => router.history.back()} />
      {can('import.run') && (
        <Card title={t.mobile.imports.add}>
          <p className="dim">{t.imports.note}</p>
          <Choice
            name="kind" label={t.imports.kindLabel} value={kind} onChange={setKind}
            options={(['orgs', 'members'] as const).map((value) => ({ value, label: word(t.imports.kinds, value) }))}
          />
          {error !== null && <ErrorBox error={error} />}
          <FileButton
            label={t.mobile.imports.choose} disabled={part !== null} onFiles={(f) => void send(f)}
            accept=".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          />
          <Sending part={part} />
        </Card>
      )}
      <QueryView query={batches}>
        {(data) =>
          data.batches.length === 0 ? <Empty title={t.imports.historyEmpty} hint={t.imports.historyEmptyHint} /> : (
            <Card title={t.imports.history}>
              <ul className="m-list">
                {data.batches.map((b) => (
                  <li key={b.id}>
                    <Link to="/imports/$batch" params={{ batch: b.id }} className="m-row">
                      <span>
                        {b.file_name}
                        <span className="dim m-sub">{word(t.imports.kinds, b.kind)} · {t.imports.sheetRows(b.rows, b.bad)} · {instant(b.created_at)}</span>
                      </span>
                      <State words={t.imports.states} state={b.state} />
                    </Link>
                  </li>
                ))}
              </ul>
              <p className="dim">{t.common.items(count(data.batches.length))}</p>
            </Card>
          )
        }
      </QueryView>
    </>
  );
}
