/** State of the fake Allinpay: shops, coupons of the four types, and every use and undo that took effect. */
import { chinaTime } from '../china-time.ts';

export type Type = 'meituan' | 'tiktok' | 'dianping' | 'mtdz';

export interface Shop {
  readonly id: number;
  readonly app: string;
  readonly name: string;
}

/** A unit that is used one by one: a code of an order, a certificate, a time of a card. */
export interface Unit {
  /** Its own number; changes when a use of 到综 or 大众点评 is taken back. */
  no: string;
  readonly total: number;
  left: number;
}

export interface Ticket {
  readonly code: string;
  readonly type: Type;
  readonly shop: number;
  readonly title: string;
  readonly yuan: string;
  readonly marketYuan: string;
  readonly deal: string;
  /** ms; null: no end is told. */
  readonly until: number | null;
  readonly units: readonly Unit[];
  /** A Douyin card of several times: the units tell how many. */
  readonly card: boolean;
  /** Another state: 已退款, 已冻结 … */
  fate: string | undefined;
}

export interface Part {
  readonly unit: Unit;
  /** As it was called when it was used. */
  readonly no: string;
  readonly count: number;
  undone: { readonly at: number; readonly remark: string } | undefined;
}

export interface Use {
  readonly ticket: Ticket;
  readonly tranNo: string;
  readonly orderId: string;
  readonly remark: string;
  readonly operator: string;
  /** `changeSource`: 42 by a call, 34 at the till. */
  readonly source: number;
  readonly at: number;
  readonly parts: readonly Part[];
}

export interface TicketSeed extends Partial<
  Pick<Ticket, 'code' | 'type' | 'shop' | 'title' | 'yuan' | 'marketYuan' | 'until' | 'fate'>
> {
  /** Their number; Douyin's are as many certificates. */
  readonly uses?: number;
  /** Times of each certificate of a Douyin card. */
  readonly times?: readonly number[];
}

export interface Wish {
  readonly type: string;
  readonly code: string;
  readonly shop: number;
  readonly count: number;
  /** Which of Douyin's certificates, and how many times of each. */
  readonly certificates?: readonly { readonly id: string; readonly count: number }[];
}

/** Time in which a use can be undone, ms; that of 到餐 is undocumented, so it is long here. */
const UNDO_MS: Readonly<Record<Type, number>> = { mtdz: 600_000, dianping: 600_000, tiktok: 3_600_000, meituan: 43_200_000 };
const CHANGING: readonly Type[] = ['mtdz', 'dianping'];
/** One form each, so that it tells the type. */
const FIRST: Readonly<Record<Type, string>> = {
  mtdz: '5948286811',
  dianping: '7992697494',
  meituan: '77012321150807',
  tiktok: '104686126200130',
};

export type Books = ReturnType<typeof createBooks>;

