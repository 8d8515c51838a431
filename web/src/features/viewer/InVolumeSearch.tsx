// Search inside the open volume: the pages that have the words, each with its places.
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Hit, Volume } from '@/api/types';
import { MIN_QUERY, search } from '@/features/search/api';
import { Snippet } from '@/features/search/Snippet';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import type { Walk } from './hits';
import { leaves } from './layout';

const LIMIT = 100;

/** The server finds the newest first; a reader turns the pages from the front. */
function inOrder(volume: Volume, hits: Hit[]): Hit[] {
  const places = new Map(leaves(volume).map((leaf) => [leaf.page.id, leaf.index]));
  const place = (h: Hit) => places.get(h.page ?? '') ?? places.size;
  return hits.filter((h) => h.page).sort((a, b) => place(a) - place(b));
}

export function InVolumeSearch({ volume, walk, onWalk }: { volume: Volume; walk: Walk; onWalk: (walk: Walk) => void }) {
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [rest, setRest] = useState<{ q: string; after: string } | null>(null);

  const run = async (q: string, after?: string) => {
    if (q.length < MIN_QUERY) return;
    setBusy(true);
    setError(null);
    try {
      const found = await search({ q, kind: 'page', volume: volume.id, after, limit: LIMIT });
      const hits: Hit[] = inOrder(volume, [...(after ? walk.hits : []), ...found.hits]);
      const stay = after ? hits.findIndex((h) => h.page === walk.hits[walk.at]?.page) : -1;
      onWalk({ hits, at: stay >= 0 ? stay : hits.length > 0 ? 0 : -1 });
      setRest(found.next ? { q, after: found.next } : null);
      setAsked(true);
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="in-volume">
      <Input.Search id="viewer-q" placeholder={t.viewer.search} aria-label={t.viewer.search} loading={busy} allowClear onSearch={(q) => void run(q.trim())} />
      <p className="dim text-note" role="status">
        {walk.hits.length > 0 ? t.viewer.hits(walk.hits.length, rest !== null) : asked ? t.viewer.searchNone : t.viewer.searchHint}
      </p>
      {error !== null && <ErrorBox error={error} />}
      <ul className="hit-list">
        {walk.hits.map((h, i) => (
          <li key={`${h.page}-${i}`}>
            <button type="button" className="text-line" aria-current={i === walk.at ? 'true' : undefined} onClick={() => onWalk({ ...walk, at: i })}>
              <span className="text-machine">{h.material_title} · {t.viewer.pageNo(h.page_no ?? 0)}</span>
              <Snippet parts={h.snippet} />
            </button>
          </li>
        ))}
      </ul>
      {rest && walk.hits.length > 0 && (
        <Button size="small" loading={busy} onClick={() => void run(rest.q, rest.after)}>{t.search.more}</Button>
      )}
    </div>
  );
}
