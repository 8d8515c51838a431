// Search inside the open volume. The API searches everything the reader may see; the
// hits of other volumes are left out here.
import { Input } from 'antd';
import { useState } from 'react';
import type { Hit, Volume } from '@/api/types';
import { MIN_QUERY, search } from '@/features/search/api';
import { Snippet } from '@/features/search/Snippet';
import { t } from '@/i18n';
import { ErrorBox } from '@/shared/ui/States';
import type { Walk } from './hits';

const LIMIT = 100;

export function InVolumeSearch({ volume, walk, onWalk }: { volume: Volume; walk: Walk; onWalk: (walk: Walk) => void }) {
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);

  const run = async (q: string) => {
    if (q.trim().length < MIN_QUERY) return;
    setBusy(true);
    setError(null);
    try {
      const found = await search({ q: q.trim(), kind: 'page', limit: LIMIT });
      const hits: Hit[] = found.hits.filter((h) => h.volume === volume.id && h.page);
      onWalk({ hits, at: hits.length > 0 ? 0 : -1 });
      setAsked(true);
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="in-volume">
      <Input.Search id="viewer-q" placeholder={t.viewer.search} aria-label={t.viewer.search} loading={busy} allowClear onSearch={(q) => void run(q)} />
      <p className="dim text-note" role="status">
        {walk.hits.length > 0 ? t.viewer.hits(walk.hits.length) : asked ? t.viewer.searchNone : t.viewer.searchHint}
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
    </div>
  );
}
