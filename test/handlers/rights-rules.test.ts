/** Whose coupons an owner's rule verifies without a press: every role on every channel, and each choice of people. */
import { expect, it } from 'vitest';
import { code } from './rights-actions.ts';
import { openTown, type Role } from './rights-town.ts';
import { buttonsOf, WANG } from './harness.ts';

const WORK: readonly Role[] = ['owner', 'staff', 'group member', 'owner by link', 'staff by link'];

it.each(['店主和员工', '所有位置的顾客', '本店', '前台群'] as const)(
  'a rule for %s verifies without a press what some people send, and nothing of others',
  async (who) => {
    const { bot, stores, actors, link } = await openTown();
    const { db } = bot.database;
    const screen = await bot.press(WANG, 'rules-add', stores.own);
    const rule = screen.flatMap(buttonsOf).find(({ verb }) => verb === 'rule-try')!.id;
    const choices = (await bot.press(WANG, 'rule-people', rule)).flatMap(buttonsOf);
    await bot.press(WANG, 'rule-who', choices.find(({ label, verb }) => verb === 'rule-who' && label.includes(who))!.id);
    await bot.press(WANG, 'rule-on', `${rule}-2`);
    const { people } = await db.selectFrom('auto_rule').select('people').executeTakeFirstOrThrow();
    // All groups have one name here.
    const { chat } = JSON.parse(people) as { readonly chat?: string };
    const cells: unknown[] = [];
    const expected: unknown[] = [];
    for (const { channel, role, person, whole, at } of actors) {
      const sent = code();
      await bot.ask(person, sent, role === 'customer' ? { ...at, via: link } : at);
      const rows = await db
        .selectFrom('verification')
        .select(['by_kind', 'store_id', 'sender', 'state'])
        .where('code', '=', sent)
        .execute();
      const works = WORK.includes(role);
      const inChat = works && chat === (at.chat ?? person.id);
      const yes = chat !== undefined ? inChat : who === '店主和员工' ? works : role === 'customer';
      cells.push([channel, role, rows]);
      expected.push([channel, role, yes ? [{ by_kind: 'rule', store_id: stores.own, sender: whole, state: 'verified' }] : []]);
    }
    expect(cells).toEqual(expected);
    expect(bot.faults).toEqual([]);
  },
);
