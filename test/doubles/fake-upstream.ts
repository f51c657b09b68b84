/**
 * A fake platform in memory, as the desk calls it: state, and calls that fail as ordered. It outlives the desks that call it:
 * `crash()` is the end of a process, whose calls are never answered; requests already sent may still take effect.
 */
import type { PlatformClient, Waiting } from '../../services/platforms/client.ts';
import { judgeLostCall } from '../../services/platforms/judge-lost-call.ts';
import { PlatformFault, type Asked, type Receipt, type Undone } from '../../services/platforms/platform.ts';

/**
 * The fate of a call. `queued`: waits for its turn until `answers()`. `late`: done at once, answered at `answers()`. `slow`: done
 * and answered at `answers()`, however long after it was believed lost.
 * `dies-…`: done or not, never answered. `defect-…`: our own code fails before or after it.
 */
export const FATES = [
  'yes',
  'refusal',
  'not-done',
  'lost-before',
  'lost-after',
  'queued',
  'late',
  'slow',
  'defect-before',
  'defect-after',
  'dies-before',
  'dies-after',
] as const;
export type Fate = (typeof FATES)[number];

interface Use {
  readonly requestId: string;
  readonly count: number;
  undone: string | undefined;
}

export interface Ticket {
  code: string;
  readonly uses: number;
  readonly used: Use[];
}

export interface FakeUpstreamOptions {
  /** The platform reports the request of each use; else a person must decide. */
  readonly exact: boolean;
  /** An undo renews the code. */
  readonly renews: boolean;
  /** Called with every write, before it takes effect. */
  readonly called: (kind: 'verify' | 'undo', requestId: string) => Promise<void>;
}

const PRICE = 4900;
/** A request whose process has died arrives within this time, or never. */
const ARRIVAL_MS = 8_000;
const never = () => Promise.reject(new Error('the desk has no business with this'));

