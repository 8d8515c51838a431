import { App, Button } from 'antd';
import type { Look } from '@/api/types';
import { asProblem } from '@/api/client';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { instant } from '@/shared/format';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { QueryView } from '@/shared/ui/States';
import { useLooks } from './api';

function columns(receipt: (l: Look) => void): Column<Look>[] {
  const c = t.person.looks;
  return [
    { key: 'at', title: c.at, nowrap: true, render: (l) => instant(l.at) },
    { key: 'actor', title: c.actor, nowrap: true, rowHeader: true, render: (l) => l.actor },
    { key: 'role', title: c.role, nowrap: true, render: (l) => l.role_label },
    { key: 'action', title: c.action, render: (l) => l.action_label },
    { key: 'purpose', title: c.purpose, render: (l) => l.purpose },
    {
      key: 'receipt', title: c.receipt, nowrap: true,
      render: (l) => <Button size="small" type="link" aria-label={t.person.receiptOf(instant(l.at))} onClick={() => receipt(l)}>{t.person.receipt}</Button>,
    },
  ];
}

export function LooksTab({ id }: { id: string }) {
  const looks = useLooks(id);
  const { message } = App.useApp();
  const take = (url: string, name: string) => void download(url, name).catch((e: unknown) => void message.error(asProblem(e).detail));
  const receipt = (l: Look) => take(`/api/v1/persons/${id}/looks/${l.seq}/receipt`, `receipt-${l.seq}.tlog-proof`);
  return (
    <>
      <p className="dim gap-below">
        {t.person.looksNote} {t.person.receiptNote}{' '}
        <Button size="small" type="link" onClick={() => take('/api/v1/ledger/offline', 'juanzong-verify.html')}>{t.person.offline}</Button>
      </p>
      <QueryView query={looks}>
        {(data) =>
          data.looks.length === 0 ? <p className="dim">{t.person.looksEmpty}</p> : (
            <ListTable label={t.person.tabs.looks} columns={columns(receipt)} rows={data.looks} rowKey={(l) => String(l.seq)} />
          )
        }
      </QueryView>
    </>
  );
}
