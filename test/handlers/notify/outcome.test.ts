import { describe, expect, it } from 'vitest';
import { newsOf, outcomeNotices } from '../../../handlers/notify/outcome.ts';
import { createCardFor } from '../../../handlers/cards/customer-card.ts';
import { createWordNotice } from '../../../handlers/notify/word-notice.ts';
import type { Reply } from '../../../handlers/message.ts';
import { words } from '../../../locales/index.ts';
import type { Chats } from '../../../services/accounts/chats.ts';
import type { State, Verification } from '../../../services/verification/verification.ts';
import { EVENING, STORE, verificationIn } from '../../fixtures/cards.ts';

const CHATS: Pick<Chats, 'seen'> = { seen: (store) => Promise.resolve(store) };

const told = (state: State, changes: Partial<Verification> = {}) =>
  outcomeNotices(verificationIn(state, { checking: false, ...changes }));

/** What a chat is told of a change once the verification has become `now`; nothing where it was deleted. */
const sent = async (settled: Verification, now: Verification | undefined = settled): Promise<(Reply | undefined)[]> => {
  const word = createWordNotice({
    desk: { get: () => Promise.resolve(now), batchOf: (v) => Promise.resolve([v]) },
    wordsOf: () => Promise.resolve(words('zh-CN')),
    chats: CHATS,
    storeOf: () => Promise.resolve(STORE),
    cardFor: createCardFor({
      places: { get: () => Promise.resolve(undefined) },
      chats: CHATS,
      now: () => EVENING,
    }),
    now: () => EVENING,
  });
  return await Promise.all(
    outcomeNotices(settled).map(async ({ chat, reply }) => {
      if (reply.kind === 'drawing') return undefined;
      return reply.kind === 'verification' ? await word(chat, reply) : reply;
    }),
  );
};
const news = async (state: State, changes: Partial<Verification> = {}) => {
  const reply = (await sent(verificationIn(state, { checking: false, ...changes }))).at(-1);
  return reply?.kind === 'say' ? { text: reply.text, buttons: reply.buttons?.flat().map(({ label }) => label) } : undefined;
};

