/** 数据: tells the platform's own figures of a store over the last 1, 7 or 30 days. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Stores } from '../../services/accounts/stores.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { StatName, Stats } from '../../services/platforms/platform-lists.ts';
import { plainWords } from '../spoken/plain-words.ts';
import { eachAccount } from './each-account.ts';
import { say, type Handler, type StoreAsker } from '../handler.ts';

const MONEY: ReadonlySet<StatName> = new Set<StatName>(['consumed-money', 'paid-money', 'reserved-money']);
/** Most deals in one message. */
const MOST = 15;

export function createStats(parts: {
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
}): Handler<StoreAsker> {
  return async function* stats(_, { words, store }, rest) {
    const days = rest === '' ? 7 : readDays(rest);
    if (days === undefined) return yield say(words.say('stats-usage'));
    let any = false;
    yield* eachAccount(parts, store, words, async (client, { externalId }) => {
      const found = await client.stats(externalId, days);
      any ||= found !== undefined;
      return found && lines(found, days, words);
    });
    if (!any) yield say(words.say('stats-none'));
  };
}

/** The numbers of days that platforms have figures of, as people say them behind 近, 最近 and `last`. */
const SPANS = [
  [1, /^(?:1|一)(?:天|日|days?)?$/],
  [7, /^(?:(?:7|七)(?:天|日|days?)?|(?:1|一)?个?(?:周|星期|礼拜|week))$/],
  [30, /^(?:(?:30|三十)(?:天|日|days?)?|(?:1|一)?个?(?:月|month))$/],
] as const;

/** Reads 7, 近7天, 最近一周, 一个月, `last 30 days`; undefined for anything else. */
export function readDays(text: string): 1 | 7 | 30 | undefined {
  const said = plainWords(text)
    .replaceAll(' ', '')
    .replace(/^(?:最近|近|过去|thelast|last|past)/, '');
  return SPANS.find(([, pattern]) => pattern.test(said))?.[0];
}

function lines({ figures, deals }: Stats, days: number, words: Words): string {
  const told = figures.map(({ name, value }) =>
    words.say(`stat-${name}`, { value: MONEY.has(name) ? words.money(value) : value }),
  );
  const sold = deals
    .slice(0, MOST)
    .map(({ title, count, total }) => words.say('summary-line', { name: title, count, total: words.money(total) }));
  const none = told.length === 0 && sold.length === 0 ? [words.say('stats-empty')] : [];
  return [words.say('stats-days', { days }), ...told, ...sold, ...none].join('\n');
}
