/** A shop without staff whose customers come by a web page: the whole program, its owner on Telegram, and browsers. */
import { mountPlacePages } from '../../bot/app/channels.ts';
import { systemTime } from '../../services/time/time.ts';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import { scan } from '../doubles/devices/phone-camera.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, type Harness, type HarnessOptions } from './harness.ts';

/** Where people reach the program, as its links say. */
export const PUBLIC_URL = 'https://shop.example';

export interface Shop {
  readonly bot: Harness;
  readonly owner: FakePerson;
  /** The owner's screen, anew. */
  readonly screen: () => Promise<FakeMessage>;
  /** Presses through screens, each named by its button, from the first one on. */
  readonly presses: (...labels: string[]) => Promise<FakeMessage>;
  /** The address of a place's page, as its QR code leads there, at the program's own port. */
  readonly link: (place?: string) => Promise<string>;
  /** Opens the place's page in a browser of its own, or in the one that is given. */
  readonly visit: (browser?: FakeBrowser, place?: string) => Promise<FakeBrowser>;
}

export interface ShopOptions extends HarnessOptions {
  /** The practice store, which can undo; else the shop at umember, which cannot. */
  readonly practised?: boolean;
}

/** A shop whose owner has turned self-service on. */
export async function openShop({ practised = false, ...options }: ShopOptions = {}): Promise<Shop> {
  const bot = await openHarness({
    http: true,
    besides: (parts) => [
      mountPlacePages({ ...parts, config: { ...parts.config, publicUrl: PUBLIC_URL }, sleep: systemTime.sleep }),
    ],
    ...options,
  });
  const owner = await (practised ? bot.learner() : bot.owner());
  const screen = async () => (await bot.ask(owner, '/customers')).at(-1)!;
  const presses = async (...path: string[]) => {
    let at = await screen();
    for (const label of path) {
      await bot.press(owner, at, label);
      at = owner.chat.messages.at(-1)!;
    }
    return at;
  };
  await presses('开通自助核销');
  const link = async (place = '本店') => {
    const before = owner.chat.messages.length;
    await presses('位置和二维码', place, '二维码');
    const codes = owner.chat.messages.slice(before).filter(({ file, text }) => file !== undefined && text.includes(PUBLIC_URL));
    const [code] = await scan(bot.telegram.files.get(codes.at(-1)!.file!)!);
    return code!.text.replace(PUBLIC_URL, bot.url);
  };
  return {
    bot,
    owner,
    screen,
    presses,
    link,
    async visit(browser = new FakeBrowser(), place = '本店') {
      await browser.opens(await link(place));
      return browser;
    },
  };
}

/** The same, whose owner has a rule on for these customers. */
export async function openRuledShop(who = '所有位置的顾客', options: ShopOptions = {}): Promise<Shop> {
  const shop = await openShop(options);
  const { bot, owner, presses } = shop;
  /** Presses buttons that begin so, from the list of rules on. */
  const pressed = async (...path: readonly string[]) => {
    let at = await presses('自动核销');
    for (const label of path) {
      await bot.press(owner, at, labels(at).find((one) => one.includes(label)) ?? label);
      at = owner.chat.messages.at(-1)!;
    }
  };
  await pressed('新建规则');
  await pressed('自动核销 1', '谁', who);
  await pressed('自动核销 1', '试算', '开启');
  return shop;
}
