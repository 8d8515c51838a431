// The three things every screen must be able to say: wait, it went wrong, there is nothing yet.
import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { t } from '@/i18n';

export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label={t.common.loading} className="state-loading">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  const box = useRef<HTMLDivElement>(null);
  // In a long form the problem may stand above what is on the screen.
  useEffect(() => {
    void box.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  // One sentence is not said twice.
  const errors = problem.errors.filter((e) => e.message !== problem.detail);
  return (
    <div ref={box}>
      <Alert
        type="error"
        showIcon
        title={problem.title}
        description={
          <>
            <div>{problem.detail}</div>
            {errors.length > 0 && (
              <ul className="error-list">
                {errors.map((e) => (
                  <li key={e.pointer + e.message}>{e.message}</li>
                ))}
              </ul>
            )}
            <div className="error-code">{t.errors.code(problem.code)}</div>
          </>
        }
        action={retry && <Button size="small" onClick={retry}>{t.common.retry}</Button>}
      />
    </div>
  );
}

/** An empty list: what is missing, what to do, and the button that does it. */
export function Empty({ title, hint, heading, children }: { title: string; hint?: string; heading?: boolean; children?: ReactNode }) {
  const Title = heading ? 'h1' : 'p';
  return (
    <div className="state-empty">
      <svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true">
        <path d="M8 16h14l4 5h22v25H8z" fill="#f3e6e6" stroke="#b98c8d" />
        <path d="M15 29h26M15 36h18" stroke="#b98c8d" strokeWidth="2" />
      </svg>
      <Title className="state-empty-title">{title}</Title>
      {hint && <p className="state-empty-hint">{hint}</p>}
      {children && <div className="state-empty-actions">{children}</div>}
    </div>
  );
}

/** Shows a query: skeleton, problem with retry, or its data. */
export function QueryView<T>({ query, rows, children }: {
  query: UseQueryResult<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.isPending) return <Loading rows={rows} />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return <>{children(query.data)}</>;
}
