// The reading room: thumbnails, the roll of pages, text and marks, all of it on keys.
import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Hit, Volume } from '@/api/types';
import { AddPagesDialog } from '@/features/catalogue/AddPagesDialog';
import { t } from '@/i18n';
import { useShortcuts } from '@/shared/keys';
import { useCan, useMe } from '@/shared/me';
import { lineAt } from './decor';
import { boxesOf, firstWalk, type Walk } from './hits';
import type { Leaf } from './layout';
import { SidePanel } from './SidePanel';
import { Thumbs } from './Thumbs';
import { Toolbar } from './Toolbar';
import { usePage } from './usePage';
import { useStage } from './useStage';

/** A reader who turns pages quickly does not open the text of each of them. */
const SETTLE_MS = 250;

export function Reader({ volume, all, page }: { volume: Volume; all: Leaf[]; page: string | undefined }) {
  const me = useMe();
  const can = useCan();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const start = Math.max(0, all.findIndex((l) => l.page.id === page));
  const [current, setCurrent] = useState(start);
  const [settled, setSettled] = useState(start);
  const [boxes, setBoxes] = useState(false);
  const [side, setSide] = useState(true);
  const [tab, setTab] = useState('text');
  const [line, setLine] = useState<number | null>(null);
  const [walk, setWalk] = useState<Walk>(() => firstWalk(page));
  const [adding, setAdding] = useState(false);
  const element = useRef<HTMLDivElement>(null);

  const leaf = all[Math.min(current, all.length - 1)];
  const openId = all[Math.min(settled, all.length - 1)]?.page.id;
  const info = usePage(openId);

  const stage = useStage(element, all, start, {
    onCurrent: setCurrent,
    onClickPage: (i, x, y) => {
      if (all[i]?.page.id !== info.data?.id || !info.data) return;
      const found = lineAt(info.data.lines, x, y);
      setLine(found);
      if (found !== null) setTab('text');
    },
    onFailed: () => void message.error({ content: t.viewer.imageFailed, key: 'image' }),
  });

  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(current);
      setLine(null);
      void navigate({ to: '/read/$volume', params: { volume: volume.id }, search: { page: all[current]?.page.id }, replace: true });
    }, SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [current, all, navigate, volume.id]);

  // Somebody came from elsewhere to another page of this volume.
  const asked = useRef(page);
  useEffect(() => {
    if (page === asked.current) return;
    asked.current = page;
    const index = all.findIndex((l) => l.page.id === page);
    if (index >= 0 && index !== current) stage?.goTo(index);
  }, [page, all, stage, current]);

  // Marks on every page that has some; boxes and the active line on the open one.
  const markedPages = useMemo(() => new Set(walk.hits.flatMap((h) => (h.page ? [h.page] : []))), [walk.hits]);
  const activeHit = walk.hits[walk.at];
  useEffect(() => {
    if (!stage) return undefined;
    const ids = all.filter((l) => l.page.id === info.data?.id || markedPages.has(l.page.id)).map((l) => l.page.id);
    for (const id of ids) {
      const lines = info.data?.id === id ? info.data.lines : [];
      const marks = boxesOf(walk.hits, id);
      stage.setDecor(id, { lines, boxes, marks, activeLine: lines.length > 0 ? line : null, activeMark: activeHit?.page === id ? firstBoxOf(walk, id) : null });
    }
    return () => ids.forEach((id) => stage.setDecor(id, null));
  }, [stage, all, info.data, boxes, line, walk, activeHit, markedPages]);

  // The first hit should be in the window when the reader arrives.
  const shown = useRef<Hit | null>(null);
  useEffect(() => {
    if (!stage || !activeHit || shown.current === activeHit) return;
    const index = all.findIndex((l) => l.page.id === activeHit.page);
    const box = activeHit.boxes[0];
    if (index < 0) return;
    shown.current = activeHit;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (box) stage.reveal(index, box);
      else stage.goTo(index);
    }));
  }, [stage, activeHit, all]);

  const go = useCallback((index: number) => {
    const to = Math.max(0, Math.min(all.length - 1, index));
    stage?.goTo(to);
  }, [stage, all.length]);

  const goMaterial = (step: 1 | -1) => {
    const own = leaf?.material.id;
    const first = all.findIndex((l) => l.material.id === own);
    const target = step === 1 ? all.findIndex((l) => l.index > current && l.material.id !== own) : all.findIndex((l) => l.material.id === all[first - 1]?.material.id);
    if (target >= 0) go(target);
  };

  const goHit = (step: 1 | -1) => {
    if (walk.hits.length === 0) return;
    const at = (walk.at + step + walk.hits.length) % walk.hits.length;
    const hit = walk.hits[at];
    setWalk({ ...walk, at });
    if (hit?.volume && hit.volume !== volume.id) {
      void navigate({ to: '/read/$volume', params: { volume: hit.volume }, search: { page: hit.page ?? undefined } });
    }
  };

  const act = {
    next: () => go(current + 1),
    previous: () => go(current - 1),
    zoomIn: () => stage?.zoom(1.3),
    zoomOut: () => stage?.zoom(1 / 1.3),
    fitWidth: () => stage?.fitWidth(current),
    fitPage: () => stage?.fitPage(current),
    rotate: () => stage?.rotate(current),
    boxes: () => setBoxes((b) => !b),
    side: () => setSide((s) => !s),
    nextHit: () => goHit(1),
    previousHit: () => goHit(-1),
    nextMaterial: () => goMaterial(1),
    previousMaterial: () => goMaterial(-1),
    search: () => {
      setSide(true);
      setTab('search');
      requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#viewer-q')?.focus()));
    },
  };
  useViewerKeys(act);

  const mayAdd = can('volume.edit') && volume.actions.includes('volume.edit');
  return (
    <div className={side ? 'reader' : 'reader reader-bare'}>
      <Toolbar
        volume={volume} leaf={leaf} total={all.length} act={act} boxes={boxes} side={side} walk={walk} onGo={go}
        onAdd={mayAdd ? () => setAdding(true) : undefined}
      />
      <Thumbs all={all} current={current} onGo={go} marked={markedPages} />
      <section className="stage-wrap" aria-label={t.viewer.stage}>
        <div
          ref={element} className="stage" onContextMenu={(e) => !me.custodian && e.preventDefault()} onDragStart={(e) => e.preventDefault()}
        />
        {!me.custodian && <p className="stage-note">{t.viewer.watermark}</p>}
      </section>
      {side && leaf && (
        <SidePanel
          volume={volume} leaf={leaf} info={info} tab={tab} onTab={setTab} line={line} walk={walk}
          onLine={(i) => {
            setLine(i);
            const box = i === null ? undefined : info.data?.lines[i]?.box;
            if (box) stage?.reveal(current, box);
          }}
          onWalk={setWalk}
        />
      )}
      {adding && leaf && <AddPagesDialog volume={volume.id} material={leaf.material} onClose={() => setAdding(false)} />}
    </div>
  );
}

