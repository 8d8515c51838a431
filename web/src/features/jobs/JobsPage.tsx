import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { Job } from '@/api/types';
import { t } from '@/i18n';
import { instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { JobState } from '@/shared/ui/Tags';
import { JobTrouble, ProgressBar } from './JobLine';

function columns(retry: ((job: Job) => void) | undefined): Column<Job>[] {
  const c = t.jobs.columns;
  const list: Column<Job>[] = [
    { key: 'kind', title: c.kind, rowHeader: true, nowrap: true, render: (j) => j.kind_label },
    { key: 'state', title: c.state, render: (j) => <JobState state={j.state} /> },
    {
      key: 'progress', title: c.progress, width: 200,
      render: (j) => j.total > 0 && (
        <div className="job-progress">
          <ProgressBar label={t.jobs.progressOf(j.kind_label)} done={j.done} total={j.total} />
          <span className="dim">{j.done} / {j.total}</span>
        </div>
      ),
    },
    { key: 'tries', title: c.tries, align: 'right', render: (j) => j.tries },
    { key: 'at', title: c.at, nowrap: true, render: (j) => instant(j.at) },
    { key: 'error', title: c.error, render: (j) => <JobTrouble job={j} /> },
  ];
  if (retry) {
    list.push({
      key: 'act', title: c.act,
      render: (j) => j.state === 'failed' && <Button size="small" onClick={() => retry(j)}>{t.jobs.retry}</Button>,
    });
  }
  return list;
}

export function JobsPage() {
  const can = useCan();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [state, setState] = useState('');
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), refetchInterval: 15_000 });
  const retry = useMutation({
    mutationFn: (job: Job) => ask(api.POST('/api/v1/jobs/{job}/retry', { params: { path: { job: job.id } } })),
    onSuccess: () => {
      void message.success(t.jobs.retried);
      void client.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (e) => void message.error(asProblem(e).detail),
  });
  return (
    <div className="page">
      <PageHead title={t.jobs.title} note={t.jobs.note} />
      <QueryView query={jobs} rows={10}>
        {(data) => {
          if (data.jobs.length === 0) return <Empty title={t.jobs.empty} hint={t.jobs.emptyHint} />;
          const shown = state === '' ? data.jobs : data.jobs.filter((j) => j.state === state);
          return (
            <>
              <div className="filter-bar">
                <Select
                  value={state} onChange={setState} aria-label={t.jobs.filter} style={{ width: 140 }}
                  options={[{ value: '', label: t.common.all }, ...Object.entries(t.jobs.states).map(([value, label]) => ({ value, label }))]}
                />
                <span className="dim" role="status">{t.jobs.pending(data.pending)}</span>
              </div>
              {shown.length === 0 ? <Empty title={t.jobs.emptyFiltered} /> : (
                <ListTable
                  label={t.jobs.title} columns={columns(can('job.manage') ? retry.mutate : undefined)} rows={shown} rowKey={(j) => j.id}
                />
              )}
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
