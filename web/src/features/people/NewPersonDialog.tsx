import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Modal } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { NewPerson } from '@/api/types';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { PersonFields } from './PersonFields';

export function NewPersonDialog({ org, onClose, onDone }: { org?: string; onClose: () => void; onDone: (id: string) => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<NewPerson>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (body: NewPerson) => {
    setBusy(true);
    setError(null);
    try {
      const row = await ask(api.POST('/api/v1/persons', { body }));
      await client.invalidateQueries({ queryKey: ['persons'] });
      void message.success(t.people.addSaved);
      onClose();
      onDone(row.id);
    } catch (e) {
      const fields = asProblem(e).fields;
      form.setFields(Object.entries(fields).map(([name, text]) => ({ name: name as keyof NewPerson, errors: [text] })));
      setError(e);
      setBusy(false);
    }
  };

  return (
    <Modal
      open title={t.people.addTitle} width={760} okText={t.common.save} cancelText={t.common.cancel} mask={{ closable: false }}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()} onCancel={onClose}
    >
      {error !== null && <ErrorBox error={error} />}
      <Form form={form} layout="vertical" onFinish={submit} initialValues={{ org, stage: '1' }}>
        <PersonFields editing={false} org />
      </Form>
    </Modal>
  );
}
