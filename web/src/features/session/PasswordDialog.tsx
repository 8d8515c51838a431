import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { PASSWORD_MIN } from './SetupForm';

type Values = { old: string; new: string; repeat: string };

export function PasswordDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const s = t.session;

  const submit = async (v: Values) => {
    setBusy(true);
    setError(null);
    try {
      await ask(api.POST('/api/v1/me/password', { body: { old: v.old, new: v.new } }));
      void message.success(s.passwordChanged);
      onClose();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open} title={s.changePassword} okText={t.common.save} cancelText={t.common.cancel}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden width={420}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={submit} preserve={false} requiredMark={false}>
        <Form.Item name="old" label={s.oldPassword} rules={[{ required: true, message: t.common.required(s.oldPassword) }]}>
          <Input type="password" autoComplete="current-password" autoFocus />
        </Form.Item>
        <Form.Item
          name="new" label={s.newPassword} extra={s.passwordRule}
          rules={[{ required: true, message: t.common.required(s.newPassword) }, { min: PASSWORD_MIN, message: s.passwordShort }]}
        >
          <Input type="password" autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat" label={s.repeatPassword} dependencies={['new']}
          rules={[
            { required: true, message: t.common.required(s.repeatPassword) },
            ({ getFieldValue }) => ({
              validator: (_, v) =>
                !v || v === getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(s.passwordMismatch)),
            }),
          ]}
        >
          <Input type="password" autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
