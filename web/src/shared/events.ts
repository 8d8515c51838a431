// Server-sent events, one stream for all tabs of a browser: browsers allow six
// connections to a host, and an archivist opens many tabs. The tab that holds the lock
// reads the stream and passes events on to the others.
import type { QueryClient } from '@tanstack/react-query';
import type { Job, VolumeBatch } from '@/api/types';

export type JobEvent = Pick<Job, 'id' | 'kind' | 'state' | 'done' | 'total'>;
type Message = { type: 'job' | 'page' | 'batch' | 'notice'; data: unknown };

const TYPES = ['job', 'page', 'batch', 'notice'] as const;

const REOPEN_MS = 10_000;

type JobsAnswer = { jobs: Job[]; pending: number };

/** A notice of a beginning or an end counts nothing; what was counted before stays. */
function withEvent(job: Job, { state, done, total }: JobEvent): Job {
  return total > 0 ? { ...job, state, done, total } : { ...job, state };
}

function apply(client: QueryClient, message: Message): void {
  if (message.type === 'job') {
    const event = message.data as JobEvent;
    let known = false;
    client.setQueryData<JobsAnswer>(['jobs'], (old) => {
      if (!old) return old;
      const jobs = old.jobs.map((job) => {
        if (job.id !== event.id) return job;
        known = true;
        return withEvent(job, event);
      });
      return { ...old, jobs };
    });
    // The batch that is on the screen, if this job files it.
    client.setQueriesData<VolumeBatch>({ queryKey: ['volume-imports'] }, (old) =>
      old?.job?.id === event.id ? { ...old, job: withEvent(old.job, event) } : old);
    const over = event.state === 'done' || event.state === 'failed';
    if (!known || over) later(client, ['jobs']);
    if (over) {
      later(client, ['volume-imports']);
      later(client, ['volumes']);
    }
  } else if (message.type === 'page') {
    const { id } = message.data as { id: string };
    // Volumes are not fetched again for each page: opening one is a look that is recorded.
    later(client, ['page', id]);
    later(client, ['low-confidence']);
  } else if (message.type === 'batch') {
    later(client, ['volume-imports']);
    later(client, ['imports']);
  }
}

// Thousands of pages may finish in a minute: refetch a list at most every two seconds.
const timers = new Map<string, number>();
function later(client: QueryClient, key: string[]): void {
  const name = key.join('/');
  if (timers.has(name)) return;
  timers.set(
    name,
    window.setTimeout(() => {
      timers.delete(name);
      void client.invalidateQueries({ queryKey: key });
    }, 2000),
  );
}

/** Starts listening; returns what stops it. */
export function startEvents(client: QueryClient): () => void {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('juanzong') : undefined;
  if (channel) channel.onmessage = (e) => apply(client, e.data as Message);
  let source: EventSource | undefined;
  let over = false;
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });

  const open = (): void => {
    if (over) return;
    source = new EventSource('/api/v1/events');
    // Browsers come back by themselves unless the server refused, as after a session's end.
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) window.setTimeout(open, REOPEN_MS);
    });
    for (const type of TYPES) {
      source.addEventListener(type, (e) => {
        const message: Message = { type, data: JSON.parse((e as MessageEvent<string>).data) };
        apply(client, message);
        channel?.postMessage(message);
      });
    }
  };
  const lead = (): Promise<void> => {
    open();
    return stopped;
  };

  const locks = (navigator as { locks?: LockManager }).locks;
  if (channel && locks) void locks.request('juanzong-events', () => lead());
  else void lead();

  return () => {
    over = true;
    stop();
    source?.close();
    channel?.close();
  };
}
