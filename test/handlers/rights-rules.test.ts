/** Who may do what, where: every role, every action, at the own store, at another of the same merchant, and at somebody else's. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Person } from '../../handlers/message.ts';
import type { Verb } from '../../handlers/verb.ts';
import { createSeal } from '../../services/database/seal.ts';
import { createPlaceTokens, linkWord } from '../../services/self-service/place-tokens.ts';
import { buttonsOf, GROUP, GUEST, LI, openHandlers, WANG, type At, type Harness } from './harness.ts';

/** `own`: where the role is held. `sibling`: the same merchant's other store. `foreign`: another merchant's. */
const RELATIONS = ['own', 'sibling', 'foreign'] as const;
type Relation = (typeof RELATIONS)[number];

const ROLES = ['owner', 'staff', 'group member', 'guest in a group', 'customer', 'stranger'] as const;
type Role = (typeof ROLES)[number];

/** What can be tried, each on something of the store that its owner has made. */
const ACTIONS = [
  'confirm a card of others',
  'cancel a card of others',
  'undo what others verified',
  'ask an owner for the undo',
  'agree to an undo',
  'agree to a verification while closed',
  'turn self-service on',
  'ask to be asked while closed',
  'make a rule',
  'change a rule',
  'turn a rule on',
  'turn a rule off',
  'remove a rule',
  'invite staff',
  'remove staff',
  'rename staff',
  'name another owner in his place',
  'set the end of the day',
  'set the time zone',
  'set who may undo',
  'set how codes are shown',
] as const;
type Action = (typeof ACTIONS)[number];

/** The stores at which a role may. An action that is not named for a role is refused to it everywhere. */
const OWNERS = ['own', 'sibling'] as const;
const MAY: Readonly<Record<Role, Readonly<Partial<Record<Action, readonly Relation[]>>>>> = {
  owner: {
    ...Object.fromEntries(ACTIONS.map((action) => [action, OWNERS])),
    // An owner undoes it.
    'ask an owner for the undo': [],
  },
  staff: {
    'confirm a card of others': ['own'],
    'cancel a card of others': ['own'],
    'ask an owner for the undo': ['own'],
  },
  'group member': {
    'confirm a card of others': ['own'],
    'cancel a card of others': ['own'],
    'ask an owner for the undo': ['own'],
  },
  'guest in a group': {},
  customer: {},
  stranger: {},
};

const ZHOU: Person = { id: 'telegram:4', name: '小周' };
const LIU: Person = { id: 'telegram:5', name: '刘老板' };
const LIN: Person = { id: 'telegram:9', name: '林小姐' };
const OPEN: At = { chat: 'telegram:-101', group: true };
const SIBLING: At = { chat: 'telegram:-102', group: true };

const ACTORS: Readonly<Record<Role, readonly [Person, At]>> = {
  owner: [WANG, {}],
  staff: [LI, {}],
  'group member': [ZHOU, OPEN],
  'guest in a group': [GUEST, GROUP],
  customer: [LIN, {}],
  stranger: [{ id: 'telegram:66', name: '路人' }, {}],
};

/** Codes of the practice store, ever another one. */
let last = 1_000_100_000;
const code = (): string => String((last += 10));

/** Two stores of 王老板's, one of 刘老板's, and everybody in their places. */
async function openTown() {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  const bindTo = async (owner: Person, at: At, store: string): Promise<void> => {
    const stores = await bot.pressed(owner, await bot.ask(owner, '/bind', at), '练习店', at);
    await bot.pressed(owner, stores, store, at);
  };
  await bindTo(WANG, GROUP, '人民路');
  await bot.press(WANG, 'may', 'invited', GROUP);
  await bindTo(WANG, OPEN, '人民路');
  await bot.press(WANG, 'may', 'everyone', OPEN);
  await bindTo(WANG, SIBLING, '大学城');
  await bindTo(LIU, {}, '人民路');
  const storeOf = async (chat: string): Promise<string> =>
    (await bot.database.db.selectFrom('chat').select('store_id').where('id', '=', chat).executeTakeFirstOrThrow()).store_id!;
  const stores: Record<Relation, string> = {
    own: await storeOf(WANG.id),
    sibling: await storeOf(SIBLING.chat!),
    foreign: await storeOf(LIU.id),
  };
  expect(new Set(Object.values(stores)).size).toBe(3);
  await bot.press(WANG, 'self-on', stores.own);
  const [place] = await bot.database.db.selectFrom('place').selectAll().execute();
  const tokens = createPlaceTokens({ seal: createSeal(Buffer.alloc(32, 7)), random: randomBytes });
  await bot.ask(LIN, `/start ${linkWord(tokens.open(place!.id, place!.token_sealed))}`);
  return { bot, stores };
}

