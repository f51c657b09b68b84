/**
 * Who may do what, where, on which channel: every role, every action, at the own store, at another of the same merchant, and at
 * somebody else's. One cell for each; those of roles that cannot be on a channel say so, and that they cannot is shown below.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ACTIONS, prepared, type Action, type Target } from './rights-actions.ts';
import {
  CHANNELS,
  openTown,
  OWNER_AT,
  RELATIONS,
  ROLES,
  UNREACHABLE,
  type Actor,
  type ChannelName,
  type Relation,
  type Role,
  type Town,
} from './rights-town.ts';

type Stores = Readonly<Partial<Record<Action, readonly Relation[]>>>;
const OWNER: Stores = {
  ...Object.fromEntries(ACTIONS.map((action) => [action, ['own', 'sibling'] as const])),
  // An owner undoes it.
  'ask an owner for the undo': [],
};
const STAFF: Stores = {
  'confirm a card of others': ['own'],
  'cancel a card of others': ['own'],
  'ask an owner for the undo': ['own'],
};
/** The stores at which a role may, on whatever channel. An action that is not named for a role is refused to it everywhere. */
const MAY: Readonly<Record<Role, Stores>> = {
  owner: OWNER,
  staff: STAFF,
  'group member': STAFF,
  'guest in a group': {},
  customer: {},
  stranger: {},
  'owner by link': OWNER,
  'staff by link': STAFF,
  'removed by link': {},
};

const may = (role: Role, action: Action, relation: Relation): boolean => MAY[role][action]?.includes(relation) ?? false;

let town: Town;
let close: () => Promise<void>;
beforeAll(async () => {
  town = await openTown((done) => (close = done));
}, 120_000);
afterAll(() => close());

/** Whatever takes effect leaves a fact. */
async function facts(): Promise<number> {
  const all = town.bot.database.db.selectFrom('fact').select((e) => e.fn.countAll<number>().as('n'));
  return (await all.executeTakeFirstOrThrow()).n;
}

/** Whether it takes effect. */
async function tries({ person, at }: Actor, { verb, id, typed }: Target): Promise<boolean> {
  const before = await facts();
  // People without a role are answered twenty times a minute.
  vi.setSystemTime(Date.now() + 1000);
  await town.bot.press(person, verb, id, at);
  if (typed !== undefined) await town.bot.ask(person, typed, at);
  return (await facts()) > before;
}

const cell = (channel: ChannelName, role: Role, relation: Relation, is: string): string =>
  `${channel} · ${role} · ${relation}: ${is}`;

describe.each(ACTIONS)('%s', (action) => {
  it('may, and may not, at every store', async () => {
    const { bot, stores, actors } = town;
    const done = new Map<string, string>();
    for (const relation of RELATIONS) {
      const target = () => prepared(action, bot, stores[relation], OWNER_AT[relation]);
      // One thing for all who may not: it stays as it is, and then somebody who may shows that it could have been done.
      let open = await target();
      const order = actors.toSorted((a, b) => Number(may(a.role, action, relation)) - Number(may(b.role, action, relation)));
      for (const actor of order) {
        const did = await tries(actor, open);
        done.set(`${actor.channel} ${actor.role} ${relation}`, did ? 'yes' : 'no');
        if (did) open = await target();
      }
    }
    const cells: string[] = [];
    const expected: string[] = [];
    for (const channel of CHANNELS)
      for (const role of ROLES)
        for (const relation of RELATIONS) {
          cells.push(cell(channel, role, relation, done.get(`${channel} ${role} ${relation}`) ?? '—'));
          const is = UNREACHABLE[channel].includes(role) ? '—' : may(role, action, relation) ? 'yes' : 'no';
          expected.push(cell(channel, role, relation, is));
        }
    expect(cells).toEqual(expected);
    expect(cells).toHaveLength(CHANNELS.length * ROLES.length * RELATIONS.length);
    expect(bot.faults).toEqual([]);
  }, 120_000);
});
