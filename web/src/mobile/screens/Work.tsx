// What the reader's roles can do on the phone, one large row each.
import { Link } from '@tanstack/react-router';
import { t } from '@/i18n';
import { useMe } from '@/shared/me';
import { Empty, Head } from '../ui';

export const WORK = [
  { to: '/imports', key: 'imports', needs: 'import.run' },
  { to: '/volumes', key: 'volumes', needs: 'volume.list' },
  { to: '/volumes/import', key: 'volumeImport', needs: 'volume.edit' },
  { to: '/jobs', key: 'jobs', needs: 'job.read' },
  { to: '/ledger', key: 'ledger', needs: 'ledger.read' },
] as const;

export function Work() {
  const me = useMe();
  const mine = WORK.filter((w) => me.actions.includes(w.needs));
  return (
    <>
      <Head title={t.mobile.tabs.work} />
      {mine.length === 0 ? <Empty title={t.mobile.work.none} hint={t.mobile.work.noneHint} /> : (
        <nav className="m-card" aria-label={t.mobile.tabs.work}>
          <ul className="m-list">
            {mine.map((w) => (
              <li key={w.to}>
                <Link to={w.to} className="m-row">
                  <span>{t.shell.menu[w.key]}<span className="dim m-sub">{t.mobile.work.hints[w.key]}</span></span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>
  );
}
