// Back and forth through a keyset-paged list: the server gives the key of the next page,
// the way back is remembered here.
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { t } from '@/i18n';
import { capped } from '@/shared/format';

export const PAGE = 50;

export type Keyset = { after: string | undefined; page: number; next: (key: string) => void; back: () => void };

/** The place in the list; starts again from the top when `resetOn` changes. */
export function useKeyset(resetOn: string): Keyset {
  const [state, setState] = useState<{ on: string; keys: string[] }>({ on: resetOn, keys: [] });
  const keys = state.on === resetOn ? state.keys : [];
  return {
    after: keys.at(-1),
    page: keys.length,
    next: (key) => setState({ on: resetOn, keys: [...keys, key] }),
    back: () => setState({ on: resetOn, keys: keys.slice(0, -1) }),
  };
}

export function Pager({ keyset, rows, next, total, isCapped, size = PAGE }: {
  keyset: Keyset;
  rows: number;
  next?: string | null;
  total?: number;
  isCapped?: boolean;
  size?: number;
}) {
  const from = keyset.page * size + 1;
  return (
    <nav className="pager" aria-label={t.common.paging}>
      <span aria-live="polite">
        {rows > 0 && t.common.range(from, from + rows - 1, total === undefined ? undefined : capped(total, isCapped ?? false))}
      </span>
      <span className="pager-buttons">
        <Button size="small" icon={<LeftOutlined aria-hidden />} disabled={keyset.page === 0} onClick={keyset.back}>
          {t.common.previousPage}
        </Button>
        <Button size="small" disabled={!next} onClick={() => next && keyset.next(next)} icon={<RightOutlined aria-hidden />} iconPlacement="end">
          {t.common.nextPage}
        </Button>
      </span>
    </nav>
  );
}
