import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { PersonRecord } from '@/api/types';
import { t } from '@/i18n';
import { useCan } from '@/shared/me';
import { Empty, ErrorBox, QueryView } from '@/shared/ui/States';

export function VolumesTab({ person }: { person: PersonRecord }) {
  const can = useCan();
  const [adding, setAdding] = useState(false);
  const mayAdd = can('volume.edit') && person.actions.includes('volume.edit');
  return (
    <>
      {person.volume_list.length === 0 ? (
        <Empty title={t.person.volumesEmpty} hint={mayAdd ? t.person.volumesEmptyHint : undefined}>
          {mayAdd && <Button type="primary" onClick={() => setAdding(true)}>{t.person.newVolume}</Button>}
        </Empty>
      ) : (
        <>
          <ul className="plain-list">
            {person.volume_list.map((v) => (
              <li key={v.id}>
                <span>
                  <Link to="/volumes/$volume" params={{ volume: v.id }} search={{}}>{v.no}</Link> · {v.scheme_label}
                </span>
                <span className="row-gap">
                  <span className="dim">{t.volumes.size(v.materials, v.pages)}</span>
                  {person.actions.includes('page.view') && (
                    <Link to="/read/$volume" params={{ volume: v.id }} search={{}}>{t.volumes.read}</Link>
                  )}
                </span>
              </li>
            ))}
          </ul>
          {mayAdd && <Button className="gap-above" onClick={() => setAdding(true)}>{t.person.newVolume}</Button>}
        </>
      )}
      {adding && <NewVolumeDialog person={person.id} onClose={() => setAdding(false)} />}
    </>
  );
}

function NewVolumeDialog({ person, onClose }: { person: string; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const schemes = useQuery({ queryKey: ['schemes'], queryFn: () => ask(api.GET('/api/v1/schemes')), staleTime: Infinity });
  const [form] = Form.useForm<{ scheme: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async ({ scheme }: { scheme: string }) => {
    setBusy(true);
    setError(null);
    try {
      const volume = await ask(api.POST('/api/v1/volumes', { body: { person, scheme } }));
      await Promise.all([client.invalidateQueries({ queryKey: ['volumes'] }), client.invalidateQueries({ queryKey: ['person', person] })]);
      await navigate({ to: '/volumes/$volume', params: { volume: volume.id } });
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };

  return (
    <Modal
      open title={t.person.newVolume} okText={t.person.newVolume} cancelText={t.common.cancel} onCancel={onClose}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()}
    >
      {error !== null && <ErrorBox error={error} />}
      <QueryView query={schemes} rows={2}>
        {(data) => (
          <Form form={form} layout="vertical" onFinish={submit} initialValues={{ scheme: data.schemes[0]?.code }}>
            <Form.Item name="scheme" label={t.person.scheme} extra={t.person.schemeHint} rules={[{ required: true }]}>
              <Select options={data.schemes.map((s) => ({ value: s.code, label: s.name }))} />
            </Form.Item>
          </Form>
        )}
      </QueryView>
    </Modal>
  );
}
