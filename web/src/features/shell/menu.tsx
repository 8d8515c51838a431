// What stands in the left menu, and which action it needs. The palette lists the same.
import {
  AuditOutlined, BankOutlined, ContainerOutlined, FileSearchOutlined, FolderAddOutlined, HeartOutlined, HomeOutlined,
  ImportOutlined, QrcodeOutlined, ScheduleOutlined, SearchOutlined, TeamOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import type { Action } from '@/shared/me';

export type MenuPath =
  | '/' | '/people' | '/imports' | '/volumes' | '/volumes/import' | '/search' | '/proof' | '/jobs' | '/ledger' | '/ledger/daily'
  | '/accounts' | '/doctor';
export type Entry = { to: MenuPath; label: string; icon: ReactNode; needs?: Action };
export type Group = { key: string; label: string; entries: Entry[] };

export function menuGroups(): Group[] {
  const m = t.shell.menu;
  return [
    {
      key: 'daily',
      label: t.shell.groups.daily,
      entries: [
        { to: '/', label: m.home, icon: <HomeOutlined /> },
        { to: '/search', label: m.search, icon: <SearchOutlined />, needs: 'search' },
        { to: '/people', label: m.people, icon: <TeamOutlined />, needs: 'person.list' },
        { to: '/imports', label: m.imports, icon: <ImportOutlined />, needs: 'import.run' },
      ],
    },
    {
      key: 'archive',
      label: t.shell.groups.archive,
      entries: [
        { to: '/volumes', label: m.volumes, icon: <ContainerOutlined />, needs: 'volume.list' },
        { to: '/volumes/import', label: m.volumeImport, icon: <FolderAddOutlined />, needs: 'volume.edit' },
        { to: '/proof', label: m.proof, icon: <FileSearchOutlined />, needs: 'page.correct' },
      ],
    },
    {
      key: 'system',
      label: t.shell.groups.system,
      entries: [
        { to: '/jobs', label: m.jobs, icon: <ScheduleOutlined />, needs: 'job.read' },
        { to: '/ledger', label: m.ledger, icon: <AuditOutlined />, needs: 'ledger.read' },
        { to: '/ledger/daily', label: m.daily, icon: <QrcodeOutlined />, needs: 'system.check' },
        { to: '/accounts', label: m.accounts, icon: <BankOutlined />, needs: 'account.read' },
        { to: '/doctor', label: m.doctor, icon: <HeartOutlined />, needs: 'system.check' },
      ],
    },
  ];
}
