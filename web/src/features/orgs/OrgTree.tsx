// The tree on the left of the lists. One place is chosen; the list shows what is below.
import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Tree, type TreeDataNode } from 'antd';
import { useMemo, useState } from 'react';
import type { Org } from '@/api/types';
import { t } from '@/i18n';
import { useCan } from '@/shared/me';
import { Empty, QueryView } from '@/shared/ui/States';
import { nameBelow, orgTree, useOrgs, type OrgNode } from './api';
import { OrgDialog } from './OrgDialog';

const ALL = 'all';
/** Deeper levels start folded once a tree is large. */
const OPEN_DEPTH = 2;
const LARGE = 40;

function label(org: Org, parent: Org | undefined) {
  return (
    <span className="org-node" title={org.full_name}>
      <span className="org-name">{nameBelow(org, parent)}</span>
      <span className="org-count">{org.people > 0 ? org.people : ''}</span>
    </span>
  );
}

function toNode(node: OrgNode, parent?: Org): TreeDataNode {
  return { key: node.org.id, title: label(node.org, parent), children: node.children.map((n) => toNode(n, node.org)) };
}

/** Keeps the nodes whose name has the words, with the way to them. */
function matching(nodes: OrgNode[], words: string): OrgNode[] {
  if (words === '') return nodes;
  return nodes.flatMap((node) => {
    const children = matching(node.children, words);
    const own = `${node.org.full_name}${node.org.short_name ?? ''}`.includes(words);
    return own || children.length > 0 ? [{ org: node.org, children: own ? node.children : children }] : [];
  });
}

export function OrgTree({ value, onChange }: { value?: string; onChange: (org: string | undefined) => void }) {
  const can = useCan();
  const orgs = useOrgs();
  const [words, setWords] = useState('');
  const [dialog, setDialog] = useState<'add' | 'edit' | null>(null);
  const all = orgs.data?.orgs;
  const tree = useMemo(() => orgTree(all ?? []), [all]);
  const shown = useMemo(() => matching(tree, words.trim()), [tree, words]);
  const chosen = all?.find((o) => o.id === value);
  const open = useMemo(() => (all ?? []).filter((o, _, every) => every.length <= LARGE || o.depth < OPEN_DEPTH).map((o) => o.id), [all]);

  return (
    <aside className="split-side no-print" aria-labelledby="org-tree">
      <h2>
        <span id="org-tree">{t.orgs.title}</span>
        {can('org.edit') && (
          <span>
            <Button
              size="small" type="text" icon={<EditOutlined aria-hidden />} aria-label={t.orgs.edit} title={t.orgs.edit} disabled={!chosen}
              onClick={() => setDialog('edit')}
            />
            <Button
              size="small" type="text" icon={<PlusOutlined aria-hidden />} aria-label={t.orgs.add} title={t.orgs.add}
              onClick={() => setDialog('add')}
            />
          </span>
        )}
      </h2>
      <QueryView query={orgs}>
        {(data) =>
          data.orgs.length === 0 ? <Empty title={t.orgs.empty} hint={t.orgs.emptyHint} /> : (
            <>
              <Input
                size="small" allowClear value={words} onChange={(e) => setWords(e.target.value)} placeholder={t.orgs.filter}
                aria-label={t.orgs.filter} className="org-filter"
              />
              <Tree
                // A new filter opens everything that was found.
                key={words.trim() === '' ? 'all' : words}
                aria-labelledby="org-tree"
                blockNode
                virtual={false}
                defaultExpandedKeys={open}
                defaultExpandAll={words.trim() !== ''}
                selectedKeys={[value ?? ALL]}
                treeData={[{ key: ALL, title: t.orgs.all, isLeaf: true }, ...shown.map((n) => toNode(n))]}
                onSelect={([key]) => onChange(key === undefined || key === ALL ? undefined : String(key))}
              />
            </>
          )
        }
      </QueryView>
      {dialog && <OrgDialog mode={dialog} org={chosen ?? tree[0]?.org} onClose={() => setDialog(null)} />}
    </aside>
  );
}
