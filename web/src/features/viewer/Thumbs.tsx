import { useEffect, useRef } from 'react';
import { t } from '@/i18n';
import type { Leaf } from './layout';

/** All pages small, under the names of their materials. */
export function Thumbs({ all, current, marked, onGo }: { all: Leaf[]; current: number; marked: Set<string>; onGo: (index: number) => void }) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <nav ref={list} className="reader-thumbs" aria-label={t.viewer.thumbs}>
      {all.map((leaf, i) => {
        const first = all[i - 1]?.material.id !== leaf.material.id;
        return (
          <div key={leaf.page.id}>
            {first && <p className="thumb-title">{leaf.material.class_code}-{leaf.material.seq} {leaf.material.title}</p>}
            <button
              type="button" className="reader-thumb" aria-current={i === current ? 'page' : undefined} onClick={() => onGo(i)}
              aria-label={`${leaf.material.title} ${t.viewer.pageNo(leaf.page.no)}`}
            >
              <img src={`/api/v1/pages/${leaf.page.id}/thumb`} alt="" loading="lazy" draggable={false} />
              <span>{leaf.page.no}{marked.has(leaf.page.id) && <i className="thumb-mark" aria-hidden="true" />}</span>
            </button>
          </div>
        );
      })}
    </nav>
  );
}
