// A sheet above the screen: a question, or a small form. Focus goes in, stays in, and comes back.
import { Button } from 'antd-mobile';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { t } from '@/i18n';
import { ErrorBox } from './ui';

export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Tab' || !box.current) return;
    const stops = [...box.current.querySelectorAll<HTMLElement>('button:not(:disabled), input, textarea, select, a[href]')];
    const first = stops[0];
    const last = stops.at(-1);
    if (!first || !last) return;
    if (event.shiftKey ? document.activeElement === first || document.activeElement === box.current : document.activeElement === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  };
  return createPortal(
    <div className="m-shade">
      <div ref={box} className="m-sheet" role="dialog" aria-modal="true" aria-labelledby={id} tabIndex={-1} onKeyDown={onKey}>
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </div>,
    document.body,
  );
}

/** What is about to happen, and the two answers. */
export function Ask({ title, text, ok, danger = false, busy, error, onOk, onClose }: {
  title: string; text: string; ok: string; danger?: boolean; busy: boolean; error: unknown; onOk: () => void; onClose: () => void;
}) {
  return (
    <Sheet title={title} onClose={onClose}>
      <p>{text}</p>
      {error ? <ErrorBox error={error} /> : null}
      <div className="m-buttons">
        <Button size="large" onClick={onClose}>{t.common.cancel}</Button>
        <Button size="large" color={danger ? 'danger' : 'primary'} loading={busy} onClick={onOk}>{ok}</Button>
      </div>
    </Sheet>
  );
}
