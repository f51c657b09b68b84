/** Two stores of one merchant, one of another, and everybody in their places: each role on each channel that it can be on. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Person } from '../../handlers/message.ts';
import { createSeal } from '../../services/database/seal.ts';
import { createPlaceTokens, linkWord } from '../../services/self-service/place-tokens.ts';
import { GROUP, GUEST, LI, openHandlers, textOf, WANG, type At, type Harness } from './harness.ts';

/** `own`: where the role is held. `sibling`: the same merchant's other store. `foreign`: another merchant's. */
export const RELATIONS = ['own', 'sibling', 'foreign'] as const;
export type Relation = (typeof RELATIONS)[number];

export const ROLES = [
  'owner',
  'staff',
  'group member',
  'guest in a group',
  'customer',
  'stranger',
  // By an account that he linked with one of Telegram, where the right is.
  'owner by link',
  'staff by link',
  'removed by link',
] as const;
export type Role = (typeof ROLES)[number];

export const CHANNELS = ['telegram', 'wecom-bot', 'wecom-app', 'wecom-kf', 'web', 'web-place'] as const;
export type ChannelName = (typeof CHANNELS)[number];

const IN_GROUPS: readonly Role[] = ['group member', 'guest in a group'];
const LINKED: readonly Role[] = ['owner by link', 'staff by link', 'removed by link'];
/** Roles that nobody can have there: no groups, nobody known for longer than a cookie, nobody but customers. */
export const UNREACHABLE: Readonly<Record<ChannelName, readonly Role[]>> = {
  telegram: [],
  'wecom-bot': [],
  'wecom-app': IN_GROUPS,
  'wecom-kf': IN_GROUPS,
  web: [...IN_GROUPS, ...LINKED],
  'web-place': [...IN_GROUPS, ...LINKED, 'owner', 'staff'],
};

export interface Actor {
  readonly channel: ChannelName;
  readonly role: Role;
  readonly person: Person;
  /** The person's id: of linked accounts that of the first. */
  readonly whole: string;
  readonly at: At;
}

const LIU: Person = { id: 'telegram:5', name: '刘老板' };
const OPEN: At = { chat: 'telegram:-101', group: true };
const SIBLING: At = { chat: 'telegram:-102', group: true };

/** The store's owner, and where codes are sent to it. */
export const OWNER_AT: Readonly<Record<Relation, readonly [Person, At]>> = {
  own: [WANG, {}],
  sibling: [WANG, SIBLING],
  foreign: [LIU, {}],
};

export type Town = Awaited<ReturnType<typeof openTown>>;

/** `whenDone` is given what closes it; by default with the test. */
export async function openTown(whenDone?: (close: () => Promise<void>) => void) {
  const bot = await openHandlers({ beside: CHANNELS.filter((name) => name !== 'telegram'), ...(whenDone && { whenDone }) });
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
  const link = linkWord(tokens.open(place!.id, place!.token_sealed));
  const shop = { bot, store: stores.own, link };
  const actors: Actor[] = [];
  for (const channel of CHANNELS)
    for (const role of ROLES) if (!UNREACHABLE[channel].includes(role)) actors.push(await settle(channel, role, shop));
  return { bot, stores, actors, link };
}

/** The chats of the store's groups on another channel than Telegram: those invited, and everybody. */
const GROUPS = { 'guest in a group': 'invited', 'group member': 'everyone' } as const;

interface Shop {
  readonly bot: Harness;
  readonly store: string;
  readonly link: string;
}

/** Brings somebody into his role. */
async function settle(channel: ChannelName, role: Role, { bot, store, link }: Shop): Promise<Actor> {
  const { db } = bot.database;
  const person: Person = { id: `${channel}:${role.replaceAll(' ', '-')}`, name: `${channel} ${role}` };
  const owns = async ({ id, name }: Person): Promise<void> => {
    const { account_id } = await db.selectFrom('store').select('account_id').where('id', '=', store).executeTakeFirstOrThrow();
    await db.insertInto('owner').values({ account_id, person: id, name, since: Date.now() }).execute();
    await chat(id);
  };
  const chat = async (id: string, who_may: 'owner' | 'invited' | 'everyone' = 'owner'): Promise<void> => {
    const row = { id, title: '', is_group: who_may === 'owner' ? 0 : 1, store_id: store, who_may, bound_by: WANG.id };
    await db
      .insertInto('chat')
      .values({ ...row, locale: null, updated_at: Date.now() })
      .onConflict((c) => c.column('id').doUpdateSet(row))
      .execute();
  };
  const joins = async (one: Person): Promise<void> => {
    const [word] = /\d{8}/.exec(textOf(await bot.press(WANG, 'staff-digits', store)))!;
    expect(textOf(await bot.ask(one, word))).toContain('欢迎');
  };
  /** His account of Telegram, which has the right, and this one. */
  const links = async (first: Person): Promise<void> => {
    const said = await bot.press(first, 'link-new', 'all');
    await bot.ask(person, textOf(said.slice(-1)));
    await bot.pressed(first, (await bot.told(first.id)).slice(-1), '同意');
    expect(await db.selectFrom('identity').select('person').where('id', '=', person.id).execute()).toEqual([
      { person: first.id },
    ]);
  };
  const first: Person = { id: `telegram:first-${person.id.replace(':', '-')}`, name: `先 ${person.name}` };
  const actor = { channel, role, person, whole: LINKED.includes(role) ? first.id : person.id, at: {} };
  const as = (known: Person, at: At = {}): Actor => ({ ...actor, person: known, whole: known.id, at });
  switch (role) {
    case 'owner':
      if (channel === 'telegram') return as(WANG);
      await owns(person);
      return actor;
    case 'staff':
      if (channel === 'telegram') return as(LI);
      await joins(person);
      return actor;
    case 'guest in a group':
      if (channel === 'telegram') return as(GUEST, GROUP);
      await chat(`${channel}:g-${role}`, GROUPS[role]);
      return { ...actor, at: { chat: `${channel}:g-${role}`, group: true } };
    case 'group member':
      if (channel === 'telegram') return { ...actor, at: OPEN };
      await chat(`${channel}:g-${role}`, GROUPS[role]);
      return { ...actor, at: { chat: `${channel}:g-${role}`, group: true } };
    case 'customer':
      // By typing the link's word, or as the channel tells.
      await (channel === 'wecom-kf' || channel === 'web-place'
        ? bot.hear(person, { kind: 'joined' }, { via: link })
        : bot.ask(person, `/start ${link}`));
      return actor;
    case 'stranger':
      return actor;
    case 'owner by link':
      await owns(first);
      await links(first);
      return actor;
    case 'staff by link':
      await joins(first);
      await links(first);
      return actor;
    case 'removed by link': {
      await owns(first);
      await links(first);
      const asked = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), `移除 ${first.name}`);
      await bot.pressed(WANG, asked, '都保留');
      return actor;
    }
  }
}
