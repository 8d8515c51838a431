import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { api, ask } from '@/api/client';
import { stayOnDesktop } from '@/desktop/phone';
import { usePerson } from '@/features/people/api';
import { t } from '@/i18n';
import { useMe } from '@/shared/me';
import { Empty, Head, QueryView } from '../ui';
import { Card, FactsCard, HistoryCard, LooksCard, RecordHead, VolumesCard } from './PersonCards';

export function Mine() {
  const me = useMe();
  return (
    <>
      <Head title={t.mobile.me.title} />
      {me.person ? <Own id={me.person} /> : <Empty title={t.mobile.me.noPerson} hint={t.mobile.me.noPersonHint} />}
      <AccountCard />
    </>
  );
}

function Own({ id }: { id: string }) {
  const person = usePerson(id);
  return (
    <QueryView query={person}>
      {(p) => (
        <>
          <RecordHead person={p} />
          {p.actions.includes('person.looks') && <LooksCard id={p.id} own />}
          {p.actions.includes('volume.read') && <VolumesCard person={p} own note={t.mobile.me.volumesHint} />}
          <FactsCard person={p} />
          {p.actions.includes('person.history') && <HistoryCard id={p.id} />}
        </>
      )}
    </QueryView>
  );
}

function AccountCard() {
  const me = useMe();
  const client = useQueryClient();
  const logout = async () => {
    await ask(api.DELETE('/api/v1/session')).catch(() => undefined);
    client.clear();
    location.replace('/m');
  };
  return (
    <Card title={t.mobile.me.account}>
      <p>{me.name} <span className="dim">{me.login}</span></p>
      {me.roles.map((r) => (
        <p key={r.role + r.org} className="dim">{(t.accounts.roles[r.role] ?? r.role)} · {r.org_name}</p>
      ))}
      <div className="m-buttons">
        <Button onClick={stayOnDesktop}>{t.common.desktop}</Button>
        <Button onClick={() => void logout()}>{t.session.logout}</Button>
      </div>
    </Card>
  );
}
