// The form fields of a person, shared by adding and changing.
import { Form, Input, Select } from 'antd';
import { OrgSelect } from '@/features/orgs/OrgSelect';
import { t } from '@/i18n';
import { dateRule, PartialDateInput } from '@/shared/ui/PartialDateInput';

const DATES = ['applied', 'activist', 'candidate', 'joined', 'regular'] as const;

export function PersonFields({ editing, org }: { editing: boolean; org: boolean }) {
  const f = t.person.fields;
  return (
    <div className="form-grid">
      <Form.Item name="name" label={f.name} rules={[{ required: true, whitespace: true, message: t.common.required(f.name) }]}>
        <Input maxLength={60} autoComplete="off" autoFocus={!editing} />
      </Form.Item>
      <Form.Item name="former_name" label={f.former_name}><Input maxLength={60} autoComplete="off" /></Form.Item>
      <Form.Item name="sex" label={f.sex}>
        <Select allowClear options={Object.entries(t.people.sexes).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="ethnicity" label={f.ethnicity}><Input maxLength={20} autoComplete="off" /></Form.Item>
      <Form.Item name="birth" label={f.birth} rules={[dateRule]}><PartialDateInput /></Form.Item>
      <Form.Item name="education" label={f.education}><Input maxLength={40} autoComplete="off" /></Form.Item>
      <Form.Item name="id_no" label={f.id_no} extra={editing ? t.person.idHint : undefined}>
        <Input maxLength={18} autoComplete="off" className="mono" />
      </Form.Item>
      <Form.Item name="phone" label={f.phone} extra={editing ? t.person.idHint : undefined}>
        <Input maxLength={20} autoComplete="off" inputMode="tel" className="mono" />
      </Form.Item>
      <Form.Item name="number" label={f.number}><Input maxLength={30} autoComplete="off" /></Form.Item>
      {org && (
        <Form.Item name="org" label={f.org} rules={[{ required: true, message: t.common.choose(f.org) }]}><OrgSelect branches /></Form.Item>
      )}
      <Form.Item name="stage" label={f.stage} rules={[{ required: true, message: t.common.choose(f.stage) }]}>
        <Select options={t.people.stages.map((label, i) => ({ value: String(i), label }))} />
      </Form.Item>
      <Form.Item name="status" label={f.status}>
        <Select allowClear options={Object.entries(t.people.statuses).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      {DATES.map((name) => (
        <Form.Item key={name} name={name} label={f[name]} rules={[dateRule]}><PartialDateInput /></Form.Item>
      ))}
    </div>
  );
}
