/** What each channel lets people become: invitations, roles that nobody has there, codes of one's own, and the key of a program. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person, Reply } from '../../handlers/message.ts';
import { ACTIONS, code, prepared } from './rights-actions.ts';
import { CHANNELS, openTown, OWNER_AT, RELATIONS, type ChannelName, type Role, type Town } from './rights-town.ts';
import { buttonsOf, textOf, WANG } from './harness.ts';

let town: Town;
let close: () => Promise<void>;
beforeAll(async () => {
  town = await openTown((done) => (close = done));
}, 120_000);
afterAll(() => close());

const HOUR = 3_600_000;
let people = 0;
/** Somebody new on a channel. */
const newcomer = (channel: ChannelName): Person => ({ id: `${channel}:n${(people += 1)}`, name: `新来的${people}` });
const isStaff = async ({ id }: Person): Promise<boolean> =>
  (await town.bot.database.db.selectFrom('staff').select('name').where('person', '=', id).execute()).length > 0;
const ownerOn = (channel: ChannelName): Person =>
  town.actors.find((one) => one.channel === channel && one.role === 'owner')!.person;
/** An invitation as the owner on this channel is given it: a link where the channel has links, else digits. */
async function invitedBy(channel: ChannelName): Promise<string> {
  const said = textOf(await town.bot.press(ownerOn(channel), 'staff-invite', town.stores.own));
  return (/join-[0-9a-f]{32}/.exec(said) ?? /\d{8}/.exec(said))![0];
}
const OFFERING = CHANNELS.filter((name) => name !== 'web-place');

describe('an invitation', () => {
  afterEach(async () => {
    await town.bot.database.db.deleteFrom('staff').where('name', 'like', '新来的%').execute();
  });

  it('is a link on Telegram, and digits elsewhere', async () => {
    const forms = await Promise.all(OFFERING.map(async (channel) => [channel, (await invitedBy(channel)).startsWith('join-')]));
    expect(Object.fromEntries(forms)).toEqual({
      telegram: true,
      'wecom-bot': false,
      'wecom-app': false,
      'wecom-kf': false,
      web: false,
    });
  });

  it.each(OFFERING)('given on %s works on every channel but the page of a place, once, for a day', async (channel) => {
    const cells: string[] = [];
    const expected: string[] = [];
    for (const where of CHANNELS) {
      const word = await invitedBy(channel);
      const [first, second, late] = [newcomer(where), newcomer(where), newcomer(where)];
      await town.bot.ask(first, word);
      await town.bot.ask(second, word);
      const other = await invitedBy(channel);
      vi.setSystemTime(Date.now() + 24 * HOUR + 1);
      await town.bot.ask(late, other);
      cells.push(`${where}: ${await isStaff(first)} ${await isStaff(second)} ${await isStaff(late)}`);
      expected.push(`${where}: ${where !== 'web-place'} false false`);
      if (where !== 'web-place') continue;
      // It was not used up there.
      const again = await invitedBy(channel);
      await town.bot.ask(newcomer('web-place'), again);
      const right = newcomer('telegram');
      await town.bot.ask(right, again);
      expect(await isStaff(right)).toBe(true);
    }
    expect(cells).toEqual(expected);
    expect(town.bot.faults).toEqual([]);
  });

  it.each(['telegram', 'wecom-bot'] as const)('is not taken from talk in a group of %s', async (channel) => {
    const word = await invitedBy(channel);
    const person = newcomer(channel);
    await town.bot.ask(person, word, { chat: `${channel}:g-talk`, group: true, overheard: true });
    expect(await isStaff(person)).toBe(false);
    await town.bot.ask(person, word, { chat: `${channel}:g-talk`, group: true });
    expect(await isStaff(person)).toBe(true);
  });
});

/** That events of the self-built app, of 微信客服 and of the pages are of no group is asserted where they are read (`hearing.test.ts`). */
describe('a role that nobody has on a channel', () => {
  it('is reached by no word on the page of a place: not by an invitation, a link or a binding', async () => {
    const { bot } = town;
    const customer = town.actors.find(({ channel, role }) => channel === 'web-place' && role === 'customer')!.person;
    const linking = textOf((await bot.press(WANG, 'link-new', 'all')).slice(-1));
    const word = await invitedBy('wecom-bot');
    const before = await counts();
    for (const person of [customer, newcomer('web-place')]) {
      for (const text of [word, `加入 ${word}`, `/start ${word}`, linking, '/bind', '绑定', '/link', '/staff', '1'])
        await bot.ask(person, text);
      for (const [verb, id] of [
        ['link-new', 'all'],
        ['link', 'all'],
        ['bind-platform', 'practice'],
        ['join-yes', word],
      ] as const)
        await bot.press(person, verb, id);
    }
    expect(await counts()).toEqual(before);
    expect((await bot.told(WANG.id)).filter((said) => textOf([said]).includes('口令')).length).toBe(0);
  });

  it('is linked to no visitor of a page, from either side', async () => {
    const { bot } = town;
    const linking = textOf((await bot.press(WANG, 'link-new', 'all')).slice(-1));
    const before = await counts();
    const [visitor] = [ownerOn('web')];
    expect(textOf(await bot.ask(visitor, linking))).toContain('网页上的身份');
    expect(textOf(await bot.press(visitor, 'link-new', 'all'))).toContain('网页上的身份');
    expect(textOf(await bot.ask(visitor, '/link'))).toContain('网页上的身份');
    expect(await counts()).toEqual(before);
  });
});

