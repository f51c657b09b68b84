/**
 * The law of automatic verification, over any rules, messages, times and counts: nothing is verified outside its rule.
 * `RULES_CASES=1000000 npx vitest run test/services/automation/rule.test.ts` tries that many.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missOf, type Deal, type Occasion, type People, type Rule } from '../../../services/automation/rule.ts';
import type { Coupon } from '../../../services/coupons/coupon.ts';
import { readCodes } from '../../../services/coupons/read-text.ts';
import { readingOfPhoto, readingOfText, type Reading } from '../../../services/coupons/reading.ts';
import type { Week } from '../../../services/self-service/hours.ts';

const CASES = Number(process.env['RULES_CASES'] ?? 20_000);

/** Monday, 2026-11-23, at midnight: the days of a case are counted from it. */
/** The second week ends in the mid-autumn holiday, and the Sunday of the first is worked in exchange for the national one. */
const MONDAY = Date.parse('2026-09-14T00:00:00Z');
const [MAKE_UP, HOLIDAYS] = [6, [11, 12, 13]];
const DAY_MS = 86_400_000;

/** What somebody sent, and whether a person would call it one coupon and nothing else. */
interface Sent {
  readonly plain: boolean;
  readonly reading: Reading;
}

/** Usually the first, sometimes another: so that many cases fail in one thing alone. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...Array.from({ length: 6 * others.length }, () => usual), ...others);

const code = fc.integer({ min: 1_000_000_000, max: 1_999_999_999 }).map((n) => `0${n}`.slice(0, 10));
const fromText = (plain: boolean, text: string, heard: Parameters<typeof readingOfText>[1] = {}): Sent => ({
  plain,
  reading: readingOfText(readCodes(text), heard),
});

const BESIDE = [
  '先别核销',
  '帮我看看这张',
  '这张用过了吗',
  'x2',
  '2张',
  '3号桌',
  '退款',
  'not yet',
  '是假的',
  '？能用吗',
  '谢谢',
  '的',
  '1',
  '两张',
  'no',
] as const;

const sent: fc.Arbitrary<Sent> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.tuple(code, fc.constantFrom('', ' ', '\n', '  \n')).map(([one, end]) => fromText(true, `${one}${end}`)),
  },
  fc.tuple(code, fc.constantFrom(...BESIDE)).map(([one, words]) => fromText(false, `${one} ${words}`)),
  fc.tuple(code, fc.constantFrom(...BESIDE)).map(([one, words]) => fromText(false, `${words} ${one}`)),
  fc
    .tuple(code, code)
    .filter(([one, two]) => one !== two)
    .map(([one, two]) => fromText(false, `${one}\n${two}`)),
  code.map((one) => fromText(false, `${one.slice(0, 5)}O${one.slice(6)}`)),
  code.map((one) => fromText(false, `https://example.com/?code=${one}`)),
  code.map((one) => fromText(false, one, { quoted: true })),
  code.map((one) => fromText(false, one, { edited: true })),
  code.map((one) => ({ plain: true, reading: readingOfPhoto({ sure: [one], unsure: [] }, ' ', {}) })),
  fc
    .tuple(code, fc.constantFrom('digits', 'unclear', 'conflict', 'doubtful'))
    .map(([one, why]) => ({ plain: false, reading: readingOfPhoto({ sure: [], unsure: [{ code: one, why }] }, '', {}) })),
  fc.tuple(code, code).map(([one, two]) => ({ plain: false, reading: readingOfPhoto({ sure: [one, two], unsure: [] }, '', {}) })),
  fc.tuple(code, code).map(([one, two]) => ({
    plain: false,
    reading: readingOfPhoto({ sure: [one], unsure: [{ code: two, why: 'digits' }] }, '', {}),
  })),
  code.map((one) => ({ plain: false, reading: readingOfPhoto({ sure: [one], unsure: [], scanned: 'abc' }, '', {}) })),
  code.map((one) => ({ plain: false, reading: readingOfPhoto({ sure: [one], unsure: [] }, '别用', {}) })),
  fc.constant({ plain: false, reading: 'chosen' as const }),
);

const DEALS: readonly Deal[] = [
  { title: '畅玩4小时', dealId: '1' },
  { title: '畅玩4小时', dealId: '2' },
  { title: '通宵8小时' },
  { title: '茶水', dealId: '3' },
];
const CHATS = ['telegram:1', 'telegram:-100', 'wecom-kf:a:b'];
const PLACES = ['p1', 'p2'];

const people: fc.Arbitrary<People> = fc.oneof(
  fc.constant({ kind: 'staff' as const }),
  fc.constant({ kind: 'customers' as const }),
  fc.constantFrom(...PLACES).map((placeId) => ({ kind: 'customers' as const, placeId })),
  fc.constantFrom(...CHATS).map((chat) => ({ kind: 'chat' as const, chat, title: '前台' })),
);
const span = fc
  .record({ from: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 1440 }) })
  .map(({ from, length }) => ({ from, to: from + length }));
const week: fc.Arbitrary<Week> = fc.oneof(
  fc.constant(Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }])),
  fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
);
const rule: fc.Arbitrary<Rule> = fc.record({
  id: fc.constant('r'),
  storeId: mostly('shop', 'other'),
  name: fc.constant('自动核销 1'),
  on: mostly(true, false),
  revision: fc.constant(1),
  madeBy: fc.constant({ id: 'telegram:1', name: '王老板' }),
  deals: fc.option(fc.subarray([...DEALS], { minLength: 1 }), { nil: undefined }),
  people,
  week,
  holidays: fc.option(fc.array(span, { maxLength: 2 }), { nil: undefined }),
  perDay: fc.integer({ min: 1, max: 4 }),
});

/** A coupon, its validity told in days before and after. */
const coupon = fc.record({
  deal: fc.constantFrom(...DEALS, { title: '别的' }),
  remaining: mostly(1, 2, 5),
  atOnce: mostly<number | undefined>(undefined, 1, 3),
  timesCard: mostly<true | undefined>(undefined, true),
  begins: mostly<number | undefined>(undefined, -2, 1),
  ends: mostly<number | undefined>(3, undefined, -1),
  useTimes: mostly<{ offDays: number[] } | undefined>(undefined, { offDays: [1] }),
});

