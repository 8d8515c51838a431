// One person: who it is, and four tabs. Used in the drawer of the list and as a page.
import { EditOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import { useState } from 'react';
import type { PersonRecord } from '@/api/types';
import { t } from '@/i18n';
import { useCan } from '@/shared/me';
import { QueryView } from '@/shared/ui/States';
import { StageTag } from '@/shared/ui/Tags';
import { usePerson } from './api';
import { BasicTab } from './BasicTab';
import { EditPersonDialog } from './EditPersonDialog';
import { HistoryTab } from './HistoryTab';
import { LooksTab } from './LooksTab';
import { VolumesTab } from './VolumesTab';

export function PersonRecordView({ id, tab, onTab }: { id: string; tab?: string; onTab?: (key: string) => void }) {
  const person = usePerson(id);
  return <QueryView query={person} rows={10}>{(data) => <Loaded person={data} tab={tab} onTab={onTab} />}</QueryView>;
}

function Loaded({ person, tab, onTab }: { person: PersonRecord; tab?: string; onTab?: (key: string) => void }) {
  const can = useCan();
  const [editing, setEditing] = useState(false);
  const may = (action: string) => person.actions.includes(action);
  const names = t.person.tabs;
  const tabs = [
    { key: 'basic', label: names.basic, children: <BasicTab person={person} /> },
    may('volume.read') && { key: 'volumes', label: names.volumes, children: <VolumesTab person={person} /> },
    may('person.history') && { key: 'history', label: names.history, children: <HistoryTab id={person.id} /> },
    may('person.looks') && { key: 'looks', label: names.looks, children: <LooksTab id={person.id} /> },
  ].filter((x) => x !== false);
  return (
    <>
      <div className="page-head person-head">
        <div>
          <h1>
            {person.name} <StageTag stage={person.stage} label={person.stage_label} />
          </h1>
          <p className="page-note">{[person.number, person.org_name].filter(Boolean).join(' · ')}</p>
        </div>
        {may('person.edit') && can('person.edit') && (
          <Button icon={<EditOutlined aria-hidden />} onClick={() => setEditing(true)}>{t.person.edit}</Button>
        )}
      </div>
      <Tabs items={tabs} {...(onTab ? { activeKey: tab ?? 'basic', onChange: onTab } : {})} destroyOnHidden />
      {editing && <EditPersonDialog person={person} onClose={() => setEditing(false)} />}
    </>
  );
}
