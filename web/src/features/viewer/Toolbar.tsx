import {
  BorderOuterOutlined, ColumnWidthOutlined, DownOutlined, FileOutlined, LayoutOutlined, PlusOutlined, RotateRightOutlined, StepBackwardOutlined,
  StepForwardOutlined, UpOutlined, ZoomInOutlined, ZoomOutOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Volume } from '@/api/types';
import { t } from '@/i18n';
import type { Walk } from './hits';
import type { Leaf } from './layout';
import type { ReaderActs } from './Reader';

function Tool({ label, keys, icon, onClick, pressed }: { label: string; keys?: string; icon: ReactNode; onClick: () => void; pressed?: boolean }) {
  return (
    <button type="button" className="tool" aria-label={label} title={keys ? `${label} (${keys})` : label} aria-pressed={pressed} onClick={onClick}>
      <span aria-hidden="true">{icon}</span>
    </button>
  );
}

export function Toolbar({ volume, leaf, total, act, boxes, side, walk, onGo, onAdd }: {
  volume: Volume; leaf: Leaf | undefined; total: number; act: ReaderActs; boxes: boolean; side: boolean; walk: Walk;
  onGo: (index: number) => void; onAdd?: () => void;
}) {
  const v = t.viewer;
  return (
    <div className="reader-head">
      <div className="reader-what">
        <Link to="/volumes/$volume" params={{ volume: volume.id }} search={{ material: leaf?.material.id }}>{v.back}</Link>
        <h1>
          {volume.person_name} <span className="reader-no">{volume.no}</span>
          {leaf && <span className="reader-material">{leaf.material.class_code}-{leaf.material.seq} {leaf.material.title}</span>}
        </h1>
      </div>
      <div className="tools" role="toolbar" aria-label={v.title}>
        <Tool label={v.previous} keys="K" icon={<UpOutlined aria-hidden />} onClick={act.previous} />
        <PageField key={leaf?.index} index={leaf?.index ?? 0} total={total} onGo={onGo} />
        <Tool label={v.next} keys="J" icon={<DownOutlined aria-hidden />} onClick={act.next} />
        <span className="tool-gap" />
        <Tool label={v.zoomOut} keys="-" icon={<ZoomOutOutlined aria-hidden />} onClick={act.zoomOut} />
        <Tool label={v.zoomIn} keys="+" icon={<ZoomInOutlined aria-hidden />} onClick={act.zoomIn} />
        <Tool label={v.fitWidth} keys="W" icon={<ColumnWidthOutlined aria-hidden />} onClick={act.fitWidth} />
        <Tool label={v.fitPage} keys="F" icon={<FileOutlined aria-hidden />} onClick={act.fitPage} />
        <Tool label={v.rotate} keys="R" icon={<RotateRightOutlined aria-hidden />} onClick={act.rotate} />
        <span className="tool-gap" />
        {walk.hits.length > 0 && (
          <>
            <Tool label={v.previousHit} keys="P" icon={<StepBackwardOutlined aria-hidden />} onClick={act.previousHit} />
            <span className="tool-text" role="status">{v.hitAt(walk.at + 1, walk.hits.length)}</span>
            <Tool label={v.nextHit} keys="N" icon={<StepForwardOutlined aria-hidden />} onClick={act.nextHit} />
            <span className="tool-gap" />
          </>
        )}
        <Tool label={v.boxes} keys="O" icon={<BorderOuterOutlined aria-hidden />} pressed={boxes} onClick={act.boxes} />
        <Tool label={v.side} keys="T" icon={<LayoutOutlined aria-hidden />} pressed={side} onClick={act.side} />
        {onAdd && <Tool label={v.addPages} icon={<PlusOutlined aria-hidden />} onClick={onAdd} />}
      </div>
    </div>
  );
}

function PageField({ index, total, onGo }: { index: number; total: number; onGo: (index: number) => void }) {
  const [text, setText] = useState(String(index + 1));
  return (
    <span className="tool-text">
      <input
        className="page-field" inputMode="numeric" aria-label={t.viewer.jump} value={text} onChange={(e) => setText(e.target.value.replace(/\D/g, ''))}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && text !== '') onGo(Number(text) - 1);
          if (e.key === 'Enter' || e.key === 'Escape') e.currentTarget.blur();
        }}
        onBlur={() => setText(String(index + 1))}
      />{' '}
      / {total}
    </span>
  );
}
