// One registry of keyboard shortcuts: it runs them, and `?` and the palette list them.
import { useEffect, useRef, useSyncExternalStore } from 'react';

export type Shortcut = {
  /** `ctrl+k`, `alt+arrowup`, `j`, `?`. Several spellings are split by a blank. */
  keys: string;
  label: string;
  /** Absent when a widget handles the key itself and it is only to be listed. */
  run?: (event: KeyboardEvent) => void;
  /** Also runs while somebody types in a field. */
  inFields?: boolean;
};
export type Scope = { name: string; shortcuts: Shortcut[] };

const scopes: { current: Scope }[] = [];
let snapshot: Scope[] = [];
const watchers = new Set<() => void>();

function changed(): void {
  snapshot = scopes.map((s) => s.current);
  watchers.forEach((f) => f());
}

function spell(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const mods = [
    (event.ctrlKey || event.metaKey) && 'ctrl',
    event.altKey && 'alt',
    // Shift is part of the sign for printable keys, e.g. `?`.
    event.shiftKey && key.length > 1 && 'shift',
  ].filter((m) => m !== false);
  return [...mods, key].join('+');
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = spell(event);
  const inField = typing(event.target);
  // A dialog that is open keeps its keys; only shortcuts made for fields work above it.
  const inDialog = document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open') !== null;
  for (const scope of [...scopes].reverse()) {
    const hit = scope.current.shortcuts.find((s) => s.run && s.keys.split(' ').includes(name));
    if (hit?.run && (hit.inFields || (!inField && !inDialog))) {
      event.preventDefault();
      hit.run(event);
      return;
    }
  }
}

/** Registers shortcuts while the calling component is mounted; later scopes win. */
export function useShortcuts(name: string, shortcuts: Shortcut[]): void {
  const ref = useRef<Scope>({ name, shortcuts });
  useEffect(() => {
    ref.current = { name, shortcuts };
  });
  useEffect(() => {
    if (scopes.length === 0) window.addEventListener('keydown', onKey);
    scopes.push(ref);
    changed();
    return () => {
      scopes.splice(scopes.indexOf(ref), 1);
      if (scopes.length === 0) window.removeEventListener('keydown', onKey);
      changed();
    };
  }, []);
}

/** Everything registered now, for the help page. */
export function useAllShortcuts(): Scope[] {
  return useSyncExternalStore(
    (f) => {
      watchers.add(f);
      return () => watchers.delete(f);
    },
    () => snapshot,
  );
}
