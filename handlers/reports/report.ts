/** 绑定日报: subscribes a chat to a store's summaries, and sets the end of the business day. */
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { StoreCalendars } from '../../services/ledger/store-calendar.ts';
import { readClock } from '../../services/time/read-clock.ts';
import type { Button, Incoming, Reply } from '../message.ts';
import type { ReportGroups } from './owner-groups.ts';
import type { Rights } from '../rights.ts';
import { unbound } from '../unbound.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { ReportVerb } from '../verb.ts';

export interface Report {
  /** `/report`, `/report 05:00`, `/report 凌晨5点`, `/report off`, `/report <webhook address>`. */
  command: Handler;
  readonly presses: Presses<ReportVerb>;
}

/** The beginning of a webhook address. */
const ADDRESS = /^[<「“"]?https?:/i;
/** Ends of the business day with a button: midnight, and for shops that are open late. */
const DAY_ENDS = ['00:00', '02:00', '05:00'] as const;

export function createReport(parts: {
  reports: Reports;
  calendars: Pick<StoreCalendars, 'setDayEnd'>;
  stores: Stores;
  rights: Rights;
  groups: Pick<ReportGroups, 'connect' | 'others'>;
}): Report {
  const { reports, calendars, stores, rights, groups } = parts;

  async function* subscribe(store: Store, { topic }: Incoming, asker: Asker): AsyncIterable<Reply> {
    await reports.subscribe(store, asker.chat.id, byPerson(asker.person), topic);
    const { words } = asker;
    const buttons = DAY_ENDS.filter((time) => time !== store.dayEnd).map((time): Button => ({
      verb: 'report-time',
      id: `${time.replace(':', '')}-${store.id}`,
      label: words.say('button-report-at', { time }),
    }));
    yield { kind: 'say', text: words.say('report-on', { store: store.name, time: store.dayEnd }), buttons: [buttons] };
  }

  /** Filters the stores that this person owns. */
  const ownedOf = async (candidates: readonly Store[], asker: Asker): Promise<readonly Store[]> => {
    const roles = await Promise.all(candidates.map((store) => rights.at(store.id, asker)));
    return candidates.filter((_, n) => roles[n]?.role === 'owner');
  };
  /** The chat's own store, or all of this person's. */
  const owned = async (asker: Asker): Promise<readonly Store[]> =>
    await ownedOf(asker.store ? [asker.store] : await stores.ofPerson(asker.person.id), asker);

  return {
    async *command(incoming, asker, rest) {
      const { words } = asker;
      const told = await reports.storesOf(asker.chat.id);
      if (/^(off|关闭|关|关掉|停)$/i.test(rest)) {
        // Whoever owns the chat's store now ends what an earlier one began here.
        const mine = asker.role === 'owner' ? told : await ownedOf(told, asker);
        if (told.length > 0 && mine.length === 0) return yield say(words.say('owner-only'));
        const gone = await Promise.all(mine.map((store) => reports.unsubscribe(store.id, asker.chat.id, byPerson(asker.person))));
        yield say(words.say(gone.includes(true) ? 'report-off' : 'report-was-off'));
        const others = await groups.others(await owned(asker), asker);
        if (others) yield others;
        return;
      }
      const mine = await owned(asker);
      if (mine.length === 0) {
        // The address is a secret, whoever sent it.
        if (ADDRESS.test(rest)) yield { kind: 'forget', sorry: words.say('webhook-delete-yourself') };
        if (asker.store) return yield say(words.say('owner-only'));
        // Whoever has no store yet wants to know how to get there.
        return yield incoming.group ? say(words.say('report-owner-first')) : unbound(asker);
      }
      if (ADDRESS.test(rest)) return yield* groups.connect(rest, mine, asker);
      const dayEnd = readClock(rest);
      if (dayEnd !== undefined) {
        const here = asker.store ? mine : mine.filter((store) => told.some((one) => one.id === store.id));
        const [store, ...others] = here.length > 0 ? here : mine;
        if (!store || others.length > 0) return yield say(words.say('report-which'));
        const after = await calendars.setDayEnd(store, dayEnd, byPerson(asker.person));
        return yield* subscribe(after, incoming, asker);
      }
      if (rest !== '') return yield say(words.say('report-usage'));
      const [store, ...others] = mine;
      if (store && others.length === 0) return yield* subscribe(store, incoming, asker);
      yield {
        kind: 'say',
        text: words.say('report-choose'),
        buttons: mine.slice(0, 20).map((one) => [{ verb: 'report', id: one.id, label: one.name }]),
      };
    },

    presses: {
      /** One of several stores was chosen. */
      async *report(incoming, asker, id) {
        const at = await rights.at(id, asker);
        if (at?.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
        yield* subscribe(at.store, incoming, asker);
      },

      /** Another end of the business day: `0200-<store>`. */
      async *'report-time'(_, asker, rest) {
        const { words } = asker;
        const [digits = '', id = ''] = rest.split('-');
        const dayEnd = DAY_ENDS.find((time) => time.replace(':', '') === digits);
        const at = await rights.at(id, asker);
        if (!dayEnd || !at) return yield whisper(words.say('card-gone'));
        if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
        await calendars.setDayEnd(at.store, dayEnd, byPerson(asker.person));
        const title = words.say('report-at', { store: at.store.name, time: dayEnd });
        yield { kind: 'replace', card: { title, fields: [], tone: 'good', buttons: [] } };
      },
    },
  };
}
