import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { api, ask } from '@/api/client';
import type { PersonRecord } from '@/api/types';
import { t } from '@/i18n';
import { showPartialDate } from '@/shared/partial-date';
import { Facts } from '@/shared/ui/Page';
import { ReasonDialog } from '@/shared/ui/ReasonDialog';
import { word } from '@/shared/ui/Tags';

/** How long full numbers stay on the screen. */
const SHOWN_MS = 60_000;

export function BasicTab({ person }: { person: PersonRecord }) {
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ id_no?: string | null; phone?: string | null } | null>(null);
  useEffect(() => {
    if (!shown) return undefined;
    const timer = window.setTimeout(() => setShown(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [shown]);

  const f = t.person.fields;
  const mayReveal = person.actions.includes('person.reveal');
  const masked = (mask: string | undefined | null, full: string | undefined | null) => {
    if (!mask) return '';
    return (
      <span className="row-gap">
        <span className="mono">{shown ? (full ?? mask) : mask}</span>
        {mayReveal && (
          <Button size="small" onClick={() => (shown ? setShown(null) : setAsking(true))}>
            {shown ? t.person.hide : t.person.reveal}
          </Button>
        )}
      </span>
    );
  };

  return (
    <>
      <h2>{t.person.sections.identity}</h2>
      <Facts
        columns={2}
        items={[
          [f.name, person.name], [f.former_name, person.former_name],
          [f.sex, person.sex_label], [f.ethnicity, person.ethnicity],
          [f.birth, showPartialDate(person.birth)], [f.education, person.education],
          [f.id_no, masked(person.id_masked, shown?.id_no)], [f.phone, masked(person.phone_masked, shown?.phone)],
          [f.number, person.number], [f.org, person.org_name],
        ]}
      />
      <h2 className="gap-above">{t.person.sections.membership}</h2>
      <Facts
        columns={2}
        items={[
          [f.stage, person.stage_label], [f.status, person.status_label ?? word(t.people.statuses, person.status ?? '')],
          [f.applied, showPartialDate(person.applied)], [f.activist, showPartialDate(person.activist)],
          [f.candidate, showPartialDate(person.candidate)], [f.joined, showPartialDate(person.joined)],
          [f.regular, showPartialDate(person.regular)],
        ]}
      />
      <h2 className="gap-above">
        {t.person.sections.reports} {person.reports.length > 0 && <span className="dim">{t.person.reports(person.reports.length)}</span>}
      </h2>
      {person.reports.length === 0 ? <p className="dim">{t.person.noReports}</p> : (
        <ol className="chips">
          {person.reports.map((date, i) => (
            <li key={`${i}-${date}`} className="tag tag-plain">{i + 1} · {showPartialDate(date)}</li>
          ))}
        </ol>
      )}
      {person.extra.length > 0 && (
        <>
          <h2 className="gap-above">{t.person.sections.extra}</h2>
          <Facts columns={2} items={person.extra.map((x) => [x.label, x.value])} />
        </>
      )}
      <ReasonDialog
        open={asking} title={t.person.revealTitle} note={t.person.revealNote} label={t.person.revealReason}
        suggestions={t.person.revealReasons} okText={t.person.reveal} onClose={() => setAsking(false)}
        onOk={async (reason) => {
          setShown(await ask(api.POST('/api/v1/persons/{person}/reveal', { params: { path: { person: person.id } }, body: { reason } })));
        }}
      />
    </>
  );
}
