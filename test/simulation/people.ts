/** The people of a simulation: they send codes, press as often as they like, take back, and decide by what they see at the platform. */
import { DOUYIN, type DouyinGateway } from './gateways/douyin.ts';
import type { Gateway } from './gateways/gateway.ts';
import type { Act, Plan } from './plan.ts';
import type { DouyinMessages } from './systems/douyin-messages.ts';
import { codeIn, type Chats, type Message, type Version } from './world/chats.ts';
import type { Scheduler } from './world/scheduler.ts';
import type { SharedDatabase } from './world/shared-database.ts';
import type { Till } from './systems/till.ts';
import { CHATS, OWNER, OWNERS_CHAT, OWNERS_OWN, PLACES, type StoreSystems, type TownChat } from './world/town.ts';

export interface Coupon {
  readonly gateway: Gateway;
  /** Its first code. */
  readonly code: string;
}

/** How long somebody waits for a button, ms. */
const PATIENCE_MS = 25_000;
const LOOK_MS = 1_000;

export function createPeople({
  plan,
  scheduler,
  chats,
  coupons,
  shared,
  douyin,
  messages,
  till,
  systems,
  turn,
}: {
  plan: Plan;
  scheduler: Scheduler;
  chats: Chats;
  coupons: readonly Coupon[];
  shared: SharedDatabase;
  douyin: Pick<DouyinGateway, 'refund'>;
  messages: Pick<DouyinMessages, 'tell'>;
  till: Pick<Till, 'verify'>;
  systems: readonly StoreSystems[];
  /** Turns one of `RULES`. */
  turn: (rule: number, on: boolean) => void;
}) {
  /** Events that ask about a coupon. */
  const asked = new Map<number, Set<string>>();
  const last = ({ versions }: Message): Version => versions.at(-1)!;

  /** Presses a button of this verb in a chat, as soon as there is one under a message about the coupon. */
  const press = (
    verb: string,
    {
      coupon,
      chat,
      person,
      times = 1,
      gapMs = 0,
      again = false,
    }: { coupon: number; chat: TownChat; person: number; times?: number; gapMs?: number; again?: boolean },
    then: () => void = () => undefined,
    until = scheduler.now() + PATIENCE_MS,
  ): void => {
    const mine = asked.get(coupon) ?? new Set();
    const message = chats.messages.findLast(
      (one) =>
        one.chat === chat.id &&
        one.answering !== undefined &&
        mine.has(one.answering) &&
        last(one).buttons.some((button) => button.verb === verb),
    );
    if (!message) {
      if (scheduler.now() < until)
        scheduler.after(LOOK_MS, () => press(verb, { coupon, chat, person, times, gapMs, again }, then, until));
      return;
    }
    const { id } = last(message).buttons.find((button) => button.verb === verb)!;
    for (let n = 0; n < times; n++) {
      scheduler.after(n * gapMs, () => {
        const content = { kind: 'press', action: { verb, id }, on: { chat: chat.id, message: message.id } } as const;
        chats.happens(chat.people[(person + n) % chat.people.length]!, chat, content, again && n === 0);
      });
    }
    then();
  };

  const ofDouyin = ({ do: what, coupon }: Extract<Act, { do: 'refund' | 'rumour' | 'forgery' }>): void => {
    const { code, gateway } = coupons[coupon]!;
    // Some worlds put every coupon into one store.
    if (gateway.host !== DOUYIN.host) return;
    if (what === 'refund') return douyin.refund(code);
    for (const action of ['refund_success', 'verify'] as const)
      messages.tell(code, action, what === 'forgery' ? 'forged' : undefined);
  };

  /** Presses 撤销 under what the owners were told of the coupon, and says yes. */
  const takeBack = (coupon: number, verb = 'undo', until = scheduler.now() + PATIENCE_MS): void => {
    const told = chats.messages.findLast(
      (one) =>
        one.chat === OWNERS_CHAT.id &&
        codeIn(last(one).text) === coupons[coupon]!.code &&
        last(one).buttons.some((button) => button.verb === verb),
    );
    if (!told) {
      if (scheduler.now() < until) scheduler.after(LOOK_MS, () => takeBack(coupon, verb, until));
      return;
    }
    const { id } = last(told).buttons.find((button) => button.verb === verb)!;
    const content = { kind: 'press', action: { verb, id }, on: { chat: told.chat, message: told.id } } as const;
    chats.happens(OWNER, OWNERS_CHAT, content, false);
    if (verb === 'undo') takeBack(coupon, 'undo-yes');
  };

  const act = (one: Act): void => {
    if (one.do === 'rule') return turn(one.rule, one.on);
    if (one.do === 'take-back') return takeBack(one.coupon);
    if (one.do === 'elsewhere') return coupons[one.coupon]!.gateway.useElsewhere(coupons[one.coupon]!.code);
    if (one.do === 'sale')
      return till.verify(coupons[one.coupon]!.code, systems[plan.coupons[one.coupon]!.shop]!.key, one.times, one.gapMs);
    if (!('chat' in one)) return ofDouyin(one);
    const chat = PLACES[one.chat]!;
    switch (one.do) {
      case 'summary':
        return void chats.happens(chat.people[0]!, chat, { kind: 'text', text: '/summary' }, false);
      case 'visit':
        return void chats.happens(chat.people[0]!, chat, { kind: 'text', text: `/start ${systems[chat.shop]!.link}` }, false);
      case 'send': {
        const text = coupons[one.coupon]!.code;
        const id = chats.happens(chat.people[one.person]!, chat, { kind: 'text', text }, one.again);
        asked.set(one.coupon, (asked.get(one.coupon) ?? new Set()).add(id));
        return;
      }
      case 'press':
        return press('use', { ...one, chat });
      case 'undo':
        return press('undo', { coupon: one.coupon, chat, person: 0 }, () => {
          scheduler.after(one.thinkMs ?? 0, () => press('undo-yes', { coupon: one.coupon, chat, person: 0 }));
        });
    }
  };

  /** Looks for questions that only a person can answer, and answers them by the platform's own books. */
  const decide = (): void => {
    for (const message of chats.messages) {
      const button = last(message).buttons.find(({ verb }) => verb === 'was-us');
      if (!button) continue;
      const [row] = shared.rows<{ state: string; code: string }>(
        `select state, code from verification where id = '${button.id}'`,
      );
      const coupon = coupons.find(({ code }) => code === row?.code);
      if (!row || !coupon) continue;
      const { ours } = coupon.gateway.standing(coupon.code);
      const [booked] = shared.rows<{ n: number }>(
        `select count(*) as n from verification where code = '${row.code}' and state = 'verified'`,
      );
      const yes = row.state === 'person' ? ours > booked!.n : ours === 0;
      const chat = [...CHATS, OWNERS_OWN].find(({ id }) => id === message.chat);
      if (!chat || (row.state !== 'person' && row.state !== 'undo-unsure')) continue;
      const action = { verb: yes ? 'was-us' : 'not-us', id: button.id };
      chats.happens(
        chat.group ? OWNER : chat.people[0]!,
        chat,
        { kind: 'press', action, on: { chat: chat.id, message: message.id } },
        false,
      );
    }
    // Not for ever: on the next day nobody looks.
    if (scheduler.now() < plan.start + 2 * 3_600_000) scheduler.after(60_000, decide);
  };

  return {
    begin(): void {
      for (const one of plan.acts) scheduler.after(one.at, () => act(one));
    },
    decide,
  };
}
