import { useEffect, useRef, useState } from 'react';
import { readCell, type FieldKey } from './rows';

/** The field inside a cell. `onDone(null, …)` means: nothing changed. */
export function CellEditor({ field, label, value, first, placeholder, onDone }: {
  field: FieldKey;
  label: string;
  value: string;
  /** The sign that was typed to begin; it replaces the value. */
  first?: string;
  placeholder?: string;
  onDone: (value: string | null, go: 'down' | 'right' | 'left' | 'stay') => void;
}) {
  const [text, setText] = useState(first ?? value);
  const [bad, setBad] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const over = useRef(false);

  useEffect(() => {
    input.current?.focus();
    if (first === undefined) input.current?.select();
  }, [first]);

  const close = (result: string | null, go: 'down' | 'right' | 'left' | 'stay') => {
    if (over.current) return;
    over.current = true;
    onDone(result, go);
  };
  const commit = (go: 'down' | 'right' | 'left' | 'stay') => {
    if (text === value) return close(null, go);
    const read = readCell(field, text);
    if ('bad' in read) setBad(read.bad);
    else close(read.value, go);
  };

  return (
    <span className="cell-editor">
      <input
        ref={input} value={text} aria-label={label} aria-invalid={bad !== null} aria-describedby={bad ? 'cell-bad' : undefined}
        placeholder={placeholder} autoComplete="off" spellCheck={false}
        onChange={(e) => {
          setText(e.target.value);
          setBad(null);
        }}
        // Leaving the cell keeps what was typed; what cannot be kept is given up.
        onBlur={() => ('bad' in readCell(field, text) ? close(null, 'stay') : commit('stay'))}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          const go = e.key === 'Enter' ? 'down' : e.key === 'Tab' ? (e.shiftKey ? 'left' : 'right') : null;
          if (go) {
            e.preventDefault();
            e.stopPropagation();
            commit(go);
          } else if (e.key === 'Escape') {
            e.preventDefault();
            e.stopPropagation();
            close(null, 'stay');
          }
        }}
      />
      {bad && <span id="cell-bad" role="alert" className="cell-bad">{bad}</span>}
    </span>
  );
}
