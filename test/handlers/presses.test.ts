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
      expect(whispered(await bot.press(person, verb, id, GROUP))).toBe(!allowed);
    }
  });

  it.each(['records', 'again', 'open', 'find'] as const)('%s: is refused to a stranger alone', async (verb) => {
    expect(whispered(await bot.press(GUEST, verb, '2026-11-22', GROUP))).toBe(true);
  });

  it.each(['staff-invite', 'may', 'unbind', 'report', 'listing-remove'] as const)('%s: is the owner’s', async (verb) => {
    const list = await bot.ask(WANG, '/staff', GROUP);
    const id = verb === 'staff-invite' || verb === 'report' ? idOf(list, 'staff-invite') : 'invited';
    for (const person of [LI, GUEST]) {
      const refused = await bot.press(person, verb, id, GROUP);
      expect(whispered(refused)).toBe(true);
      expect(textOf(refused)).toContain('只有店主');
    }
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
});
