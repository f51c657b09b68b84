/** The owner beside the chats: turns rules on and off, by the program's own code over a way of his own to the database. */
import { createAutoRules } from '../../../services/automation/rules.ts';
import type { Chance } from '../world/chance.ts';
import type { Scheduler } from '../world/scheduler.ts';
import type { SharedDatabase } from '../world/shared-database.ts';
import { BY } from '../world/town.ts';

export interface Owner {
  /** Turns a rule; where the database fails just then, nothing happens. */
  turn(rule: string, on: boolean): void;
}

export function createOwner(parts: {
  shared: Pick<SharedDatabase, 'reach'>;
  scheduler: Scheduler;
  chance: Chance;
  tell: (line: string) => void;
}): Owner {
  const { shared, scheduler, tell } = parts;
  const hand = { name: 'owner', dead: false, frozenUntil: 0, aheadMs: 0 };
  const now = (): number => Math.floor(scheduler.now());
  const { db } = shared.reach(hand, parts.chance);
  const rules = createAutoRules({ db, now, newId: () => 'no rule is added' });
  const turn = async (id: string, on: boolean): Promise<void> => {
    const rule = await rules.get(id);
    if (!rule) return;
    await (on ? rules.turnOn(id, rule.revision, BY) : rules.turnOff(id, BY));
    tell(`the owner turns ${rule.name} of ${rule.storeId} ${on ? 'on' : 'off'}`);
  };
  return { turn: (id, on) => void turn(id, on).catch((error: unknown) => tell(`the owner fails: ${String(error)}`)) };
}