describe('the outcome of a lost answer', () => {
  it('replaces the pressed card, and is told in a message too', async () => {
    expect(told('verified').map(({ key, chat }) => [key, chat])).toEqual([
      ['settled:r1:verified:card', 'telegram:1'],
      ['settled:r1:verified', 'telegram:1'],
    ]);
    expect(await sent(verificationIn('verified', { checking: false }))).toMatchObject([
      { kind: 'replace', on: { message: '7' } },
      { kind: 'say' },
    ]);
  });

  it('where the card is unknown is a card of its own', async () => {
    expect(await sent(verificationIn('verified', { checking: false, card: undefined }))).toMatchObject([
      { kind: 'card', tag: 'v1' },
    ]);
  });

  it('of what came by no chat is told to nobody', () => {
    expect(told('verified', { chat: '', card: undefined })).toEqual([]);
  });

  it('is no news while the platform is being asked', async () => {
    expect(await sent(verificationIn('unsure', { checking: true }))).toMatchObject([{ kind: 'replace' }]);
    expect(told('unsure', { checking: true, card: undefined })).toEqual([]);
  });

  it.each([
    ['verified', {}, '尾号 2330 的券：核销成功。', []],
    ['refused', { refusal: { kind: 'refused', reason: 'expired' } }, '尾号 2330 的券：已过期。可以在平台查看退款。', []],
    ['undone', { newCode: '7712345678' }, '尾号 2330 的券：已撤销。', []],
  ] as const)('%s %j: is told with the masked code', async (state, changes, text, buttons) => {
    expect(await news(state, changes)).toEqual({ text, buttons });
  });

  it('that people have to decide brings the buttons along', async () => {
    expect((await news('person'))?.buttons).toEqual(['是本次核销', '不是']);
  });

  it('of a refused undo is the refusal, not 核销成功', async () => {
    const undoRefusal = { kind: 'refused', reason: 'undo-late' } as const;
    expect((await news('verified', { undoRefusal, undoRequestId: 'u1' }))?.text).toMatch(
      /^尾号 2330 的券：撤销未成功：已超过撤销时限/,
    );
    expect(told('verified', { undoRefusal, undoRequestId: 'u1' }).at(-1)!.key).toBe('settled:u1:verified');
  });

  it.each([
    ['unsure', 'verified', '核销成功'],
    ['verified', 'undone', '已撤销'],
    ['verified', 'undoing', '处理中'],
    ['person', 'refused', '平台没有明确答复'],
  ] as const)(
    '%s that has become %s before it is told: the card shows what is true, and nothing old is said',
    async (old, now, title) => {
      const changes = now === 'undone' || now === 'undoing' ? { undoRequestId: 'u1' } : {};
      const [card, line] = await sent(verificationIn(old, { checking: false }), verificationIn(now, changes));
      expect([card, line]).toMatchObject([
        { kind: 'replace', silent: true, card: { title: expect.stringContaining(title) } },
        undefined,
      ]);
      expect(await sent(verificationIn(old, { checking: false, card: undefined }), verificationIn(now, changes))).toEqual([
        undefined,
      ]);
    },
  );

  it('of a verification that was deleted is not told', async () => {
    const settled = verificationIn('verified');
    const word = createWordNotice({
      desk: { get: () => Promise.resolve(undefined), batchOf: () => Promise.resolve([]) },
      wordsOf: () => Promise.resolve(words('zh-CN')),
      chats: CHATS,
      storeOf: () => Promise.reject(new Error('no such store')),
      cardFor: createCardFor({
        places: { get: () => Promise.resolve(undefined) },
        chats: CHATS,
        now: () => EVENING,
      }),
      now: () => EVENING,
    });
    expect(
      await word('telegram:1', { kind: 'verification', verification: 'v1', as: 'card', news: newsOf(settled) }),
    ).toBeUndefined();
  });

  it('is told anew when people have to decide about an undo', () => {
    const unsure = { undoRequestId: 'u1', checking: true };
    const keys = [...told('undo-unsure', unsure), ...told('undo-unsure', { ...unsure, checking: false })].map(({ key }) => key);
    expect(keys).toEqual(['settled:u1:undo-unsure:card', 'settled:u1:undo-unsure:decide:card', 'settled:u1:undo-unsure:decide']);
  });
});

it.each([
  ['undoing', 'a new card', {}, '核销成功', ['撤销（还剩 1 分钟）']],
  ['undoing', 'the pressed card', { on: { chat: 'telegram:1', message: '7' } }, '处理中', []],
  ['undo-unsure', 'a new card', {}, '核销成功', ['撤销（还剩 1 分钟）']],
  ['undo-unsure', 'the pressed card', { on: { chat: 'telegram:1', message: '7' } }, '撤销结果待确认', []],
] as const)('while an undo is under way (%s) %s says what will stay true of it', async (state, _, where, title, buttons) => {
  const undoing = verificationIn(state, { undoUntil: EVENING + 60_000, checking: true });
  const word = createWordNotice({
    desk: { get: () => Promise.resolve(undoing), batchOf: (v) => Promise.resolve([v]) },
    wordsOf: () => Promise.resolve(words('zh-CN')),
    chats: CHATS,
    storeOf: () => Promise.resolve(STORE),
    cardFor: createCardFor({ places: { get: () => Promise.resolve(undefined) }, chats: CHATS, now: () => EVENING }),
    now: () => EVENING,
  });
  const reply = await word('telegram:-900', { kind: 'verification', verification: 'v1', as: 'card', ...where });
  const card = reply?.kind === 'card' || reply?.kind === 'replace' ? reply.card : undefined;
  expect([card?.title, card?.buttons.flat().map(({ label }) => label)]).toEqual([title, buttons]);
});

