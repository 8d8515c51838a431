import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { Org } from '@/api/types';

export function useOrgs() {
  return useQuery({ queryKey: ['orgs'], queryFn: () => ask(api.GET('/api/v1/orgs')), staleTime: 60_000 });
}

export type OrgNode = { org: Org; children: OrgNode[] };

/** What a place is called below its parent: without the words both begin with. */
export function nameBelow(org: Org, parent: Org | undefined): string {
  const own = Array.from(org.short_name || org.full_name);
  const above = [parent?.short_name, parent?.full_name].map((name) => Array.from(name ?? ''));
  const differs = above.map((name) => own.findIndex((sign, i) => sign !== name[i]));
  // A word or two in common is no school's name, and something must be left to read.
  const same = Math.max(...differs);
  return same >= 4 && own.length - same >= 3 ? own.slice(same).join('') : own.join('');
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
