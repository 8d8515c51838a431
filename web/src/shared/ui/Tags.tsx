// Small coloured labels. Own colours: antd's orange and gold presets are too pale to read.
import { t } from '@/i18n';

/** Stage of a person, 0 to 5. */
export function StageTag({ stage, label }: { stage: string; label: string }) {
  return <span className={`tag stage-${stage}`}>{label}</span>;
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

export function Tag({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}

const JOB_TONES: Record<string, Tone> = { queued: 'plain', running: 'info', done: 'good', failed: 'bad' };

export function JobState({ state }: { state: string }) {
  return <Tag tone={JOB_TONES[state] ?? 'plain'}>{word(t.jobs.states, state)}</Tag>;
}

/** The word for a code, or the code itself when it is one we do not know yet. */
export function word(words: Record<string, string>, code: string): string {
  return words[code] ?? code;
}

export function Severity({ value }: { value: string }) {
  const tone = value === 'error' ? 'bad' : value === 'warning' || value === 'warn' ? 'warn' : 'info';
  return <Tag tone={tone}>{word(t.common.severities, value)}</Tag>;
}
