// Changes of a person need a basis; only what was changed is sent.
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { PersonPatch, PersonRecord } from '@/api/types';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import { PersonFields } from './PersonFields';

type Values = Omit<PersonPatch, 'version' | 'basis'> & { basis: string };

/** The fields whose value differs from the record; an emptied field is sent as empty text. */
function changes(person: PersonRecord, values: Values): Partial<PersonPatch> {
  const { basis: _, ...fields } = values;
  const old = person as unknown as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields)
      .map(([k, v]): [string, unknown] => [k, v ?? ''])
      .filter(([k, v]) => v !== (old[k] ?? '')),
  );
}

export function EditPersonDialog({ person, onClose }: { person: PersonRecord; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (values: Values) => {
    const changed = changes(person, values);
    if (Object.keys(changed).length === 0) {
      void message.info(t.person.nothingChanged);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await ask(api.PATCH('/api/v1/persons/{person}', {
        params: { path: { person: person.id } },
        body: { ...changed, version: person.version, basis: values.basis.trim() },
      }));
      await Promise.all([
        client.invalidateQueries({ queryKey: ['person', person.id] }),
        client.invalidateQueries({ queryKey: ['persons'] }),
      ]);
      void message.success(t.person.saved);
      onClose();
    } catch (e) {
      const fields = asProblem(e).fields;
      form.setFields(Object.entries(fields).map(([name, text]) => ({ name: name as keyof Values, errors: [text] })));
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  const { id: _id, version: _v, actions: _a, reports: _r, extra: _e, volume_list: _l, ...fields } = person;
  // The API says null for what is not known; form fields want it absent.
  const initial = Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null));
  return (
    <Modal
      open title={t.person.editTitle} width={760} okText={t.common.save} cancelText={t.common.cancel} mask={{ closable: false }}
      okButtonProps={{ loading: busy }} onOk={() => form.submit()} onCancel={onClose}
    >
      {error !== null && <ErrorBox error={error} />}
      {error !== null && asProblem(error).status === 409 && <p className="gap-below">{t.person.conflict}</p>}
      <Form form={form} layout="vertical" onFinish={submit} initialValues={initial}>
        <PersonFields editing org={false} />
        <Form.Item
          name="basis" label={t.person.fields.basis} extra={t.person.basisHint}
          rules={[{ required: true, whitespace: true, message: t.common.required(t.person.fields.basis) }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <div className="chips">
          {t.person.basisSuggestions.map((s) => (
            <button key={s} type="button" className="chip" onClick={() => form.setFieldValue('basis', s)}>{s}</button>
          ))}
        </div>
      </Form>
    </Modal>
  );
}
