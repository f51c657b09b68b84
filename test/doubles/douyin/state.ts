/** The books of the fake Douyin: shops, orders with their coupons, and every verification that really happened. */

export interface Shop {
  readonly id: string;
  readonly name: string;
}

export interface Use {
  readonly id: string;
  readonly at: number;
  readonly shop: string;
  /** 2: the merchant scans; 4: an open interface. */
  readonly type: number;
  /** The number of the use on a times card, from 1. */
  readonly serial: number;
  undone?: number;
}

export interface Ticket {
  readonly id: string;
  readonly code: string;
  /** Another code of it, printed under its QR code. */
  readonly printed?: string;
  /** `encrypted_code`. */
  readonly sealed: string;
  readonly order: string;
  readonly title: string;
  readonly sku: string;
  readonly shop: string;
  readonly until: number;
  /** Fen: the price before discounts, what the merchant gives, and what the platform gives. */
  readonly original: number;
  readonly merchant: number;
  readonly platform: number;
  /** Of a times card: the price of each use; otherwise empty. */
  readonly amounts: readonly number[];
  readonly uses: Use[];
  refunded: boolean;
}

export type TicketSeed = Partial<
  Pick<Ticket, 'code' | 'printed' | 'title' | 'shop' | 'until' | 'original' | 'merchant' | 'platform' | 'amounts'>
>;

/** What is wrong with a coupon, as one result says it. */
export interface Wrong {
  readonly result: number;
  readonly msg: string;
}

const DAY_MS = 86_400_000;
const UNDO_MS = 3_600_000;

export function createBooks(now: () => number) {
  let last = 0;
  const next = (): number => (last += 1);
  /** 19 digits, beyond what a double-precision number holds. */
  const id = (): string => `75200000000000${String(10_001 + 2 * next())}`;
  const shops: Shop[] = [{ id: '7160000000000000001', name: '来客棋牌（人民路店）' }];
  const tickets: Ticket[] = [];

  const standing = ({ uses }: Ticket): Use[] => uses.filter(({ undone }) => undone === undefined);
  const size = ({ amounts }: Ticket): number => Math.max(1, amounts.length);
  const left = (ticket: Ticket): number => size(ticket) - standing(ticket).length;

  const order = (count: number, seed: TicketSeed = {}): string[] => {
    const number = `10790000000000${String(10_001 + 2 * next())}`;
    return Array.from({ length: count }, () => {
      const ticket: Ticket = {
        id: id(),
        code: `10468612${String(1_000_000 + next())}`,
        // Base64, with the characters that have to be encoded.
        sealed: `CgY+/${Buffer.from(String(next())).toString('base64').replaceAll('=', '')}==`,
        order: number,
        title: '3小时棋牌',
        sku: '1790000000000001',
        shop: shops[0]!.id,
        until: now() + 30 * DAY_MS,
        original: 5_490,
        merchant: 500,
        platform: 300,
        amounts: [],
        uses: [],
        refunded: false,
        ...seed,
      };
      tickets.push(ticket);
      return ticket.code;
    });
  };
  const find = (code: string): Ticket | undefined => tickets.find((ticket) => ticket.code === code || ticket.printed === code);
  const must = (code: string): Ticket => find(code)!;

  const wrongWith = (ticket: Ticket | undefined): Wrong | undefined => {
    if (!ticket) return { result: 1212, msg: '券码不存在' };
    if (ticket.refunded) return { result: 1250, msg: '该券已退款' };
    if (left(ticket) === 0)
      return ticket.amounts.length > 0 ? { result: 1241, msg: '次数不足' } : { result: 1208, msg: '该券已核销' };
    return ticket.until < now() ? { result: 1250, msg: '该券已过期' } : undefined;
  };

  const use = (ticket: Ticket, shop: string, type: number): Use => {
    const made: Use = { id: id(), at: now(), shop, type, serial: standing(ticket).length + 1 };
    ticket.uses.push(made);
    return made;
  };

  return {
    shops,
    tickets,
    shop: (name: string): Shop => {
      const shop = { id: id(), name };
      shops.push(shop);
      return shop;
    },
    order,
    coupon: (seed: TicketSeed = {}): string => order(1, seed)[0]!,
    find,
    standing,
    left,
    size,
    wrongWith,
    use,
    /** Every use of a code, undone or not. */
    used: (code: string): readonly Use[] => find(code)?.uses ?? [],
    useElsewhere: (code: string, type = 2): void => void use(must(code), must(code).shop, type),
    refund: (code: string): void => void (must(code).refunded = true),
    /** Undoes a use; why not, where it cannot be. */
    undo: (made: Use): 'late' | undefined => {
      if (now() - made.at > UNDO_MS) return 'late';
      made.undone = now();
      return undefined;
    },
  };
}

export type Books = ReturnType<typeof createBooks>;
