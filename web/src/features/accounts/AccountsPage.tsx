import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { Account, Grant } from '@/api/types';
import { t } from '@/i18n';
import { useCan, useMe } from '@/shared/me';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { PageHead } from '@/shared/ui/Page';
import { Empty, QueryView } from '@/shared/ui/States';
import { Tag, word, type Tone } from '@/shared/ui/Tags';
import { AccountDialog } from './AccountDialog';
import { GrantDialog } from './GrantDialog';
import { ResetDialog } from './ResetDialog';

const TONES: Record<string, Tone> = { active: 'good', disabled: 'plain', locked: 'bad' };

/** Says to screen readers whose row a button stands in. */
function Whose({ login }: { login: string }) {
  return <span className="visually-hidden"> {login}</span>;
}

function RoleLines({ account, onRevoke }: { account: Account; onRevoke?: (grant: Grant) => void }) {
  const roles = account.roles.filter((g) => !g.ended);
  if (roles.length === 0) return <span className="dim">{t.accounts.emptyRoles}</span>;
  return (
    <ul>
      {roles.map((g) => (
        <li key={g.id} className="role-line">
          <strong>{word(t.accounts.roles, g.role)}</strong> <span>{g.org_name}</span>{' '}
          <span className="dim">{t.accounts.until(g.from ?? undefined, g.to ?? undefined)}</span>
          {onRevoke && (
            <Button size="small" type="link" onClick={() => onRevoke(g)} aria-label={`${t.accounts.revoke} ${account.login} ${word(t.accounts.roles, g.role)}`}>
              {t.accounts.revoke}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function AccountsPage() {
  const can = useCan();
  const me = useMe();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const [words, setWords] = useState('');
  const [adding, setAdding] = useState(false);
  const [granting, setGranting] = useState<Pick<Account, 'id' | 'login' | 'name'> | null>(null);
  const [resetting, setResetting] = useState<Account | null>(null);
  const accounts = useQuery({ queryKey: ['accounts'], queryFn: () => ask(api.GET('/api/v1/accounts')) });
  const refresh = () => client.invalidateQueries({ queryKey: ['accounts'] });
  const fail = (e: unknown) => void message.error(asProblem(e).detail);

  const revoke = useMutation({
    mutationFn: ({ account, grant }: { account: Account; grant: Grant }) =>
      ask(api.DELETE('/api/v1/accounts/{account}/roles/{grant}', { params: { path: { account: account.id, grant: grant.id } } })),
    onSuccess: () => {
      void message.success(t.accounts.revoked);
      void refresh();
    },
    onError: fail,
  });
  const setState = useMutation({
    mutationFn: ({ account, state }: { account: Account; state: string }) =>
      ask(api.PATCH('/api/v1/accounts/{account}', { params: { path: { account: account.id } }, body: { state } })),
    onSuccess: () => {
      void message.success(t.accounts.saved);
      void refresh();
    },
    onError: fail,
  });

  const confirmRevoke = (account: Account, grant: Grant) => void modal.confirm({
    title: t.accounts.revokeTitle(account.name || account.login, word(t.accounts.roles, grant.role)), content: t.accounts.revokeText,
    okText: t.accounts.revoke, okButtonProps: { danger: true }, cancelText: t.common.cancel,
    onOk: () => revoke.mutateAsync({ account, grant }).catch(() => undefined),
  });
  const confirmState = (account: Account) => {
    if (account.state !== 'active') {
      setState.mutate({ account, state: 'active' });
      return;
    }
    void modal.confirm({
      title: t.accounts.disableTitle(account.login), content: t.accounts.disableText, okText: t.accounts.disable,
      okButtonProps: { danger: true }, cancelText: t.common.cancel,
      onOk: () => setState.mutateAsync({ account, state: 'disabled' }).catch(() => undefined),
    });
  };

  const manages = can('account.manage');
  const grants = can('role.grant');
  const c = t.accounts.columns;
  const columns: Column<Account>[] = [
    { key: 'login', title: c.login, rowHeader: true, nowrap: true, render: (a) => a.login },
    { key: 'name', title: c.name, nowrap: true, render: (a) => a.name },
    { key: 'state', title: c.state, render: (a) => <Tag tone={TONES[a.state] ?? 'plain'}>{word(t.accounts.states, a.state)}</Tag> },
    { key: 'roles', title: c.roles, render: (a) => <RoleLines account={a} onRevoke={grants ? (g) => confirmRevoke(a, g) : undefined} /> },
  ];
  if (manages || grants) {
    columns.push({
      key: 'act', title: c.act, nowrap: true,
      render: (a) => (
        <span className="row-gap nowrap">
          {grants && a.login !== me.login && <Button size="small" onClick={() => setGranting(a)}>{t.accounts.grant}<Whose login={a.login} /></Button>}
          {manages && <Button size="small" onClick={() => setResetting(a)}>{t.accounts.resetPassword}<Whose login={a.login} /></Button>}
          {manages && a.login !== me.login && (
            <Button size="small" onClick={() => confirmState(a)}
            >
              {a.state === 'active' ? t.accounts.disable : t.accounts.enable}<Whose login={a.login} />
            </Button>
          )}
        </span>
      ),
    });
  }

  return (
    <div className="page">
      <PageHead
        title={t.accounts.title} note={t.accounts.note}
        actions={manages && <Button type="primary" onClick={() => setAdding(true)}>{t.accounts.add}</Button>}
      />
      <QueryView query={accounts} rows={8}>
        {(data) => {
          const shown = data.accounts.filter((a) => words === '' || `${a.login} ${a.name}`.includes(words));
          return (
            <>
              <div className="filter-bar">
                <Input allowClear style={{ width: 220 }} value={words} placeholder={t.accounts.filter} aria-label={t.accounts.filter} onChange={(e) => setWords(e.target.value.trim())} />
                <span className="dim" role="status">{t.common.items(shown.length)}</span>
              </div>
              {shown.length === 0 ? <Empty title={t.search.noneTitle} /> : <ListTable label={t.accounts.list} columns={columns} rows={shown} rowKey={(a) => a.id} />}
            </>
          );
        }}
      </QueryView>
      {adding && <AccountDialog onClose={() => setAdding(false)} onDone={(a) => grants && setGranting(a)} />}
      {granting && <GrantDialog account={granting} onClose={() => setGranting(null)} />}
      {resetting && <ResetDialog account={resetting} onClose={() => setResetting(null)} />}
    </div>
  );
}
