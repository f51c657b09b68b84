/** The guard of the front door: refuses a command to people outside its audience. The table and its exceptions are COMMANDS. */
import type { Reports } from '../services/ledger/reports.ts';
import { commandOf, type Audience, type CommandName } from './commands.ts';
import type { Asker } from './handler.ts';
import { mayVerify } from './rights.ts';

/** The sentence for a refused command. */
export type NotAllowed = 'unbound' | 'reports-only' | 'stranger' | 'owner-only';

/** Why a person is outside an audience; undefined for a member. Only a chat with a store has staff and an owner. */
export function outside(audience: Audience, { store, role }: Pick<Asker, 'store' | 'role'>): NotAllowed | undefined {
  if (audience === 'all') return undefined;
  if (!store) return 'unbound';
  if (audience === 'owner') return role === 'owner' ? undefined : 'owner-only';
  return mayVerify(role) ? undefined : 'stranger';
}

/** Why this person may not use this command in this chat; undefined where they may. */
export type Guard = (name: CommandName, asker: Asker) => Promise<NotAllowed | undefined>;

export function createGuard({ reports }: { reports: Pick<Reports, 'storesOf'> }): Guard {
  return async (name, asker) => {
    const { audience, exception } = commandOf(name);
    if (exception === 'handler-decides') return undefined;
    const no = outside(audience, asker);
    if (!no || (no !== 'unbound' && exception !== 'owner-group')) return no;
    if ((await reports.storesOf(asker.chat.id)).length === 0) return no;
    return exception === 'owner-group' ? undefined : 'reports-only';
  };
}
