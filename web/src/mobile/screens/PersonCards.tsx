// What a person's record is on the phone: facts, volumes, who looked, changes.
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { PersonRecord } from '@/api/types';
import { useHistory, useLooks } from '@/features/people/api';
import { t } from '@/i18n';
import { instant } from '@/shared/format';
import { showPartialDate } from '@/shared/partial-date';
import { QueryView } from '../ui';

const FEW = 5;

export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="m-card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function RecordHead({ person }: { person: PersonRecord }) {
  return (
    <div className="m-person">
      <p className="m-person-name">{person.name} <span className={`tag stage-${person.stage}`}>{person.stage_label}</span></p>
      <p>{person.org_name}</p>
    </div>
  );
}

export function FactsCard({ person }: { person: PersonRecord }) {
  const f = t.person.fields;
  const items: [string, string | undefined | null][] = [
    [f.sex, person.sex_label], [f.ethnicity, person.ethnicity], [f.birth, showPartialDate(person.birth)], [f.number, person.number],
    [f.id_no, person.id_masked], [f.phone, person.phone_masked], [f.education, person.education], [f.status, person.status_label],
    [f.applied, showPartialDate(person.applied)], [f.activist, showPartialDate(person.activist)], [f.candidate, showPartialDate(person.candidate)],
    [f.joined, showPartialDate(person.joined)], [f.regular, showPartialDate(person.regular)],
  ];
  return (
    <Card title={t.mobile.me.record}>
      <dl className="m-facts">
        {items.filter(([, v]) => v).map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}
      </dl>
    </Card>
  );
}

export function VolumesCard({ person, note, own = false }: { person: PersonRecord; note?: string; own?: boolean }) {
  return (
    <Card title={t.mobile.me.catalogue}>
      {note && <p className="dim">{note}</p>}
      {person.volume_list.length === 0 ? <p className="dim">{own ? t.mobile.me.noVolumes : t.person.volumesEmpty}</p> : (
        <ul className="m-list">
          {person.volume_list.map((v) => (
            <li key={v.id}>
              <Link to="/volumes/$volume" params={{ volume: v.id }} search={{}} className="m-row">
                <span>{v.scheme_label}<span className="dim m-sub">{v.no}</span></span>
                <span className="dim">{t.volumes.size(v.materials, v.pages)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function More({ onClick }: { onClick: () => void }) {
  return <button type="button" className="m-more" onClick={onClick}>{t.mobile.me.more}</button>;
}

export function LooksCard({ id, own = false }: { id: string; own?: boolean }) {
  const looks = useLooks(id);
  const [all, setAll] = useState(false);
  return (
    <Card title={own ? t.mobile.me.looks : t.person.tabs.looks}>
      <p className="dim">{t.mobile.me.looksIntro}</p>
      <QueryView query={looks}>
        {(data) =>
          data.looks.length === 0 ? <p className="dim">{t.person.looksEmpty}</p> : (
            <>
              <ul className="m-list">
                {(all ? data.looks : data.looks.slice(0, FEW)).map((l, i) => (
                  <li key={i} className="m-look">
                    <span>{l.action_label} · {l.actor}<span className="dim m-sub">{l.role_label}{l.purpose && ` · ${l.purpose}`}</span></span>
                    <span className="dim nowrap">
                      {instant(l.at)}
                      <a className="m-sub" href={`/api/v1/persons/${id}/looks/${l.seq}/receipt`} download aria-label={t.person.receiptOf(instant(l.at))}>{t.person.receipt}</a>
                    </span>
                  </li>
                ))}
              </ul>
              <p className="dim"><a href="/api/v1/ledger/offline" download>{t.person.offline}</a></p>
              {!all && data.looks.length > FEW && <More onClick={() => setAll(true)} />}
            </>
          )
        }
      </QueryView>
    </Card>
  );
}

export function HistoryCard({ id }: { id: string }) {
  const history = useHistory(id);
  const [all, setAll] = useState(false);
  return (
    <Card title={t.mobile.me.history}>
      <QueryView query={history}>
        {({ events }) =>
          events.length === 0 ? <p className="dim">{t.person.historyEmpty}</p> : (
            <>
              <ul className="m-list">
                {(all ? events : events.slice(0, FEW)).map((e) => (
                  <li key={e.id} className="m-event">
                    <strong>{e.kind_label}</strong>
                    <span className="dim m-sub">{instant(e.at)} · {e.actor}{e.basis && ` · ${t.person.historyBasis(e.basis)}`}</span>
                    {e.changes.map((c) => (
                      <span key={c.field} className="m-sub">
                        {c.label}: <span className={c.before ? 'before' : 'dim'}>{c.before || t.person.noValue}</span> → <span className="after">{c.after || t.person.noValue}</span>
                      </span>
                    ))}
                  </li>
                ))}
              </ul>
              {!all && events.length > FEW && <More onClick={() => setAll(true)} />}
            </>
          )
        }
      </QueryView>
    </Card>
  );
}
