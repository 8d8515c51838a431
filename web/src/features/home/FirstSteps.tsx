// Leads somebody who knows nothing of the product from nothing to the first volume.
import { CheckOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import type { ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { capped, count } from '@/shared/format';
import { useCan, useMe } from '@/shared/me';
import type { Totals } from './HomePage';

type State = 'done' | 'now' | 'later';

function Step({ no, state, title, text, children }: { no: number; state: State; title: string; text: string; children?: ReactNode }) {
  return (
    <li className={`card guide-step ${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="no" aria-hidden="true">{state === 'done' ? <CheckOutlined /> : no}</span>
      <div>
        <h3>{title}</h3>
        <p className="dim">{text}</p>
        {state !== 'done' && children && <div className="guide-actions">{children}</div>}
      </div>
      <span className="dim">{t.home.stepState[state]}</span>
    </li>
  );
}

export function FirstSteps({ totals }: { totals: Totals }) {
  const me = useMe();
  const can = useCan();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const s = t.home.steps;
  const done = [
    me.school !== '',
    (totals.orgs ?? 0) > 1,
    (totals.people?.total ?? 0) > 0,
    (totals.volumes?.total ?? 0) > 0,
  ];
  const first = done.indexOf(false);
  const state = (i: number): State => (done[i] ? 'done' : i === first ? 'now' : 'later');
  const template = (kind: 'orgs' | 'members') => {
    download(`/api/v1/imports/templates/${kind}`, `${kind}.xlsx`).catch((e: unknown) => void message.error(asProblem(e).detail));
  };
  const importButtons = (kind: 'orgs' | 'members', words: { go: string; template: string }, now: boolean) =>
    can('import.run') ? (
      <>
        <Button type={now ? 'primary' : 'default'} onClick={() => void navigate({ to: '/imports', search: { kind } })}>{words.go}</Button>
        <Button onClick={() => template(kind)}>{words.template}</Button>
      </>
    ) : <span className="dim">{t.home.noRight}</span>;

  return (
    <section aria-labelledby="guide">
      <h2 id="guide">{t.home.guideTitle}</h2>
      <p className="dim gap-below">{t.home.guideNote}</p>
      <ol className="guide gap-below">
        <Step no={1} state={state(0)} title={s.unit.title} text={done[0] ? s.unit.done(me.school) : s.unit.todo} />
        <Step no={2} state={state(1)} title={s.orgs.title} text={done[1] ? s.orgs.done(count(totals.orgs ?? 0)) : s.orgs.todo}>
          {importButtons('orgs', s.orgs, first === 1)}
        </Step>
        <Step
          no={3} state={state(2)} title={s.people.title}
          text={done[2] ? s.people.done(capped(totals.people?.total ?? 0, totals.people?.capped ?? false)) : s.people.todo}
        >
          {importButtons('members', s.people, first === 2)}
        </Step>
        <Step
          no={4} state={state(3)} title={s.volume.title}
          text={done[3] ? s.volume.done(capped(totals.volumes?.total ?? 0, totals.volumes?.capped ?? false)) : s.volume.todo}
        >
          {can('volume.edit') ? (
            <Button type={first === 3 ? 'primary' : 'default'} onClick={() => void navigate({ to: '/volumes/import' })}>{s.volume.go}</Button>
          ) : <span className="dim">{t.home.noRight}</span>}
        </Step>
      </ol>
    </section>
  );
}
