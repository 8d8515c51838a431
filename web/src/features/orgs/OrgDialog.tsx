import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { Org } from '@/api/types';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';

type Values = { kind: string; full_name: string; short_name?: string };

/** Adds an organisation under `org`, or changes the names of `org`. */
export function OrgDialog({ mode, org, onClose }: { mode: 'add' | 'edit'; org?: Org; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const f = t.orgs.fields;
  const editing = mode === 'edit' ? org : undefined;

  const submit = async (v: Values) => {
    setBusy(true);
    setError(null);
    try {
      if (editing) {
        await ask(api.PATCH('/api/v1/orgs/{org}', {
          params: { path: { org: editing.id } },
          body: { full_name: v.full_name, short_name: v.short_name, version: editing.version },
        }));
      } else {
        await ask(api.POST('/api/v1/orgs', { body: { ...v, parent: org?.id } }));
      }
      await client.invalidateQueries({ queryKey: ['orgs'] });
      void message.success(t.orgs.saved);
      onClose();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open title={editing ? t.orgs.edit : t.orgs.add} okText={t.common.save} cancelText={t.common.cancel}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()} onCancel={onClose}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form
        form={form} layout="vertical" onFinish={submit}
        initialValues={editing ?? { kind: org ? (org.kind === 'XDW' ? 'EJDW' : 'ZB') : 'XDW' }}
      >
        {!editing && org && <p className="gap-below dim">{f.parent}: {org.full_name}</p>}
        {!editing && (
          <Form.Item name="kind" label={f.kind} rules={[{ required: true, message: t.common.choose(f.kind) }]}>
            <Select options={Object.entries(t.orgs.kinds).map(([value, label]) => ({ value, label }))} />
          </Form.Item>
        )}
        <Form.Item
          name="full_name" label={f.full_name} extra={t.orgs.fullNameHint}
          rules={[{ required: true, whitespace: true, message: t.common.required(f.full_name) }]}
        >
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="short_name" label={f.short_name}>
          <Input maxLength={40} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
