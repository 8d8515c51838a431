import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { ListTable } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { QueryView } from '@/shared/ui/States';
import { Tag, word, type Tone } from '@/shared/ui/Tags';

const TONES: Record<string, Tone> = { ok: 'good', warn: 'warn', bad: 'bad', unknown: 'plain' };
/** Worst first: what must be done stands on top. */
const ORDER = ['bad', 'warn', 'unknown', 'ok'];

export function DoctorPage() {
  const doctor = useQuery({ queryKey: ['doctor'], queryFn: () => ask(api.GET('/api/v1/system/doctor')), staleTime: 0 });
  const c = t.doctor.columns;
  return (
    <div className="page">
      <PageHead
        title={t.doctor.title} note={t.doctor.note}
        actions={<Button loading={doctor.isFetching} onClick={() => void doctor.refetch()}>{t.doctor.again}</Button>}
      />
      <QueryView query={doctor} rows={8}>
        {({ checks }) => {
          const open = checks.filter((x) => x.state === 'bad' || x.state === 'warn').length;
          const untold = checks.filter((x) => x.state === 'unknown').length;
          const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
          return (
            <>
              <Alert
                className="gap-below" showIcon type={open === 0 ? 'success' : checks.some((x) => x.state === 'bad') ? 'error' : 'warning'}
                title={open > 0 ? t.doctor.someBad(open) : untold > 0 ? t.doctor.restGood(untold) : t.doctor.allGood}
              />
              <ListTable
                label={t.doctor.title} rows={sorted} rowKey={(x) => x.key}
                columns={[
                  { key: 'state', title: c.state, width: 80, render: (x) => <Tag tone={TONES[x.state] ?? 'plain'}>{word(t.doctor.states, x.state)}</Tag> },
                  { key: 'key', title: c.key, rowHeader: true, nowrap: true, render: (x) => word(t.doctor.keys, x.key) },
                  { key: 'sentence', title: c.sentence, render: (x) => x.sentence },
                ]}
              />
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
