import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { Org } from '@/api/types';

export function useOrgs() {
  return useQuery({ queryKey: ['orgs'], queryFn: () => ask(api.GET('/api/v1/orgs')), staleTime: 60_000 });
}

export type OrgNode = { org: Org; children: OrgNode[] };

/** The flat list as a tree. Somebody who sees only a branch gets that branch as a root. */
export function orgTree(orgs: Org[]): OrgNode[] {
  const nodes = new Map(orgs.map((org) => [org.id, { org, children: [] as OrgNode[] }]));
  const roots: OrgNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.org.parent ? nodes.get(node.org.parent) : undefined;
    (parent?.children ?? roots).push(node);
  }
  return roots;
}