/** The store's owner, and where codes are sent to it. */
const AT: Readonly<Record<Relation, readonly [Person, At]>> = { own: [WANG, {}], sibling: [WANG, SIBLING], foreign: [LIU, {}] };

/** Makes what the action is about; gives the button that tries it, and what is typed after that. */
async function prepared(
  action: Action,
  relation: Relation,
  bot: Harness,
  store: string,
): Promise<readonly [Verb, string, string?]> {
  const [owner, at] = AT[relation];
  const card = async () => (await bot.ask(owner, code(), at)).flatMap(buttonsOf).find(({ verb }) => verb === 'use')!.id;
  const verified = async () => {
    const id = await card();
    await bot.press(owner, 'use', id, at);
    return id.split('-')[0]!;
  };
  const request = async (verification: string, kind: 'undo' | 'verify', wanted: object | null) => {
    const id = `r${verification.slice(1)}`;
    const asked = { asked_by: 'telegram:88', asked_name: '小孙', chat_id: 'telegram:88', state: 'asked' as const };
    const rest = { decided_by: null, decided_name: null, changed_at: Date.now() };
    const until = kind === 'verify' ? Date.now() + 60_000 : null;
    await bot.database.db
      .insertInto('approval')
      .values({ id, verification_id: verification, ...asked, ...rest, kind, until, request: wanted && JSON.stringify(wanted) })
      .execute();
    return id;
  };
  const rule = async (on = false) => {
    const screen = await bot.press(owner, 'rules-add', store, at);
    const { id } = screen.flatMap(buttonsOf).find(({ verb }) => verb === 'rule-try')!;
    if (on) await bot.press(owner, 'rule-on', `${id}-1`, at);
    return id;
  };
  /** Somebody new on the store's staff; the id of the buttons about him. */
  const member = async () => {
    const name = `新人${code()}`;
    const row = { store_id: store, person: `telegram:${code()}`, name, invited_by: owner.id, since: Date.now() };
    await bot.database.db.insertInto('staff').values(row).execute();
    const buttons = (await bot.ask(owner, '/staff', at)).flatMap(buttonsOf);
    return buttons.find(({ verb, label }) => verb === 'staff-person' && label.includes(name))!.id;
  };
  /** A value that is not the present one. */
  const other = async (
    column: 'time_zone' | 'day_end' | 'may_undo' | 'group_codes',
    value: string,
    id: string,
    else_: string,
  ) => {
    const row = await bot.database.db.selectFrom('store').select(column).where('id', '=', store).executeTakeFirstOrThrow();
    return (row as Record<string, string>)[column] === value ? else_ : id;
  };
  await bot.database.db.deleteFrom('auto_rule').execute();
  await bot.database.db.deleteFrom('staff').where('name', 'like', '新人%').execute();
  switch (action) {
    case 'confirm a card of others':
      return ['use', await card()];
    case 'cancel a card of others':
      return ['drop', (await card()).split('-')[0]!];
    case 'undo what others verified':
      return ['undo-yes', await verified()];
    case 'ask an owner for the undo':
      return ['ask-owner', await verified()];
    case 'agree to an undo':
      return ['owner-yes', await request(await verified(), 'undo', null)];
    case 'agree to a verification while closed': {
      const by = { kind: 'person', id: 'telegram:88', name: '小孙' };
      const wanted = { storeId: store, by, uses: 1, title: '', maskedCode: '' };
      return ['open-yes', await request((await card()).split('-')[0]!, 'verify', wanted)];
    }
    case 'turn self-service on':
      await bot.press(owner, 'self-off', store, at);
      return ['self-on', store];
    case 'ask to be asked while closed':
      return ['closed-may', `${store}-staff-no`];
    case 'make a rule':
      return ['rules-add', store];
    case 'change a rule':
      return ['rule-number', `${await rule()}-5`];
    case 'turn a rule on':
      return ['rule-on', `${await rule()}-1`];
    case 'turn a rule off':
      return ['rule-off', await rule(true)];
    case 'remove a rule':
      return ['rule-remove-yes', await rule()];
    case 'invite staff':
      return ['staff-invite', store];
    case 'remove staff':
      return ['staff-drop', await member()];
    case 'rename staff':
      return ['staff-rename', await member(), `店员${code().slice(-4)}`];
    case 'name another owner in his place':
      return ['staff-heir-yes', await member()];
    // Another value than the one before, each time.
    case 'set the end of the day':
      return ['set', `dayend-${await other('day_end', '02:00', '0200', '0500')}-${store}`];
    case 'set the time zone':
      return ['set', `zone-${await other('time_zone', 'Asia/Tokyo', 'tokyo', 'seoul')}-${store}`];
    case 'set who may undo':
      return ['set', `undo-${await other('may_undo', 'staff', 'staff', 'owner')}-${store}`];
    case 'set how codes are shown':
      return ['set', `codes-${await other('group_codes', 'tail', 'tail', 'auto')}-${store}`];
  }
}

