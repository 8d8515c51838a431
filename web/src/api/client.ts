// The one way to the server. Everything else in the UI calls `ask(...)` on a request of
// this client, or `upload` for files, and gets a value or a thrown `Problem`.
import createClient, { type Middleware } from 'openapi-fetch';
import { t } from '@/i18n';
import type { paths } from './schema';
import type { ProblemBody } from './types';

/** Proves to the server that the request was made by a page of its own origin. */
const MARK = { 'X-Juanzong': '1' } as const;

/** What went wrong, in the server's own Chinese words where it had any. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: { pointer: string; message: string }[];

  constructor(status: number, body: Partial<ProblemBody> | undefined) {
    super(body?.code ?? `http_${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body?.code ?? `http_${status}`;
    this.title = body?.title ?? t.errors.title;
    this.detail = body?.detail ?? t.errors.byStatus(status);
    this.errors = body?.errors?.map((e) => ({ pointer: e.pointer, message: e.message })) ?? [];
  }

  /** Messages per form field, keyed by the last part of the JSON pointer. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((e) => [e.pointer.split('/').at(-1) ?? '', e.message]));
  }
}

/** Turns whatever was thrown into a problem a screen can show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, { code: 'network', title: t.errors.networkTitle, detail: t.errors.network });
}

const listeners = new Set<() => void>();

/** Calls `f` when the session has ended on the server. */
export function onSessionLost(f: () => void): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}

function noticeStatus(status: number, url: string): void {
  // A wrong password is also a 401 and is no lost session.
  if (status === 401 && !new URL(url, location.href).pathname.endsWith('/session')) listeners.forEach((f) => f());
}

const mark: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(MARK)) request.headers.set(name, value);
    return request;
  },
  onResponse({ response, request }) {
    noticeStatus(response.status, request.url);
  },
};

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });
api.use(mark);

/** Waits for a request of `api` and returns its data, or throws the `Problem`. */
export async function ask<T>(request: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await request;
  } catch (error) {
    throw asProblem(error);
  }
  if (!answer.response.ok) {
    const body = answer.error;
    throw new Problem(answer.response.status, typeof body === 'object' && body !== null ? body : undefined);
  }
  return answer.data as T;
}

/** Sends a form with files; unlike fetch, it can say how far it is. */
export function upload<T>(url: string, form: FormData, progress?: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries(MARK)) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = (e) => e.lengthComputable && progress?.(e.loaded / e.total);
    request.onerror = () => reject(asProblem(undefined));
    request.onload = () => {
      noticeStatus(request.status, url);
      const body: unknown = request.response;
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(new Problem(request.status, typeof body === 'object' && body !== null ? body : undefined));
    };
    request.send(form);
  });
}