/** Which of the boxes of a page belongs to the active hit. */
function firstBoxOf(walk: Walk, page: string): number {
  return walk.hits.slice(0, walk.at).filter((h) => h.page === page).reduce((n, h) => n + h.boxes.length, 0);
}

export type ReaderActs = Record<
  'next' | 'previous' | 'zoomIn' | 'zoomOut' | 'fitWidth' | 'fitPage' | 'rotate' | 'boxes' | 'side' | 'nextHit' | 'previousHit'
  | 'nextMaterial' | 'previousMaterial' | 'search', () => void
>;

function useViewerKeys(act: ReaderActs): void {
  const v = t.viewer;
  useShortcuts(v.title, [
    { keys: 'j pagedown', label: v.next, run: act.next },
    { keys: 'k pageup', label: v.previous, run: act.previous },
    { keys: ']', label: v.nextMaterial, run: act.nextMaterial },
    { keys: '[', label: v.previousMaterial, run: act.previousMaterial },
    { keys: 'n', label: v.nextHit, run: act.nextHit },
    { keys: 'p', label: v.previousHit, run: act.previousHit },
    { keys: '/', label: v.search, run: act.search },
    { keys: 'o', label: v.boxes, run: act.boxes },
    { keys: 't', label: v.side, run: act.side },
    { keys: '+ =', label: v.zoomIn, run: act.zoomIn },
    { keys: '-', label: v.zoomOut, run: act.zoomOut },
    { keys: 'w', label: v.fitWidth, run: act.fitWidth },
    { keys: 'f', label: v.fitPage, run: act.fitPage },
    { keys: 'r', label: v.rotate, run: act.rotate },
    // Paper copies go through the register, not through the browser.
    { keys: 'ctrl+p ctrl+s', label: v.printKey, run: () => undefined },
  ]);
}
