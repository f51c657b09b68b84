import { beforeEach, describe, expect, it } from 'vitest';
import type { Verb } from '../../handlers/verb.ts';
import type { Person, Reply } from '../../handlers/message.ts';
import { buttonsOf, GROUP, GUEST, LI, openHandlers, textOf, WANG, type Harness } from './harness.ts';

/** Codes of the practice store, ever another one. */
let last = 1_000_123_400;
const code = (): string => String((last += 10));

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  await bot.bind(GROUP);
  await bot.press(WANG, 'may', 'invited', GROUP);
});

const whispered = (replies: readonly Reply[]): boolean => replies.every(({ kind }) => kind === 'whisper') && replies.length > 0;
const idOf = (replies: readonly Reply[], verb: Verb): string =>
  replies.flatMap(buttonsOf).findLast((one) => one.verb === verb)!.id;
/** A verification in the group by this person. */
const verified = async (by: Person): Promise<Reply[]> =>
  await bot.pressed(by, await bot.ask(by, code(), GROUP), '确认核销', GROUP);

describe('a press in a group', () => {
  it.each(['use', 'drop'] as const)('%s: is for the owner and staff, and refused to a stranger alone', async (verb) => {
    for (const [person, allowed] of [
      [GUEST, false],
      [LI, true],
      [WANG, true],
    ] as const) {
      const id = idOf(await bot.ask(WANG, code(), GROUP), verb);
      expect(whispered(await bot.press(person, verb, id, GROUP))).toBe(!allowed);
    }
  });

  it.each(['undo', 'undo-yes', 'undo-no'] as const)('%s: is for the owner, and for staff that verified it', async (verb) => {
    for (const [by, person, allowed] of [
      [WANG, LI, false],
      [WANG, GUEST, false],
      [LI, LI, true],
      [LI, WANG, true],
    ] as const) {
      const id = idOf(await verified(by), 'undo');
      // Staff are offered to ask an owner.
      const [first] = await bot.press(person, verb, id, GROUP);
      expect(first!.kind === 'whisper').toBe(!allowed);
    }
  });

  it.each(['records', 'again', 'open', 'find'] as const)('%s: is refused to a stranger alone', async (verb) => {
    expect(whispered(await bot.press(GUEST, verb, '2026-11-22', GROUP))).toBe(true);
  });

  it.each(['staff-invite', 'staff-digits', 'staff-page', 'may', 'unbind', 'report', 'listing-remove'] as const)(
    '%s: is the owner’s',
    async (verb) => {
      const list = await bot.ask(WANG, '/staff', GROUP);
      const id = verb.startsWith('staff-') || verb === 'report' ? idOf(list, 'staff-invite') : 'invited';
      for (const person of [LI, GUEST]) {
        const refused = await bot.press(person, verb, id, GROUP);
        expect(whispered(refused)).toBe(true);
        expect(textOf(refused)).toContain('只有店主');
      }
    },
  );

  it('who may verify is settled in groups alone: in a private chat it would change nothing', async () => {
    const set = async () => await bot.database.db.selectFrom('chat').select('who_may').where('id', '=', WANG.id).execute();
    const before = await set();
    expect(whispered(await bot.press(WANG, 'may', 'everyone'))).toBe(true);
    expect(await set()).toEqual(before);
  });

  it('of somebody who was removed is refused, on open cards too', async () => {
    const card = await bot.ask(LI, code(), GROUP);
    const question = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李');
    await bot.pressed(WANG, question, '确定移除');
    expect(whispered(await bot.pressed(LI, card, '确认核销', GROUP))).toBe(true);
  });

  it('of an anonymous administrator is refused: nobody knows who it is', async () => {
    const card = await bot.ask(WANG, code(), GROUP);
    expect(whispered(await bot.pressed({ ...WANG, anonymous: true }, card, '确认核销', GROUP))).toBe(true);
  });

  it.each(['confirm', 'constructor', '__proto__', ''])(
    'with a verb nobody knows (%s) says that the card is gone',
    async (verb) => {
      const action = { verb, id: '1' };
      const said = await bot.hear(WANG, { kind: 'press', action, on: { chat: 'telegram:-100', message: '1' } }, GROUP);
      expect(said).toMatchObject([{ kind: 'whisper' }]);
      expect(bot.faults).toEqual([]);
    },
  );

  it('of a stranger changes nothing, whatever the verb and whatever it names', async () => {
    const open = await bot.ask(WANG, code(), GROUP);
    const done = await verified(LI);
    const staff = await bot.ask(WANG, '/staff', GROUP);
    const named = [...open, ...done, ...staff].flatMap(buttonsOf).map(({ id }) => id);
    const ids = [...named, 'everyone', 'invited', 'zh-CN', 'en', LI.id.replace(':', '-'), '2026-11-22', '1'];
    const before = await kept();
    let guests = 1000;
    for (const verb of Object.keys(VERBS) as Verb[]) {
      // Each time another one: a stranger gets 20 answers a minute.
      for (const id of new Set(ids)) await bot.press({ ...GUEST, id: `telegram:${(guests += 1)}` }, verb, id, GROUP);
      expect(await kept(), verb).toEqual(before);
    }
    expect(bot.faults).toEqual([]);
    expect(whispered(await bot.pressed(WANG, open, '确认核销', GROUP))).toBe(false);
    expect(await kept()).not.toEqual(before);
  });
});