export function createBooks(now: () => number) {
  const shops = new Map<number, Shop>();
  const tickets: Ticket[] = [];
  const uses: Use[] = [];
  let numbers = 0;
  const number = (first: string): string => String(BigInt(first) + BigInt((numbers += 1)) * 7_919n).padStart(first.length, '0');

  const shop = (seed: Partial<Shop> = {}): number => {
    const id = seed.id ?? 147 + shops.size;
    shops.set(id, { app: '1234567890', name: `星巴克光华店${id}`, ...seed, id });
    return id;
  };

  const coupon = (seed: TicketSeed = {}): string => {
    const { uses: many = 1, times, type = 'mtdz', ...rest } = seed;
    const code = seed.code ?? number(FIRST[type]);
    const counts = times ?? Array.from({ length: many }, () => 1);
    const units = counts.map((total, n) => ({ no: numberOf(type, code, n), total, left: total }));
    const usual = { shop: 147, title: '0.1团10百货券', yuan: '49.00', marketYuan: '68.00', until: now() + 30 * 86_400_000 };
    tickets.push({ ...usual, deal: '1316147453', fate: undefined, ...rest, code, type, units, card: times !== undefined });
    return code;
  };
  const numberOf = (type: Type, code: string, n: number): string => {
    if (type === 'tiktok') return number('7560254070939566118');
    return n === 0 || type === 'meituan' ? code : number(FIRST[type]);
  };

  /** The coupon of this code today, and what of it the code means first; two markets may give one code. */
  const find = (code: string, type?: string): { ticket: Ticket; own: Unit | undefined } | undefined => {
    for (const ticket of tickets) {
      if (type !== undefined && ticket.type !== type) continue;
      if (!CHANGING.includes(ticket.type)) {
        if (ticket.code === code) return { ticket, own: undefined };
        continue;
      }
      const own = ticket.units.find(({ no }) => no === code);
      if (own) return { ticket, own };
    }
    return undefined;
  };
  const leftOf = (ticket: Ticket): number => ticket.units.reduce((sum, { left }) => sum + left, 0);
  const lastUse = (ticket: Ticket): Use | undefined => uses.findLast((use) => use.ticket === ticket);

  /** Why it cannot be used, in the platform's words; nothing when it can. */
  const obstacle = ({ type, code, shop: at, count }: Wish): string | undefined => {
    const found = find(code, type);
    if (!found) return '券码不存在';
    const { ticket, own } = found;
    if (ticket.shop !== at) return '该券不适用于当前门店';
    if (ticket.fate) return `该券${ticket.fate}`;
    if ((own?.left ?? leftOf(ticket)) === 0) return `该券已核销，核销时间 ${chinaTime(lastUse(ticket)?.at ?? now())}`;
    if (ticket.until !== null && ticket.until < now()) return '该券已过期';
    return count > leftOf(ticket) ? '可用张数不足' : undefined;
  };

  /** Selects units for a request: the code's own unit first, or the named certificates. */
  const take = (wish: Wish): readonly Part[] | string => {
    const { ticket, own } = find(wish.code, wish.type)!;
    const parts: Part[] = [];
    const wants = (wish.certificates ?? []).map(({ id, count }) => ({ unit: ticket.units.find(({ no }) => no === id), count }));
    if (wants.some(({ unit, count }) => !unit || unit.left < count)) return '券码无效';
    let open = wish.count;
    const order = ticket.units.toSorted((a, b) => Number(b === own) - Number(a === own));
    for (const unit of order) {
      const wanted = wants.find((want) => want.unit === unit)?.count;
      const count = wants.length > 0 ? (wanted ?? 0) : Math.min(unit.left, open);
      if (count === 0) continue;
      open -= count;
      unit.left -= count;
      parts.push({ unit, no: unit.no, count, undone: undefined });
    }
    return parts;
  };

  const use = (wish: Wish, note: Pick<Use, 'orderId' | 'remark' | 'operator' | 'source'>): Use | string => {
    const why = obstacle(wish);
    if (why !== undefined) return why;
    const { ticket } = find(wish.code, wish.type)!;
    const parts = take(wish);
    if (typeof parts === 'string') return parts;
    const made = { ticket, tranNo: number('165416131313'), at: now(), parts, ...note };
    uses.push(made);
    return made;
  };

  /** Takes back a use, or one of the several it was. */
  const cancel = (type: string, at: number, tranNo: string, no: string | undefined, remark: string): Use | string => {
    const made = uses.find((one) => one.tranNo === tranNo);
    if (made?.ticket.type !== type || made.ticket.shop !== at) return '核销流水不存在';
    const parts = made.parts.filter((part) => no === undefined || part.no === no);
    if (parts.length === 0) return '核销流水不存在';
    if (parts.every(({ undone }) => undone)) return '该笔核销已撤销';
    if (now() - made.at > UNDO_MS[type]) return '已超过可撤销时限';
    for (const part of parts.filter(({ undone }) => !undone)) {
      part.undone = { at: now(), remark };
      part.unit.left += part.count;
      if (CHANGING.includes(made.ticket.type)) part.unit.no = number(FIRST[made.ticket.type]);
    }
    return made;
  };

  const usesOf = (code: string): readonly Use[] => uses.filter((one) => one.ticket.code === code);
  shop();
  return {
    shops,
    tickets,
    uses,
    shop,
    coupon,
    find,
    leftOf,
    lastUse,
    obstacle,
    use,
    cancel,
    /** Forgets the uses from the nth on, as if they had never come. */
    forget: (from: number): void => {
      for (const { parts } of uses.splice(from)) for (const { unit, count } of parts) unit.left += count;
    },
    /** Counts the uses of a coupon, by its first code, that took effect, undone or not. */
    used: (code: string): number => usesOf(code).reduce((sum, one) => sum + one.parts.reduce((n, part) => n + part.count, 0), 0),
    usesOf,
    /** Gives the present code of the coupon with this first code. */
    codeNow: (code: string): string => tickets.find((ticket) => ticket.code === code)?.units[0]?.no ?? code,
    /** Somebody uses it at the till, in another login's name. */
    useElsewhere: (code: string, count = 1): void => {
      const { ticket } = find(code)!;
      use({ type: ticket.type, code, shop: ticket.shop, count }, { orderId: '', remark: '', operator: 'till01', source: 34 });
    },
  };
}
