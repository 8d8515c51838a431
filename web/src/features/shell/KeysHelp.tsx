import { Modal } from 'antd';
import { t } from '@/i18n';
import { useAllShortcuts } from '@/shared/keys';

/** Writes `ctrl+k` the way keys are labelled. */
function caps(keys: string): string[] {
  return keys.split(' ').map((k) =>
    k
      .split('+')
      .map((p) => NAMES[p] ?? (p.length === 1 ? p.toUpperCase() : p.charAt(0).toUpperCase() + p.slice(1)))
      .join(' + '),
  );
}

const NAMES: Record<string, string> = {
  arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', ctrl: 'Ctrl', alt: 'Alt', escape: 'Esc', pageup: 'PgUp',
  pagedown: 'PgDn', delete: 'Del', insert: 'Ins',
};

export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const scopes = useAllShortcuts();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t.keys.title} width={560} destroyOnHidden>
      {scopes.filter((s) => s.shortcuts.length > 0).map((scope) => (
        <section key={scope.name} className="keys-scope">
          <h2>{scope.name}</h2>
          <dl className="keys-list">
            {scope.shortcuts.map((s) => (
              <div key={s.keys}>
                <dt>{caps(s.keys).map((k) => <kbd key={k}>{k}</kbd>)}</dt>
                <dd>{s.label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
