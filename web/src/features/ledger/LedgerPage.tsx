import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { LedgerEntry, LedgerQuery } from '@/api/types';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { count, instant } from '@/shared/format';
import { useCan, useMe } from '@/shared/me';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PAGE, Pager, useKeyset } from '@/shared/ui/Pager';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { Tag, word } from '@/shared/ui/Tags';
import { StatusCard } from './StatusCard';

function columns(receipt: (e: LedgerEntry) => void): Column<LedgerEntry>[] {
  const c = t.ledger.columns;
  return [
    { key: 'seq', title: c.seq, align: 'right', render: (e) => count(e.seq) },
    { key: 'at', title: c.at, nowrap: true, render: (e) => instant(e.at) },
    { key: 'actor', title: c.actor, nowrap: true, rowHeader: true, render: (e) => e.actor },
    { key: 'role', title: c.role, nowrap: true, render: (e) => word(t.accounts.roles, e.role) },
    { key: 'action', title: c.action, nowrap: true, render: (e) => e.action_label },
    { key: 'object', title: c.object, render: (e) => <>{e.kind && word(t.ledger.kinds, e.kind)} <span className="mono code dim">{e.object}</span></> },
    {
      key: 'result', title: c.result,
      render: (e) => <Tag tone={e.result === 'ok' || e.result === 'allowed' ? 'good' : 'bad'}>{word(t.ledger.results, e.result)}</Tag>,
    },
    { key: 'purpose', title: c.purpose, render: (e) => e.purpose },
    {
      key: 'receipt', title: t.ledger.receipt, nowrap: true,
      render: (e) => <Button size="small" type="link" aria-label={t.ledger.receiptOf(count(e.seq))} onClick={() => receipt(e)}>{t.ledger.receipt}</Button>,
    },
  ];
}

type Filter = { actor?: string; action?: string; from?: string; to?: string };

/** Midnight of a day in the reader's time zone, as an instant. */
function instantOf(date: string | undefined, days: number): number | undefined {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '');
  return m ? new Date(Number(m[1]), Number(m[2]) - 1, Number(m[3]) + days).getTime() : undefined;
}

function queryOf(filter: Filter): LedgerQuery {
  return { login: filter.actor || undefined, action: filter.action || undefined, from: instantOf(filter.from, 0), to: instantOf(filter.to, 1) };
}

export function LedgerPage() {
  const me = useMe();
  const can = useCan();
  const { message } = App.useApp();
  const receipt = (e: LedgerEntry) =>
    void download(`/api/v1/ledger/entries/${e.seq}/receipt`, `receipt-${e.seq}.tlog-proof`).catch((error: unknown) => void message.error(asProblem(error).detail));
  const [filter, setFilter] = useState<Filter>({});
  const filtered = Object.values(filter).some((v) => v);
  const keyset = useKeyset(JSON.stringify(filter));
  const entries = useQuery({
    queryKey: ['ledger', filter, keyset.after],
    queryFn: () =>
      ask(api.POST('/api/v1/ledger/search', {
        body: { ...queryOf(filter), before: keyset.after === undefined ? undefined : Number(keyset.after), limit: PAGE },
      })),
    placeholderData: keepPreviousData,
  });
  const f = t.ledger.filters;
  const day = { pattern: /^\d{4}-\d{2}-\d{2}$/, message: t.ledger.badDate };
  return (
    <div className="page">
      <PageHead title={t.ledger.title} note={t.ledger.note} />
      <StatusCard verifies={can('ledger.verify') && me.actions.includes('ledger.verify')} />
      <Form
        layout="inline" className="filter-bar gap-above" role="search" aria-label={t.ledger.apply}
        onFinish={(values: Filter) => setFilter(values)}
      >
        <Form.Item name="actor" label={f.actor}><Input allowClear style={{ width: 130 }} autoComplete="off" /></Form.Item>
        <Form.Item name="action" label={f.action}>
          <Select
            allowClear style={{ width: 180 }} placeholder={t.ledger.anyAction} showSearch={{ optionFilterProp: 'label' }}
            options={Object.entries(t.ledger.actions).map(([value, label]) => ({ value, label }))}
          />
        </Form.Item>
        <Form.Item name="from" label={f.from} rules={[day]}><Input allowClear style={{ width: 140 }} placeholder={t.ledger.dateHint} autoComplete="off" /></Form.Item>
        <Form.Item name="to" label={f.to} rules={[day]}><Input allowClear style={{ width: 140 }} placeholder={t.ledger.dateHint} autoComplete="off" /></Form.Item>
        <Button type="primary" htmlType="submit">{t.ledger.apply}</Button>
      </Form>
      <QueryView query={entries} rows={12}>
        {(data) =>
          data.entries.length === 0 ? (
            <Empty title={filtered ? t.ledger.emptyFiltered : t.ledger.empty} hint={filtered ? t.ledger.emptyHint : undefined} />
          ) : (
            <>
              <ListTable label={t.ledger.list} columns={columns(receipt)} rows={data.entries} rowKey={(e) => String(e.seq)} busy={entries.isPlaceholderData} />
              <Pager keyset={keyset} rows={data.entries.length} next={data.next === undefined || data.next === null ? undefined : String(data.next)} />
            </>
          )
        }
      </QueryView>
    </div>
  );
}
