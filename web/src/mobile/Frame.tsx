// Frame of the phone screens: content above, large targets below.
import { AppOutline, AppstoreOutline, SearchOutline, UnorderedListOutline } from 'antd-mobile-icons';
import { useLocation, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import { useMe } from '@/shared/me';

const TABS = [
  { to: '/', key: 'me', icon: <AppOutline />, needs: [] },
  { to: '/search', key: 'search', icon: <SearchOutline />, needs: ['search'] },
  { to: '/todo', key: 'todo', icon: <UnorderedListOutline />, needs: ['page.correct', 'job.read', 'import.run'] },
  { to: '/work', key: 'work', icon: <AppstoreOutline />, needs: ['import.run', 'volume.list', 'job.read', 'ledger.read'] },
] as const;

/** Screens that are opened from the list of work. */
const WORK = /^\/(imports|volumes|jobs|ledger)(\/|$)/;

export function Frame({ children }: { children: ReactNode }) {
  const me = useMe();
  const router = useRouter();
  const path = useLocation({ select: (l) => l.pathname });
  const reading = path.startsWith('/read/');
  // A tab that could only say that there is nothing to do is left out.
  const tabs = TABS.filter(({ needs }) => needs.length === 0 || needs.some((n) => me.actions.includes(n)));
  return (
    <div className="m-frame">
      {me.readonly && <p className="m-banner" role="alert">{t.shell.readonly(me.readonly)}</p>}
      <main className="m-main">{children}</main>
      {!reading && tabs.length > 1 && (
        <nav className="m-tabs" aria-label={t.mobile.tabsLabel}>
          {tabs.map((tab) => {
            const here = tab.to === '/' ? path === '/' : path.startsWith(tab.to) || (tab.to === '/work' && WORK.test(path));
            return (
              <button
                key={tab.key} type="button" className="m-tab" aria-current={here ? 'page' : undefined}
                // `/todo` and `/work` exist on the phone only.
                onClick={() => void router.navigate({ to: tab.to as '/' })}
              >
                <span aria-hidden="true" className="m-tab-icon">{tab.icon}</span>
                {t.mobile.tabs[tab.key]}
              </button>
            );
          })}
        </nav>
      )}
    </div>
  );
}
