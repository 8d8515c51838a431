// The recognised text beside the image, line by line; a line can be corrected in place.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { PageInfo, TextLine } from '@/api/types';
import { t } from '@/i18n';
import { instant, percent } from '@/shared/format';
import { useCan } from '@/shared/me';

const LOW = 0.85;

export function TextPanel({ page, line, onLine }: { page: PageInfo; line: number | null; onLine: (line: number | null) => void }) {
  const can = useCan();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const corrects = can('page.correct') && page.actions.includes('page.correct') && page.ocr !== 'pending';

  useEffect(() => {
    if (line !== null) list.current?.children[line]?.scrollIntoView({ block: 'nearest' });
  }, [line]);

  if (page.ocr !== 'done' && page.lines.length === 0) return <p className="dim" role="status">{t.viewer.ocr[page.ocr] ?? page.ocr}</p>;
  if (page.lines.length === 0) return <p className="dim">{t.viewer.noText}</p>;

  const focusLine = (i: number) => requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('.text-line')[i]?.focus());

  const save = async (index: number, text: string) => {
    setEditing(null);
    focusLine(index);
    if (text === page.lines[index]?.text) return;
    try {
      const now = await ask(api.PUT('/api/v1/pages/{page}/text', { params: { path: { page: page.id } }, body: { rev: page.rev ?? 0, lines: [{ index, text }] } }));
      if (now) client.setQueryData(['page', page.id], now);
      await client.invalidateQueries({ queryKey: ['page', page.id] });
      void client.invalidateQueries({ queryKey: ['low-confidence'] });
      void message.success(t.viewer.lineSaved);
    } catch (e) {
      void message.error(asProblem(e).detail);
      setEditing(index);
    }
  };

  const onKey = (event: KeyboardEvent, i: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const to = Math.max(0, Math.min(page.lines.length - 1, i + step));
      onLine(to);
      focusLine(to);
    } else if ((event.key === 'F2' || event.key === 'Enter') && corrects) {
      event.preventDefault();
      setEditing(i);
    }
  };

  return (
    <>
      <p className="dim text-note">
        {page.confidence !== undefined && page.confidence !== null && t.viewer.confidence(percent(page.confidence))}
        {page.corrected && <> · {t.viewer.correctedBy(page.corrected.actor, instant(page.corrected.at))}</>}
        {corrects && <> · {t.viewer.editHint}</>}
      </p>
      <ol ref={list} className="text-lines">
        {page.lines.map((l, i) => (
          <li key={i}>
            {editing === i ? (
              <LineEditor
                n={i} line={l} onSave={(text) => void save(i, text)}
                onCancel={() => {
                  setEditing(null);
                  focusLine(i);
                }}
              />
            ) : (
              <button
                type="button" className={l.conf < LOW ? 'text-line text-low' : 'text-line'} aria-current={line === i ? 'true' : undefined}
                title={t.viewer.lineConfidence(percent(l.conf))} tabIndex={line === i || (line === null && i === 0) ? 0 : -1}
                onClick={() => onLine(i)} onDoubleClick={() => corrects && setEditing(i)} onKeyDown={(e) => onKey(e, i)}
              >
                {l.text || '\u00a0'}
                {l.machine && l.machine !== l.text && <span className="text-machine">{t.viewer.machine(l.machine)}</span>}
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function LineEditor({ n, line, onSave, onCancel }: { n: number; line: TextLine; onSave: (text: string) => void; onCancel: () => void }) {
  const [text, setText] = useState(line.text);
  const over = useRef(false);
  const end = (run: () => void) => {
    if (over.current) return;
    over.current = true;
    run();
  };
  return (
    <input
      autoFocus className="line-editor" aria-label={t.viewer.editLine(n + 1)} value={text} spellCheck={false} autoComplete="off"
      onChange={(e) => setText(e.target.value)}
      onBlur={() => end(() => onSave(text))}
      onKeyDown={(e) => {
        if (e.nativeEvent.isComposing) return;
        if (e.key === 'Enter') end(() => onSave(text));
        if (e.key === 'Escape') {
          e.stopPropagation();
          end(onCancel);
        }
      }}
    />
  );
}
