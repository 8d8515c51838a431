// What the server does in the background, and how far it is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import { JobTrouble, ProgressBar } from '@/features/jobs/JobLine';
import { t } from '@/i18n';
import { instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { JobState } from '@/shared/ui/Tags';
import { Note } from '../parts';
import { Empty, ErrorBox, Head, QueryView } from '../ui';

export function Jobs() {
  const can = useCan();
  const router = useRouter();
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), refetchInterval: 5000 });
  const retry = useMutation({
    mutationFn: (job: string) => ask<unknown>(api.POST('/api/v1/jobs/{job}/retry', { params: { path: { job } } })),
    onSuccess: () => {
      setSaid(t.jobs.retried);
      void client.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  return (
    <>
      <Head title={t.jobs.title} onBack={() => router.history.back()} />
      <Note>{said}</Note>
      {retry.isError && <ErrorBox error={retry.error} />}
      <QueryView query={jobs}>
        {(data) =>
          data.jobs.length === 0 ? <Empty title={t.jobs.empty} hint={t.jobs.emptyHint} /> : (
            <section className="m-card" aria-label={t.jobs.title}>
              <p role="status" className="m-pending">{t.jobs.pending(data.pending)}</p>
              <ul className="m-list">
                {data.jobs.map((j) => (
                  <li key={j.id} className="m-event">
                    <p className="m-spread"><span>{j.kind_label} <JobState state={j.state} /></span><span className="dim nowrap m-small">{instant(j.at)}</span></p>
                    {j.total > 0 && j.state !== 'done' && (
                      <div className="m-spread">
                        <ProgressBar label={t.jobs.progressOf(j.kind_label)} done={j.done} total={j.total} />
                        <span className="dim nowrap m-small">{j.done} / {j.total}</span>
                      </div>
                    )}
                    {j.error && j.state !== 'done' && <p className="m-sub"><JobTrouble job={j} /></p>}
                    {j.state === 'failed' && can('job.manage') && (
                      <Button block size="large" loading={retry.isPending && retry.variables === j.id} onClick={() => retry.mutate(j.id)}>{t.jobs.retry}</Button>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          )
        }
      </QueryView>
    </>
  );
}
