// Server-sent events, one stream for all tabs of a browser: browsers allow six
// connections to a host, and an archivist opens many tabs. The tab that holds the lock
// reads the stream and passes events on to the others.
import type { QueryClient } from '@tanstack/react-query';
import type { Job } from '@/api/types';

export type JobEvent = Pick<Job, 'id' | 'kind' | 'state' | 'done' | 'total'>;
type Message = { type: 'job' | 'page' | 'batch' | 'notice'; data: unknown };

const TYPES = ['job', 'page', 'batch', 'notice'] as const;

type JobsAnswer = { jobs: Job[]; pending: number };

function apply(client: QueryClient, message: Message): void {
  if (message.type === 'job') {
    const event = message.data as JobEvent;
    let known = false;
    client.setQueryData<JobsAnswer>(['jobs'], (old) => {
      if (!old) return old;
      const jobs = old.jobs.map((job) => {
        if (job.id !== event.id) return job;
        known = true;
        return { ...job, state: event.state, done: event.done, total: event.total };
      });
      return { ...old, jobs };
    });
    const over = event.state === 'done' || event.state === 'failed';
    if (!known || over) later(client, ['jobs']);
    if (over) {
      later(client, ['volume-imports']);
      later(client, ['volumes']);
    }
  } else if (message.type === 'page') {
    const { id } = message.data as { id: string };
    later(client, ['page', id]);
    later(client, ['volume']);
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

  const lead = (): Promise<void> => {
    if (over) return stopped;
    source = new EventSource('/api/v1/events');
    for (const type of TYPES) {
      source.addEventListener(type, (e) => {
        const message: Message = { type, data: JSON.parse((e as MessageEvent<string>).data) };
        apply(client, message);
        channel?.postMessage(message);
      });
    }
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
