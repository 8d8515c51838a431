// The pages of one material as thumbnails: to look at, to reorder, to move elsewhere, to add to.
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { CatalogueOp, Material, Volume } from '@/api/types';
import { t } from '@/i18n';
import { AddPagesDialog } from './AddPagesDialog';
import { PAGE_TYPE } from './Grid';
import { MovePageDialog } from './MovePageDialog';

export function PageStrip({ volume, material, editable, onOp }: {
  volume: Volume; material: Material | undefined; editable: boolean; onOp: (op: CatalogueOp) => void;
}) {
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const reads = volume.actions.includes('page.view');

  if (!material) return <aside className="strip"><p className="dim">{t.catalogue.pagesChoose}</p></aside>;

  const onKey = (event: KeyboardEvent, page: string, at: number) => {
    const step = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const to = at + step;
      if (event.altKey && editable && to >= 0 && to < material.pages.length) onOp({ op: 'page_move', page, material: material.id, at: to + 1 });
      requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('button.thumb')[to]?.focus());
    } else if (event.key.toLowerCase() === 'm' && editable) {
      event.preventDefault();
      setMoving(page);
    }
  };

  return (
    <aside className="strip no-print" aria-label={t.catalogue.pages}>
      <h2>{t.catalogue.pagesOf(material.title)}</h2>
      {material.pages.length === 0 && <p className="dim">{t.catalogue.pagesNone}</p>}
      <ul ref={list} className="thumbs">
        {material.pages.map((p, i) => (
          <li key={p.id}>
            <button
              type="button" className="thumb" draggable={editable} title={editable ? t.catalogue.movePageHint : undefined}
              onDragStart={(e) => e.dataTransfer.setData(PAGE_TYPE, p.id)}
              onDragOver={(e) => e.dataTransfer.types.includes(PAGE_TYPE) && editable && e.preventDefault()}
              onDrop={(e) => {
                const page = e.dataTransfer.getData(PAGE_TYPE);
                if (page && page !== p.id) onOp({ op: 'page_move', page, material: material.id, at: i + 1 });
              }}
              onClick={() => reads && void navigate({ to: '/read/$volume', params: { volume: volume.id }, search: { page: p.id } })}
              onKeyDown={(e) => onKey(e, p.id, i)}
            >
              {reads && <img src={`/api/v1/pages/${p.id}/thumb`} alt="" loading="lazy" draggable={false} />}
              <span>{t.catalogue.page(p.no)}{p.low && <em title={t.catalogue.low}> !</em>}</span>
            </button>
          </li>
        ))}
      </ul>
      {editable && (
        <p>
          <Button size="small" disabled={material.id.startsWith('new-')} onClick={() => setAdding(true)}>{t.catalogue.addPages}</Button>
        </p>
      )}
      {adding && <AddPagesDialog volume={volume.id} material={material} onClose={() => setAdding(false)} />}
      {moving && (
        <MovePageDialog
          volume={volume} from={material.id} onClose={() => setMoving(null)}
          onMove={(to, at) => onOp({ op: 'page_move', page: moving, material: to, at })}
        />
      )}
    </aside>
  );
}
