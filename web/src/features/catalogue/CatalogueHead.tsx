import { FileExcelOutlined, FilePdfOutlined, HistoryOutlined, PlusOutlined, UndoOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Drawer } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { Volume } from '@/api/types';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { instant } from '@/shared/format';
import { useMe } from '@/shared/me';
import { ListTable } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { QueryView } from '@/shared/ui/States';
import type { Draft } from './useDraft';

export function CatalogueHead({ volume, draft, editable, onUndo, onAdd }: {
  volume: Volume; draft: Draft; editable: boolean; onUndo: () => void; onAdd: () => void;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [revisions, setRevisions] = useState(false);
  const save = (kind: 'pdf' | 'xlsx') => {
    download(`/api/v1/volumes/${volume.id}/catalogue.${kind}`, `${volume.no}.${kind}`).catch((e: unknown) => void message.error(asProblem(e).detail));
  };
  const materials = volume.classes.reduce((n, c) => n + c.materials.length, 0);
  const pages = volume.classes.reduce((n, c) => n + c.materials.reduce((k, m) => k + m.pages.length, 0), 0);
  const prints = volume.actions.includes('catalogue.print');
  return (
    <>
      <PageHead
        back={me.actions.includes('volume.list') && <Link to="/volumes" search={{}}>{t.catalogue.back}</Link>}
        title={<><Link to="/people/$person" params={{ person: volume.person }} search={{}}>{volume.person_name}</Link> <span className="mono dim head-no">{volume.no}</span></>}
        note={
          <>
            {volume.scheme_label} · {t.catalogue.size(materials, pages)} · {t.catalogue.rev(volume.rev)}
            <span role="status" className="save-state">
              {draft.saving ? t.catalogue.saving : draft.pending.length > 0 ? t.catalogue.pending(draft.pending.length) : ''}
            </span>
            {!editable && <span className="save-state">{t.catalogue.readOnly}</span>}
          </>
        }
        actions={
          <>
            {editable && <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={onAdd}>{t.catalogue.add}</Button>}
            {editable && <Button icon={<UndoOutlined aria-hidden />} disabled={draft.pending.length > 0} onClick={onUndo}>{t.catalogue.undo}</Button>}
            <Button icon={<HistoryOutlined aria-hidden />} onClick={() => setRevisions(true)}>{t.catalogue.revisions}</Button>
            {prints && <Button icon={<FilePdfOutlined aria-hidden />} onClick={() => save('pdf')}>{t.catalogue.print}</Button>}
            {prints && <Button icon={<FileExcelOutlined aria-hidden />} onClick={() => save('xlsx')}>{t.catalogue.xlsx}</Button>}
            {volume.actions.includes('page.view') && pages > 0 && (
              <Button onClick={() => void navigate({ to: '/read/$volume', params: { volume: volume.id }, search: {} })}>{t.catalogue.read}</Button>
            )}
          </>
        }
      />
      <Drawer open={revisions} onClose={() => setRevisions(false)} title={t.catalogue.revisions} size={680} destroyOnHidden>
        <Revisions volume={volume.id} />
      </Drawer>
    </>
  );
}

function Revisions({ volume }: { volume: string }) {
  const query = useQuery({
    queryKey: ['revisions', volume],
    queryFn: () => ask(api.GET('/api/v1/volumes/{volume}/revisions', { params: { path: { volume } } })),
    staleTime: 0,
  });
  const c = t.catalogue.revision;
  return (
    <QueryView query={query}>
      {({ revisions }) =>
        revisions.length === 0 ? <p className="dim">{t.catalogue.revisionsEmpty}</p> : (
          <ListTable
            label={t.catalogue.revisions} rows={revisions} rowKey={(r) => String(r.rev)}
            columns={[
              { key: 'rev', title: c.rev, align: 'right', rowHeader: true, render: (r) => r.rev },
              { key: 'at', title: c.at, nowrap: true, render: (r) => instant(r.at) },
              { key: 'actor', title: c.actor, nowrap: true, render: (r) => r.actor },
              {
                key: 'summary', title: c.summary,
                render: (r) => (
                  <>
                    {r.summary}
                    {r.changes.length > 0 && (
                      <ul className="dim">
                        {r.changes.map((x, i) => (
                          <li key={i}>{x.label}: {x.before || t.common.empty} → {x.after || t.common.empty}</li>
                        ))}
                      </ul>
                    )}
                  </>
                ),
              },
              { key: 'reason', title: c.reason, render: (r) => r.reason },
            ]}
          />
        )
      }
    </QueryView>
  );
}
