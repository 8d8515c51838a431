import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';

type Values = { code: string; school: string; login: string; password: string; repeat: string };

export const PASSWORD_MIN = 12;

export function SetupForm({ onDone }: { onDone: () => void }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async ({ code, school, login, password }: Values) => {
    setBusy(true);
    setError(null);
    try {
      await ask(api.POST('/api/v1/setup', { body: { code: code.trim(), school: school.trim(), login, password } }));
      onDone();
    } catch (e) {
      const fields = asProblem(e).fields;
      form.setFields(Object.entries(fields).map(([name, message]) => ({ name: name as keyof Values, errors: [message] })));
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  const s = t.setup;
  return (
    <Form form={form} layout="vertical" onFinish={submit} requiredMark={false} aria-label={s.title}>
      <p className="login-note">{s.intro}</p>
      {error !== null && <div className="gap-below"><ErrorBox error={error} /></div>}
      <Form.Item name="code" label={s.code} extra={s.codeHint} rules={[{ required: true, message: t.common.required(s.code) }]}>
        <Input autoFocus autoComplete="one-time-code" spellCheck={false} className="mono" />
      </Form.Item>
      <Form.Item name="school" label={s.school} rules={[{ required: true, whitespace: true, message: t.common.required(s.school) }]}>
        <Input placeholder={s.schoolPlaceholder} autoComplete="organization" />
      </Form.Item>
      <h2 className="form-section">{s.admin}</h2>
      <Form.Item
        name="login" label={s.login} extra={s.loginHint}
        rules={[{ required: true, message: t.common.required(s.login) }, { pattern: /^[A-Za-z0-9.\-_]{2,32}$/, message: s.loginBad }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password" label={s.password} extra={t.session.passwordRule}
        rules={[{ required: true, message: t.common.required(s.password) }, { min: PASSWORD_MIN, message: t.session.passwordShort }]}
      >
        <Input type="password" autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeat" label={s.repeat} dependencies={['password']}
        rules={[
          { required: true, message: t.common.required(s.repeat) },
          ({ getFieldValue }) => ({
            validator: (_, v) =>
              !v || v === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t.session.passwordMismatch)),
          }),
        ]}
      >
        <Input type="password" autoComplete="new-password" />
      </Form.Item>
      <Alert type="info" showIcon title={s.next} className="gap-below" />
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>{s.submit}</Button>
    </Form>
  );
}
