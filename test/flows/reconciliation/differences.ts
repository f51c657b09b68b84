/** The kinds of difference between ledger and list: how each comes about, what is said of it, and which platforms cannot show it. */
import { sql } from '../../../services/database/database.ts';
import type { FakeMessage, FakePerson } from '../../doubles/telegram.ts';
import { HOUR, labels, MINUTE, type Harness } from '../harness.ts';
import { MARKETS, type Market, type MarketName } from './markets.ts';

/** Midnight, the end of the day. */
export const NIGHT = Date.parse('2026-11-23T00:00:00+08:00');

export interface Story {
  readonly bot: Harness;
  readonly owner: FakePerson;
  readonly market: Market;
  readonly name: MarketName;
}

/** How a difference is named; an amount that two columns tell for themselves is none. */
export interface Named {
  readonly code: string;
  readonly why: string;
  readonly advice: string;
  readonly amount?: string;
  /** Where one cause makes several differences. */
  readonly times?: number;
}

export interface Kind {
  readonly kind: string;
  /** Brings it about, beside whatever else happened that day. */
  readonly inject: (story: Story) => Promise<Named>;
  /** Why a platform cannot show it. */
  readonly cannot?: Partial<Record<MarketName, string>>;
}

/** Looks a code up and presses the button for one use. */
export async function verify({ bot, owner }: Story, code: string): Promise<FakeMessage> {
  const card = (await bot.ask(owner, code)).findLast(({ buttons }) => buttons.length > 0)!;
  await bot.press(
    owner,
    card,
    labels(card).find((label) => /^(?:确认核销|核销 1 [张次])$/.test(label))!,
  );
  return card;
}

async function undo({ bot, owner }: Story, card: FakeMessage): Promise<void> {
  await bot.press(
    owner,
    card,
    labels(card).find((label) => label.startsWith('撤销'))!,
  );
  await bot.press(
    owner,
    card,
    labels(card).find((label) => label.startsWith('确认撤销'))!,
  );
}

const oneUse = ({ market }: Story): string => market.coupon();
const AMOUNT = '¥49.00';

/** Three uses of one code, at three times. */
async function threeUses(story: Story): Promise<string> {
  const code = story.market.card();
  for (let use = 0; use < 3; use += 1) {
    await verify(story, code);
    story.bot.later(20 * MINUTE);
  }
  return code;
}

/** The price of a card's second use; Dianping tells none. */
function ofSecondUse({ name }: Story): Pick<Named, 'amount'> {
  if (name === '大众点评') return {};
  return { amount: name === '抖音来客' ? '¥39.00' : AMOUNT };
}

const TAKEN_BACK = { why: '这里已核销，平台上已被撤销', advice: '这张收不到款。问问是谁在平台后台撤销的。' };
const NOT_COUNTED = '它的清单不说一行是几张';

