import { TreeSelect } from 'antd';
import { useMemo } from 'react';
import { t } from '@/i18n';
import { orgTree, useOrgs, type OrgNode } from './api';

type Item = { value: string; title: string; disabled: boolean; children: Item[] };

/** Kinds that have people of their own. */
const BRANCHES = new Set(['ZB', 'LHZB', 'LSZB', 'DXZ']);

function toItem(node: OrgNode, branches: boolean): Item {
  return {
    value: node.org.id,
    title: node.org.full_name,
    disabled: branches && !BRANCHES.has(node.org.kind),
    children: node.children.map((n) => toItem(n, branches)),
  };
}

/** Chooses one organisation out of those the reader may see; its label comes from the form. */
export function OrgSelect({ value, onChange, id, allowClear, branches = false, style }: {
  id?: string;
  value?: string;
  onChange?: (org: string | undefined) => void;
  allowClear?: boolean;
  /** Only branches can be chosen. */
  branches?: boolean;
  style?: React.CSSProperties;
}) {
  const orgs = useOrgs();
  const items = useMemo(() => orgTree(orgs.data?.orgs ?? []).map((n) => toItem(n, branches)), [orgs.data, branches]);
  return (
    <TreeSelect
      id={id} value={value} onChange={onChange} treeData={items} loading={orgs.isPending} allowClear={allowClear}
      showSearch={{ treeNodeFilterProp: 'title' }} treeDefaultExpandAll style={{ width: '100%', ...style }}
      placeholder={t.orgs.choose}
    />
  );
}
