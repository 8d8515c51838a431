// The recognised text of one page; a tap opens a line for correction.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState, type FormEvent } from 'react';
import { api, ask } from '@/api/client';
import type { PageInfo } from '@/api/types';
import { t } from '@/i18n';
import { instant, percent } from '@/shared/format';
import { useCan } from '@/shared/me';
import { Note } from '../parts';
import { Sheet } from '../sheet';
import { ErrorBox } from '../ui';

const LOW = 0.85;

export function PageText({ page }: { page: PageInfo }) {
  const can = useCan();
  const [editing, setEditing] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const corrects = can('page.correct') && page.actions.includes('page.correct') && page.ocr !== 'pending';
  if (page.lines.length === 0) return <p>{t.viewer.ocr[page.ocr] || t.viewer.noText}</p>;
  return (
    <>
      <Note>{said}</Note>
      <p className="dim m-small">
        {page.confidence !== undefined && page.confidence !== null && t.viewer.confidence(percent(page.confidence))}
        {page.corrected && <> · {t.viewer.correctedBy(page.corrected.actor, instant(page.corrected.at))}</>}
        {corrects && <> · {t.mobile.text.hint}</>}
      </p>
      <ol className="m-lines">
        {page.lines.map((l, i) => {
          const words = (
            <>
              {l.text || '\u00a0'}
              {l.machine && l.machine !== l.text && <span className="dim m-sub">{t.viewer.machine(l.machine)}</span>}
            </>
          );
          const tone = l.conf < LOW ? 'm-line m-line-low' : 'm-line';
          return (
            <li key={i}>
              {corrects ? (
                <button
                  type="button" className={tone}
                  onClick={() => {
                    setSaid('');
                    setEditing(i);
                  }}
                >
                  {words}
                </button>
              ) : <span className={tone}>{words}</span>}
            </li>
          );
        })}
      </ol>
      {editing !== null && (
        <LineSheet
          page={page} index={editing} onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            setSaid(t.viewer.lineSaved);
          }}
        />
      )}
    </>
  );
}

function LineSheet({ page, index, onSaved, onClose }: { page: PageInfo; index: number; onSaved: () => void; onClose: () => void }) {
  const client = useQueryClient();
  const line = page.lines[index];
  const [text, setText] = useState(line?.text ?? '');
  const save = useMutation({
    mutationFn: () => ask(api.PUT('/api/v1/pages/{page}/text', { params: { path: { page: page.id } }, body: { rev: page.rev ?? 0, lines: [{ index, text }] } })),
    onSuccess: (now) => {
      if (now) client.setQueryData(['page', page.id], now);
      void client.invalidateQueries({ queryKey: ['page', page.id] });
      void client.invalidateQueries({ queryKey: ['low-confidence'] });
      onSaved();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text === line?.text) onClose();
    else save.mutate();
  };
  return (
    <Sheet title={t.viewer.editLine(index + 1)} onClose={onClose}>
      {save.isError && <ErrorBox error={save.error} />}
      <form onSubmit={submit}>
        <label className="m-field">
          {t.mobile.text.note}
          <textarea rows={3} value={text} spellCheck={false} autoComplete="off" onChange={(e) => setText(e.target.value.replace(/\n/g, ''))} />
        </label>
        {line && <p className="dim m-small">{t.viewer.machine(line.machine || line.text)} · {t.viewer.lineConfidence(percent(line.conf))}</p>}
        <div className="m-buttons">
          <Button size="large" onClick={onClose}>{t.common.cancel}</Button>
          <Button size="large" color="primary" type="submit" loading={save.isPending}>{t.common.save}</Button>
        </div>
      </form>
    </Sheet>
  );
}
