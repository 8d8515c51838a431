// One volume: ten classes on the left, the catalogue in the middle, the pages of the
// chosen material on the right.
import { useParams, useSearch } from '@tanstack/react-router';
import { App, Tree, type TreeDataNode } from 'antd';
import { useState } from 'react';
import { asProblem } from '@/api/client';
import type { CatalogueOp, Volume, VolumeClass } from '@/api/types';
import { useVolume } from '@/features/volumes/api';
import { t } from '@/i18n';
import { useShortcuts } from '@/shared/keys';
import { useCan } from '@/shared/me';
import { Empty, QueryView } from '@/shared/ui/States';
import { ReasonDialog } from '@/shared/ui/ReasonDialog';
import { CatalogueHead } from './CatalogueHead';
import { Grid } from './Grid';
import { findMaterial, stepMove } from './ops';
import { PageStrip } from './PageStrip';
import { classNumber, type DraftPlace } from './rows';
import { StuckEdits } from './StuckEdits';
import { useDraft } from './useDraft';

export function CataloguePage() {
  const { volume } = useParams({ from: '/volumes/$volume' });
  const query = useVolume(volume);
  return (
    <div className="page page-full">
      <QueryView query={query} rows={12}>{(data) => <Editor key={data.id} base={data} />}</QueryView>
    </div>
  );
}

function treeNodes(classes: VolumeClass[], parent: string | undefined): TreeDataNode[] {
  return classes
    .filter((c) => (c.parent ?? undefined) === parent)
    .map((c) => {
      const children = treeNodes(classes, c.code);
      const count = c.materials.length + classes.filter((x) => x.parent === c.code).reduce((n, x) => n + x.materials.length, 0);
      return {
        key: c.code,
        title: (
          <span className="org-node" title={c.name}>
            <span className="org-name">{classNumber(c.code)} {c.label}</span>
            <span className="org-count">{count || ''}</span>
          </span>
        ),
        children,
      };
    });
}

function Editor({ base }: { base: Volume }) {
  const can = useCan();
  const { message } = App.useApp();
  const { material: asked } = useSearch({ from: '/volumes/$volume' });
  const draft = useDraft(base);
  const { volume } = draft;
  const editable = can('volume.edit') && volume.actions.includes('volume.edit');
  const [selected, setSelected] = useState<string | undefined>(asked);
  const [cls, setCls] = useState<string | undefined>();
  const [goTo, setGoTo] = useState<string | null>(asked ?? null);
  const [adding, setAdding] = useState<DraftPlace | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const chosen = selected ? findMaterial(volume.classes, selected) : undefined;

  const send = (op: CatalogueOp, reason?: string) => draft.edit(op, reason);
  const undo = () => {
    if (!editable || draft.pending.length > 0) return;
    draft.undo().then(
      () => void message.success(t.catalogue.undone),
      (e: unknown) => void message.error(asProblem(e).detail),
    );
  };
  const addAtEnd = () => {
    const code = cls ?? volume.classes.find((c) => c.leaf)?.code;
    const target = volume.classes.find((c) => c.code === code && c.leaf) ?? volume.classes.find((c) => c.parent === code && c.leaf);
    if (target) setAdding({ class_code: target.code, at: target.materials.length + 1 });
  };

  // The grid itself handles most of its keys; they are named here so that `?` can list them.
  useShortcuts(t.catalogue.grid, [
    { keys: 'arrowup arrowdown arrowleft arrowright', label: t.catalogue.keys.move },
    { keys: 'f2 enter', label: t.catalogue.keys.edit },
    { keys: 'escape', label: t.catalogue.keys.cancel },
    { keys: 'alt+arrowup', label: t.catalogue.keys.up },
    { keys: 'alt+arrowdown', label: t.catalogue.keys.down },
    { keys: 'insert', label: t.catalogue.keys.add, run: addAtEnd },
    { keys: 'delete', label: t.catalogue.keys.remove, run: () => chosen && editable && setRemoving(chosen.id) },
    { keys: 'ctrl+z', label: t.catalogue.keys.undo, run: undo },
  ].filter((s) => editable || s.label === t.catalogue.keys.move));

  const add = async (place: DraftPlace, title: string) => {
    const saved = await send({ op: 'add', class_code: place.class_code, title, at: place.at });
    const fresh = saved?.classes.find((c) => c.code === place.class_code)?.materials[place.at - 1];
    if (fresh) {
      setSelected(fresh.id);
      setGoTo(fresh.id);
    }
  };
  const step = (material: string, by: 1 | -1) => {
    const to = stepMove(volume.classes, material, by);
    if (to) {
      void send({ op: 'move', material, ...to });
      setGoTo(null);
      requestAnimationFrame(() => setGoTo(material));
    }
  };

  return (
    <>
      <CatalogueHead volume={volume} draft={draft} editable={editable} onUndo={undo} onAdd={addAtEnd} />
      {draft.stuck !== null && <StuckEdits draft={draft} />}
      <div className="catalogue">
        <aside className="split-side no-print" aria-labelledby="class-tree">
          <h2 id="class-tree">{t.catalogue.classes}</h2>
          <Tree
            aria-labelledby="class-tree" blockNode virtual={false} defaultExpandAll treeData={treeNodes(volume.classes, undefined)}
            selectedKeys={cls ? [cls] : []}
            onSelect={([key]) => {
              if (key === undefined) return;
              setGoTo(null);
              requestAnimationFrame(() => setGoTo(String(key)));
            }}
          />
        </aside>
        <div className="catalogue-main">
          {volume.classes.every((c) => c.materials.length === 0) && !adding && (
            <Empty title={t.catalogue.emptyTitle} hint={editable ? t.catalogue.emptyHint : undefined} />
          )}
          <Grid
            volume={volume} editable={editable} selected={selected} goTo={goTo} draft={adding} setDraft={setAdding}
            onSelect={(id, code) => {
              setSelected(id);
              setCls(code);
            }}
            onEdit={(material, field, value) => void send({ op: 'edit', material, field, value })}
            onAdd={(place, title) => void add(place, title)}
            onStep={step}
            onMove={(material, place) => void send({ op: 'move', material, ...place })}
            onRemove={setRemoving}
            onDropPage={(page, material) => void send({ op: 'page_move', page, material, at: (findMaterial(volume.classes, material)?.pages.length ?? 0) + 1 })}
          />
          {volume.removed.length > 0 && (
            <details className="removed">
              <summary>{t.catalogue.removed(volume.removed.length)}</summary>
              <ul className="plain-list">
                {volume.removed.map((m) => (
                  <li key={m.id}>
                    <span>{m.class_code} {m.title}</span>
                    <span className="dim">{m.removed}</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
        <PageStrip volume={volume} material={chosen} editable={editable} onOp={(op) => void send(op)} />
      </div>
      <ReasonDialog
        open={removing !== null} danger title={t.catalogue.remove} note={t.catalogue.removeNote} label={t.catalogue.removeReason}
        suggestions={t.catalogue.removeReasons} okText={t.common.remove} onClose={() => setRemoving(null)}
        onOk={async (reason) => {
          if (removing) await send({ op: 'remove', material: removing, reason }, reason);
        }}
      />
    </>
  );
}
