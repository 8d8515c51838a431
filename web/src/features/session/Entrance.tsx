// What somebody sees who is not signed in: the sign-in page, or the first start.
import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { currentLang, switchLang, t } from '@/i18n';
import { ErrorBox, Loading } from '@/shared/ui/States';
import { LoginForm } from './LoginForm';
import { SetupForm } from './SetupForm';

export function Entrance({ onDone }: { onDone: () => void }) {
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ask(api.GET('/api/v1/setup')) });
  const needed = setup.data?.needed === true;
  return (
    <div className="entrance">
      <header className="entrance-brand">
        <img src="/favicon.svg" alt="" width="48" height="48" />
        <div>
          <p className="entrance-name">{t.app.name}</p>
          <p>{t.app.slogan}</p>
        </div>
      </header>
      <main className="entrance-card">
        <h1>{needed ? t.setup.title : t.session.loginTitle}</h1>
        {setup.isPending && <Loading rows={4} />}
        {setup.isError && <ErrorBox error={setup.error} retry={() => void setup.refetch()} />}
        {setup.data && (needed ? <SetupForm onDone={onDone} /> : <LoginForm onDone={onDone} />)}
        {setup.data && !needed && <p className="login-note">{t.session.loginHint}</p>}
      </main>
      <footer className="entrance-foot">
        <p>{t.session.notice}</p>
        <button type="button" className="link-button" onClick={() => switchLang(currentLang() === 'en' ? 'zh' : 'en')}>
          {currentLang() === 'en' ? t.session.toChinese : t.session.toEnglish}
        </button>
      </footer>
    </div>
  );
}
