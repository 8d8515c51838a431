// The ledger for whoever audits: its state, the check of all of it, the newest entries.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Button } from 'antd-mobile';
import { api, ask } from '@/api/client';
import type { LedgerReport } from '@/api/types';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { Tag, word } from '@/shared/ui/Tags';
import { More } from '../parts';
import { Empty, ErrorBox, Head, Loading, QueryView } from '../ui';
import { Card } from './PersonCards';

const CHUNK = 30;

export function Ledger() {
  const router = useRouter();
  return (
    <>
      <Head title={t.ledger.title} onBack={() => router.history.back()} />
      <Status />
      <Entries />
    </>
  );
}

function Status() {
  const can = useCan();
  const client = useQueryClient();
  const status = useQuery({ queryKey: ['ledger-status'], queryFn: () => ask(api.GET('/api/v1/ledger/status')) });
  const verify = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/ledger/verify')),
    onSuccess: () => ['ledger', 'ledger-status'].forEach((key) => void client.invalidateQueries({ queryKey: [key] })),
  });
  const l = t.ledger;
  return (
    <Card title={l.status}>
      <QueryView query={status}>
        {(s) => (
          <dl className="m-facts">
            <div><dt>{l.status}</dt><dd><Tag tone={s.state === 'ok' ? 'good' : 'bad'}>{word(l.states, s.state)}</Tag> {s.reason}</dd></div>
            <div><dt>{l.size}</dt><dd>{count(s.size)}</dd></div>
            <div><dt>{l.checkpoint}</dt><dd>{s.checkpoint_size ? l.checkpointAt(count(s.checkpoint_size), instant(s.checkpoint_at ?? undefined)) : l.checkpointNone}</dd></div>
            <div><dt>{l.root}</dt><dd className="mono m-small">{s.root}</dd></div>
          </dl>
        )}
      </QueryView>
      {can('ledger.verify') && <Button block size="large" color="primary" loading={verify.isPending} onClick={() => verify.mutate()}>{l.verify}</Button>}
      <div aria-live="polite">
        {verify.isPending && <p className="dim">{l.verifying}</p>}
        {verify.isError && <ErrorBox error={verify.error} retry={() => verify.mutate()} />}
        {verify.data && <Report report={verify.data} />}
      </div>
    </Card>
  );
}

function Report({ report }: { report: LedgerReport }) {
  const l = t.ledger;
  return (
    <div className={report.ok ? 'm-verdict' : 'm-verdict m-verdict-bad'}>
      <strong>{report.ok ? l.verifyOk : l.verifyBad(report.findings.length)}</strong>
      <p>{Object.entries(report.checked).map(([k, n]) => `${word(l.checked, k)} ${typeof n === 'number' ? count(n) : n}`).join(' · ')}</p>
      {report.findings.map((f, i) => <p key={i}>{f.message} <span className="mono">{f.code} {f.place} {f.record}</span></p>)}
    </div>
  );
}

function Entries() {
  const query = useInfiniteQuery({
    queryKey: ['ledger', 'phone'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => ask(api.POST('/api/v1/ledger/search', { body: { before: pageParam, limit: CHUNK } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const all = query.data.pages.flatMap((p) => p.entries);
  if (all.length === 0) return <Empty title={t.ledger.empty} />;
  return (
    <Card title={t.ledger.list}>
      <ul className="m-list">
        {all.map((e) => (
          <li key={e.seq} className="m-event">
            <p className="m-spread"><span><strong>{e.action_label}</strong> · {e.actor}</span><span className="dim nowrap m-small">{instant(e.at)}</span></p>
            <p className="dim m-sub">
              {t.mobile.ledger.entry(count(e.seq))} · {word(t.accounts.roles, e.role)}{e.kind && ` · ${word(t.ledger.kinds, e.kind)}`}{e.purpose && ` · ${e.purpose}`}{' '}
              {e.result !== 'ok' && e.result !== 'allowed' && <Tag tone="bad">{word(t.ledger.results, e.result)}</Tag>}
            </p>
          </li>
        ))}
      </ul>
      {query.hasNextPage && <More busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} />}
    </Card>
  );
}
