/** State of the fake Meituan: shops, orders of one or several coupons, and every use and undo that took effect. */
import { chinaTime } from '../../../services/time/platform-time.ts';

export interface Shop {
  /** `open_shop_uuid` in one dialect, `opBizCode` in the other. */
  readonly id: string;
  readonly name: string;
  readonly branch: string;
  readonly city: string;
  readonly address: string;
}

export interface Use {
  readonly at: number;
  readonly account: string;
  readonly name: string;
  readonly shop: string;
  readonly requestId: string;
  undone: boolean;
}

export interface Ticket {
  /** Taking back gives it another. */
  code: string;
  readonly order: string;
  readonly shop: string;
  readonly title: string;
  readonly yuan: string;
  readonly dealId: number;
  readonly dealGroupId: number;
  /** ms. */
  readonly until: number;
  /** Uses of a 次卡; 1 for all others. */
  readonly uses: number;
  readonly used: Use[];
  /** Another state: 已退款, 已冻结 … */
  fate: string | undefined;
}

export type TicketSeed = Partial<Pick<Ticket, 'code' | 'shop' | 'title' | 'yuan' | 'dealId' | 'until' | 'uses' | 'fate'>>;

/** A no: its number where numbers are told, and its words. */
export interface No {
  readonly code: number;
  readonly words: string;
  /** Comes with the no that says a coupon is used. */
  readonly ticket?: Ticket;
}

export interface Consumption {
  readonly code: string;
  readonly count: number;
  readonly shop: string;
  readonly account: string;
  readonly name: string;
  readonly requestId: string;
}

const UNDO_MS = 600_000;

export type Books = ReturnType<typeof createBooks>;

