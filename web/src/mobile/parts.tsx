// Small parts the working screens share.
import { useRef, type ReactNode } from 'react';
import { t } from '@/i18n';
import { ProgressBar } from '@/features/jobs/JobLine';
import { Tag, word, type Tone } from '@/shared/ui/Tags';

const TONES: Record<string, Tone> = {
  preview: 'warn', committed: 'good', done: 'good', failed: 'bad', committing: 'info', running: 'info', checking: 'info',
};

export function State({ words, state }: { words: Record<string, string>; state: string }) {
  return <Tag tone={TONES[state] ?? 'plain'}>{word(words, state)}</Tag>;
}

/** Says that something was done; read aloud when it appears. */
export function Note({ children }: { children: ReactNode }) {
  return <p role="status" className={children ? 'm-note' : 'visually-hidden'}>{children}</p>;
}

/** A large button that opens the telephone's files or its camera. */
export function FileButton({ label, accept, multiple = false, camera = false, disabled = false, plain = false, onFiles }: {
  label: string; accept: string; multiple?: boolean; camera?: boolean; disabled?: boolean; plain?: boolean; onFiles: (files: File[]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={plain ? 'm-file m-file-plain' : 'm-file'} disabled={disabled} onClick={() => input.current?.click()}>{label}</button>
      <input
        ref={input} type="file" hidden aria-label={label} accept={accept} multiple={multiple} capture={camera ? 'environment' : undefined}
        onChange={(e) => {
          const files = [...(e.target.files ?? [])];
          // So that the same file can be chosen again.
          e.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

export function Sending({ part }: { part: number | null }) {
  if (part === null) return null;
  return (
    <div className="m-sending" role="status">
      <ProgressBar label={t.volumeImport.sending} done={Math.round(part * 100)} total={100} />
      <span className="dim">{part < 1 ? t.volumeImport.sending : t.volumeImport.checking}</span>
    </div>
  );
}

export function Figures({ items }: { items: [label: string, value: string | number, bad?: boolean][] }) {
  return (
    <dl className="m-figures">
      {items.map(([label, value, bad]) => <div key={label}><dt>{label}</dt><dd className={bad ? 'm-bad' : undefined}>{value}</dd></div>)}
    </dl>
  );
}

/** A choice among a few, as large as a finger. */
export function Choice<T extends string>({ name, label, value, options, onChange }: {
  name: string; label: string; value: T; options: { value: T; label: string; hint?: string }[]; onChange: (value: T) => void;
}) {
  return (
    <fieldset className="m-choice">
      <legend>{label}</legend>
      {options.map((o) => (
        <label key={o.value} className={o.value === value ? 'chosen' : undefined}>
          <input type="radio" name={name} value={o.value} checked={o.value === value} onChange={() => onChange(o.value)} />
          <span>{o.label}{o.hint && <span className="dim m-sub">{o.hint}</span>}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function More({ busy = false, onClick }: { busy?: boolean; onClick: () => void }) {
  return <button type="button" className="m-more" disabled={busy} onClick={onClick}>{t.imports.loadMore}</button>;
}
