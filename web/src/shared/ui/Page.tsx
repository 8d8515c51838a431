// Head of a screen: title, one line about it, and what can be done.
import type { ReactNode } from 'react';

export function PageHead({ title, note, actions, back }: {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
}) {
  return (
    <div className="page-head">
      <div>
        {back && <div className="page-back">{back}</div>}
        <h1>{title}</h1>
        {note && <p className="page-note">{note}</p>}
      </div>
      {actions && <div className="page-actions no-print">{actions}</div>}
    </div>
  );
}

/** Facts as pairs of a term and its value. */
export function Facts({ items, columns = 3 }: { items: [string, ReactNode][]; columns?: 1 | 2 | 3 | 4 }) {
  return (
    <dl className={`facts facts-${columns}`}>
      {items.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value === undefined || value === null || value === '' ? <span className="dim">—</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A number with its name, for the top of a screen. */
export function Figure({ label, value, tone, children }: {
  label: string;
  value: ReactNode;
  tone?: 'good' | 'bad' | 'warn';
  children?: ReactNode;
}) {
  return (
    <div className={tone ? `figure figure-${tone}` : 'figure'}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
      {children && <span className="figure-more">{children}</span>}
    </div>
  );
}