async function counts(): Promise<readonly number[]> {
  const tables = ['owner', 'staff', 'identity', 'fact'] as const;
  return await Promise.all(
    tables.map(async (table) => (await town.bot.database.db.selectFrom(table).selectAll().execute()).length),
  );
}

describe('a code of one’s own', () => {
  it('is looked up, confirmed and taken back, by everybody who may, on every channel', async () => {
    const { bot, actors } = town;
    const WORKS = [true, true, 'verified', 'undone'];
    const NOT = [false, false, undefined, undefined];
    const EXPECTED: Readonly<Record<Role, readonly unknown[]>> = {
      owner: WORKS,
      staff: WORKS,
      'group member': WORKS,
      'owner by link': WORKS,
      'staff by link': WORKS,
      // A customer verifies what he brings, and takes nothing back.
      customer: [true, true, 'verified', 'verified'],
      'guest in a group': NOT,
      stranger: NOT,
      'removed by link': NOT,
    };
    const cells: unknown[] = [];
    const expected: unknown[] = [];
    for (const { channel, role, person, at } of actors) {
      const sent = code();
      // A visit lasts half a day.
      const here = role === 'customer' ? { ...at, via: town.link } : at;
      const state = async () =>
        (await bot.database.db.selectFrom('verification').select('state').where('code', '=', sent).executeTakeFirst())?.state;
      const use = (await bot.ask(person, sent, here)).flatMap(buttonsOf).find(({ verb }) => verb === 'use');
      const done: readonly Reply[] = use ? await bot.press(person, 'use', use.id, at) : [];
      const verified = await state();
      if (use) await bot.press(person, 'undo-yes', use.id.split('-')[0]!, at);
      cells.push([channel, role, use !== undefined, done.length > 0, verified, await state()]);
      expected.push([channel, role, ...EXPECTED[role]]);
    }
    expect(cells).toEqual(expected);
    expect(cells.length).toBeGreaterThan(35);
    expect(bot.faults).toEqual([]);
  });
});

describe('a key of the API', () => {
  it('takes back what its own store verified, and does nothing else of what people press', async () => {
    const { bot, stores } = town;
    const said = textOf(await bot.pressed(WANG, await bot.ask(WANG, '/api 收银台'), '读+核销+撤销'));
    const [secret] = /hx_[\w-]{32}/.exec(said)!;
    const post = async (path: string, key: string) =>
      await bot.fetch(
        new Request(`http://localhost/api/v1/${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': key },
          body: '{}',
        }),
      );
    const document = (await (await bot.fetch(new Request('http://localhost/api/v1/openapi.json'))).json()) as {
      readonly paths: Readonly<Record<string, object>>;
    };
    // Whatever else is tried has no path.
    expect(
      Object.entries(document.paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((one) => `${one} ${path}`))
        .toSorted(),
    ).toEqual([
      'get /store',
      'get /summaries/{day}',
      'get /verifications',
      'get /verifications/{id}',
      'post /lookups',
      'post /verifications',
      'post /verifications/{id}/undo',
    ]);
    const facts = async () => (await bot.database.db.selectFrom('fact').select('kind').execute()).length;
    const cells: string[] = [];
    const expected: string[] = [];
    for (const action of ACTIONS)
      for (const relation of RELATIONS) {
        const { verb, id } = await prepared(action, bot, stores[relation], OWNER_AT[relation]);
        const before = await facts();
        const undoes = action === 'undo what others verified';
        const { status } = await post(undoes ? `verifications/${id}/undo` : `${verb}/${id}`, `${action} ${relation}`);
        cells.push(`${action} · ${relation}: ${status} ${(await facts()) > before ? 'yes' : 'no'}`);
        expected.push(`${action} · ${relation}: ${undoes && relation === 'own' ? '200 yes' : '404 no'}`);
      }
    expect(cells).toEqual(expected);
    expect(bot.faults).toEqual([]);
  });
});