export const KINDS: readonly Kind[] = [
  {
    kind: 'used elsewhere',
    async inject(story) {
      const code = oneUse(story);
      story.market.useElsewhere(code);
      return { code, amount: AMOUNT, why: '平台上已核销，不是在这里核销的', advice: '不是的话联系平台客服。' };
    },
  },
  {
    kind: 'undone elsewhere',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      story.market.takeBack(code);
      const gone = {
        why: '这里已核销，已在平台撤销或退款（平台查不到这张券了）',
        advice: '到平台后台看是撤销了还是退款了，问问是谁撤销的。',
      };
      return { code, amount: AMOUNT, ...(story.market.tells ? TAKEN_BACK : gone) };
    },
  },
  {
    kind: 'refunded at the platform',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      story.market.refund(code);
      const refunded = { why: '这里已核销，已在平台退款', advice: '这张收不到款。到平台后台查退款的原因。' };
      return { code, amount: AMOUNT, ...(story.market.tells ? TAKEN_BACK : refunded) };
    },
  },
  {
    kind: 'undone here, still used there',
    async inject(story) {
      const code = oneUse(story);
      await undo(story, await verify(story, code));
      story.market.resurrect(code);
      return { code, amount: AMOUNT, why: '这里已撤销，平台上还是已核销', advice: '仍是已核销的话在那里撤销，或联系平台客服。' };
    },
  },
  {
    kind: 'lost by the platform',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      story.market.lose(code);
      const why = '这里已核销，平台上这张券还没有用';
      return { code, amount: AMOUNT, why, advice: '顾客已经消费的，趁券还能用再核销一次。' };
    },
  },
  {
    kind: 'used, and only its list lacks it',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      // Far from every day that is read.
      story.market.shift(code, -30 * 24 * HOUR);
      const why = '这里已核销，平台查这张券也是已核销，只是清单里没有';
      return { code, amount: AMOUNT, why, advice: '券没有问题；到账时看看有没有这一笔。' };
    },
    cannot: { 抖音来客: '它的查券不说一张券是不是用过，只有清单说' },
  },
  {
    kind: 'another amount',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      story.market.reprice(code, '48.50');
      return { code, why: '金额不同：这里 ¥49.00，平台 ¥48.50', advice: '以平台结算的金额为准。' };
    },
  },
  {
    kind: 'booked on another day by the platform',
    async inject(story) {
      story.bot.later(NIGHT - 30 * MINUTE - Date.now());
      const code = oneUse(story);
      await verify(story, code);
      story.market.shift(code, 40 * MINUTE);
      return { code, amount: AMOUNT, why: '平台记在 2026-11-23 00:10，是另一天', advice: '只是日期不同，金额没有少。' };
    },
  },
  {
    kind: 'one of several uses of a card missing',
    async inject(story) {
      const code = await threeUses(story);
      story.market.lose(code, 1);
      return {
        code,
        ...ofSecondUse(story),
        why: '这里已核销，平台清单里没有',
        advice: '到平台后台查这张券；查不到就联系平台客服。',
      };
    },
  },
  {
    kind: 'one use of a card at another price',
    async inject(story) {
      const code = await threeUses(story);
      story.market.reprice(code, '45.00');
      const why = '金额不同：这里 ¥49.00，平台 ¥45.00';
      // Allinpay has one price for all uses of a code.
      return { code, why, advice: '以平台结算的金额为准。', times: story.name === '通联 Allinpay' ? 3 : 1 };
    },
    cannot: {
      大众点评: '它的清单写的是整张次卡的价格，不是每次的',
      美团服务零售: '它的清单写的是整张次卡的价格，不是每次的',
    },
  },
  {
    kind: 'listed once more than it was used here',
    async inject(story) {
      const code = story.market.card();
      await verify(story, code);
      story.bot.later(HOUR);
      story.market.useElsewhere(code);
      return { code, ...ofSecondUse(story), why: '平台上多列了一次', advice: '到平台后台看另一次是谁核销的。' };
    },
  },
  {
    kind: 'used elsewhere after the undo here',
    async inject(story) {
      const code = oneUse(story);
      await undo(story, await verify(story, code));
      story.bot.later(HOUR);
      const now = story.market.codeNow(code);
      story.market.useElsewhere(now);
      return { code: now, amount: AMOUNT, why: '平台上已核销，不是在这里核销的', advice: '不是的话联系平台客服。' };
    },
  },
  {
    kind: 'the use of another store in this one’s list',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      const { db } = story.bot.database;
      await sql`insert into store (id, account_id, external_id, name, time_zone, day_end, last_success_at, created_at)
        select 'branch', account_id, 'x', '分店', time_zone, day_end, 0, 0 from store`.execute(db);
      await sql`update verification set store_id = 'branch' where code = ${code}`.execute(db);
      return { code, amount: AMOUNT, why: '这里是另一家店核销的，平台记在本店', advice: '看看是不是在错的门店核销了。' };
    },
  },
  {
    kind: 'told as unsure, and listed',
    async inject(story) {
      const code = oneUse(story);
      story.market.loseAnswer();
      await verify(story, code);
      return { code, amount: AMOUNT, why: '平台上已核销，这里还是待确认', advice: '在那张卡片上点“是本次核销”。' };
    },
  },
  {
    kind: 'told as refused, and listed',
    async inject(story) {
      const code = oneUse(story);
      story.market.refuse();
      await verify(story, code);
      return { code, amount: AMOUNT, why: '平台上已核销，这里是未通过', advice: '顾客已经消费的，按平台结算收款，不在日报里。' };
    },
  },
  {
    kind: 'another number of uses',
    async inject(story) {
      const code = oneUse(story);
      await verify(story, code);
      // As a program of before may have booked it.
      await sql`update verification set count = 2 where code = ${code}`.execute(story.bot.database.db);
      return { code, amount: AMOUNT, why: '张数不同：这里 2 张，平台 1 张', advice: '到平台后台查这张券用了几次。' };
    },
    cannot: { '通联 Allinpay': NOT_COUNTED, 大众点评: NOT_COUNTED, 美团服务零售: NOT_COUNTED },
  },
];

/** Every kind at every platform, as rows of a table. */
export const ROWS = KINDS.flatMap(({ kind, inject, cannot = {} }) =>
  MARKETS.map((name) => ({ kind, name, inject, why: cannot[name] })),
);