export function createFakeUpstream({ exact, renews, called }: FakeUpstreamOptions) {
  const tickets: Ticket[] = [];
  let fate: Fate = 'yes';
  let process = 0;
  let mute = false;
  let renewed = 0;
  /** Calls that hang, and when they left; those still queued have not. */
  const waiting: { readonly sentAt: number | undefined; readonly go: () => void }[] = [];
  const hanging = new Map<string, PromiseWithResolvers<void>>();
  const hang = (requestId: string): PromiseWithResolvers<void> => {
    const known = hanging.get(requestId) ?? Promise.withResolvers<void>();
    hanging.set(requestId, known);
    return known;
  };

  const find = (code: string) => tickets.find((ticket) => ticket.code === code);
  const left = ({ uses, used }: Ticket): number =>
    uses - used.reduce((sum, use) => sum + (use.undone === undefined ? use.count : 0), 0);
  const useOf = (requestId: string) => tickets.flatMap((ticket) => ticket.used).find((use) => use.requestId === requestId);
  const receipt = (requestId: string, at = 0): Receipt => ({
    kind: 'verified',
    at,
    undoUntil: 4e12,
    items: [{ count: useOf(requestId)?.count ?? 1, handle: requestId }],
  });

  /** Lets a call leave in its turn, unless it is held back. */
  async function leave(kind: 'verify' | 'undo', requestId: string, turn: Waiting | undefined): Promise<void> {
    await turn?.before?.();
    await called(kind, requestId);
  }

  /** Does what was asked as its fate has it. `act` changes the books and answers. */
  async function meet<R>(kind: 'verify' | 'undo', requestId: string, turn: Waiting | undefined, act: () => R): Promise<R> {
    const mine = process;
    const ordered = fate;
    fate = 'yes';
    const park = (): Promise<never> => {
      hang(requestId).resolve();
      return new Promise(() => undefined);
    };
    const hold = async (sent: boolean, run: () => Promise<R> | R): Promise<R> =>
      await new Promise<R>((resolve, reject) => {
        const go = (): void => {
          if (mine === process) void (async () => await run())().then(resolve, reject);
          else if (sent) void run();
        };
        waiting.push({ sentAt: sent ? Date.now() : undefined, go });
        hang(requestId).resolve();
      });
    if (ordered === 'queued')
      return await hold(false, async () => {
        await leave(kind, requestId, turn);
        return act();
      });
    await leave(kind, requestId, turn);
    switch (ordered) {
      case 'yes':
        return act();
      case 'refusal':
        return { kind: 'refused', reason: 'risk' } as R;
      case 'not-done':
        throw new PlatformFault('busy', 'not-done', 'as ordered');
      case 'lost-before':
        throw new PlatformFault('unreachable', 'unknown', 'as ordered');
      case 'lost-after':
        act();
        throw new PlatformFault('nonsense', 'unknown', 'as ordered');
      case 'defect-before':
        throw new Error('a defect');
      case 'defect-after':
        act();
        throw new Error('a defect');
      case 'dies-before':
        return await park();
      case 'dies-after':
        act();
        return await park();
      case 'late': {
        const answer = act();
        return await hold(true, () => answer);
      }
      case 'slow':
        return await hold(true, act);
    }
  }

  const unreachable = (): void => {
    if (mute) throw new PlatformFault('unreachable', 'not-done', 'as ordered');
  };

  const client: PlatformClient = {
    platform: 'practice',
    rank: 1,
    markets: ['meituan'],
    hasRecords: false,
    recordIds: () => [],
    async lookup(_, code) {
      const ticket = find(code);
      if (!ticket) return { kind: 'refused', reason: 'not-found' };
      const remaining = left(ticket);
      if (remaining === 0) return { kind: 'refused', reason: 'used' };
      return { kind: 'coupon', code, title: '畅玩4小时', price: PRICE, remaining };
    },
    verify: async ({ code, count, requestId }, turn) =>
      await meet('verify', requestId, turn, () => {
        const ticket = find(code);
        if (!ticket) return { kind: 'refused', reason: 'not-found' };
        if (count > left(ticket)) return { kind: 'refused', reason: 'used' };
        ticket.used.push({ requestId, count, undone: undefined });
        return receipt(requestId);
      }),
    async query(lost) {
      unreachable();
      const { code, requestId } = lost;
      const ticket = find(code);
      // One that moved to another code is not found: that tells nothing.
      const used = exact ? useOf(requestId) : !ticket || ticket.used.some((use) => use.undone === undefined);
      if (used && !exact) return { result: { kind: 'person' }, note: 'person' };
      return judgeLostCall(used ? 'ours' : 'unused', lost, Date.now(), () => receipt(requestId));
    },
    undo: async ({ receiptHandle = '', requestId }, turn) =>
      await meet('undo', requestId, turn, () => {
        const use = useOf(receiptHandle);
        if (!use || use.undone !== undefined) return { kind: 'refused', reason: 'undo-late' };
        use.undone = requestId;
        const ticket = tickets.find(({ used }) => used.includes(use))!;
        if (renews) ticket.code = `9${String((renewed += 1)).padStart(9, '0')}`;
        return { kind: 'undone', at: 1, ...(renews && { newCode: ticket.code }) } satisfies Undone;
      }),
    async queryUndo(lost) {
      unreachable();
      const use = useOf(lost.receiptHandle ?? '');
      if (!exact) return { result: { kind: 'person' }, note: 'person' } satisfies Asked<Undone>;
      const seen = use?.undone === lost.requestId ? 'ours' : 'unused';
      return judgeLostCall(seen, lost, Date.now(), (): Undone => ({ kind: 'undone', at: 1 }));
    },
    scan: () => Promise.resolve(undefined),
    stores: never,
    deals: never,
    operatorName: () => Promise.resolve(undefined),
    state: never,
    records: never,
    stats: never,
    renew: never,
    waiting: () => ({ place: 0, ms: 0 }),
  };

  return {
    client,
    tickets,
    ticket: (code: string, uses: number): void => void tickets.push({ code, uses, used: [] }),
    /** Orders the fate of the next write. */
    order: (next: Fate): void => void (fate = next),
    /** Resolves when this request's call is left waiting. */
    parked: (requestId: string): Promise<void> => hang(requestId).promise,
    /** All that wait are done and answered. */
    answers(): void {
      for (const call of waiting.splice(0)) call.go();
    },
    /**
     * The process ends. What it sent a moment ago arrives, and is answered to nobody; what did not arrive for long is lost with its
     * connection, and what was queued is never sent.
     */
    crash(): void {
      process += 1;
      const recent = Date.now() - ARRIVAL_MS;
      for (const { sentAt, go } of waiting.splice(0)) if (sentAt !== undefined && sentAt > recent) go();
    },
    /** Nobody can ask it anything any more. */
    fallSilent: (): void => void (mute = true),
    useElsewhere(code: string): void {
      const ticket = find(code);
      if (ticket && left(ticket) > 0)
        ticket.used.push({ requestId: `elsewhere ${ticket.used.length}`, count: 1, undone: undefined });
    },
    /** Whether this request took effect, and whether it was taken back. */
    verified: (requestId: string): boolean => useOf(requestId) !== undefined,
    undone: (requestId: string): boolean => tickets.some(({ used }) => used.some((use) => use.undone === requestId)),
    /** Whether its use stands: it took effect, and no request has taken it back. */
    stands: (requestId: string): boolean => {
      const use = useOf(requestId);
      return use !== undefined && use.undone === undefined;
    },
    left,
  };
}
