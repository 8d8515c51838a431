// The day's work: counts, running jobs, pages to proof-read, recent imports.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { capped, count, instant, percent } from '@/shared/format';
import { useMe } from '@/shared/me';
import { JobLine } from '@/features/jobs/JobLine';
import { Figure } from '@/shared/ui/Page';
import { QueryView } from '@/shared/ui/States';
import { Tag, word } from '@/shared/ui/Tags';
import type { Totals } from './HomePage';

const FEW = 6;

export function Desk({ totals, fresh }: { totals: Totals; fresh: boolean }) {
  const me = useMe();
  const may = (action: string) => me.actions.includes(action);
  return (
    <>
      {!fresh && (totals.people || totals.orgs !== undefined) && (
        <div className="figures">
          {totals.orgs !== undefined && <Figure label={t.home.counts.orgs} value={count(totals.orgs)} />}
          {totals.people && (
            <Figure label={t.home.counts.people} value={capped(totals.people.total, totals.people.capped)}>
              <Link to="/people">{t.home.seeAll}</Link>
            </Figure>
          )}
          {totals.volumes && (
            <Figure label={t.home.counts.volumes} value={capped(totals.volumes.total, totals.volumes.capped)}>
              <Link to="/volumes">{t.home.seeAll}</Link>
            </Figure>
          )}
        </div>
      )}
      <div className="grid-2">
        {may('job.read') && <RunningCard />}
        {may('page.correct') && <LowCard />}
        {may('import.run') && <ImportsCard />}
        <RolesCard />
      </div>
    </>
  );
}

function RunningCard() {
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')) });
  return (
    <section className="card" aria-labelledby="desk-jobs">
      <h2><span id="desk-jobs">{t.home.running}</span><Link to="/jobs">{t.home.seeAll}</Link></h2>
      <QueryView query={jobs} rows={3}>
        {(data) => {
          const open = data.jobs.filter((j) => j.state !== 'done').slice(0, FEW);
          return open.length === 0 ? <p className="dim">{t.home.noRunning}</p> : <>{open.map((j) => <JobLine key={j.id} job={j} />)}</>;
        }}
      </QueryView>
    </section>
  );
}

function LowCard() {
  const low = useQuery({ queryKey: ['low-confidence', ''], queryFn: () => ask(api.GET('/api/v1/low-confidence')) });
  return (
    <section className="card" aria-labelledby="desk-low">
      <h2><span id="desk-low">{t.home.low}</span><Link to="/proof">{t.home.seeAll}</Link></h2>
      <QueryView query={low} rows={3}>
        {(data) =>
          data.rows.length === 0 ? <p className="dim">{t.home.noLow}</p> : (
            <ul className="plain-list">
              {data.rows.slice(0, FEW).map((row) => (
                <li key={row.page}>
                  <Link to="/read/$volume" params={{ volume: row.volume }} search={{ page: row.page }}>
                    {row.person_name} · {row.material_title} · {t.palette.pageNo(row.no)}
                  </Link>
                  <Tag tone="warn">{percent(row.confidence)}</Tag>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}

function ImportsCard() {
  const imports = useQuery({ queryKey: ['imports'], queryFn: () => ask(api.GET('/api/v1/imports')) });
  return (
    <section className="card" aria-labelledby="desk-imports">
      <h2><span id="desk-imports">{t.home.imports}</span><Link to="/imports">{t.home.seeAll}</Link></h2>
      <QueryView query={imports} rows={3}>
        {(data) =>
          data.batches.length === 0 ? <p className="dim">{t.home.noImports}</p> : (
            <ul className="plain-list">
              {data.batches.slice(0, FEW).map((b) => (
                <li key={b.id}>
                  <Link to="/imports/$batch" params={{ batch: b.id }}>{b.file_name}</Link>
                  <span className="dim nowrap">{instant(b.created_at)} · {word(t.imports.states, b.state)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}

function RolesCard() {
  const me = useMe();
  return (
    <section className="card" aria-labelledby="desk-roles">
      <h2>
        <span id="desk-roles">{t.home.roles}</span>
        {me.person && <Link to="/people/$person" params={{ person: me.person }} search={{}}>{t.home.own}</Link>}
      </h2>
      {me.roles.length === 0 ? <p className="dim">{t.home.rolesNone}</p> : (
        <ul className="plain-list">
          {me.roles.map((r) => (
            <li key={r.role + r.org}>
              <span>{word(t.accounts.roles, r.role)}</span>
              <span className="dim">
                {r.org_name}
                {r.to && ` · ${t.common.to} ${r.to}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
