import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { api, ask } from '@/api/client';
import type { Account } from '@/api/types';
import { PASSWORD_MIN } from '@/features/session/SetupForm';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { useSubmit } from './useSubmit';

type Values = { login: string; name: string; password: string };

export function AccountDialog({ onClose, onDone }: { onClose: () => void; onDone: (account: Pick<Account, 'id' | 'login' | 'name'>) => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const { busy, error, run } = useSubmit(onClose);
  const f = t.accounts.fields;
  const submit = (body: Values) => run(async () => {
    const { id } = await ask(api.POST('/api/v1/accounts', { body }));
    await client.invalidateQueries({ queryKey: ['accounts'] });
    void message.success(t.accounts.created);
    onDone({ id, login: body.login, name: body.name });
  });
  return (
    <Modal
      open title={t.accounts.add} okText={t.common.save} cancelText={t.common.cancel} okButtonProps={{ loading: busy }}
      onOk={() => form.submit()} onCancel={onClose} width={440}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={(v: Values) => void submit(v)}>
        <Form.Item
          name="login" label={f.login} extra={t.setup.loginHint}
          rules={[{ required: true, message: t.common.required(f.login) }, { pattern: /^[A-Za-z0-9.\-_]{2,32}$/, message: t.setup.loginBad }]}
        >
          <Input autoFocus autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="name" label={f.name} rules={[{ required: true, whitespace: true, message: t.common.required(f.name) }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="password" label={f.password} extra={t.accounts.passwordHint}
          rules={[{ required: true, message: t.common.required(f.password) }, { min: PASSWORD_MIN, message: t.session.passwordShort }]}
        >
          <Input type="password" autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
