/** A shop whose owner reads the books in a browser: the whole program, its owner on Telegram, and years of verifications. */
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
