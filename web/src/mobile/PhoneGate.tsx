// Sign-in on the phone. The first start of an installation is done at a desk.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { api, ask, asProblem, onSessionLost } from '@/api/client';
import { currentLang, switchLang, t } from '@/i18n';
import { stayOnDesktop } from '@/desktop/phone';
import { startEvents } from '@/shared/events';
import { MeContext } from '@/shared/me';
import { ErrorBox, Loading } from './ui';

export function PhoneGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useQuery({ queryKey: ['me'], queryFn: () => ask(api.GET('/api/v1/me')), staleTime: 60_000 });
  const signedIn = me.data !== undefined;
  // Nothing is typed on the phone that could be lost; start again at the sign-in.
  useEffect(() => onSessionLost(() => client.getQueryData(['me']) && location.reload()), [client]);
  useEffect(() => (signedIn ? startEvents(client) : undefined), [client, signedIn]);

  if (me.data) return <MeContext.Provider value={me.data}>{children}</MeContext.Provider>;
  if (me.isError && asProblem(me.error).status === 401) {
    return (
      <Login
        onDone={() => {
          client.clear();
          void me.refetch();
        }}
      />
    );
  }
  return <main>{me.isError ? <ErrorBox error={me.error} retry={() => void me.refetch()} /> : <Loading />}</main>;
}

function Login({ onDone }: { onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await ask(api.POST('/api/v1/session', { body: { login: String(form.get('login')), password: String(form.get('password')) } }));
      onDone();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };

  return (
    <div className="entrance">
      <header className="entrance-brand">
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <div>
          <p className="entrance-name">{t.app.name}</p>
          <p>{t.app.slogan}</p>
        </div>
      </header>
      <main className="entrance-card">
        <h1>{t.session.loginTitle}</h1>
        {error !== null && <ErrorBox error={error} />}
        <form onSubmit={(e) => void submit(e)}>
          <label className="m-field">
            {t.session.login}
            <input name="login" required autoComplete="username" autoCapitalize="none" spellCheck={false} />
          </label>
          <label className="m-field">
            {t.session.password}
            <input name="password" type="password" required autoComplete="current-password" />
          </label>
          <Button block color="primary" size="large" type="submit" loading={busy}>{t.session.submit}</Button>
        </form>
        <p className="login-note">{t.session.loginHint}</p>
      </main>
      <footer className="entrance-foot">
        <p>{t.session.notice}</p>
        <p className="m-links">
          <button type="button" className="link-button" onClick={() => switchLang(currentLang() === 'en' ? 'zh' : 'en')}>
            {currentLang() === 'en' ? t.session.toChinese : t.session.toEnglish}
          </button>
          <button type="button" className="link-button" onClick={stayOnDesktop}>{t.common.desktop}</button>
        </p>
      </footer>
    </div>
  );
}
