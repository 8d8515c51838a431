import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, ask } from '@/api/client';
import type { Me } from '@/api/types';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';

export function LoginForm({ onDone }: { onDone: (me: Me) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (body: { login: string; password: string }) => {
    setBusy(true);
    setError(null);
    try {
      onDone(await ask(api.POST('/api/v1/session', { body })));
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form layout="vertical" size="large" onFinish={submit} requiredMark={false} aria-label={t.session.loginTitle}>
      {error !== null && <div className="gap-below"><ErrorBox error={error} /></div>}
      <Form.Item name="login" label={t.session.login} rules={[{ required: true, message: t.common.required(t.session.login) }]}>
        <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item name="password" label={t.session.password} rules={[{ required: true, message: t.common.required(t.session.password) }]}>
        <Input type="password" autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>{t.session.submit}</Button>
    </Form>
  );
}
