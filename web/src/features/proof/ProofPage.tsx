// Pages the machine was not sure of, for a person to read.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask } from '@/api/client';
import type { LowPage } from '@/api/types';
import { t } from '@/i18n';
import { percent } from '@/shared/format';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { Pager, useKeyset } from '@/shared/ui/Pager';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { Tag } from '@/shared/ui/Tags';

const BAD = 0.7;

function columns(): Column<LowPage>[] {
  const c = t.proof.columns;
  return [
    { key: 'person', title: c.person, rowHeader: true, nowrap: true, render: (r) => r.person_name },
    { key: 'volume', title: c.volume, nowrap: true, render: (r) => <span className="mono">{r.volume_no}</span> },
    { key: 'material', title: c.material, render: (r) => r.material_title },
    { key: 'no', title: c.no, align: 'right', render: (r) => r.no },
    { key: 'confidence', title: c.confidence, align: 'right', render: (r) => <Tag tone={r.confidence < BAD ? 'bad' : 'warn'}>{percent(r.confidence)}</Tag> },
  ];
}

export function ProofPage() {
  const navigate = useNavigate();
  const keyset = useKeyset('');
  const low = useQuery({
    queryKey: ['low-confidence', keyset.after ?? ''],
    queryFn: () => ask(api.GET('/api/v1/low-confidence', { params: { query: { after: keyset.after } } })),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="page">
      <PageHead title={t.proof.title} note={low.data && t.proof.note(percent(low.data.threshold))} />
      <QueryView query={low} rows={10}>
        {(data) =>
          data.rows.length === 0 ? <Empty title={t.proof.empty} hint={t.proof.emptyHint} /> : (
            <>
              <ListTable
                label={t.proof.list} columns={columns()} rows={data.rows} rowKey={(r) => r.page} busy={low.isPlaceholderData}
                onOpen={(r) => void navigate({ to: '/read/$volume', params: { volume: r.volume }, search: { page: r.page } })}
              />
              <Pager keyset={keyset} rows={data.rows.length} next={data.next} />
            </>
          )
        }
      </QueryView>
    </div>
  );
}
