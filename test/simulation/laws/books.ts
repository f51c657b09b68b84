/** What the books must say: of coupons, of facts, and of what platforms were asked. */
import { DOUYIN } from '../gateways/douyin.ts';
import type { Ended, Row } from './ended.ts';

/** Each coupon is used at most once by us, and the books say what the platform says. */
export function books({ coupons }: Ended, rows: readonly Row[]): string[] {
  return coupons.flatMap(({ code, gateway }) => {
    const { ours, others, size } = gateway.standing(code);
    const mine = rows.filter((row) => row.code === code && row.state === 'verified');
    const booked = mine.reduce((sum, { count }) => sum + count, 0);
    return [
      ...(ours + others > size ? [`used twice: ${code} stands ${ours + others} times`] : []),
      ...(booked !== ours ? [`books: ${code} is verified ${booked} times here and ${ours} times at ${gateway.host}`] : []),
    ];
  });
}

/** Nothing is left unsure: the platforms are well, and somebody decides what they cannot tell. */
export function rest(_: Ended, rows: readonly Row[]): string[] {
  const open = ['submitting', 'unsure', 'person', 'undoing', 'undo-unsure'];
  return rows.filter(({ state }) => open.includes(state)).map(({ code, state }) => `at rest: ${code} is still ${state}`);
}

/** Nobody else is asked about a coupon of Douyin's where the store has Douyin itself. Another market may have the same code. */
export function directly({ coupons, gateways }: Ended): string[] {
  const others = gateways.filter(({ host }) => host !== DOUYIN.host).flatMap(({ arrivals }) => arrivals);
  return coupons
    .filter(
      ({ code, gateway }) => gateway.host === DOUYIN.host && others.some((one) => one.code === code && one.market === 'tiktok'),
    )
    .map(({ code }) => `not directly: another platform was asked about ${code}`);
}

/** umember sees two calls in any second of its own, never three. */
export function politeness({ gateways }: Ended): string[] {
  const seen = gateways
    .find(({ host }) => host === 'umember.test')!
    .arrivals.map(({ at }) => at)
    .toSorted((a, b) => a - b);
  const over = seen.filter((at, n) => (seen[n + 2] ?? Infinity) - at < 1_000).length;
  return over > 0 ? [`politeness: ${over} windows of a second with three calls`] : [];
}

/** Every move has its fact, in order and without gaps. */
export function facts({ shared }: Ended, rows: readonly Row[]): string[] {
  const all = shared.rows<{
    stream: string;
    sequence: number;
    subject: string;
    kind: string;
    from_state: string | null;
    to_state: string | null;
  }>('select stream, sequence, subject, kind, from_state, to_state from fact order by stream, sequence');
  const broken: string[] = [];
  const last = new Map<string, number>();
  for (const { stream, sequence } of all) {
    if (sequence !== (last.get(stream) ?? 0) + 1) broken.push(`facts: ${stream} jumps to ${sequence}`);
    last.set(stream, sequence);
  }
  for (const { id, code, state } of rows) {
    const mine = all.filter(({ subject, to_state }) => subject === id && to_state !== null);
    mine.forEach(({ from_state }, n) => {
      const before = mine[n - 1]?.to_state;
      if (before !== undefined && from_state !== before) broken.push(`facts: ${code} moved from ${from_state} after ${before}`);
    });
    if (mine.at(-1)?.to_state !== state)
      broken.push(`facts: ${code} is ${state}, and its last fact says ${mine.at(-1)?.to_state}`);
  }
  return broken;
}
