import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import type { Hit } from '@/api/types';
import { t } from '@/i18n';
import { capped } from '@/shared/format';
import { PageHead } from '@/shared/ui/Page';
import { Empty, ErrorBox, Loading } from '@/shared/ui/States';
import { Tag, type Tone } from '@/shared/ui/Tags';
import { MIN_QUERY, search } from './api';
import { Snippet } from './Snippet';
import { keepPageHits, setSearch, useSearchState, type SearchKind } from './state';
import { useOpenHit } from './useOpenHit';

const PAGE = 20;
const KINDS: SearchKind[] = ['all', 'person', 'material', 'page'];

export function SearchPage() {
  const state = useSearchState();
  // Another query may come from the palette while this page is open.
  const [typed, setTyped] = useState({ for: state.q, text: state.q });
  const draft = typed.for === state.q ? typed.text : state.q;
  const ready = state.q.trim().length >= MIN_QUERY;

  const found = useInfiniteQuery({
    queryKey: ['search', state.q, state.kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => search({ q: state.q.trim(), kind: state.kind, after: pageParam, limit: PAGE }, signal),
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: ready,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

  return (
    <div className="page search-page">
      <PageHead title={t.search.title} note={t.search.privacy} />
      <div role="search" className="search-box">
        <Input.Search
          size="large" autoFocus={!ready} value={draft} placeholder={t.search.box} aria-label={t.search.box} enterButton={t.search.button} allowClear
          onChange={(e) => setTyped({ for: state.q, text: e.target.value })} onSearch={(q) => setSearch({ q: q.trim() })}
        />
        <Segmented
          className="gap-above" value={state.kind} aria-label={t.search.kind}
          options={KINDS.map((value) => ({ value, label: t.search.kinds[value] }))} onChange={(kind) => setSearch({ kind })}
        />
      </div>
      {!ready && <Empty title={t.search.startTitle} hint={state.q === '' ? t.search.startHint : t.search.tooShort} />}
      {ready && found.isPending && <Loading />}
      {ready && found.isError && <ErrorBox error={found.error} retry={() => void found.refetch()} />}
      {ready && found.data && (
        <Results
          hits={found.data.pages.flatMap((p) => p.hits)} total={found.data.pages[0]?.total ?? 0} isCapped={found.data.pages[0]?.capped ?? false}
          more={found.hasNextPage ? () => void found.fetchNextPage() : undefined} busy={found.isFetching}
        />
      )}
    </div>
  );
}

function Results({ hits, total, isCapped, more, busy }: { hits: Hit[]; total: number; isCapped: boolean; more?: () => void; busy: boolean }) {
  const open = useOpenHit();
  if (hits.length === 0) return <Empty title={t.search.noneTitle} hint={t.search.noneHint} />;
  return (
    <section aria-label={t.search.results} aria-busy={busy}>
      <p className="dim gap-below" role="status">
        {t.search.total(capped(total, isCapped))} {isCapped && t.search.cappedHint}
      </p>
      <ol className="results">
        {hits.map((hit, i) => (
          <li key={`${hit.kind}-${hit.id}-${hit.page ?? ''}-${i}`}>
            <ResultRow
              hit={hit}
              onOpen={() => {
                keepPageHits(hits);
                open(hit);
              }}
            />
          </li>
        ))}
      </ol>
      {more && <p className="gap-above"><Button loading={busy} onClick={more}>{t.search.more}</Button></p>}
    </section>
  );
}

const TONES: Record<string, Tone> = { person: 'bad', material: 'info', page: 'good' };

function ResultRow({ hit, onOpen }: { hit: Hit; onOpen: () => void }) {
  const kinds: Record<string, string> = t.search.kinds;
  const place =
    hit.kind === 'person' ? hit.org_name
    : [hit.person_name, hit.volume_no, hit.kind === 'page' ? hit.material_title : undefined, hit.page_no ? t.palette.pageNo(hit.page_no) : undefined].filter(Boolean).join(' · ');
  const title = hit.kind === 'person' ? hit.person_name : hit.kind === 'material' ? hit.material_title : undefined;
  return (
    <button type="button" className={`result result-${hit.kind}`} onClick={onOpen}>
      {hit.kind === 'page' && hit.page ? (
        <img src={`/api/v1/pages/${hit.page}/thumb`} alt="" loading="lazy" width="52" height="72" />
      ) : <span className="result-kind"><Tag tone={TONES[hit.kind] ?? 'plain'}>{kinds[hit.kind] ?? hit.kind}</Tag></span>}
      <span className="result-body">
        {title && <strong>{title}</strong>}
        {hit.snippet.length > 0 && <span className="result-snippet"><Snippet parts={hit.snippet} /></span>}
        {place && <span className="dim">{place}</span>}
      </span>
    </button>
  );
}
