// Lets signed-in people through. When a session ends while somebody works, the sign-in
// appears above the page, so that nothing typed is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { api, ask, asProblem, onSessionLost } from '@/api/client';
import { t } from '@/i18n';
import { startEvents } from '@/shared/events';
import { MeContext } from '@/shared/me';
import { ErrorBox, Loading } from '@/shared/ui/States';
import { Entrance } from './Entrance';
import { LoginForm } from './LoginForm';

export function Gate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useQuery({ queryKey: ['me'], queryFn: () => ask(api.GET('/api/v1/me')), staleTime: 60_000 });
  const [lost, setLost] = useState(false);
  const signedIn = me.data !== undefined;

  useEffect(() => onSessionLost(() => setLost(true)), []);
  useEffect(() => (signedIn ? startEvents(client) : undefined), [client, signedIn]);

  if (!me.data) {
    if (me.isError && asProblem(me.error).status === 401) {
      return (
        <Entrance
          onDone={() => {
            setLost(false);
            client.clear();
            void me.refetch();
          }}
        />
      );
    }
    if (me.isError) return <main className="page"><ErrorBox error={me.error} retry={() => void me.refetch()} /></main>;
    return <main className="page"><Loading /></main>;
  }

  const account = me.data.account;
  return (
    <MeContext.Provider value={me.data}>
      {children}
      <Modal open={lost} title={t.session.lostTitle} footer={null} closable={false} width={400} keyboard={false} destroyOnHidden>
        <p>{t.session.lost}</p>
        <LoginForm
          onDone={(now) => {
            // Somebody else must not see what the former reader had on the screen.
            if (now.account !== account) location.replace('/');
            setLost(false);
            void client.invalidateQueries();
          }}
        />
      </Modal>
    </MeContext.Provider>
  );
}
