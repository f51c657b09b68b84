import { describe, expect, it } from 'vitest';
import { verificationCard } from '../../../handlers/cards/verification-card.ts';
import type { Card } from '../../../handlers/message.ts';
import { LOCALES, words, type Locale } from '../../../locales/index.ts';
import { UNPROMISED } from '../../../services/platforms/platform.ts';
import { STATES, type State, type Verification } from '../../../services/verification/verification.ts';
import { COUPON, EVENING, STORE, verificationIn } from '../../fixtures/cards.ts';

const cardOf = (v: Verification, locale: Locale = 'zh-CN', elsewhere = false): Card =>
  verificationCard([v], STORE, words(locale), EVENING, elsewhere);
const labels = (card: Card): string[] => card.buttons.flat().map(({ label }) => label);
const lines = (card: Card): string[] => card.fields.map(({ label, value }) => `${label}: ${value}`);

interface Look {
  readonly title: readonly [zh: string, en: string];
  readonly tone: Card['tone'];
  readonly buttons: readonly string[];
}

/** Each state's own card. */
const OWN: Record<State, Look> = {
  open: { title: ['处理中', 'Working'], tone: 'busy', buttons: [] },
  submitting: { title: ['处理中', 'Working'], tone: 'busy', buttons: [] },
  unsure: { title: ['结果待确认', 'Result not confirmed yet'], tone: 'busy', buttons: [] },
  person: {
    title: ['结果待确认 · 需要人工判断', 'Result not confirmed · please decide'],
    tone: 'busy',
    buttons: ['是本次核销', '不是'],
  },
  verified: { title: ['核销成功', 'Verified'], tone: 'good', buttons: ['撤销（还剩 10 分钟）'] },
  refused: { title: ['平台没有明确答复', 'No clear answer from the platform'], tone: 'bad', buttons: [] },
  dropped: { title: ['已取消', 'Cancelled'], tone: 'bad', buttons: [] },
  undoing: { title: ['处理中', 'Working'], tone: 'busy', buttons: [] },
  'undo-unsure': { title: ['撤销结果待确认', 'Undo not confirmed yet'], tone: 'busy', buttons: [] },
  undone: { title: ['已撤销', 'Undone'], tone: undefined, buttons: [] },
};

/** The card of another lookup of the same coupon, where it differs. */
const ELSEWHERE: Partial<Record<State, Look>> = {
  open: { ...OWN.open, buttons: ['重新查券'] },
  submitting: { ...OWN.submitting, buttons: ['重新查券'] },
  unsure: { ...OWN.unsure, buttons: ['重新查券'] },
  verified: { title: ['已核销', 'Already used'], tone: 'bad', buttons: ['撤销（还剩 10 分钟）'] },
  undoing: { ...OWN.undoing, buttons: ['重新查券'] },
};

describe('the card of a verification', () => {
  it.each(STATES)('%s: on its own card, in Chinese and English', (state) => {
    const { title, tone, buttons } = OWN[state];
    const card = cardOf(verificationIn(state));
    expect([card.title, card.tone, labels(card)]).toEqual([title[0], tone, buttons]);
    expect(cardOf(verificationIn(state), 'en').title).toBe(title[1]);
  });

  it.each(STATES)('%s: on the card of another lookup', (state) => {
    const { title, tone, buttons } = ELSEWHERE[state] ?? OWN[state];
    const card = cardOf(verificationIn(state), 'zh-CN', true);
    expect([card.title, card.tone, labels(card)]).toEqual([title[0], tone, buttons]);
  });

  it.each(STATES.filter((state) => !['verified', 'undoing', 'undo-unsure', 'undone'].includes(state)))(
    '%s: nothing says 成功 before the platform’s yes, not even in the platform’s own words',
    (state) => {
      const refusal = { kind: 'refused', reason: 'other', words: '验证成功' } as const;
      const card = cardOf(verificationIn(state, { refusal, undoRefusal: refusal }));
      expect(JSON.stringify(card)).not.toContain('成功');
      expect(JSON.stringify(cardOf(verificationIn(state, { refusal, undoRefusal: refusal }), 'en'))).not.toMatch(
        /success|Verified/,
      );
    },
  );

  it('tells deal, code, amount, store, time and person, in the language of the chat', () => {
    expect(lines(cardOf(verificationIn('verified')))).toEqual([
      '商品: 畅玩4小时',
      '券码: 0158082330',
      '金额: ¥49.00',
      '门店: 人民路店',
      '时间: 2026-11-22 18:30',
      '核销人: 小王',
    ]);
    expect(lines(cardOf(verificationIn('verified'), 'en'))).toContain('Verified by: 小王');
    expect(lines(cardOf(verificationIn('unsure')))).toEqual(expect.arrayContaining(['售价: ¥49.00', '操作人: 小王']));
  });

  it('of several uses tells how many and what they cost together; with some left it leads to a new lookup', () => {
    const v = verificationIn('verified', { coupon: { ...COUPON, remaining: 5 }, count: 2, amount: undefined });
    expect(lines(cardOf(v))).toEqual(expect.arrayContaining(['金额: ¥98.00', '次数: 2 张']));
    expect(labels(cardOf(v, 'zh-CN', true))).toEqual(['撤销（还剩 10 分钟）', '重新查券']);
  });
});