describe('a question before an undo that could not be asked at once', () => {
  const asked = async (now: Verification, at = EVENING) => {
    const word = createWordNotice({
      desk: { get: () => Promise.resolve(now), batchOf: (v) => Promise.resolve([v]) },
      wordsOf: () => Promise.resolve(words('zh-CN')),
      chats: CHATS,
      storeOf: () => Promise.resolve(STORE),
      cardFor: createCardFor({ places: { get: () => Promise.resolve(undefined) }, chats: CHATS, now: () => at }),
      now: () => at,
    });
    const on = { chat: 'telegram:1', message: '7' };
    const reply = await word('telegram:1', { kind: 'verification', verification: 'v1', as: 'card', asks: 'undo', on });
    return reply?.kind === 'replace' ? reply.card : undefined;
  };
  const undoUntil = EVENING + 60_000;

  it('is asked later while it is open', async () => {
    expect((await asked(verificationIn('verified', { undoUntil })))?.title).toBe('确定撤销这次核销？');
  });

  it.each([
    ['it was undone meanwhile', verificationIn('undone', { undoUntil }), EVENING, '已撤销'],
    ['it is being undone', verificationIn('undoing', { undoUntil }), EVENING, '处理中'],
    ['its time is over', verificationIn('verified', { undoUntil }), EVENING + 60_000, '核销成功'],
  ] as const)('and not where %s: the card says what is so', async (_, now, at, title) => {
    expect((await asked(now, at))?.title).toContain(title);
  });
});

describe('a card that showed another’s verification of its coupon', () => {
  const shown = async (rows: readonly Verification[]) => {
    const word = createWordNotice({
      desk: { get: (id) => Promise.resolve(rows.find((row) => row.id === id)), batchOf: (v) => Promise.resolve([v]) },
      wordsOf: () => Promise.resolve(words('zh-CN')),
      storeOf: () => Promise.resolve(STORE),
      cardFor: createCardFor({ places: { get: () => Promise.resolve(undefined) }, chats: CHATS, now: () => EVENING }),
      chats: CHATS,
      now: () => EVENING,
    });
    const on = { chat: 'telegram:1', message: '7' };
    const notice = { kind: 'verification', verification: 'theirs', own: 'v1', elsewhere: true, as: 'card', on } as const;
    const reply = await word('telegram:1', notice);
    return reply?.kind === 'replace' ? reply.card.title : undefined;
  };
  const theirs = verificationIn('verified', { id: 'theirs' });

  it('says 已核销 of it, also where it is shown late', async () => {
    expect(await shown([theirs])).toBe('已核销');
  });

  it('shows its own once that has begun: theirs had failed meanwhile', async () => {
    const failed = verificationIn('refused', { id: 'theirs', refusal: { kind: 'refused', reason: 'busy' } });
    expect(await shown([failed, verificationIn('verified')])).toContain('核销成功');
  });
});

describe('a card that told a customer of somebody else’s use', () => {
  const late = async (now: Verification) => {
    const word = createWordNotice({
      desk: { get: () => Promise.resolve(now), batchOf: (v) => Promise.resolve([v]) },
      wordsOf: () => Promise.resolve(words('zh-CN')),
      storeOf: () => Promise.resolve(STORE),
      cardFor: createCardFor({ places: { get: () => Promise.resolve(undefined) }, chats: CHATS, now: () => EVENING }),
      chats: CHATS,
      now: () => EVENING,
    });
    const reply = await word('wecom-kf:wk:lin', { kind: 'verification', verification: 'v1', as: 'card', others: true });
    return reply?.kind === 'card' ? { ...reply.card, tag: reply.tag } : undefined;
  };

  it('is worded when it is sent, and still tells nothing of theirs', async () => {
    expect(await late(verificationIn('submitting'))).toMatchObject({ title: '处理中', tag: undefined });
    const used = await late(verificationIn('verified'));
    expect(used).toMatchObject({ title: '已核销', buttons: [] });
    expect(JSON.stringify(used)).not.toContain('小王');
    expect((await late(verificationIn('undone')))?.title).toBe('已撤销');
  });
});
