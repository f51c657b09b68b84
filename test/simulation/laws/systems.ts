/** What merchants' own systems are told: every event, in order, and one truth for each Idempotency-Key. */
import type { EventArrival } from '../systems/endpoint.ts';
import { isCalm, type Ended, type Row } from './ended.ts';

interface Move {
  readonly subject: string;
  readonly from_state: string | null;
  readonly to_state: string;
}

/** The event that a move of a verification is. */
function typeOf({ from_state: from, to_state: to }: Move): string | undefined {
  if (from === to) return undefined;
  if (to === 'verified') return from === 'undoing' || from === 'undo-unsure' ? undefined : 'coupon.verified';
  return ['undone', 'refused', 'unsure'].includes(to) ? `coupon.${to}` : undefined;
}

/** Every fact's event arrives, the events of a coupon in their order, and nothing again whose answer was heard. */
export function events({ plan, shared, endpoints }: Ended): string[] {
  return endpoints.flatMap(({ storeId, endpoint: { arrivals, host } }) => {
    const moves = shared.rows<Move>(
      `select subject, from_state, to_state from fact where stream = 'store:${storeId}' and kind like 'verification.%'
       and to_state is not null order by sequence`,
    );
    const due = moves.flatMap((move) => (typeOf(move) === undefined ? [] : [{ type: typeOf(move)!, ...move }]));
    const taken = arrivals.filter(({ status }) => status === 200);
    const forged = arrivals.filter(({ status }) => status === 401).length;
    const is = (event: EventArrival, n: number): boolean =>
      event.sequence === n + 1 && event.type === due[n]!.type && event.verification === due[n]!.subject;
    const lost = due.filter((_, n) => !taken.some((event) => is(event, n)));
    const posted = new Set(taken.filter(({ type }) => type === 'summary.posted').map(({ id }) => id)).size;
    return [
      ...lost.map(({ type, subject }) => `events: ${type} of ${subject} never came to ${host}`),
      ...(posted === 2 ? [] : [`events: ${host} was told of ${posted} summaries`]),
      ...(forged > 0 ? [`events: ${forged} with a wrong signature`] : []),
      ...outOfOrder(arrivals),
      ...(isCalm(plan) ? again(arrivals) : []),
    ];
  });
}

function outOfOrder(arrivals: readonly EventArrival[]): string[] {
  const first = arrivals.filter(
    (event, n) => event.sequence !== undefined && arrivals.findIndex(({ id }) => id === event.id) === n,
  );
  return [...Map.groupBy(first, ({ code }) => code)].flatMap(([code, mine]) =>
    mine.some(({ sequence }, n) => n > 0 && sequence! < mine[n - 1]!.sequence!)
      ? [`events: those of ${code} came out of order`]
      : [],
  );
}

const again = (arrivals: readonly EventArrival[]): string[] =>
  arrivals.flatMap(({ id, type }, n) =>
    arrivals.slice(0, n).some((before) => before.id === id && before.heard && before.status === 200)
      ? [`events: ${type} ${id} came again`]
      : [],
  );

/** One Idempotency-Key is one use at most, and is answered the same by whoever answers; in the end each is answered. */
export function sales({ plan, till, shared }: Ended, rows: readonly Row[]): string[] {
  const fullDisk = plan.troubles.some(({ kind }) => kind === 'disk');
  const broken: string[] = [];
  // A refusal that was concluded from a lost answer still takes the call's own late yes.
  const late = new Set(
    shared
      .rows<{ subject: string }>("select subject from fact where kind = 'verification.late-yes'")
      .map(({ subject }) => subject),
  );
  for (const { key, answers, mismatches } of till.sales) {
    const done = answers.filter(({ status }) => status === 201);
    const ids = new Set(done.map(({ id }) => id));
    const refused = answers.filter(({ status }) => status === 422);
    if (done.length + refused.length === 0) broken.push(`sale: ${key} was never answered, last ${answers.at(-1)?.status}`);
    if (ids.size > 1) broken.push(`sale: ${key} is ${ids.size} verifications`);
    const mended = [...ids].every((id) => id !== undefined && late.has(id));
    if (done.length > 0 && refused.length > 0 && !mended)
      broken.push(`sale: ${key} is verified, and refused as ${refused[0]!.problem}`);
    for (const id of ids)
      if (!rows.some((row) => row.id === id && ['verified', 'undone', 'undoing', 'undo-unsure'].includes(row.state)))
        broken.push(`sale: ${key} was told verified, and ${id} is not`);
    for (const code of mismatches)
      if (code !== 'idempotency_mismatch' && !(code === '500' && fullDisk))
        broken.push(`sale: ${key} with another request was answered ${code}`);
  }
  const uses = shared.rows<{ code: string; n: number }>(
    "select code, sum(count) as n from verification where by_kind = 'key' and state not in ('refused', 'dropped') group by code",
  );
  for (const { code, n } of uses) {
    const keys = till.sales.filter((sale) => sale.code === code).length;
    if (n > keys) broken.push(`sale: ${keys} keys used ${code} ${n} times`);
  }
  return broken;
}
