// Edits of a catalogue: shown at once, sent one after the other, kept when the server
// refuses them. Every accepted edit is a revision of its own.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, ask, asProblem } from '@/api/client';
import type { CatalogueOp, Volume } from '@/api/types';
import { applyOps } from './ops';

export type Draft = {
  /** The newest catalogue of the server. */
  base: Volume;
  /** The catalogue with the edits not yet saved laid over it. */
  volume: Volume;
  pending: CatalogueOp[];
  /** Edits whose material is gone from the newest revision. */
  lost: CatalogueOp[];
  saving: boolean;
  /** Why saving stopped; edits wait for `resend` or `discard`. */
  stuck: unknown;
  stale: boolean;
  edit: (op: CatalogueOp, reason?: string) => Promise<Volume | undefined>;
  resend: () => void;
  discard: () => void;
  undo: () => Promise<void>;
};

type Entry = { op: CatalogueOp; reason?: string };

export function useDraft(base: Volume): Draft {
  const client = useQueryClient();
  const [pending, setPending] = useState<Entry[]>([]);
  const [saving, setSaving] = useState(false);
  const [stuck, setStuck] = useState<unknown>(null);
  const queue = useRef<Entry[]>([]);
  const newest = useRef(base);
  const busy = useRef(false);
  useEffect(() => {
    if (base.rev > newest.current.rev) newest.current = base;
  }, [base]);

  const keep = useCallback((volume: Volume) => {
    newest.current = volume;
    client.setQueryData(['volume', volume.id], volume);
    void client.invalidateQueries({ queryKey: ['revisions', volume.id] });
  }, [client]);

  const show = useCallback(() => setPending([...queue.current]), []);

  const flush = useCallback(async (): Promise<Volume | undefined> => {
    if (busy.current) return undefined;
    busy.current = true;
    setSaving(true);
    let saved: Volume | undefined;
    try {
      for (let first = queue.current[0]; first; first = queue.current[0]) {
        saved = await ask(api.POST('/api/v1/volumes/{volume}/catalogue', {
          params: { path: { volume: newest.current.id } },
          body: { rev: newest.current.rev, reason: first.reason, ops: [first.op] },
        }));
        queue.current.shift();
        keep(saved);
        show();
      }
    } catch (error) {
      setStuck(error);
      saved = undefined;
      if (asProblem(error).status === 409) {
        // Somebody else saved in between: get theirs, so that ours can be seen above it.
        await client.invalidateQueries({ queryKey: ['volume', newest.current.id], exact: true });
      }
    } finally {
      busy.current = false;
      setSaving(false);
    }
    return saved;
  }, [client, keep, show]);

  const edit = useCallback(async (op: CatalogueOp, reason?: string) => {
    queue.current.push({ op, reason });
    show();
    return stuck === null ? flush() : undefined;
  }, [flush, show, stuck]);

  const undo = useCallback(async () => {
    keep(await ask(api.POST('/api/v1/volumes/{volume}/catalogue/undo', {
      params: { path: { volume: newest.current.id } },
      body: { rev: newest.current.rev },
    })));
  }, [keep]);

  const laid = useMemo(() => applyOps(base, pending.map((p) => p.op)), [base, pending]);

  return {
    base,
    volume: laid.volume,
    pending: pending.map((p) => p.op),
    lost: laid.lost,
    saving,
    stuck,
    stale: stuck !== null && asProblem(stuck).status === 409,
    edit,
    resend: () => {
      queue.current = queue.current.filter((e) => !laid.lost.includes(e.op));
      show();
      setStuck(null);
      void flush();
    },
    discard: () => {
      queue.current = [];
      show();
      setStuck(null);
    },
    undo,
  };
}
