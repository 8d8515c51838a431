// The phone's own waiting, failing and empty states; the desktop's would bring antd along.
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd-mobile';
import type { ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { t } from '@/i18n';

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div className="m-pad" role="status" aria-label={t.common.loading}>
      <Skeleton.Title animated />
      <Skeleton.Paragraph lineCount={rows} animated />
    </div>
  );
}

export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  return (
    <div className="m-error" role="alert">
      <strong>{problem.title}</strong>
      <p>{problem.detail}</p>
      <p className="error-code">{t.errors.code(problem.code)}</p>
      {retry && <Button size="small" onClick={retry}>{t.common.retry}</Button>}
    </div>
  );
}

export function Empty({ title, hint }: { title: string; hint?: string }) {
  return (
    <div className="state-empty">
      <p className="state-empty-title">{title}</p>
      {hint && <p className="state-empty-hint">{hint}</p>}
    </div>
  );
}

export function QueryView<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.isPending) return <Loading />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return <>{children(query.data)}</>;
}

/** Top of a screen that was opened from another one. */
export function Head({ title, onBack }: { title: string; onBack?: () => void }) {
  return (
    <header className="m-head">
      {onBack && <button type="button" className="m-back" onClick={onBack} aria-label={t.common.back}>‹</button>}
      <h1>{title}</h1>
    </header>
  );
}
