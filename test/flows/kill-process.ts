/**
 * Lets a real bot run in faster time and kill itself on command; loaded before it starts (`node --import`).
 * It counts everything that leaves a trace: every change of the database that took effect, and every call as it goes out, has
 * gone out, and is answered. Told `{ kill: n, skipMs }`, it dies at the nth of these from then on, and that much time is over at
 * once. Told `{ full: true }`, its database cannot grow any more. FAST_FROM, FAST_TIMES and FAST_SKIP set its clock.
 */
import { subscribe } from 'node:diagnostics_channel';
import Database from 'better-sqlite3';

const from = Number(process.env['FAST_FROM']);
const times = Number(process.env['FAST_TIMES']);
let skipped = Number(process.env['FAST_SKIP']);
const RealDate = Date;
const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;
const realNow = RealDate.now.bind(RealDate);
const now = (): number => Math.floor(from + (realNow() - from) * times) + skipped;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: []) => (args.length === 0 ? new target(now()) : new target(...args)),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
globalThis.setTimeout = Object.assign(
  (act: () => void, ms = 0, ...rest: []) => realSetTimeout(act, ms / times, ...rest),
  realSetTimeout,
);
globalThis.setInterval = ((act: () => void, ms = 0, ...rest: []) =>
  realSetInterval(act, ms / times, ...rest)) as typeof setInterval;

let left = Infinity;
process.on('message', (told: { readonly kill: number; readonly skipMs: number } | { readonly full: boolean }) => {
  if ('full' in told) databases.forEach((one) => one.pragma(`max_page_count = ${told.full ? 1 : 2 ** 30}`));
  else {
    left = told.kill;
    skipped += told.skipMs;
  }
  process.send?.('done');
});
process.channel?.unref();

function event(): void {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

// The database: a statement counts when it changed something, a commit when something in it did.
const memory = new Database(':memory:');
const statements = Object.getPrototypeOf(memory.prepare('select 1')) as Record<string, (...args: unknown[]) => unknown>;
memory.close();
const databases = new Set<Database.Database>();
let changed = false;
for (const name of ['run', 'all', 'get', 'iterate']) {
  const real = statements[name]!;
  statements[name] = function counted(this: { readonly source: string; readonly database: Database.Database }, ...args) {
    databases.add(this.database);
    const result = real.apply(this, args);
    const sql = this.source.trimStart().toLowerCase();
    // Who is polling, and that the program runs, is renewed all the time and says nothing about a coupon.
    if (sql.startsWith('select') || /"(?:lease|uptime)"/.test(sql) || sql.startsWith('pragma')) return result;
    if (sql.startsWith('begin')) changed = false;
    else if (sql.startsWith('commit')) {
      if (changed) event();
    } else if (took(result)) {
      changed = true;
      event();
    }
    return result;
  };
}
const took = (result: unknown): boolean =>
  Array.isArray(result)
    ? result.length > 0
    : typeof result === 'object' && result !== null && 'changes' in result && Number(result.changes) > 0;

// Calls; not the question that Telegram holds open.
for (const channel of ['undici:request:create', 'undici:request:bodySent', 'undici:request:headers'])
  subscribe(channel, (message) => {
    if (!(message as { request: { path: string } }).request.path.endsWith('getUpdates')) event();
  });
for (const channel of ['http.client.request.created', 'http.client.request.start', 'http.client.response.finish'])
  subscribe(channel, (message) => {
    if (!(message as { request: { path: string } }).request.path.endsWith('getUpdates')) event();
  });
