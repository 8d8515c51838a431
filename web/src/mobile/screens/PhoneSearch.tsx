import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { MIN_QUERY, search } from '@/features/search/api';
import { Snippet } from '@/features/search/Snippet';
import { keepPageHits, setSearch, useSearchState } from '@/features/search/state';
import { useOpenHit } from '@/features/search/useOpenHit';
import { t } from '@/i18n';
import { capped } from '@/shared/format';
import { useMe } from '@/shared/me';
import { Empty, Head, QueryView } from '../ui';

export function PhoneSearch() {
  const me = useMe();
  const state = useSearchState();
  const [draft, setDraft] = useState(state.q);
  const open = useOpenHit();
  const q = state.q.trim();
  const found = useQuery({ queryKey: ['search', q], queryFn: ({ signal }) => search({ q, kind: 'all', limit: 40 }, signal), enabled: q.length >= MIN_QUERY, gcTime: 60_000 });
  const kinds: Record<string, string> = t.search.kinds;

  if (!me.actions.includes('search')) {
    return (
      <>
        <Head title={t.mobile.tabs.search} />
        <Empty title={t.mobile.search.noRight} hint={t.mobile.search.noRightHint} />
      </>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch({ q: draft.trim() });
  };
  return (
    <>
      <Head title={t.mobile.tabs.search} />
      <form role="search" className="m-search" onSubmit={submit}>
        <input
          type="search" enterKeyHint="search" value={draft} onChange={(e) => setDraft(e.target.value)} placeholder={t.mobile.search.placeholder}
          aria-label={t.mobile.search.placeholder} autoComplete="off" spellCheck={false}
        />
        <button type="submit">{t.search.button}</button>
      </form>
      {q.length < MIN_QUERY ? <Empty title={t.mobile.search.start} /> : (
        <QueryView query={found}>
          {(data) =>
            data.hits.length === 0 ? <Empty title={t.mobile.search.none} /> : (
              <section className="m-card" aria-label={t.search.results}>
                <p className="dim">{t.search.total(capped(data.total, data.capped))}</p>
                <ul className="m-list">
                  {data.hits.map((hit, i) => (
                    <li key={`${hit.kind}-${hit.id}-${i}`}>
                      <button
                        type="button" className="m-row m-hit"
                        onClick={() => {
                          keepPageHits(data.hits);
                          open(hit);
                        }}
                      >
                        <span>
                          <span className="tag tag-plain">{kinds[hit.kind] ?? hit.kind}</span>{' '}
                          <strong>{hit.kind === 'person' ? hit.person_name : hit.kind === 'material' ? hit.material_title : hit.person_name}</strong>
                          <span className="m-sub"><Snippet parts={hit.snippet} /></span>
                          {hit.kind === 'page' && <span className="dim m-sub">{hit.material_title} · {t.palette.pageNo(hit.page_no ?? 0)}</span>}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            )
          }
        </QueryView>
      )}
    </>
  );
}
