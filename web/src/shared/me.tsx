// Who is signed in, and what the screens may offer. The server decides; this only
// keeps people from walking into refusals.
import { createContext, useContext } from 'react';
import type { Me } from '@/api/types';

export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('used outside of the signed-in part');
  return me;
}

/** True when some role of the reader has the action somewhere. */
export function useCan(): (action: Action) => boolean {
  const me = useMe();
  return (action) => me.actions.includes(action) && !(me.readonly && WRITES.has(action));
}

export type Action =
  | 'org.read' | 'org.edit'
  | 'person.list' | 'person.read' | 'person.reveal' | 'person.edit' | 'person.history' | 'person.looks'
  | 'import.run'
  | 'volume.list' | 'volume.read' | 'volume.edit' | 'page.view' | 'page.correct' | 'catalogue.print'
  | 'search' | 'job.read' | 'job.manage'
  | 'ledger.read' | 'ledger.verify' | 'account.read' | 'account.manage' | 'role.grant' | 'system.check' | 'self';

/** Not offered while the server is read-only. */
const WRITES = new Set<Action>([
  'org.edit', 'person.edit', 'import.run', 'volume.edit', 'page.correct', 'job.manage', 'account.manage', 'role.grant',
]);
