import type { UseQueryResult } from '@tanstack/react-query';
import { Tabs } from 'antd';
import type { PageInfo, Volume } from '@/api/types';
import { t } from '@/i18n';
import { bytes, percent } from '@/shared/format';
import { Facts } from '@/shared/ui/Page';
import { QueryView } from '@/shared/ui/States';
import { word } from '@/shared/ui/Tags';
import type { Walk } from './hits';
import type { Leaf } from './layout';
import { InVolumeSearch } from './InVolumeSearch';
import { TextPanel } from './TextPanel';

export function SidePanel({ volume, leaf, info, tab, onTab, line, onLine, walk, onWalk }: {
  volume: Volume; leaf: Leaf; info: UseQueryResult<PageInfo>; tab: string; onTab: (tab: string) => void;
  line: number | null; onLine: (line: number | null) => void; walk: Walk; onWalk: (walk: Walk) => void;
}) {
  const v = t.viewer;
  return (
    <aside className="reader-side" aria-label={v.side}>
      <Tabs
        activeKey={tab} onChange={onTab}
        items={[
          {
            key: 'text', label: v.tabs.text,
            children: <QueryView query={info}>{(page) => <TextPanel key={page.id} page={page} line={line} onLine={onLine} />}</QueryView>,
          },
          { key: 'search', label: v.tabs.search, children: <InVolumeSearch volume={volume} walk={walk} onWalk={onWalk} /> },
          { key: 'info', label: v.tabs.info, children: <QueryView query={info}>{(page) => <Info page={page} leaf={leaf} />}</QueryView> },
        ]}
      />
    </aside>
  );
}

function Info({ page, leaf }: { page: PageInfo; leaf: Leaf }) {
  const i = t.viewer.info;
  return (
    <Facts
      columns={1}
      items={[
        [i.material, leaf.material.title], [i.no, leaf.page.no], [i.format, page.format], [i.size, t.viewer.pixels(page.w, page.h)],
        [i.dpi, page.dpi ? t.viewer.dpi(page.dpi) : ''], [i.bytes, bytes(page.bytes)],
        [i.ocr, `${word(t.viewer.ocrStates, page.ocr)} ${percent(page.confidence)}`],
        [i.sha256, <span className="mono digest">{page.sha256}</span>], [i.sm3, <span className="mono digest">{page.sm3}</span>],
      ]}
    />
  );
}
