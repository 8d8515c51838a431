// Shown when edits could not be saved: nothing typed is lost, the reader decides.
import { Alert, Button } from 'antd';
import { asProblem } from '@/api/client';
import type { CatalogueOp, Volume } from '@/api/types';
import { t } from '@/i18n';
import { findMaterial } from './ops';
import type { Draft } from './useDraft';

function describe(op: CatalogueOp, volume: Volume): string {
  const o = t.catalogue.ops;
  if (op.op === 'add') return o.add(op.title);
  const title = findMaterial(volume.classes, op.material)?.title ?? o.unknown;
  switch (op.op) {
    case 'edit': return o.edit(title, t.catalogue.fields[op.field] ?? op.field, op.value);
    case 'move': return o.move(title, op.class_code, op.at);
    case 'remove': return o.remove(title);
    case 'page_move': return o.page(title, op.at);
  }
}

export function StuckEdits({ draft }: { draft: Draft }) {
  const problem = asProblem(draft.stuck);
  return (
    <Alert
      className="gap-below" type="warning" showIcon
      title={draft.stale ? t.catalogue.conflictTitle : t.catalogue.failedTitle}
      description={
        <>
          <p>{draft.stale ? t.catalogue.conflictText(draft.volume.rev) : problem.detail}</p>
          {!draft.stale && <p className="error-code">{t.errors.code(problem.code)}</p>}
          <p><strong>{t.catalogue.mine}</strong></p>
          <ul className="error-list">
            {draft.pending.map((op, i) => (
              <li key={i}>
                {describe(op, draft.base)} {draft.lost.includes(op) && t.catalogue.lostOp}
              </li>
            ))}
          </ul>
        </>
      }
      action={
        <span className="stuck-actions">
          <Button type="primary" size="small" onClick={draft.resend}>{t.catalogue.resend}</Button>
          <Button size="small" onClick={draft.discard}>{t.catalogue.discard}</Button>
        </span>
      }
    />
  );
}
