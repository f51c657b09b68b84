/** A shop whose owner reads the books in a browser: the whole program, its owner on Telegram, and years of verifications. */
import { sql } from '../../services/database/database.ts';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { linkIn, openHarness, type Harness, type HarnessOptions } from './harness.ts';

/** Where people reach the program, as its links say. */
export const PUBLIC_URL = 'http://books.example';

export interface BookShop {
  readonly bot: Harness;
  readonly owner: FakePerson;
  /** The address in the answer to /books, at the program's own port. */
  readonly link: (person?: FakePerson) => Promise<string>;
  /** Opens the books as a browser does: the link, and its button. */
  readonly read: (person?: FakePerson, browser?: FakeBrowser) => Promise<FakeBrowser>;
  /** The id of the owner's store. */
  readonly store: () => Promise<string>;
}

export async function openBookShop(options: HarnessOptions = {}): Promise<BookShop> {
  const bot = await openHarness({ http: true, publicUrl: PUBLIC_URL, ...options });
  const owner = await bot.owner();
  const link = async (person = owner): Promise<string> =>
    linkIn((await bot.ask(person, '/books')).at(-1)!).replace(PUBLIC_URL, bot.url);
  return {
    bot,
    owner,
    link,
    async read(person = owner, browser = new FakeBrowser()) {
      await browser.opens(await link(person));
      await browser.presses();
      return browser;
    },
    store: async () => (await bot.database.db.selectFrom('store').select('id').executeTakeFirstOrThrow()).id,
  };
}

/** Writes verifications of some days up to one, `perDay` each, as a shop has them: some undone, refused, unsure or without a price. */
export async function fillBooks(
  { database: { db } }: Pick<Harness, 'database'>,
  store: string,
  { last, days, perDay, products = 8 }: { last: string; days: number; perDay: number; products?: number },
): Promise<void> {
  const end = sql.lit(Date.parse(`${last}T10:00+08:00`));
  // A number that is bound would be a real one.
  const [daily, deals, all] = [sql.lit(perDay), sql.lit(products), sql.lit(days * perDay)];
  const title = sql`case r % ${deals} when 0 then '四小时畅玩·下午茶双人套餐（含饮料）' when 1 then '台球畅打2小时' when 2 then '通宵8小时'
    else '棋牌室包间' || (r % ${deals}) || '小时' end`;
  const code = sql`printf('%010d', i * 7368787 % 10000000000)`;
  await sql`with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${all}),
    row as (
      select i, ${end} - (i / ${daily}) * 86400000 + (i % ${daily}) * 120000 as at, date(${last}, '-' || (i / ${daily}) || ' days') as day,
        i * 7919 % 1009 as r
      from n where (i % ${daily}) * 10 < ${daily} * (5 + (i / ${daily}) * 7 % 6)
    )
    insert into verification (id, store_id, code, code_tail, state, title, price, remaining, count, amount, coupon, chat_id, opened_at,
      person, person_name, place, note, submitted_at, business_day, settled_at, asked, notes, decided, changed_at, by_kind, refusal)
    select ${store} || i, ${store}, ${code}, substr(${code}, -4),
      case when r % 40 = 7 then 'undone' when r % 40 = 9 then 'refused' when r % 199 = 3 then 'unsure' else 'verified' end,
      ${title},
      4900, 1, 1, case when r % 97 = 5 then null else 3900 + r % ${deals} * 700 end,
      '{"kind":"coupon","code":"' || ${code} || '","title":"' ||
        ${title} ||
        '","remaining":1}', '', at,
      'telegram:' || (r % 5), case r % 5 when 0 then '小王' when 1 then '小李' when 2 then '前台阿姨' when 3 then '老板' else '夜班小张' end,
      case when r % 3 = 0 then (1 + r % 12) || '号桌' end, case when r % 11 = 0 then '生日，多送一壶茶' end, at, day, at + 1500, 0, '[]', 0, at + 1500,
      'person', case when r % 40 = 9 then '{"kind":"refused","reason":"expired"}' end
    from row`.execute(db);
}
