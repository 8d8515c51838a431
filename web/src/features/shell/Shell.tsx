// The frame of every desktop screen: red header, left menu, banner when read-only.
import { DownOutlined, MenuFoldOutlined, MenuUnfoldOutlined, QuestionCircleOutlined, SearchOutlined, SyncOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { App, Dropdown } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { api, ask } from '@/api/client';
import { PasswordDialog } from '@/features/session/PasswordDialog';
import { currentLang, switchLang, t } from '@/i18n';
import { takeEarly } from '@/shared/early';
import { useShortcuts } from '@/shared/keys';
import { useCan, useMe } from '@/shared/me';
import { KeysHelp } from './KeysHelp';
import { menuGroups } from './menu';
import { Palette } from './Palette';

export function Shell({ children }: { children: ReactNode }) {
  const me = useMe();
  const [palette, setPalette] = useState(takeEarly);
  const [help, setHelp] = useState(false);
  const [folded, setFolded] = useState(false);
  const path = useLocation({ select: (l) => l.pathname });
  // The viewer needs the whole width.
  const wide = path.startsWith('/read/');

  useShortcuts(t.keys.everywhere, [
    { keys: 'ctrl+k', label: t.keys.palette, run: () => setPalette(true), inFields: true },
    { keys: '?', label: t.keys.help, run: () => setHelp(true) },
  ]);
  useEffect(() => {
    document.querySelector('#main')?.scrollTo(0, 0);
  }, [path]);

  return (
    <div className={wide ? 'shell shell-wide' : folded ? 'shell shell-folded' : 'shell'}>
      <a className="skip-link" href="#main">{t.common.skip}</a>
      <header className="shell-head">
        <Link to="/" className="shell-brand">
          <span className="shell-name">{t.app.name}</span>
          <span className="shell-school">{me.school}</span>
        </Link>
        <button type="button" className="shell-search" onClick={() => setPalette(true)} aria-keyshortcuts="Control+K">
          <SearchOutlined aria-hidden="true" />
          <span>{me.actions.includes('search') ? t.shell.search : t.shell.jump}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <RunningJobs />
        <button type="button" className="shell-button" onClick={() => setHelp(true)} aria-label={t.keys.title} title={t.keys.hint}>
          <QuestionCircleOutlined aria-hidden="true" />
        </button>
        <UserMenu />
      </header>
      {me.readonly && <div className="shell-banner" role="alert">{t.shell.readonly(me.readonly)}</div>}
      {!wide && <SideMenu path={path} folded={folded} onFold={() => setFolded(!folded)} />}
      <main id="main" className="shell-main" tabIndex={-1}>{children}</main>
      <Palette open={palette} onClose={() => setPalette(false)} />
      <KeysHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function SideMenu({ path, folded, onFold }: { path: string; folded: boolean; onFold: () => void }) {
  const can = useCan();
  const me = useMe();
  // Read-only hides what writes, but not the lists of former imports.
  const may = (needs: Parameters<typeof can>[0] | undefined) => !needs || me.actions.includes(needs);
  const groups = menuGroups()
    .map((g) => ({ ...g, entries: g.entries.filter((e) => may(e.needs)) }))
    .filter((g) => g.entries.length > 0);
  const here = groups
    .flatMap((g) => g.entries)
    .filter((e) => (e.to === '/' ? path === '/' : path === e.to || path.startsWith(`${e.to}/`)))
    .sort((a, b) => b.to.length - a.to.length)[0];
  return (
    <nav className="shell-menu" aria-label={t.shell.nav}>
      {groups.map((group) => (
        <div key={group.key} className="menu-group">
          <p className="menu-group-name" id={`menu-${group.key}`}>{group.label}</p>
          <ul aria-labelledby={`menu-${group.key}`}>
            {group.entries.map((e) => (
              <li key={e.to}>
                <Link to={e.to} activeOptions={{ exact: true }} className="menu-entry" title={folded ? e.label : undefined} aria-current={here?.to === e.to ? 'page' : undefined}>
                  <span aria-hidden="true" className="menu-icon">{e.icon}</span>
                  <span className="menu-label">{e.label}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <button type="button" className="menu-fold" onClick={onFold} aria-label={folded ? t.shell.expand : t.shell.collapse}>
        {folded ? <MenuUnfoldOutlined aria-hidden="true" /> : <MenuFoldOutlined aria-hidden="true" />}
      </button>
    </nav>
  );
}

function RunningJobs() {
  const me = useMe();
  const sees = me.actions.includes('job.read');
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => ask(api.GET('/api/v1/jobs')), enabled: sees });
  const running = jobs.data?.pending ?? 0;
  if (!sees || running === 0) return null;
  return (
    <Link to="/jobs" className="shell-button shell-jobs">
      <SyncOutlined spin aria-hidden="true" /> {t.shell.jobsRunning(running)}
    </Link>
  );
}

function UserMenu() {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const [password, setPassword] = useState(false);

  const logout = async () => {
    try {
      await ask(api.DELETE('/api/v1/session'));
    } catch {
      void message.error(t.errors.network);
      return;
    }
    client.clear();
    await navigate({ to: '/' });
    location.reload();
  };

  const english = currentLang() === 'en';
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'who', label: `${me.name} · ${me.login}`, disabled: true },
            { type: 'divider' },
            { key: 'password', label: t.session.changePassword, onClick: () => setPassword(true) },
            { key: 'lang', label: english ? t.session.toChinese : t.session.toEnglish, onClick: () => switchLang(english ? 'zh' : 'en') },
            { key: 'phone', label: t.common.phone, onClick: () => location.assign('/m') },
            { type: 'divider' },
            {
              key: 'logout', label: t.session.logout,
              onClick: () => void modal.confirm({
                title: t.session.logoutConfirm, okText: t.session.logout, cancelText: t.common.cancel, onOk: logout,
              }),
            },
          ],
        }}
      >
        <button type="button" className="shell-button" aria-label={`${t.session.account} ${me.name}`}>
          {me.name} <DownOutlined aria-hidden="true" />
        </button>
      </Dropdown>
      <PasswordDialog open={password} onClose={() => setPassword(false)} />
    </>
  );
}
