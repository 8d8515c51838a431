import { App, Form, Input, Modal } from 'antd';
import { api, ask } from '@/api/client';
import type { Account } from '@/api/types';
import { PASSWORD_MIN } from '@/features/session/SetupForm';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { useSubmit } from './useSubmit';

export function ResetDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { message } = App.useApp();
  const [form] = Form.useForm<{ password: string }>();
  const { busy, error, run } = useSubmit(onClose);
  const submit = (body: { password: string }) => run(async () => {
    await ask(api.POST('/api/v1/accounts/{account}/password', { params: { path: { account: account.id } }, body }));
    void message.success(t.accounts.passwordReset);
  });
  return (
    <Modal
      open title={t.accounts.resetTitle(account.name || account.login)} okText={t.accounts.resetPassword} cancelText={t.common.cancel}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()} onCancel={onClose} width={420}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={(v: { password: string }) => void submit(v)}>
        <Form.Item
          name="password" label={t.session.newPassword} extra={t.accounts.passwordHint}
          rules={[{ required: true, message: t.common.required(t.session.newPassword) }, { min: PASSWORD_MIN, message: t.session.passwordShort }]}
        >
          <Input type="password" autoComplete="new-password" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
