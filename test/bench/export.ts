/** How long an export of a hundred thousand rows takes, what it holds in memory beside the program, and how long others wait for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createExport } from '../../handlers/history/export.ts';
import type { StoreAsker } from '../../handlers/handler.ts';
import { words } from '../../locales/index.ts';
import { createExportDays } from '../../services/ledger/export-days.ts';
import { createKnownWords } from '../../services/ledger/names.ts';
import { openSqlite } from '../../services/database/database.ts';
import { storeRow } from '../fixtures/rows.ts';
import type { Figure } from './ledger.ts';
import { watchTurns } from './turns.ts';

const ROWS = 100_000;
const PER_DAY = 1000;
const FIRST = Date.parse('2026-08-01T00:00+08:00');
const LIMIT_S = 10;
const LIMIT_MB = 150;
const LIMIT_TURN_MS = 50;

export async function bench(): Promise<readonly Figure[]> {
  const { db, close } = await openSqlite(':memory:');
  try {
    await db
      .insertInto('account')
      .values({ id: 'account', platform: 'practice', identity: 'a', sealed: '', created_at: 0 })
      .execute();
    await db.insertInto('store').values(storeRow('shop')).execute();
    await sql`with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${ROWS})
      insert into verification (id, store_id, code, code_tail, state, title, remaining, count, amount, coupon, chat_id, opened_at,
        person, person_name, place, note, submitted_at, business_day, asked, notes, decided, changed_at)
      select 'v' || i, 'shop', printf('%010d', i * 7368787 % 10000000000), '1234', case when i % 50 = 7 then 'undone' else 'verified' end,
        '台球畅打' || (i % 40) || '小时', 1, 1, 4900 + i % 1000, '{}', '', 0, 'telegram:1', '员工' || (i % 20), (i % 30) || '号桌',
        case when i % 7 = 0 then '备注' || i end, ${FIRST} + (i / ${PER_DAY}) * 86400000 + (i % ${PER_DAY}) * 60000,
        date('2026-08-01', '+' || (i / ${PER_DAY}) || ' days'), 0, '[]', 0, 0 from n`.execute(db);
    const exported = createExport({
      exportDays: createExportDays(db),
      knownWords: createKnownWords(db),
      now: () => FIRST + 120 * 86_400_000,
      sleep: (ms) => sleep(ms),
    });
    const store = { id: 'shop', name: '球馆', zone: 'Asia/Shanghai', dayEnd: '00:00' };
    const asker = { store, words: words('zh-CN') } as unknown as StoreAsker;
    const figures: Figure[] = [];
    for (const kind of ['xlsx', 'csv']) {
      globalThis.gc?.();
      const before = process.memoryUsage().rss;
      let most = before;
      const weighing = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
      const turns = watchTurns();
      const own = process.cpuUsage();
      const started = performance.now();
      let bytes = 0;
      for await (const reply of exported({} as never, asker, kind)) bytes = reply.kind === 'file' ? reply.bytes.length * 0.75 : 0;
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(own);
      await sleep(5);
      const { busiest } = turns();
      clearInterval(weighing);
      const mb = (most - before) / 1e6;
      const what = `export of ${ROWS.toLocaleString('en')} rows, ${kind}`;
      const size = `${(bytes / 1e6).toFixed(1)} MB`;
      figures.push(
        {
          what: `${what} (${size})`,
          measured: `${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of a processor)`,
          promised: `≤ ${LIMIT_S} s`,
          held: seconds <= LIMIT_S,
        },
        { what: `${what}: memory`, measured: `${mb.toFixed(0)} MB`, promised: `≤ ${LIMIT_MB} MB`, held: mb <= LIMIT_MB },
        {
          what: `${what}: longest turn`,
          measured: `${busiest.toFixed(0)} ms`,
          promised: `≤ ${LIMIT_TURN_MS} ms`,
          held: busiest <= LIMIT_TURN_MS,
        },
      );
    }
    return figures;
  } finally {
    await close();
  }
}
