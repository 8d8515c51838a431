// Asks for a reason before something that leaves a trace.
import { Alert, Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { t } from '@/i18n';
import { ErrorBox } from './States';

export function ReasonDialog({ open, title, note, label, danger, okText, onOk, onClose, suggestions }: {
  open: boolean;
  title: string;
  note?: ReactNode;
  label: string;
  danger?: boolean;
  okText: string;
  suggestions?: string[];
  onOk: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [form] = Form.useForm<{ reason: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async ({ reason }: { reason: string }) => {
    setBusy(true);
    setError(null);
    try {
      await onOk(reason.trim());
      form.resetFields();
      onClose();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open}
      title={title}
      okText={okText}
      cancelText={t.common.cancel}
      okButtonProps={{ danger, loading: busy }}
      onOk={() => form.submit()}
      onCancel={() => {
        setError(null);
        onClose();
      }}
      destroyOnHidden
    >
      {note && <Alert type={danger ? 'warning' : 'info'} showIcon title={note} className="gap-below" />}
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={submit} preserve={false}>
        <Form.Item name="reason" label={label} rules={[{ required: true, whitespace: true, message: t.common.reasonNeeded }]}>
          <Input.TextArea autoFocus rows={3} maxLength={200} showCount />
        </Form.Item>
        {suggestions && (
          <div className="chips">
            {suggestions.map((s) => (
              <button type="button" key={s} className="chip" onClick={() => form.setFieldValue('reason', s)}>{s}</button>
            ))}
          </div>
        )}
      </Form>
    </Modal>
  );
}
