import { FolderAddOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { VolumeRow } from '@/api/types';
import { OrgTree } from '@/features/orgs/OrgTree';
import { t } from '@/i18n';
import { count } from '@/shared/format';
import { useCan, useMe } from '@/shared/me';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PAGE, Pager, useKeyset } from '@/shared/ui/Pager';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { word } from '@/shared/ui/Tags';
import { useVolumes } from './api';

function columns(reads: boolean): Column<VolumeRow>[] {
  const c = t.volumes.columns;
  const list: Column<VolumeRow>[] = [
    { key: 'no', title: c.no, nowrap: true, rowHeader: true, render: (v) => <span className="mono">{v.no}</span> },
    { key: 'person', title: c.person, nowrap: true, render: (v) => v.person_name },
    { key: 'org', title: c.org, render: (v) => v.org_name },
    { key: 'scheme', title: c.scheme, nowrap: true, render: (v) => v.scheme_label },
    { key: 'materials', title: c.materials, align: 'right', render: (v) => count(v.materials) },
    { key: 'pages', title: c.pages, align: 'right', render: (v) => count(v.pages) },
    { key: 'secrecy', title: c.secrecy, nowrap: true, render: (v) => v.secrecy_label },
    { key: 'state', title: c.state, nowrap: true, render: (v) => word(t.volumes.states, v.state) },
    { key: 'rev', title: c.rev, align: 'right', render: (v) => v.catalogue_rev },
  ];
  if (reads) {
    list.push({
      key: 'read', title: t.volumes.read, nowrap: true,
      render: (v) => v.pages > 0 && <Link to="/read/$volume" params={{ volume: v.id }} search={{}}>{t.volumes.read}</Link>,
    });
  }
  return list;
}

export function VolumesPage() {
  const can = useCan();
  const me = useMe();
  const navigate = useNavigate({ from: '/volumes' });
  const place = useSearch({ from: '/volumes' });
  const [q, setQ] = useState('');
  const keyset = useKeyset(JSON.stringify([place, q]));
  const volumes = useVolumes({ org: place.org, person: place.person, q: q || undefined, after: keyset.after, limit: PAGE });
  const importButton = can('volume.edit') && (
    <Button type="primary" icon={<FolderAddOutlined aria-hidden />} onClick={() => void navigate({ to: '/volumes/import' })}>
      {t.volumes.importButton}
    </Button>
  );
  return (
    <div className="page page-full">
      <div className="split">
        <OrgTree value={place.org} onChange={(org) => void navigate({ search: { org } })} />
        <section className="split-main" aria-label={t.volumes.list}>
          <PageHead title={t.volumes.title} note={t.volumes.note} actions={importButton} />
          <div className="filter-bar" role="search">
            <Input.Search
              allowClear placeholder={t.volumes.search} aria-label={t.volumes.search} style={{ width: 300 }}
              onSearch={(value) => setQ(value.trim())} onChange={(e) => e.target.value === '' && setQ('')}
            />
          </div>
          <QueryView query={volumes} rows={10}>
            {(data) =>
              data.rows.length === 0 ? (
                q || place.org || place.person ? <Empty title={t.volumes.noMatchTitle} hint={t.volumes.noMatchHint} />
                : <Empty title={t.volumes.emptyTitle} hint={t.volumes.emptyHint}>{importButton}</Empty>
              ) : (
                <>
                  <ListTable
                    label={t.volumes.list} columns={columns(me.actions.includes('page.view'))} rows={data.rows} rowKey={(v) => v.id}
                    busy={volumes.isPlaceholderData}
                    onOpen={(v) => void navigate({ to: '/volumes/$volume', params: { volume: v.id }, search: {} })}
                  />
                  <Pager keyset={keyset} rows={data.rows.length} next={data.next} total={data.total} isCapped={data.capped} />
                </>
              )
            }
          </QueryView>
        </section>
      </div>
    </div>
  );
}