describe.each(ROLES)('%s', (role) => {
  let town: Awaited<ReturnType<typeof openTown>>;
  const [person, at] = ACTORS[role];
  /** Whatever takes effect leaves a fact. */
  const facts = async (): Promise<number> => (await town.bot.database.db.selectFrom('fact').select('kind').execute()).length;

  it('may, and may not, at every store', async () => {
    town = await openTown();
    const { bot, stores } = town;
    const cells: string[] = [];
    const expected: string[] = [];
    for (const action of ACTIONS)
      for (const relation of RELATIONS) {
        const [verb, id, typed] = await prepared(action, relation, bot, stores[relation]);
        const before = await facts();
        // People without a role are answered twenty times a minute.
        vi.setSystemTime(Date.now() + 5000);
        await bot.press(person, verb, id, at);
        if (typed !== undefined) await bot.ask(person, typed, at);
        cells.push(`${action} · ${relation}: ${(await facts()) > before ? 'yes' : 'no'}`);
        expected.push(`${action} · ${relation}: ${MAY[role][action]?.includes(relation) ? 'yes' : 'no'}`);
      }
    expect(cells).toEqual(expected);
    expect(cells).toHaveLength(ACTIONS.length * RELATIONS.length);
    expect(bot.faults).toEqual([]);
  });

  it('with a code sent in their own chat: looks it up, confirms it, takes it back', async () => {
    const { bot } = await openTown();
    const looked = await bot.ask(person, code(), at);
    const use = looked.flatMap(buttonsOf).find(({ verb }) => verb === 'use');
    const done = use ? await bot.press(person, 'use', use.id, at) : [];
    const states = async () =>
      (await bot.database.db.selectFrom('verification').select('state').execute()).map(({ state }) => state);
    const verified = await states();
    if (use) await bot.press(person, 'undo-yes', use.id.split('-')[0]!, at);
    expect([use !== undefined, done.length > 0, verified, await states()]).toEqual(
      {
        owner: [true, true, ['verified'], ['undone']],
        staff: [true, true, ['verified'], ['undone']],
        'group member': [true, true, ['verified'], ['undone']],
        // A customer verifies what he brings, and takes nothing back.
        customer: [true, true, ['verified'], ['verified']],
        'guest in a group': [false, false, [], []],
        stranger: [false, false, [], []],
      }[role],
    );
  });

  it.each(['店主和员工', '所有位置的顾客', '本店', '前台群'] as const)(
    'with a rule for %s: verified without a press, or not',
    async (who) => {
      const { bot, stores } = await openTown();
      const screen = await bot.press(WANG, 'rules-add', stores.own);
      const rule = screen.flatMap(buttonsOf).find(({ verb }) => verb === 'rule-try')!.id;
      const choices = (await bot.press(WANG, 'rule-people', rule)).flatMap(buttonsOf);
      await bot.press(WANG, 'rule-who', choices.find(({ label, verb }) => verb === 'rule-who' && label.includes(who))!.id);
      await bot.press(WANG, 'rule-on', `${rule}-2`);
      const { people } = await bot.database.db.selectFrom('auto_rule').select('people').executeTakeFirstOrThrow();
      // All groups have one name here.
      const { chat } = JSON.parse(people) as { readonly chat?: string };
      await bot.ask(person, code(), at);
      const rows = await bot.database.db.selectFrom('verification').select(['by_kind', 'store_id', 'sender', 'state']).execute();
      const works = role === 'owner' || role === 'staff' || role === 'group member';
      const inChat = works && chat === (at.chat ?? person.id);
      const yes = chat !== undefined ? inChat : who === '店主和员工' ? works : role === 'customer';
      expect(rows).toEqual(yes ? [{ by_kind: 'rule', store_id: stores.own, sender: person.id, state: 'verified' }] : []);
      expect(bot.faults).toEqual([]);
    },
  );
});
