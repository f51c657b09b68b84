/**
 * Delivers thousands of events from two processes on one PostgreSQL that are killed again and again, to a system that refuses,
 * stays silent and loses its answers: `node test/chaos/webhooks.ts [--events 10000] [--seed 1]`. Needs PostgreSQL as the tests do.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openPostgres } from '../../services/database/database.ts';
import { createFacts } from '../../services/facts/facts.ts';
import { startMerchantSystem, type Answering } from '../doubles/merchant-system.ts';
import { createServerDatabase } from '../fixtures/server-database.ts';
import { storeRow } from '../fixtures/rows.ts';
import { createParts, type Where } from './webhook-instance.ts';
import { createChance } from './world.ts';

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const events = Number(flags.events);
/** The events of one coupon: verified and taken back, twice. */
const MOVES = [
  ['submitting', 'verified'],
  ['undoing', 'undone'],
  ['submitting', 'verified'],
  ['undoing', 'undone'],
] as const;
/** A process dies after so long, and comes back at once, ms. */
const LIFE_MS = [700, 3_000] as const;
/** Claims of the dead run out after a minute. */
const LATEST_MS = 30 * 60_000;

const chance = createChance(Number(flags.seed));
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const database = await createServerDatabase();
const server = await openPostgres(database.url);
const system = await startMerchantSystem();
const parts = createParts(server);
const began = Date.now();

const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', refused_at: null, created_at: began };
await server.db.insertInto('account').values(account).execute();
await server.db.insertInto('store').values(storeRow('one')).execute();
await parts.endpoints.add('one', new URL(system.url), { kind: 'person', id: 'telegram:1', name: '王老板' });
const facts = createFacts(server.db);

/** What the system answered to each event, in the order of arrival. */
const answers = new Map<Answering, number>();
let lost = 0;
const next = (): Answering => {
  const dice = chance();
  if (dice < 0.03) return (lost++, 'lost');
  if (dice < 0.032) return (lost++, 'silent');
  return dice < 0.1 ? { status: 503 } : { status: 200 };
};
interface Taken {
  readonly id: string;
  readonly coupon: string;
  readonly sequence: number;
  readonly answer: Answering;
  readonly at: number;
}
const taken: Taken[] = [];
system.answer = ({ headers, event }) => {
  const answer = next();
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
  taken.push({
    id: String(headers['webhook-id']),
    coupon: String(event.data['coupon']),
    sequence: Number(event.data['sequence']),
    answer,
    at: Date.now(),
  });
  return answer;
};

let kills = 0;
let over = false;
const where: Where = { url: database.url, schema: 'public' };
const live = async (): Promise<void> => {
  while (!over) {
    const child: ChildProcess = fork(path.join(import.meta.dirname, 'webhook-instance.ts'), [JSON.stringify(where)]);
    await once(child, 'message');
    const life = LIFE_MS[0] + chance() * (LIFE_MS[1] - LIFE_MS[0]);
    for (let waited = 0; waited < life && !over; waited += 50) await pause(50);
    // The last two live on until all is delivered.
    while (!over && kills >= 30) await pause(100);
    kills += 1;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
};
const lives = [live(), live()];

/** The events of one coupon, one after another. */
const happen = (coupon: number): Promise<unknown> =>
  server.db.transaction().execute(async (tx) => {
    for (const [from, to] of MOVES)
      await facts.record(tx, {
        stream: 'store:one',
        kind: 'verification.x',
        subject: `coupon-${coupon}`,
        from,
        to,
        at: Date.now(),
      });
  });
for (let coupon = 0; coupon < events / MOVES.length; coupon++) await happen(coupon);
const delivered = async (): Promise<boolean> => {
  const published = await server.db
    .selectFrom('event')
    .select((e) => e.fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return (
    Number(published.n) === events && (await parts.outbox.counts()).due === 0 && (await parts.outbox.counts()).uncertain === 0
  );
};
while (!(await delivered()) && Date.now() - began < LATEST_MS) await pause(500);
over = true;
await Promise.all(lives);

const ids = new Set(taken.map(({ id }) => id));
const accepted = (one: Taken): boolean => typeof one.answer === 'object' && one.answer.status === 200;
const yes = new Map<string, number>();
/** When each event was taken for the first time. */
const firstTaken: number[] = [];
for (const one of taken.filter(accepted)) {
  if (!yes.has(one.id)) firstTaken.push(one.at);
  yes.set(one.id, (yes.get(one.id) ?? 0) + 1);
}
const within = (part: number): string =>
  (((firstTaken[Math.ceil(firstTaken.length * part) - 1] ?? began) - began) / 1000).toFixed(0);
const again = [...yes.values()].reduce((sum, n) => sum + n - 1, 0);
const outOfOrder = [...Map.groupBy(taken, ({ coupon }) => coupon).values()].filter((ofCoupon) => {
  const firsts = ofCoupon
    .filter(({ id }, at) => ofCoupon.findIndex((one) => one.id === id) === at)
    .map(({ sequence }) => sequence);
  return firsts.some((sequence, at) => at > 0 && sequence < firsts[at - 1]!);
});
const lines: readonly (readonly [string, string, boolean])[] = [
  [
    'events',
    `${events} in ${((Date.now() - began) / 1000).toFixed(0)} s, ${taken.length} requests, ${kills} kills, ${lost} answers lost`,
    true,
  ],
  // The claims of those that were killed last run out after a minute.
  ['taken', `nine in ten within ${within(0.9)} s, the last after ${within(1)} s`, true],
  ['never taken', String(events - yes.size), yes.size === events && ids.size === events],
  ['coupons told out of order', String(outOfOrder.length), outOfOrder.length === 0],
  // A process that was killed had taken the answer and not written it: at most all it had under way.
  ['told again though the answer had come', `${again}, at most 32 for each kill`, again <= kills * 32],
];
for (const [what, measured, held] of lines) print(`${held ? 'held  ' : 'BROKEN'} ${what.padEnd(40)} ${measured}`);
if (lines.some(([, , held]) => !held)) process.exitCode = 1;
await system.close();
await server.close();
await database.drop();
process.exit();
