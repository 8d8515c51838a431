// Every change of a person, newest first: who, when, on what ground, before and after.
import type { HistoryEvent } from '@/api/types';
import { t } from '@/i18n';
import { instant } from '@/shared/format';
import { showPartialDate } from '@/shared/partial-date';
import { QueryView } from '@/shared/ui/States';
import { useHistory } from './api';

export function HistoryTab({ id }: { id: string }) {
  const history = useHistory(id);
  return (
    <QueryView query={history}>
      {({ events }) =>
        events.length === 0 ? <p className="dim">{t.person.historyEmpty}</p> : (
          <ol className="timeline">
            {events.map((e) => <EventItem key={e.id} event={e} />)}
          </ol>
        )
      }
    </QueryView>
  );
}

/** The day an event was recorded on, in China, where the archive is. */
function recorded(at: number): string {
  return new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

function EventItem({ event }: { event: HistoryEvent }) {
  const value = (v: string | undefined | null) => (v ? v : t.person.noValue);
  return (
    <li>
      <p>
        <strong>{event.kind_label}</strong>
        {event.happened && event.happened !== recorded(event.at) && <span> · {t.person.happened(showPartialDate(event.happened))}</span>}
      </p>
      <p className="dim">
        {instant(event.at)} · {event.actor}
        {event.basis && ` · ${t.person.historyBasis(event.basis)}`}
      </p>
      {event.changes.length > 0 && (
        <table className="diff" aria-label={t.person.changesOf(event.kind_label)}>
          <thead className="visually-hidden">
            <tr><th scope="col">{t.person.change}</th><th scope="col">{t.common.before}</th><th scope="col">{t.common.after}</th></tr>
          </thead>
          <tbody>
            {event.changes.map((c) => (
              <tr key={c.field}>
                <th scope="row">{c.label}</th>
                <td><span className={c.before ? 'before' : 'dim'}>{value(c.before)}</span></td>
                <td><span aria-hidden="true">→ </span><span className={c.after ? 'after' : 'dim'}>{value(c.after)}</span></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}