const scene = fc.record({
  rule,
  sent,
  coupon,
  sender: fc.constantFrom('staff' as const, 'customer' as const),
  chat: fc.constantFrom(...CHATS),
  placeId: fc.constantFrom(undefined, ...PLACES),
  uses: mostly<number | undefined>(undefined, 1, 2),
  day: fc.integer({ min: 0, max: 13 }),
  minute: fc.integer({ min: 0, max: 1439 }),
  owned: mostly(true, false),
  spent: mostly(0, 1, 2, 3, 4, 5),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function occasionOf({ sent: { reading }, coupon: made, sender, chat, placeId, uses, day, minute }: Scene): Occasion {
  const at = MONDAY + day * DAY_MS + minute * 60_000;
  const { deal, remaining, atOnce, timesCard, begins, ends, useTimes } = made;
  const shown: Coupon = {
    kind: 'coupon',
    code: '1',
    remaining,
    ...deal,
    ...(atOnce !== undefined && { atOnce }),
    ...(timesCard && { timesCard }),
    ...(begins !== undefined && { validFrom: at + begins * DAY_MS }),
    ...(ends !== undefined && { validUntil: at + ends * DAY_MS }),
    ...(useTimes && { useTimes }),
  };
  const wall = { day: new Date(at).toISOString().slice(0, 10), minute, zone: 'Asia/Shanghai' };
  return { storeId: 'shop', chat, sender, placeId, reading, uses, coupon: shown, at, wall };
}

/**
 * Whether it is within the rule, by another way than the program's: everything that is allowed is counted out, as lists of
 * minutes, senders and titles, and the case has to be on every list.
 */
function within({ rule: given, sent: { plain }, coupon: made, ...how }: Scene): boolean {
  const { sender, chat, placeId, uses, day, minute, owned, spent } = how;
  // From the Sunday before on.
  const minutes = new Uint8Array(16 * 1440);
  for (let date = -1; date <= 13; date += 1) {
    const usual = given.week[given.holidays && date === MAKE_UP ? 0 : (date + 7) % 7]!;
    const spans = HOLIDAYS.includes(date) ? (given.holidays ?? usual) : usual;
    for (const { from, to } of spans) minutes.fill(1, (date + 1) * 1440 + from, (date + 1) * 1440 + to);
  }
  const senders: string[] = [];
  if (given.people.kind === 'staff') for (const one of CHATS) senders.push(`staff ${one}`);
  if (given.people.kind === 'chat') senders.push(`staff ${given.people.chat}`);
  if (given.people.kind === 'customers')
    for (const one of PLACES)
      if (given.people.placeId === undefined || given.people.placeId === one) senders.push(`customer ${one}`);
  const title = ({ title: name, dealId }: Deal): string => `${name}/${dealId ?? '*'}`;
  const { deal } = made;
  const titles = given.deals?.flatMap((one) => [
    title(one),
    title({ title: one.title }),
    ...(one.dealId ? [] : DEALS.filter((other) => other.title === one.title).map(title)),
  ]);
  const facts = [
    given.on && given.storeId === 'shop' && owned,
    plain,
    senders.includes(sender === 'staff' ? `staff ${chat}` : `customer ${placeId}`),
    !titles || titles.includes(title(deal)),
    minutes[(day + 1) * 1440 + minute] === 1,
    made.remaining === 1 || made.atOnce === 1,
    made.timesCard === undefined,
    uses === undefined || uses === 1,
    made.useTimes === undefined,
    made.begins !== 1,
    made.ends !== -1,
    spent + 1 <= given.perDay,
  ];
  return facts.every(Boolean);
}

describe('a rule', () => {
  it(`verifies what is within it and nothing else, in ${CASES.toLocaleString('en')} cases`, { timeout: 3_600_000 }, () => {
    let verified = 0;
    fc.assert(
      fc.property(scene, (given) => {
        const yes = missOf(given.rule, occasionOf(given), given) === undefined;
        if (yes) verified += 1;
        if (yes !== within(given)) throw new Error(`${yes ? 'verified' : 'left'}: ${JSON.stringify(given)}`);
      }),
      { numRuns: CASES },
    );
    // Neither side of the law is empty.
    expect(verified).toBeGreaterThan(CASES / 500);
    expect(verified).toBeLessThan(CASES / 4);
    if (process.env['RULES_CASES']) process.stdout.write(`${CASES} cases, ${verified} verified, all within their rule\n`);
  });

  it.each([
    ['1000420616', 'typed'],
    ['1000 4206 16', 'typed'],
    ['1000420616\n', 'typed'],
    ['券码 1000420616', 'worded'],
    ['1000420616 x2', 'worded'],
    ['1000420616 1000420617', 'several'],
    ['1OOO420616', 'doubtful'],
  ] as const)('%j is %s', (text, reading) => {
    expect(readingOfText(readCodes(text), {})).toBe(reading);
  });
});
