import { TreeSelect } from 'antd';
import { useMemo } from 'react';
import { t } from '@/i18n';
import { orgTree, useOrgs, type OrgNode } from './api';

type Item = { value: string; title: string; children: Item[] };

function toItem(node: OrgNode): Item {
  return { value: node.org.id, title: node.org.full_name, children: node.children.map(toItem) };
}

/** Chooses one organisation out of those the reader may see; its label comes from the form. */
export function OrgSelect({ value, onChange, id, allowClear, style }: {
  id?: string;
  value?: string;
  onChange?: (org: string | undefined) => void;
  allowClear?: boolean;
  style?: React.CSSProperties;
}) {
  const orgs = useOrgs();
  const items = useMemo(() => orgTree(orgs.data?.orgs ?? []).map(toItem), [orgs.data]);
  return (
    <TreeSelect
      id={id} value={value} onChange={onChange} treeData={items} loading={orgs.isPending} allowClear={allowClear}
      showSearch={{ treeNodeFilterProp: 'title' }} treeDefaultExpandAll style={{ width: '100%', ...style }}
      placeholder={t.orgs.choose}
    />
  );
}
