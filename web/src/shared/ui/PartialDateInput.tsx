// A date as far as it is known. Accepts what people type and writes it in one form.
import { Input } from 'antd';
import { useState } from 'react';
import { t } from '@/i18n';
import { parsePartialDate } from '@/shared/partial-date';

export function PartialDateInput({ value, onChange, id }: {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value ?? '';
  const bad = draft !== null && draft.trim() !== '' && parsePartialDate(draft) === null;
  return (
    <Input
      id={id}
      value={text}
      placeholder={t.common.datePlaceholder}
      status={bad ? 'error' : undefined}
      aria-invalid={bad}
      autoComplete="off"
      onChange={(e) => {
        setDraft(e.target.value);
        // What is no date yet goes up as typed, so that the form can refuse it.
        onChange?.(e.target.value.trim() === '' ? undefined : (parsePartialDate(e.target.value) ?? e.target.value));
      }}
      onBlur={() => !bad && setDraft(null)}
    />
  );
}

/** Rule for antd forms. */
export const dateRule = {
  validator: (_: unknown, value: string | undefined) =>
    !value || parsePartialDate(value) !== null ? Promise.resolve() : Promise.reject(new Error(t.common.dateBad)),
};
