/** State of the fake umember: logins, shops, coupons, and every use that took effect. */
import { chinaTime } from '../china-time.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface Shop {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** 1 not authorised, 2 authorised, 3 expired, null: the list does not say. */
  status: 1 | 2 | 3 | null;
  /** Paid calls left. */
  requests: number;
}

export interface Ticket {
  readonly code: string;
  readonly store: number;
  readonly title: string;
  readonly yuan: string;
  readonly sku: number;
  readonly order: string;
  /** ms. */
  readonly until: number;
  readonly uses: number;
  /** One entry per use that really happened. */
  readonly used: { readonly at: number; readonly by: string }[];
  /** Another state: 已退款, 已冻结 … */
  fate: string | undefined;
}

export type TicketSeed = Partial<Pick<Ticket, 'code' | 'store' | 'title' | 'yuan' | 'until' | 'uses' | 'fate'>>;

export type Books = ReturnType<typeof createBooks>;

export function createBooks(now: () => number) {
  const accounts = new Map<string, Account>();
  const shops = new Map<number, Shop>();
  const tickets = new Map<string, Ticket>();

  const account = (email: string, password = 'secret'): Account => {
    const made = { email, password };
    accounts.set(email, made);
    return made;
  };

  const shop = (seed: Partial<Shop> = {}): Shop => {
    const id = seed.id ?? shops.size + 5;
    const made = {
      id,
      owner: 'owner@example.com',
      name: `大声發24小时自助棋牌室${id}`,
      status: 2 as const,
      requests: 9983,
      ...seed,
    };
    shops.set(id, made);
    return made;
  };

  const coupon = (seed: TicketSeed = {}): string => {
    const n = tickets.size;
    const code = seed.code ?? String(332_808_512 + n * 7_919).padStart(10, '0');
    const made = {
      store: 5,
      title: '开业特惠通用畅玩4小时',
      yuan: '49.00',
      sku: 1_206_941_234,
      order: String(4_971_997_871_483_391_234n + BigInt(n)),
      until: now() + 30 * 86_400_000,
      uses: 1,
      fate: undefined,
      ...seed,
      code,
    };
    tickets.set(code, { ...made, used: [] });
    return code;
  };

  /** Why it cannot be used at this shop, in the platform's words; nothing when it can. */
  const obstacle = (code: string, store: number): string | undefined => {
    const ticket = tickets.get(code);
    if (!ticket) return '券码不存在';
    if (ticket.store !== store) return '该券不适用于当前门店';
    if (ticket.fate) return `该券${ticket.fate}`;
    if (ticket.used.length >= ticket.uses) return `此券号已于 ${chinaTime(ticket.used.at(-1)!.at)} 被消费!`;
    return ticket.until < now() ? '该券已过期' : undefined;
  };

  /** One use, if it can be had. */
  const use = (code: string, store: number, by: string): string | undefined => {
    const why = obstacle(code, store);
    if (why === undefined) tickets.get(code)!.used.push({ at: now(), by });
    return why;
  };

  account('owner@example.com');
  shop();
  return {
    accounts,
    shops,
    tickets,
    account,
    shop,
    coupon,
    obstacle,
    use,
    /** Gives the uses of a code that took effect, and their calls (`elsewhere`: not through this gateway). */
    used: (code: string): readonly { readonly at: number; readonly by: string }[] => tickets.get(code)?.used ?? [],
    /** Remembers the uses so far; what it returns forgets all later ones. */
    remember: (): (() => void) => {
      const before = new Map([...tickets].map(([code, { used }]) => [code, used.length]));
      return () => {
        for (const [code, { used }] of tickets) used.splice(before.get(code) ?? 0);
      };
    },
    /** Somebody takes the latest use back in the merchant's own app: the coupon is usable again, under the same code. */
    takeBackElsewhere: (code: string): void => void tickets.get(code)?.used.pop(),
    useElsewhere: (code: string): void => void tickets.get(code)?.used.push({ at: now(), by: 'elsewhere' }),
    fate: (code: string, fate: string): void => void (tickets.get(code)!.fate = fate),
  };
}
