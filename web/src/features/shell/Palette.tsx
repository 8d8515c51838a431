// Ctrl K: one box for people, catalogue titles, page text and places to go.
// A listbox under a combobox: the focus stays in the field, the arrows move the choice.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useDeferredValue, useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Hit } from '@/api/types';
import { MIN_QUERY, search } from '@/features/search/api';
import { Snippet } from '@/features/search/Snippet';
import { keepPageHits, setSearch } from '@/features/search/state';
import { useOpenHit } from '@/features/search/useOpenHit';
import { t } from '@/i18n';
import { useCan } from '@/shared/me';
import { ErrorBox } from '@/shared/ui/States';
import { menuGroups } from './menu';

type Item = { key: string; group: string; main: ReactNode; side?: ReactNode; run: () => void };

function useDelayed(value: string, ms: number): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return late;
}

function describe(hit: Hit): { main: ReactNode; side: ReactNode } {
  if (hit.kind === 'person') return { main: hit.person_name ?? '', side: <Snippet parts={hit.snippet} /> };
  const place = [hit.person_name, hit.volume_no].filter(Boolean).join(' · ');
  if (hit.kind === 'material') return { main: hit.material_title ?? <Snippet parts={hit.snippet} />, side: place };
  return {
    main: <Snippet parts={hit.snippet} />,
    side: `${place} · ${hit.material_title ?? ''} · ${t.palette.pageNo(hit.page_no ?? 0)}`,
  };
}

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal
      open={open} onCancel={onClose} footer={null} closable={false} width={680} title={t.palette.title}
      destroyOnHidden className="palette" style={{ top: 72 }}
    >
      <PaletteBody onClose={onClose} />
    </Modal>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const can = useCan();
  const navigate = useNavigate();
  const openHit = useOpenHit();
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState(0);
  const searches = can('search');
  const placeholder = searches ? t.palette.placeholder : t.shell.jump;
  const late = useDelayed(useDeferredValue(q.trim()), 180);
  const asks = late.length >= MIN_QUERY && searches;
  const found = useQuery({
    queryKey: ['palette', late],
    queryFn: ({ signal }) => search({ q: late, kind: 'all', limit: 12 }, signal),
    enabled: asks,
    gcTime: 0,
  });

  const items = listItems();
  const at = Math.min(chosen, items.length - 1);

  function listItems(): Item[] {
    const hits = asks ? (found.data?.hits ?? []) : [];
    const names: Record<string, string> = { person: t.palette.people, material: t.palette.materials, page: t.palette.pages };
    const rows = hits.map((hit): Item => ({
      key: `${hit.kind}-${hit.id}-${hit.page ?? ''}`,
      group: names[hit.kind] ?? hit.kind,
      ...describe(hit),
      run: () => {
        keepPageHits(hits);
        setSearch({ q: late });
        openHit(hit);
      },
    }));
    const places = menuGroups()
      .flatMap((g) => g.entries)
      .filter((e) => (!e.needs || can(e.needs)) && (q.trim() === '' || e.label.toLowerCase().includes(q.trim().toLowerCase())))
      .map((e): Item => ({ key: e.to, group: t.palette.actions, main: e.label, run: () => void navigate({ to: e.to }) }));
    const all: Item[] = asks
      ? [{
          key: 'all', group: t.palette.actions, main: t.palette.all(late),
          run: () => {
            setSearch({ q: late, kind: 'all' });
            void navigate({ to: '/search' });
          },
        }]
      : [];
    // Kinds stay together, in the order of the groups.
    const order = Object.values(names);
    rows.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
    return [...rows, ...all, ...places];
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setChosen((at + step + items.length) % items.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      items[at]?.run();
      if (items[at]) onClose();
    }
  };

  return (
    <div className="palette-body">
      <input
        autoFocus className="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
        aria-autocomplete="list" aria-activedescendant={items[at] ? `palette-${at}` : undefined} aria-label={placeholder}
        placeholder={placeholder} value={q} autoComplete="off" spellCheck={false}
        onChange={(e) => {
          setQ(e.target.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      {found.isError && <ErrorBox error={found.error} />}
      <div id="palette-list" role="listbox" aria-label={t.palette.title} className="palette-list">
        {items.map((item, i) => (
          <PaletteRow
            key={item.key} item={item} id={`palette-${i}`} chosen={i === at} head={items[i - 1]?.group !== item.group}
            onHover={() => setChosen(i)}
            onPick={() => {
              item.run();
              onClose();
            }}
          />
        ))}
      </div>
      <p className="palette-foot" role="status">
        {asks && found.isSuccess && found.data.hits.length === 0 ? t.palette.nothing : searches ? t.palette.start : t.palette.startJump}
      </p>
    </div>
  );
}

function PaletteRow({ item, id, chosen, head, onHover, onPick }: {
  item: Item; id: string; chosen: boolean; head: boolean; onHover: () => void; onPick: () => void;
}) {
  useEffect(() => {
    if (chosen) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);
  return (
    <div
      id={id} role="option" aria-selected={chosen} className={chosen ? 'palette-row chosen' : 'palette-row'}
      data-group={head ? item.group : undefined} onMouseMove={onHover} onMouseDown={(e) => e.preventDefault()} onClick={onPick}
    >
      <span className="palette-group">{head ? item.group : ''}</span>
      <span className="palette-main">{item.main}</span>
      {item.side && <span className="palette-side">{item.side}</span>}
    </div>
  );
}