/** A new verb needs its line. */
const VERBS: Readonly<Record<Verb, true>> = {
  use: true,
  drop: true,
  'was-us': true,
  'not-us': true,
  find: true,
  open: true,
  again: true,
  'find-all': true,
  'use-all': true,
  'drop-all': true,
  undo: true,
  'undo-yes': true,
  'undo-all': true,
  'undo-no': true,
  'ask-owner': true,
  'owner-yes': true,
  'owner-no': true,
  'bind-platform': true,
  'bind-account': true,
  'bind-store': true,
  'bind-page': true,
  'bind-retry': true,
  'bind-change': true,
  'bind-leave': true,
  store: true,
  may: true,
  unbind: true,
  'listing-add': true,
  'listing-instead': true,
  'listing-stay': true,
  'listing-remove': true,
  'listing-drop': true,
  'join-yes': true,
  'join-no': true,
  'staff-invite': true,
  'staff-digits': true,
  'staff-page': true,
  'staff-remove': true,
  'staff-drop': true,
  'owner-remove': true,
  'owner-remove-all': true,
  'staff-person': true,
  'staff-rename': true,
  'staff-heir': true,
  'staff-heir-yes': true,
  'heir-yes': true,
  'heir-no': true,
  link: true,
  'link-new': true,
  'link-mine': true,
  'link-not-mine': true,
  'link-agree': true,
  'link-refuse': true,
  'link-drop': true,
  'link-drop-yes': true,
  report: true,
  'report-group': true,
  'report-remove': true,
  'summary-pic': true,
  'shift-over': true,
  'shift-take': true,
  records: true,
  'history-older': true,
  'history-newer': true,
  'trail-older': true,
  'trail-newer': true,
  story: true,
  'api-read': true,
  'api-verify': true,
  'api-undo': true,
  'api-revoke': true,
  'api-revoke-yes': true,
  language: true,
  settings: true,
  setting: true,
  set: true,
  'day-end': true,
  run: true,
  'help-all': true,
  'report-time': true,
  keep: true,
  'apply-again': true,
  'apply-skip': true,
  'apply-practice': true,
  'apply-leave': true,
  'apply-yes': true,
  'apply-no': true,
  'apply-why': true,
  'apply-back': true,
  hook: true,
  'hook-test': true,
  'hook-log': true,
  'hook-replay': true,
  'hook-rotate': true,
  'hook-on': true,
  'hook-off': true,
  'hook-remove': true,
  'hook-remove-yes': true,
  'here-yes': true,
  'here-no': true,
  self: true,
  'self-on': true,
  'self-off': true,
  'self-stop': true,
  'self-add': true,
  'self-places': true,
  'self-place': true,
  'self-name': true,
  'self-words': true,
  'self-rotate': true,
  'self-rotate-yes': true,
  'self-remove': true,
  'self-remove-yes': true,
  'self-codes': true,
  'self-sheet': true,
  'self-code': true,
  'self-hours': true,
  'self-week': true,
  'self-days': true,
  'self-group': true,
  'self-set': true,
  'self-day': true,
  'self-limits': true,
  'self-limit': true,
  'self-today': true,
  rules: true,
  'rules-add': true,
  rule: true,
  'rule-deals': true,
  'rule-deal': true,
  'rule-people': true,
  'rule-who': true,
  'rule-hours': true,
  'rule-always': true,
  'rule-week': true,
  'rule-most': true,
  'rule-number': true,
  'rule-try': true,
  'rule-on': true,
  'rule-off': true,
  'rule-remove': true,
  'rule-remove-yes': true,
  closed: true,
  'closed-may': true,
  'ask-open': true,
  'open-yes': true,
  'open-no': true,
};

/** Everything that is kept of people, stores and coupons. */
async function kept(): Promise<unknown> {
  const { db } = bot.database;
  const tables = ['account', 'store', 'listing', 'owner', 'staff', 'owner_group', 'verification', 'fact', 'outbox'] as const;
  const chats = await db.selectFrom('chat').select(['id', 'store_id', 'who_may', 'locale']).orderBy('id').execute();
  return [chats, ...(await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute())))];
}