export function createBooks(now: () => number) {
  const shops = new Map<string, Shop>();
  /** By the codes of today. */
  const tickets = new Map<string, Ticket>();
  /** By every code there ever was. */
  const ever = new Map<string, Ticket>();
  const answered = new Map<string, { readonly code: string; readonly result: readonly Ticket[] | No }>();
  let numbered = 0;
  const next = (): number => (numbered += 1);

  const shop = (seed: Partial<Shop> = {}): Shop => {
    const n = shops.size;
    const id = seed.id ?? (0x6eb50f3547e1195d43eb447b8ab62449n + BigInt(n)).toString(16);
    const made = { id, name: '访庭空间', branch: `万达${n + 1}号店`, city: '上海', address: `金街${n + 1}号`, ...seed };
    shops.set(id, made);
    return made;
  };

  const newCode = (): string => String((7_992_697_494 + next() * 104_729) % 10_000_000_000).padStart(10, '0');
  const place = (ticket: Ticket): void => {
    tickets.set(ticket.code, ticket);
    ever.set(ticket.code, ticket);
  };

  /** Coupons bought together. */
  const order = (size: number, seed: TicketSeed = {}): string[] => {
    const number = String(4_926_962_768_587_886_220n + BigInt(next()));
    return Array.from({ length: size }, () => {
      const ticket: Ticket = {
        shop: [...shops.keys()][0]!,
        title: '【新店特惠】小包茶室/棋牌/桌游包间首小时',
        yuan: '49.90',
        dealId: 761_417_563,
        dealGroupId: 695_771_494,
        until: now() + 30 * 86_400_000,
        uses: 1,
        fate: undefined,
        ...seed,
        code: seed.code ?? newCode(),
        order: number,
        used: [],
      };
      place(ticket);
      return ticket.code;
    });
  };

  const standing = (ticket: Ticket): Use[] => ticket.used.filter(({ undone }) => !undone);
  const left = (ticket: Ticket): number => ticket.uses - standing(ticket).length;
  const ofOrder = (ticket: Ticket): Ticket[] => [...tickets.values()].filter((other) => other.order === ticket.order);
  const usable = (ticket: Ticket): boolean => !ticket.fate && ticket.until >= now() && left(ticket) > 0;
  /** Counts the uses that one call can verify: the coupons of the order, or the uses of the 次卡. */
  const available = (ticket: Ticket): number => (ticket.uses > 1 ? left(ticket) : ofOrder(ticket).filter(usable).length);

  /** Why a code cannot be used at this shop; nothing when it can. */
  const obstacle = (code: string, at: string): No | undefined => {
    const ticket = tickets.get(code);
    if (!ticket) return { code: 1006, words: '此券号不存在，请检查！' };
    if (ticket.shop !== at) return { code: 1012, words: '该券不适用于当前门店' };
    if (ticket.fate) return { code: 1013, words: `该券${ticket.fate}` };
    const last = standing(ticket).at(-1);
    if (left(ticket) === 0 && last) return { code: 1008, words: `此券号已于 ${chinaTime(last.at)} 被消费!`, ticket };
    return ticket.until < now() ? { code: 1011, words: '该券已过期' } : undefined;
  };

  const use = (ticket: Ticket, by: Omit<Consumption, 'code' | 'count'>): void => {
    const { shop: at, account, name, requestId } = by;
    ticket.used.push({ at: now(), shop: at, account, name, requestId, undone: false });
  };

  const apply = (call: Consumption): readonly Ticket[] | No => {
    const why = obstacle(call.code, call.shop);
    if (why) return why;
    const ticket = tickets.get(call.code)!;
    if (call.count > available(ticket)) return { code: 1014, words: '可用券数量不足' };
    const others = ofOrder(ticket).filter((other) => other !== ticket && usable(other));
    const taken = ticket.uses > 1 ? Array.from({ length: call.count }, () => ticket) : [ticket, ...others].slice(0, call.count);
    for (const one of taken) use(one, call);
    return taken;
  };

  /** The same request again is answered as it was the first time. */
  const consume = (call: Consumption): readonly Ticket[] | No => {
    const before = answered.get(call.requestId);
    if (before) return before.code === call.code ? before.result : { code: 1015, words: '请求标识与券码不一致' };
    const result = apply(call);
    answered.set(call.requestId, { code: call.code, result });
    return result;
  };

  const reverse = (code: string, at: string, dealId: string): Ticket | No => {
    const ticket = tickets.get(code);
    if (!ticket || ticket.shop !== at) return { code: 1006, words: '此券号不存在，请检查！' };
    if (String(ticket.dealId) !== dealId) return { code: 1030, words: '套餐与券码不一致' };
    const last = standing(ticket).at(-1);
    if (!last) return { code: 1031, words: '该券没有验券记录' };
    if (now() - last.at > UNDO_MS) return { code: 1029, words: '撤销失败，已超过可撤销时限' };
    last.undone = true;
    // A 次卡 keeps its code.
    if (ticket.uses > 1) return ticket;
    tickets.delete(code);
    ticket.code = newCode();
    place(ticket);
    return ticket;
  };

  shop();
  return {
    shops,
    tickets,
    shop,
    order,
    coupon: (seed: TicketSeed = {}): string => order(1, seed)[0]!,
    available,
    standing,
    obstacle,
    consume,
    reverse,
    /** Answers a request that then did nothing. */
    without: <Answer>(requestId: string, act: () => Answer): Answer => {
      const answer = act();
      answered.delete(requestId);
      for (const { used } of ever.values()) {
        const kept = used.filter((one) => one.requestId !== requestId);
        used.splice(0, used.length, ...kept);
      }
      return answer;
    },
    /** Every use of a code, under whatever code it goes today, taken back or not. */
    used: (code: string): readonly Use[] => ever.get(code)?.used ?? [],
    /** The code a coupon has today. */
    codeNow: (code: string): string => ever.get(code)?.code ?? code,
    useElsewhere: (code: string, account = 'kaidianbao'): void =>
      use(tickets.get(code)!, { shop: tickets.get(code)!.shop, account, name: '前台', requestId: `elsewhere-${next()}` }),
    /** Uses in a shop on a day, the oldest first. */
    usesOn: (at: string, day: string) =>
      [...tickets.values()]
        .filter((ticket) => ticket.shop === at)
        .flatMap((ticket) => standing(ticket).map((one) => ({ ticket, use: one, at: one.at })))
        .filter((one) => chinaTime(one.use.at).startsWith(day))
        .toSorted((a, b) => a.use.at - b.use.at),
  };
}
