import { describe, expect, it } from 'vitest';
import { createNotifyOutcome } from '../../../handlers/notify/outcome.ts';
import { words } from '../../../locales/index.ts';
import type { State, Verification } from '../../../services/verification/verification.ts';
import { EVENING, STORE, verificationIn } from '../../fixtures/cards.ts';

const told = async (state: State, changes: Partial<Verification> = {}) => {
  const settled = verificationIn(state, { checking: false, ...changes });
  const word = await createNotifyOutcome({
    wordsOf: () => Promise.resolve(words('zh-CN')),
    storeOf: () => Promise.resolve(STORE),
    now: () => EVENING,
  })(settled);
  return word(settled, [settled]);
};
const news = async (state: State, changes: Partial<Verification> = {}) => {
  const reply = (await told(state, changes)).at(-1)!.reply;
  return reply.kind === 'say' ? { text: reply.text, buttons: reply.buttons?.flat().map(({ label }) => label) } : undefined;
};

describe('the outcome of a lost answer', () => {
  it('replaces the pressed card, and is told in a message too', async () => {
    expect(await told('verified')).toMatchObject([
      { key: 'settled:r1:verified:card', chat: 'telegram:1', reply: { kind: 'replace', on: { message: '7' } } },
      { key: 'settled:r1:verified', chat: 'telegram:1', reply: { kind: 'say' } },
    ]);
  });

  it('where the card is unknown is a card of its own', async () => {
    expect(await told('verified', { card: undefined })).toMatchObject([{ reply: { kind: 'card', tag: 'v1' } }]);
  });

  it('of what came by no chat is told to nobody', async () => {
    expect(await told('verified', { chat: '', card: undefined })).toEqual([]);
  });

  it('is no news while the platform is being asked', async () => {
    expect((await told('unsure', { checking: true })).map(({ reply }) => reply.kind)).toEqual(['replace']);
    expect(await told('unsure', { checking: true, card: undefined })).toEqual([]);
  });

  it.each([
    ['verified', {}, '券 ****2330：核销成功。', []],
    ['refused', { refusal: { kind: 'refused', reason: 'expired' } }, '券 ****2330：已过期。顾客可在平台查看退款。', []],
    ['undone', { newCode: '7712345678' }, '券 ****2330：已撤销。', []],
  ] as const)('%s %j: is told with the masked code', async (state, changes, text, buttons) => {
    expect(await news(state, changes)).toEqual({ text, buttons });
  });

  it('that people have to decide brings the buttons along', async () => {
    expect((await news('person'))?.buttons).toEqual(['是本次核销', '不是']);
  });

  it('of a refused undo is the refusal, not 核销成功', async () => {
    const undoRefusal = { kind: 'refused', reason: 'undo-late' } as const;
    expect((await news('verified', { undoRefusal, undoRequestId: 'u1' }))?.text).toMatch(
      /^券 \*{4}2330：撤销未成功：已超过撤销时限/,
    );
    expect((await told('verified', { undoRefusal, undoRequestId: 'u1' })).at(-1)!.key).toBe('settled:u1:verified');
  });
});
