import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { Volume } from '@/api/types';
import { findMaterial } from '@/features/catalogue/ops';
import { classNumber } from '@/features/catalogue/rows';
import { useVolume } from '@/features/volumes/api';
import { t } from '@/i18n';
import { useCan } from '@/shared/me';
import { showPartialDate } from '@/shared/partial-date';
import { Note } from '../parts';
import { Empty, ErrorBox, Head, QueryView } from '../ui';
import { EditMaterial } from './EditMaterial';

export function Catalogue() {
  const { volume: id } = useParams({ from: '/volumes/$volume' });
  const router = useRouter();
  const volume = useVolume(id);
  return (
    <>
      <Head title={volume.data ? `${volume.data.person_name} · ${volume.data.scheme_label}` : t.catalogue.grid} onBack={() => router.history.back()} />
      <QueryView query={volume}>{(v) => <Loaded volume={v} />}</QueryView>
    </>
  );
}

function Loaded({ volume }: { volume: Volume }) {
  const can = useCan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const undo = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/volumes/{volume}/catalogue/undo', { params: { path: { volume: volume.id } }, body: { rev: volume.rev } })),
    onMutate: () => setSaid(''),
    onSuccess: (now) => {
      client.setQueryData(['volume', volume.id], now);
      setSaid(t.catalogue.undone);
    },
  });
  const reads = volume.actions.includes('page.view');
  const edits = can('volume.edit') && volume.actions.includes('volume.edit');
  const classes = volume.classes.filter((c) => c.materials.length > 0);
  const chosen = editing === null ? undefined : findMaterial(volume.classes, editing);
  return (
    <>
      <Note>{said}</Note>
      {undo.isError && <ErrorBox error={undo.error} />}
      {edits && classes.length > 0 && (
        <div className="m-bar">
          <span className="dim">{t.catalogue.rev(volume.rev)}</span>
          <Button size="large" loading={undo.isPending} onClick={() => undo.mutate()}>{t.catalogue.undo}</Button>
        </div>
      )}
      {classes.length === 0 && <Empty title={t.catalogue.emptyTitle} hint={edits ? t.mobile.catalogue.emptyHint : undefined} />}
      {classes.map((c) => (
        <section key={c.code} className="m-card">
          <h2>{classNumber(c.code)} {c.label}</h2>
          <ol className="m-list">
            {c.materials.map((m) => {
              const row = (
                <>
                  <span>
                    {m.seq}. {m.title}
                    <span className="dim m-sub">{[showPartialDate(m.formed), m.remark].filter(Boolean).join(' · ')}</span>
                    {m.page_count !== undefined && m.page_count !== null && m.page_count !== m.pages.length && (
                      <span className="m-warn m-sub">{t.catalogue.pagesDiffer(m.page_count, m.pages.length)}</span>
                    )}
                  </span>
                  <span className="dim nowrap">{t.mobile.pages(m.page_count ?? m.pages.length)}</span>
                </>
              );
              const first = m.pages[0];
              return (
                <li key={m.id} className="m-pair">
                  {reads && first ? (
                    <Link to="/read/$volume" params={{ volume: volume.id }} search={{ page: first.id }} className="m-row">{row}</Link>
                  ) : <span className="m-row">{row}</span>}
                  {edits && (
                    <button
                      type="button" className="m-edit" aria-label={t.mobile.catalogue.edit(m.title)}
                      onClick={() => {
                        setSaid('');
                        setEditing(m.id);
                      }}
                    >
                      {t.common.edit}
                    </button>
                  )}
                </li>
              );
            })}
          </ol>
        </section>
      ))}
      {chosen && (
        <EditMaterial
          key={chosen.id} volume={volume} material={chosen} onClose={() => setEditing(null)}
          onDone={(words) => {
            setEditing(null);
            setSaid(words);
          }}
        />
      )}
    </>
  );
}
