import { t } from '@/i18n';

export const LAYOUTS = ['a', 'b', 'c', 'j'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Four ways folders are laid out, each drawn the way it looks on disk. */
export function LayoutPicker({ value, onChange }: { value: Layout; onChange: (layout: Layout) => void }) {
  return (
    <fieldset className="layouts">
      <legend>{t.volumeImport.layout}</legend>
      {LAYOUTS.map((key) => (
        <label key={key} className={value === key ? 'layout chosen' : 'layout'}>
          <input type="radio" name="layout" value={key} checked={value === key} onChange={() => onChange(key)} />
          <strong>{t.volumeImport.layouts[key]?.name}</strong>
          <pre aria-hidden="true">{t.volumeImport.trees[key]}</pre>
          <span className="dim">{t.volumeImport.layouts[key]?.hint}</span>
        </label>
      ))}
    </fieldset>
  );
}
