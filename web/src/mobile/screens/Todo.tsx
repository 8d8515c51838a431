// What waits for the reader; each row leads to where it is done.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ask } from '@/api/client';
import { JobTrouble } from '@/features/jobs/JobLine';
import { t } from '@/i18n';
import { instant, percent } from '@/shared/format';
import { useMe } from '@/shared/me';
import { Empty, ErrorBox, Head, Loading } from '../ui';
import { Card } from './PersonCards';

export function Todo() {
  const me = useMe();
  const may = (action: string) => me.actions.includes(action);
  const low = useQuery({ queryKey: ['low-confidence', ''], queryFn: () => ask(api.GET('/api/v1/low-confidence')), enabled: may('page.correct') });
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), enabled: may('job.read') });
  const imports = useQuery({ queryKey: ['imports'], queryFn: () => ask(api.GET('/api/v1/imports')), enabled: may('import.run') });
  const failed = (jobs.data?.jobs ?? []).filter((j) => j.state === 'failed');
  const previews = (imports.data?.batches ?? []).filter((b) => b.state === 'preview');
  const pages = low.data?.rows ?? [];
  const all = [low, jobs, imports];
  const broken = all.find((q) => q.isError);
  return (
    <>
      <Head title={t.mobile.todo.title} />
      {broken && <ErrorBox error={broken.error} retry={() => void broken.refetch()} />}
      {all.some((q) => q.isLoading) && <Loading />}
      {!broken && !all.some((q) => q.isLoading) && pages.length + failed.length + previews.length === 0 && (
        <Empty title={t.mobile.todo.empty} hint={t.mobile.todo.emptyHint} />
      )}
      {pages.length > 0 && (
        <Card title={`${t.mobile.todo.low} · ${t.mobile.todo.count(pages.length, Boolean(low.data?.next))}`}>
          <ul className="m-list">
            {pages.map((p) => (
              <li key={p.page}>
                <Link to="/read/$volume" params={{ volume: p.volume }} search={{ page: p.page, text: '1' } as { page?: string }} className="m-row">
                  <span>{p.person_name} · {p.material_title}<span className="dim m-sub">{t.palette.pageNo(p.no)}</span></span>
                  <span className="tag tag-warn">{percent(p.confidence)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {previews.length > 0 && (
        <Card title={`${t.mobile.todo.previews} · ${t.mobile.todo.count(previews.length, false)}`}>
          <ul className="m-list">
            {previews.map((b) => (
              <li key={b.id}>
                <Link to="/imports/$batch" params={{ batch: b.id }} className="m-row">
                  <span>{b.file_name}</span><span className="dim nowrap m-small">{instant(b.created_at)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {failed.length > 0 && (
        <Card title={`${t.mobile.todo.failed} · ${t.mobile.todo.count(failed.length, false)}`}>
          <ul className="m-list">
            {failed.map((j) => (
              <li key={j.id}>
                <Link to="/jobs" className="m-row"><span>{j.kind_label}<span className="dim m-sub"><JobTrouble job={j} /></span></span></Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
