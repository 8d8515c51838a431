// A folder import: which folders became whose volumes, what does not fit, then the progress of filing it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, App, Button } from 'antd';
import { api, ask } from '@/api/client';
import type { FoundVolume, VolumeBatch } from '@/api/types';
import { JobLine, JobTrouble } from '@/features/jobs/JobLine';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { useCan, useMe } from '@/shared/me';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { Figure, PageHead } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';
import { Severity, Tag, word, type Tone } from '@/shared/ui/Tags';
import { useVolumeBatch } from './api';
import { VolumeBatchState } from './VolumeImportPage';

export function VolumeBatchPage() {
  const { batch } = useParams({ from: '/volumes/import/$batch' });
  const query = useVolumeBatch(batch);
  return (
    <div className="page">
      <QueryView query={query} rows={10}>{(data) => <Loaded batch={data} />}</QueryView>
    </div>
  );
}

/** A path as it was found; identity numbers in folder names (layout C) are masked. */
function Path({ of }: { of: string }) {
  return <span className="path">{of.replace(/(\d{3})\d{11}(\d{3}[\dXx])(?!\d)/g, '$1***********$2')}</span>;
}

const STATES: Record<string, Tone> = { planned: 'info', filed: 'good', same: 'plain', refused: 'bad' };

function volumeColumns(): Column<FoundVolume>[] {
  const v = t.volumeImport;
  const c = v.volumeColumns;
  return [
    { key: 'root', title: c.root, rowHeader: true, render: (x) => <Path of={x.root} /> },
    { key: 'state', title: c.state, render: (x) => <Tag tone={STATES[x.state] ?? 'plain'}>{word(v.volumeStates, x.state)}</Tag> },
    { key: 'person', title: c.person, nowrap: true, render: (x) => (x.person ? x.person_name : <Tag tone="bad">{v.noPerson}</Tag>) },
    {
      key: 'volume', title: c.volume, nowrap: true,
      render: (x) => x.volume && <Link to="/volumes/$volume" params={{ volume: x.volume }} search={{}}>{x.volume_no}</Link>,
    },
    { key: 'materials', title: c.materials, align: 'right', render: (x) => x.materials },
    { key: 'pages', title: c.pages, align: 'right', render: (x) => x.pages },
    {
      key: 'findings', title: c.findings,
      render: (x) => (
        <ul>
          {x.findings.map((f, i) => (
            <li key={i}>
              <Severity value={f.severity} /> {f.message} <span className="dim"><Path of={f.path} /></span>
            </li>
          ))}
        </ul>
      ),
    },
  ];
}

