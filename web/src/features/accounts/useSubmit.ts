import { useState } from 'react';

/** State of a dialog that sends something: busy, what went wrong, and how to try. */
export function useSubmit(onDone: () => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (send: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await send();
      onDone();
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  };
  return { busy, error, run };
}
