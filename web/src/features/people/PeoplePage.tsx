import { PlusOutlined, PrinterOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import type { PersonRow } from '@/api/types';
import { OrgTree } from '@/features/orgs/OrgTree';
import { t } from '@/i18n';
import { useShortcuts } from '@/shared/keys';
import { useCan } from '@/shared/me';
import { showPartialDate } from '@/shared/partial-date';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PAGE, Pager, useKeyset } from '@/shared/ui/Pager';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { StageTag } from '@/shared/ui/Tags';
import { usePeople } from './api';
import { NewPersonDialog } from './NewPersonDialog';
import { PersonRecordView } from './PersonRecordView';

function columns(first: number): Column<PersonRow>[] {
  const c = t.people.columns;
  return [
    { key: 'index', title: c.index, align: 'right', width: 48, render: (_, i) => first + i },
    {
      key: 'name', title: c.name, rowHeader: true, nowrap: true,
      render: (p) => (
        <>
          {p.name}
          {p.former_name && <span className="dim former"> {t.people.former(p.former_name)}</span>}
        </>
      ),
    },
    // 0 and 9 mean that it is not known.
    { key: 'sex', title: c.sex, nowrap: true, render: (p) => (p.sex === '1' || p.sex === '2' ? p.sex_label : '') },
    { key: 'id', title: c.id, nowrap: true, render: (p) => p.id_masked },
    { key: 'birth', title: c.birth, nowrap: true, render: (p) => showPartialDate(p.birth) },
    { key: 'stage', title: c.stage, render: (p) => <StageTag stage={p.stage} label={p.stage_label} /> },
    { key: 'status', title: c.status, nowrap: true, render: (p) => p.status_label },
    { key: 'org', title: c.org, render: (p) => <span className="one-line" title={p.org_name}>{p.org_name}</span> },
    { key: 'number', title: c.number, nowrap: true, render: (p) => p.number },
    { key: 'phone', title: c.phone, nowrap: true, render: (p) => p.phone_masked },
    { key: 'joined', title: c.joined, nowrap: true, render: (p) => showPartialDate(p.joined) },
    { key: 'regular', title: c.regular, nowrap: true, render: (p) => showPartialDate(p.regular) },
    { key: 'volumes', title: c.volumes, align: 'right', render: (p) => p.volumes || '' },
  ];
}

export function PeoplePage() {
  const can = useCan();
  const navigate = useNavigate({ from: '/people' });
  const place = useSearch({ from: '/people' });
  const [q, setQ] = useState('');
  const [adding, setAdding] = useState(false);
  const filtered = q !== '' || place.stage !== undefined || place.org !== undefined;
  const keyset = useKeyset(JSON.stringify([place.org, place.stage, q]));
  const people = usePeople({
    org: place.org,
    stage: place.stage,
    q: q || undefined,
    after: keyset.after,
    limit: PAGE,
  });
  const open = (id: string | undefined) => void navigate({ search: (s) => ({ ...s, open: id }), replace: true });

  useShortcuts(t.people.title, [
    { keys: '/', label: t.common.filter, run: () => document.querySelector<HTMLInputElement>('#people-q')?.focus() },
  ]);

  return (
    <div className="page page-full">
      <div className="split">
        <OrgTree value={place.org} onChange={(org) => void navigate({ search: (s) => ({ ...s, org, open: undefined }) })} />
        <section className="split-main" aria-label={t.people.list}>
          <PageHead
            title={t.people.title} note={t.people.note}
            actions={
              <>
                <Button icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>{t.people.printList}</Button>
                {can('person.edit') && (
                  <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>{t.people.add}</Button>
                )}
              </>
            }
          />
          <div className="filter-bar" role="search">
            <Input.Search
              id="people-q" allowClear placeholder={t.people.search} aria-label={t.people.search} style={{ width: 320 }}
              onSearch={(value) => setQ(value.trim())} onChange={(e) => e.target.value === '' && setQ('')}
            />
            <Select
              value={place.stage ?? 'all'} style={{ width: 150 }} aria-label={t.people.stage}
              onChange={(stage) => void navigate({ search: (s) => ({ ...s, stage: stage === 'all' ? undefined : stage }) })}
              options={[
                { value: 'all', label: `${t.people.stage}: ${t.common.all}` },
                ...t.people.stages.map((label, i) => ({ value: String(i), label })),
              ]}
            />
          </div>
          <QueryView query={people} rows={12}>
            {(data) =>
              data.rows.length === 0 ? (
                filtered ? (
                  <Empty title={t.people.noMatchTitle} hint={t.people.noMatchHint} />
                ) : (
                  <Empty title={t.people.emptyTitle} hint={t.people.emptyHint}>
                    {can('import.run') && (
                      <Button type="primary" onClick={() => void navigate({ to: '/imports', search: { kind: 'members' } })}>
                        {t.people.emptyImport}
                      </Button>
                    )}
                    {can('person.edit') && <Button onClick={() => setAdding(true)}>{t.people.add}</Button>}
                  </Empty>
                )
              ) : (
                <>
                  <ListTable
                    label={t.people.list} columns={columns(keyset.page * PAGE + 1)} rows={data.rows} rowKey={(p) => p.id}
                    onOpen={(p) => open(p.id)} selected={place.open} busy={people.isPlaceholderData}
                  />
                  <Pager keyset={keyset} rows={data.rows.length} next={data.next} total={data.total} isCapped={data.capped} />
                </>
              )
            }
          </QueryView>
        </section>
      </div>
      <Drawer
        open={place.open !== undefined} onClose={() => open(undefined)} size={880} title={t.people.record} destroyOnHidden
        extra={
          <Button size="small" onClick={() => place.open && void navigate({ to: '/people/$person', params: { person: place.open } })}>
            {t.people.openPage}
          </Button>
        }
      >
        {place.open && <PersonRecordView id={place.open} />}
      </Drawer>
      {adding && <NewPersonDialog org={place.org} onClose={() => setAdding(false)} onDone={(id) => open(id)} />}
    </div>
  );
}