function Loaded({ batch }: { batch: VolumeBatch }) {
  const can = useCan();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const v = t.volumeImport;
  const sum = (f: (x: FoundVolume) => number) => batch.volumes.reduce((n, x) => n + f(x), 0);
  const matched = batch.volumes.filter((x) => x.person).length;
  const planned = batch.volumes.filter((x) => x.state === 'planned').length;
  const commit = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/volume-imports/{batch}/commit', { params: { path: { batch: batch.id } } })),
    onSuccess: async (now) => {
      void message.success(v.committed);
      if (now) client.setQueryData(['volume-imports', batch.id], now);
      await Promise.all(['volume-imports', 'jobs', 'volumes'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const undo = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/volume-imports/{batch}/undo', { params: { path: { batch: batch.id } } })),
    onSuccess: async (now) => {
      void message.success(v.undone);
      client.setQueryData(['volume-imports', batch.id], now);
      await Promise.all(['volume-imports', 'volumes', 'persons', 'person'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const failed = commit.error ?? undo.error;
  return (
    <>
      <PageHead
        back={<Link to="/volumes/import">{v.back}</Link>}
        title={<>{v.batchTitle(batch.volumes.length)} <VolumeBatchState state={batch.state} /></>}
        note={[v.layouts[batch.layout]?.name, instant(batch.created_at), batch.actor].filter(Boolean).join(' · ')}
        actions={can('volume.edit') && (
          <>
            {batch.state === 'preview' && (
              <Button
                type="primary" disabled={!batch.can_commit} loading={commit.isPending}
                onClick={() => void modal.confirm({
                  title: v.commitTitle(planned), content: v.commitText, okText: v.commit, cancelText: t.common.cancel,
                  onOk: () => commit.mutateAsync().catch(() => undefined),
                })}
              >
                {v.commit}
              </Button>
            )}
            {batch.state === 'committed' && batch.can_undo && (
              <Button
                danger loading={undo.isPending}
                onClick={() => void modal.confirm({
                  title: v.undoTitle, content: v.undoText, okText: v.undo, okButtonProps: { danger: true }, cancelText: t.common.cancel,
                  onOk: () => undo.mutateAsync().catch(() => undefined),
                })}
              >
                {v.undo}
              </Button>
            )}
          </>
        )}
      />
      {failed && <div className="gap-below"><ErrorBox error={failed} /></div>}
      {batch.state === 'preview' && !batch.can_commit && (
        <Alert className="gap-below" type={matched === 0 ? 'warning' : 'info'} showIcon title={matched === 0 ? v.commitNone : v.commitSame} />
      )}
      {(batch.state === 'running' || batch.state === 'committed') && <ProgressCard batch={batch} />}
      <div className="figures">
        <Figure label={v.figures.volumes} value={count(batch.volumes.length)} />
        <Figure label={v.figures.matched} value={count(matched)} tone={matched < batch.volumes.length ? 'warn' : 'good'} />
        <Figure label={v.figures.materials} value={count(sum((x) => x.materials))} />
        <Figure label={v.figures.pages} value={count(sum((x) => x.pages))} />
        <Figure label={v.figures.findings} value={count(sum((x) => x.findings.length))} />
        <Figure label={v.figures.unmatched} value={count(batch.unmatched.length)} tone={batch.unmatched.length > 0 ? 'bad' : undefined} />
      </div>
      <ListTable label={v.figures.volumes} columns={volumeColumns()} rows={batch.volumes} rowKey={(x) => x.root} />
      <section className="card gap-above" aria-labelledby="unmatched">
        <h2 id="unmatched">{v.unmatched}</h2>
        {batch.unmatched.length === 0 ? <p className="dim">{v.unmatchedNone}</p> : (
          <>
            <p className="dim gap-below">{v.unmatchedNote}</p>
            <ListTable
              label={v.unmatched} rows={batch.unmatched} rowKey={(u) => u.path}
              columns={[
                { key: 'path', title: v.path, rowHeader: true, render: (u) => <Path of={u.path} /> },
                { key: 'why', title: v.why, render: (u) => u.reason },
              ]}
            />
          </>
        )}
      </section>
    </>
  );
}

function ProgressCard({ batch }: { batch: VolumeBatch }) {
  const me = useMe();
  const sees = me.actions.includes('job.read');
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), enabled: sees, refetchInterval: 5000 });
  const v = t.volumeImport;
  const { job } = batch;
  const filing = batch.state === 'running';
  // Pages are read one by one after they are filed; those of other imports wait in the same queue.
  const reading = filing ? 0 : (jobs.data?.pending ?? 0);
  return (
    <section className="card gap-below" aria-labelledby="progress" aria-live="polite">
      <h2>
        <span id="progress">{v.progress}</span>
        {!filing && <Link to="/volumes">{v.openVolumes}</Link>}
      </h2>
      {filing && job && <JobLine job={job} />}
      {filing && job?.error && (
        <p className={job.state === 'failed' ? 'job-error' : 'dim'}>
          <JobTrouble job={job} /> {job.state === 'failed' && sees && <Link to="/jobs">{v.toJobs}</Link>}
        </p>
      )}
      {!filing && <p>{reading > 0 ? v.progressReading(reading) : v.progressDone} {reading > 0 && <Link to="/jobs">{v.toJobs}</Link>}</p>}
    </section>
  );
}
