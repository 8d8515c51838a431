import type { Look } from '@/api/types';
import { t } from '@/i18n';
import { instant } from '@/shared/format';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { QueryView } from '@/shared/ui/States';
import { useLooks } from './api';

function columns(): Column<Look>[] {
  const c = t.person.looks;
  return [
    { key: 'at', title: c.at, nowrap: true, render: (l) => instant(l.at) },
    { key: 'actor', title: c.actor, nowrap: true, rowHeader: true, render: (l) => l.actor },
    { key: 'role', title: c.role, nowrap: true, render: (l) => l.role_label },
    { key: 'action', title: c.action, render: (l) => l.action_label },
    { key: 'purpose', title: c.purpose, render: (l) => l.purpose },
  ];
}

export function LooksTab({ id }: { id: string }) {
  const looks = useLooks(id);
  return (
    <>
      <p className="dim gap-below">{t.person.looksNote}</p>
      <QueryView query={looks}>
        {(data) =>
          data.looks.length === 0 ? <p className="dim">{t.person.looksEmpty}</p> : (
            <ListTable label={t.person.tabs.looks} columns={columns()} rows={data.looks} rowKey={(l) => `${l.at}-${l.actor}-${l.action_label}`} />
          )
        }
      </QueryView>
    </>
  );
}
