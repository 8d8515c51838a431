import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import { api, ask } from '@/api/client';
import type { Account } from '@/api/types';
import { OrgSelect } from '@/features/orgs/OrgSelect';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { useSubmit } from './useSubmit';

type Values = { role: string; org: string; from?: string; to?: string };

export function GrantDialog({ account, onClose }: { account: Pick<Account, 'id' | 'login' | 'name'>; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const { busy, error, run } = useSubmit(onClose);
  const a = t.accounts;
  const submit = (v: Values) => run(async () => {
    await ask(api.POST('/api/v1/accounts/{account}/roles', {
      params: { path: { account: account.id } },
      body: { role: v.role, org: v.org, from: v.from || undefined, to: v.to || undefined },
    }));
    await client.invalidateQueries({ queryKey: ['accounts'] });
    void message.success(a.granted);
  });
  const day = { pattern: /^\d{4}-\d{2}-\d{2}$/, message: a.fullDate };
  return (
    <Modal
      open title={a.grantTitle(account.name || account.login)} okText={a.grant} cancelText={t.common.cancel} okButtonProps={{ loading: busy }}
      onOk={() => form.submit()} onCancel={onClose} width={480}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={(v: Values) => void submit(v)}>
        <Form.Item name="role" label={a.fields.role} rules={[{ required: true, message: t.common.choose(a.fields.role) }]}>
          <Select
            options={Object.entries(a.roles).map(([value, label]) => ({ value, label }))}
            optionRender={(o) => <>{o.label} <span className="dim">{a.roleHints[String(o.value)]}</span></>}
          />
        </Form.Item>
        <Form.Item name="org" label={a.fields.org} extra={a.orgHint} rules={[{ required: true, message: t.common.choose(a.fields.org) }]}>
          <OrgSelect />
        </Form.Item>
        <div className="form-grid">
          <Form.Item name="from" label={a.fields.from} extra={a.dateHint} rules={[day]}><Input placeholder="2026-01-01" autoComplete="off" /></Form.Item>
          <Form.Item name="to" label={a.fields.to} rules={[day]}><Input placeholder="2026-12-31" autoComplete="off" /></Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
