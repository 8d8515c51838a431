// Reading on the phone: the same roll of pages, moved with the fingers, and the text on demand,
// whose lines can be corrected.
import { useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { boxesOf, firstWalk } from '@/features/viewer/hits';
import { leaves, type Leaf } from '@/features/viewer/layout';
import { usePage } from '@/features/viewer/usePage';
import { useStage } from '@/features/viewer/useStage';
import { useVolume } from '@/features/volumes/api';
import { t } from '@/i18n';
import '@/features/viewer/viewer.css';
import { Empty, Head, QueryView } from '../ui';
import { PageText } from './PageText';

export function PhoneReader() {
  const { volume: id } = useParams({ from: '/read/$volume' });
  // `text` opens the page with its text, for proof-reading; it exists on the phone only.
  const { page, text } = useSearch({ from: '/read/$volume' }) as { page?: string; text?: string };
  const router = useRouter();
  const volume = useVolume(id);
  const all = useMemo(() => (volume.data ? leaves(volume.data) : []), [volume.data]);
  return (
    <div className="m-reader">
      <Head title={volume.data?.person_name ?? t.viewer.title} onBack={() => router.history.back()} />
      <QueryView query={volume}>
        {() => (all.length === 0 ? <Empty title={t.viewer.emptyTitle} /> : <Roll all={all} page={page} proof={text !== undefined} />)}
      </QueryView>
    </div>
  );
}

function Roll({ all, page, proof }: { all: Leaf[]; page: string | undefined; proof: boolean }) {
  const start = Math.max(0, all.findIndex((l) => l.page.id === page));
  const [current, setCurrent] = useState(start);
  const [text, setText] = useState(proof);
  const [failed, setFailed] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const [walk] = useState(() => firstWalk(page));
  const leaf = all[current];
  const info = usePage(text ? leaf?.page.id : undefined);
  const stage = useStage(element, all, start, { onCurrent: setCurrent, onClickPage: () => undefined, onFailed: () => setFailed(true) });

  useEffect(() => {
    if (!stage) return undefined;
    const ids = all.map((l) => l.page.id).filter((id) => boxesOf(walk.hits, id).length > 0);
    for (const id of ids) stage.setDecor(id, { lines: [], boxes: false, marks: boxesOf(walk.hits, id), activeMark: null, activeLine: null });
    return () => ids.forEach((id) => stage.setDecor(id, null));
  }, [stage, all, walk]);

  return (
    <>
      <p className="m-reader-title">{leaf?.material.title}</p>
      {failed && <p className="m-error" role="alert">{t.viewer.imageFailed}</p>}
      <section className="m-stage" aria-label={t.viewer.title}>
        <div ref={element} className="stage" />
        {text && (
          <div className="m-text" tabIndex={0} role="region" aria-label={t.mobile.read.text}>
            <QueryView query={info}>{(p) => <PageText key={p.id} page={p} />}</QueryView>
          </div>
        )}
      </section>
      <div className="m-reader-bar" role="toolbar" aria-label={t.viewer.title}>
        <button type="button" disabled={current === 0} onClick={() => stage?.goTo(current - 1)}>{t.mobile.read.previous}</button>
        <span role="status">{t.mobile.read.page(current + 1, all.length)}</span>
        <button type="button" aria-pressed={text} onClick={() => setText(!text)}>{text ? t.mobile.read.image : t.mobile.read.text}</button>
        <button type="button" disabled={current >= all.length - 1} onClick={() => stage?.goTo(current + 1)}>{t.mobile.read.next}</button>
      </div>
    </>
  );
}
