/** People who verify coupons without a rest, whatever happens to the program, and what became of it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FakeMessage, FakePerson, FakeTelegram } from '../doubles/telegram.ts';
import type { FakeUmember } from '../doubles/umember.ts';

/** The price of a coupon, fen. */
export const FEN = 4990;
/** The words on a card whose verification has ended. */
const ENDED = /核销成功|未核销|已核销/;
/** Nobody waits longer for an answer before going on with the next customer, ms. */
const PATIENCE_MS = 20_000;

export interface Customer {
  readonly code: string;
  /** The cards that were pressed. */
  readonly cards: FakeMessage[];
}

export type Clerk = Awaited<ReturnType<typeof hire>>;

const seen = async <T>(find: () => T | undefined, ms: number): Promise<T | undefined> => {
  for (const late = Date.now() + ms; Date.now() < late; await pause(20)) {
    const found = find();
    if (found !== undefined) return found;
  }
  return find();
};

/** An owner with an account and a store of their own: umember takes two calls a second for each. */
export async function hire(n: number, { telegram, umember }: { telegram: FakeTelegram; umember: FakeUmember }) {
  const email = `clerk${n}@example.com`;
  umember.books.account(email);
  const shop = umember.books.shop({ owner: email, requests: 1e9 });
  const person: FakePerson = telegram.person(`店主${n}`);
  person.says('/bind');
  person.presses(await shows('选择平台'), '美团 · umember');
  person.says(email, { replyTo: await shows('邮箱') });
  person.says('secret', { replyTo: await shows('请发送密码') });
  await shows('已绑定');

  async function shows(text: string): Promise<FakeMessage> {
    const found = await seen(() => person.chat.messages.findLast((one) => one.byBot && one.text.includes(text)), 60_000);
    if (!found) throw new Error(`${email} never saw ${text}`);
    return found;
  }

  const bot = (): FakeMessage[] => person.chat.written.filter(({ byBot }) => byBot);
  const customers: Customer[] = [];
  /** When somebody got an answer, ms. */
  const answers: number[] = [];
  const serve = async (chance: () => number): Promise<void> => {
    const customer: Customer = { code: umember.books.coupon({ store: shop.id, yuan: '49.90' }), cards: [] };
    customers.push(customer);
    person.says(customer.code);
    const card = await seen(
      () => person.chat.messages.findLast((one) => one.byBot && one.text.includes(customer.code) && one.buttons.length > 0),
      PATIENCE_MS,
    );
    if (!card?.buttons.flat().some(({ label }) => label === '确认核销')) return;
    answers.push(Date.now());
    customer.cards.push(card);
    if (chance() < 0.05) umember.fail('verify', { kind: 'reset', applied: chance() < 0.5 });
    const press = person.presses(card, '确认核销');
    if (chance() < 0.3) telegram.pressAgain(press);
    if (await seen(() => (ENDED.test(card.text) ? card : undefined), PATIENCE_MS)) answers.push(Date.now());
  };
  return {
    person,
    customers,
    answers,
    /** The business day ends at this full minute. */
    async endsDay(at: Date): Promise<void> {
      const china = new Date(at.getTime() + 8 * 3_600_000).toISOString();
      person.says(`/report ${china.slice(11, 16)}`);
      await shows('营业日截止时间');
    },
    summaries: (): number => bot().filter(({ text }) => text.includes('日报 · ') && !text.includes('重复')).length,
    answeredTwice: (): string[] =>
      customers.flatMap(({ code }) => (bot().filter(({ text }) => text.includes(code)).length > 1 ? [code] : [])),
    /** Serves customers until `over` says so. */
    async works(over: () => boolean, chance: () => number): Promise<void> {
      while (!over()) {
        await serve(chance);
        await pause(50 + chance() * 200);
      }
    },
    /** Says something at the end, and gives how long the answer took; undefined where none came. */
    async asksStatus(): Promise<number | undefined> {
      const [before, began] = [person.chat.written.length, Date.now()];
      person.says('/status');
      const answer = await seen(() => person.chat.written.slice(before).find((one) => one.byBot), PATIENCE_MS);
      return answer && Date.now() - began;
    },
  };
}
