// Ctrl K pressed while the application is still loading: remembered, so that the
// palette opens as soon as there is one.
let pressed = false;

function onKey(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    pressed = true;
  }
}

export function listenEarly(): void {
  window.addEventListener('keydown', onKey);
}

/** Whether it was pressed; from now on the application listens itself. */
export function takeEarly(): boolean {
  window.removeEventListener('keydown', onKey);
  const was = pressed;
  pressed = false;
  return was;
}