describe('undo on the card', () => {
  it.each([
    ['in time', EVENING + 90_000, ['撤销（还剩 2 分钟）'], undefined],
    ['in the last seconds', EVENING + 1, ['撤销（还剩 1 分钟）'], undefined],
    ['too late', EVENING, [], undefined],
    ['without a promised time', UNPROMISED, ['撤销'], undefined],
    ['where the platform has none', undefined, [], '如需撤销，请到平台商家后台（如开店宝）处理。'],
  ] as const)('%s', (_, undoUntil, buttons, note) => {
    const card = cardOf(verificationIn('verified', { undoUntil }));
    expect(labels(card)).toEqual(buttons);
    expect(card.note).toBe(note);
  });

  it('that was refused says so, and that the coupon stays verified', () => {
    const late = cardOf(verificationIn('verified', { undoRefusal: { kind: 'refused', reason: 'undo-late' } }));
    expect(late).toMatchObject({ title: '核销成功', note: '撤销未成功：已超过撤销时限 请到平台商家后台处理。' });
    const lost = cardOf(verificationIn('verified', { undoRefusal: { kind: 'refused', reason: 'lost' } }));
    expect(lost.note).toBe('撤销未成功：平台没有执行，券仍是已核销。可以再试一次。');
  });

  it('shows the code the coupon has now, or asks for it', () => {
    expect(lines(cardOf(verificationIn('undone', { newCode: '7712345678' })))).toContain('新券码: 7712345678');
    expect(cardOf(verificationIn('undone')).note).toContain('更换券码');
  });

  it('that nobody can tell is for people to decide', () => {
    expect(labels(cardOf(verificationIn('undo-unsure', { checking: false })))).toEqual(['已撤销', '未撤销']);
  });
});

describe('a refused verification', () => {
  it.each([
    ['lost', ['重新查券']],
    ['busy', ['重新查券']],
    ['unreachable', ['重新查券']],
    ['count', ['重新查券']],
    ['used', []],
    ['expired', []],
  ] as const)('%s: offers another lookup only where it may help', (reason, buttons) => {
    expect(labels(cardOf(verificationIn('refused', { refusal: { kind: 'refused', reason } })))).toEqual(buttons);
  });

  it('by a person’s decision says whose it was not', () => {
    const card = cardOf(verificationIn('refused', { decided: true }));
    expect(card).toMatchObject({ title: '未核销', note: '人工判断：平台上的使用不是本次核销。', buttons: [] });
  });
});

describe('the card of several verifications of one press', () => {
  const three = (...states: readonly State[]): Verification[] =>
    states.map((state, n) =>
      verificationIn(state, { id: `v${n + 1}`, items: states.length, coupon: { ...COUPON, code: `015808233${n}` } }),
    );
  const of = (states: readonly State[], locale: Locale = 'zh-CN') =>
    verificationCard(three(...states), STORE, words(locale), EVENING);

  it.each([
    [['verified', 'verified'], '核销成功', 'Verified'],
    [['verified', 'undone'], '核销成功', 'Verified'],
    [['verified', 'undoing'], '处理中', 'Working'],
    [['verified', 'undo-unsure'], '撤销结果待确认', 'Undo not confirmed yet'],
    [['undone', 'undone'], '已撤销', 'Undone'],
  ] as const)('%j: %s', (states, zh, en) => {
    expect(of(states).title).toBe(zh);
    expect(of(states, 'en').title).toBe(en);
  });

  it('gives each a line of its own, and sums what stands', () => {
    expect(lines(of(['verified', 'undone', 'verified']))).toEqual([
      '商品: 畅玩4小时',
      '1: 0158 0823 30 · ¥49.00 · 核销成功',
      '2: 0158 0823 31 · ¥49.00 · 已撤销',
      '3: 0158 0823 32 · ¥49.00 · 核销成功',
      '次数: 2 张',
      '金额: ¥98.00',
      '门店: 人民路店',
      '时间: 2026-11-22 18:30',
      '核销人: 小王',
    ]);
  });
});

describe('the practice store', () => {
  it.each(LOCALES.flatMap((locale) => STATES.map((state) => ({ locale, state }))))(
    '$locale, $state: every title is marked as simulated',
    ({ locale, state }) => {
      const real = verificationCard([verificationIn(state)], STORE, words(locale), EVENING).title;
      const practice = verificationCard([verificationIn(state)], { ...STORE, practice: true }, words(locale), EVENING).title;
      expect(practice).not.toBe(real);
      expect(practice).toContain(real);
      expect(practice).toMatch(/模拟|simulated/i);
    },
  );
});
