import type { Job } from '@/api/types';
import { t } from '@/i18n';
import { JobState } from '@/shared/ui/Tags';

export function ProgressBar({ label, done, total }: { label: string; done: number; total: number }) {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div
      className="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}
    >
      <span style={{ width: `${part * 100}%` }} />
    </div>
  );
}

/** The sentence for a code: its own, or that of what it begins with. */
function sentence(code: string): string {
  const words = t.jobs.errors;
  return words[code] ?? words[`${code.split('.')[0]}.`] ?? t.jobs.unknownError;
}

/** Why the last attempt failed and what to do, with the code for whoever keeps the system. */
export function JobTrouble({ job }: { job: Pick<Job, 'error' | 'state'> }) {
  if (!job.error || job.state === 'done') return null;
  return (
    <>
      {sentence(job.error)} {job.state !== 'failed' && t.jobs.willRetry} <span className="mono code dim">{t.jobs.errorCode(job.error)}</span>
    </>
  );
}

/** A running or waiting job in one line. */
export function JobLine({ job }: { job: Job }) {
  return (
    <div className="job-line">
      <span>{job.kind_label} <JobState state={job.state} /></span>
      <ProgressBar label={t.jobs.progressOf(job.kind_label)} done={job.done} total={job.total} />
      <span className="dim">{job.total > 0 ? `${job.done} / ${job.total}` : ''}</span>
    </div>
  );
}
