// One folder import: whose volumes, what fits nowhere, how far the filing is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { VolumeBatch } from '@/api/types';
import { JobTrouble, ProgressBar } from '@/features/jobs/JobLine';
import { useVolumeBatch } from '@/features/volumes/api';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { useCan, useMe } from '@/shared/me';
import { Severity, Tag, word, type Tone } from '@/shared/ui/Tags';
import { Figures, Note, State } from '../parts';
import { Ask } from '../sheet';
import { Head, QueryView } from '../ui';
import { Card } from './PersonCards';

const STATES: Record<string, Tone> = { planned: 'info', filed: 'good', same: 'plain', refused: 'bad' };

/** Identity numbers in folder names (layout C) are masked. */
const masked = (path: string) => path.replace(/(\d{3})\d{11}(\d{3}[\dXx])(?!\d)/g, '$1***********$2');

export function VolumeImport() {
  const { batch: id } = useParams({ from: '/volumes/import/$batch' });
  const router = useRouter();
  const query = useVolumeBatch(id);
  return (
    <>
      <Head title={t.volumeImport.title} onBack={() => router.history.back()} />
      <QueryView query={query}>{(batch) => <Loaded batch={batch} />}</QueryView>
    </>
  );
}

function Loaded({ batch }: { batch: VolumeBatch }) {
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'commit' | 'undo' | null>(null);
  const [said, setSaid] = useState('');
  const v = t.volumeImport;
  const path = { params: { path: { batch: batch.id } } };
  const act = useMutation({
    mutationFn: (what: 'commit' | 'undo') =>
      ask<unknown>(what === 'commit' ? api.POST('/api/v1/volume-imports/{batch}/commit', path) : api.POST('/api/v1/volume-imports/{batch}/undo', path)),
    onSuccess: (_, what) => {
      setAsking(null);
      setSaid(what === 'commit' ? v.committed : v.undone);
      for (const key of ['volume-imports', 'jobs', 'volumes', 'person']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const open = (what: 'commit' | 'undo') => {
    act.reset();
    setSaid('');
    setAsking(what);
  };
  const sum = (f: (x: VolumeBatch['volumes'][number]) => number) => batch.volumes.reduce((n, x) => n + f(x), 0);
  const matched = batch.volumes.filter((x) => x.person).length;
  const planned = batch.volumes.filter((x) => x.state === 'planned').length;
  return (
    <>
      <Note>{said}</Note>
      <section className="m-card">
        <p><strong>{v.batchTitle(batch.volumes.length)}</strong> <State words={v.states} state={batch.state} /></p>
        <p className="dim">{v.layouts[batch.layout]?.name ?? batch.layout} · {instant(batch.created_at)} · {batch.actor}</p>
        <Figures
          items={[
            [v.figures.matched, `${count(matched)} / ${count(batch.volumes.length)}`, matched < batch.volumes.length],
            [v.figures.materials, count(sum((x) => x.materials))], [v.figures.pages, count(sum((x) => x.pages))],
          ]}
        />
        {batch.state === 'preview' && !batch.can_commit && <p>{matched === 0 ? v.commitNone : v.commitSame}</p>}
        <div className="m-stack">
          {batch.state === 'preview' && can('volume.edit') && (
            <Button block size="large" color="primary" disabled={!batch.can_commit} onClick={() => open('commit')}>{v.commit}</Button>
          )}
          {batch.state === 'committed' && batch.can_undo && can('volume.edit') && (
            <Button block size="large" color="danger" fill="outline" onClick={() => open('undo')}>{v.undo}</Button>
          )}
        </div>
      </section>
      {(batch.state === 'running' || batch.state === 'committed') && <Progress batch={batch} />}
      <Card title={v.figures.volumes}>
        <ul className="m-list">
          {batch.volumes.map((x) => (
            <li key={x.root} className="m-event">
              <p><strong>{x.person ? x.person_name : v.noPerson}</strong> <Tag tone={STATES[x.state] ?? 'plain'}>{word(v.volumeStates, x.state)}</Tag></p>
              <p className="dim m-sub m-value">{masked(x.root)} · {t.volumes.size(x.materials, x.pages)}</p>
              {x.findings.map((f, i) => <p key={i} className="m-sub"><Severity value={f.severity} /> {f.message} <span className="dim m-value">{masked(f.path)}</span></p>)}
              {x.volume && <Link to="/volumes/$volume" params={{ volume: x.volume }} search={{}} className="m-row">{x.volume_no}</Link>}
            </li>
          ))}
        </ul>
      </Card>
      <Card title={v.unmatched}>
        {batch.unmatched.length === 0 ? <p className="dim">{v.unmatchedNone}</p> : (
          <>
            <p className="dim">{v.unmatchedNote}</p>
            <ul className="m-list">
              {batch.unmatched.map((u) => <li key={u.path} className="m-event"><span className="m-value">{masked(u.path)}</span><span className="dim m-sub">{u.reason}</span></li>)}
            </ul>
          </>
        )}
      </Card>
      {asking && (
        <Ask
          title={asking === 'commit' ? v.commitTitle(planned) : v.undoTitle} text={asking === 'commit' ? v.commitText : v.undoText}
          ok={asking === 'commit' ? v.commit : v.undo} danger={asking === 'undo'}
          busy={act.isPending} error={act.error} onOk={() => act.mutate(asking)} onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

function Progress({ batch }: { batch: VolumeBatch }) {
  const me = useMe();
  const filing = batch.state === 'running';
  const sees = me.actions.includes('job.read');
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), enabled: sees && !filing, refetchInterval: 5000 });
  const v = t.volumeImport;
  const { job } = batch;
  const reading = jobs.data?.pending ?? 0;
  return (
    <section className="m-card" aria-label={v.progress} aria-live="polite">
      <h2>{v.progress}</h2>
      {filing && job && <ProgressBar label={t.jobs.progressOf(job.kind_label)} done={job.done} total={job.total} />}
      {filing && job && <p>{job.kind_label} {job.total > 0 && `${job.done} / ${job.total}`} <JobTrouble job={job} /></p>}
      {!filing && <p>{reading > 0 ? v.progressReading(reading) : v.progressDone}</p>}
      {sees && (filing || reading > 0) && <Link to="/jobs" className="m-row">{v.toJobs}</Link>}
    </section>
  );
}
