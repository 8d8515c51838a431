import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { Org } from '@/api/types';

export function useOrgs() {
  return useQuery({ queryKey: ['orgs'], queryFn: () => ask(api.GET('/api/v1/orgs')), staleTime: 60_000 });
}

export type OrgNode = { org: Org; children: OrgNode[] };

/** What a place is called below its parent: without the words both begin with. */
export function nameBelow(org: Org, parent: Org | undefined): string {
  if (org.short_name) return org.short_name;
  const [own, above] = [[...org.full_name], [...(parent?.full_name ?? '')]];
  let same = 0;
  while (same < own.length && own[same] === above[same]) same += 1;
  // A word or two in common is no school's name, and something must be left to read.
  return same >= 4 && own.length - same >= 3 ? own.slice(same).join('') : org.full_name;
}

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
