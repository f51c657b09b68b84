/** 平台记录: lists a day's uses as each platform has them, and marks those that were not made through this bot. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Store, Stores } from '../../services/accounts/stores.ts';
import type { Ledger } from '../../services/ledger/ledger.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { PlatformRecord } from '../../services/platforms/platform-lists.ts';
import { eachAccount } from './each-account.ts';
import { say, whisper, type Presses } from '../handler.ts';
import type { RecordsVerb } from '../verb.ts';

const MOST = 30;

/** Handles the press under `/history`; the button's id is the day. */
export function createPlatformRecords(parts: {
  ledger: Pick<Ledger, 'known'>;
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
}): Presses<RecordsVerb> {
  return {
    async *records(_, asker, day) {
      const { words, store, role } = asker;
      if (!store || role === 'stranger') return yield whisper(words.say('press-refused'));
      if (!/^\d{4}-\d\d-\d\d$/.test(day)) return yield whisper(words.say('card-gone'));
      let any = false;
      yield* eachAccount(parts, store, words, async (client, { externalId }) => {
        const listed = await client.records(externalId, day);
        const found = listed?.filter(({ undoneAt }) => undoneAt === undefined);
        any ||= found !== undefined;
        return found && (await lines(found, day, store, words));
      });
      if (!any) yield say(words.say('records-none'));
    },
  };

  async function lines(found: readonly PlatformRecord[], day: string, store: Store, words: Words): Promise<string> {
    const ours = await parts.ledger.known(
      store.id,
      found.map(({ code }) => code),
    );
    const shown = found.slice(0, MOST).map(({ code, title, at, amount, by, via }) => {
      const facts = [
        ...(title === undefined ? [] : [title]),
        code,
        ...(amount === undefined ? [] : [words.money(amount)]),
        ...(by === undefined ? [] : [by]),
        ...(ours.has(code) ? [] : [via ?? words.say('records-not-ours')]),
      ];
      return `${at === undefined ? day.slice(5) : words.moment(at, store.zone).slice(5)}　${facts.join(' · ')}`;
    });
    const more = found.length > MOST ? [words.say('summary-others', { count: found.length - MOST })] : [];
    const foreign = found.filter(({ code }) => !ours.has(code)).length;
    return [words.say('records-title', { day, count: found.length, foreign }), ...shown, ...more].join('\n');
  }
}
