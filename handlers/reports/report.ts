/** 绑定日报: subscribes a chat to a store's summaries, sets the end of the business day, and posts due summaries. */
import type { Words } from '../../locales/index.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { DueGroup, DueReport, Reports } from '../../services/ledger/reports.ts';
import type { StoredReconciliation } from '../../services/reconciliation/reconciliations.ts';
import type { Picture, Theme } from '../../services/charts/charts.ts';
import type { Log } from '../../services/log.ts';
import type { Incoming, Outgoing, Reply } from '../message.ts';
import type { ReportGroups } from './owner-groups.ts';
import type { Rights } from '../rights.ts';
import { wordInSummary } from '../reconcile/word-reconciliation.ts';
import { dayPicture, spanPicture } from './summary-picture.ts';
import { spanTitle, wordPeriod } from './word-span.ts';
import { wordSummary } from './word-summary.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { ReportVerb } from '../verb.ts';

export interface Report {
  /** `/report`, `/report 05:00`, `/report off`, `/report <webhook address>`. */
  command: Handler;
  readonly presses: Presses<ReportVerb>;
}

/** The beginning of a webhook address. */
const ADDRESS = /^[<「“"]?https?:/i;
const TIME = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/;

export function createReport(parts: {
  reports: Reports;
  stores: Stores;
  rights: Rights;
  groups: Pick<ReportGroups, 'connect' | 'others'>;
}): Report {
  const { reports, stores, rights, groups } = parts;

  async function* subscribe(store: Store, { topic }: Incoming, asker: Asker): AsyncIterable<Reply> {
    await reports.subscribe(store, asker.chat.id, byPerson(asker.person), topic);
    yield say(asker.words.say('report-on', { store: store.name, time: store.dayEnd }));
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
      if (/^(off|关闭|关)$/i.test(rest)) {
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
        return yield say(words.say('owner-only'));
      }
      if (ADDRESS.test(rest)) return yield* groups.connect(rest, mine, asker);
      const time = TIME.exec(rest);
      if (time) {
        const dayEnd = `${time[1]!.padStart(2, '0')}:${time[2]!}`;
        const here = asker.store ? mine : mine.filter((store) => told.some((one) => one.id === store.id));
        const [store, ...others] = here.length > 0 ? here : mine;
        if (!store || others.length > 0) return yield say(words.say('report-which'));
        await reports.setDayEnd(store, dayEnd, byPerson(asker.person));
        return yield* subscribe({ ...store, dayEnd }, incoming, asker);
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
    },
  };
}

/** A summary with what comparing the day has found; none where no platform of the store has a list. */
export interface ReconciledReport extends DueReport {
  readonly reconciliation: Pick<StoredReconciliation, 'result'> | undefined;
}

/**
 * Makes the job that enqueues every summary that is due, once. A run returns how many. One that fails is retried later, and
 * delays no other.
 */
export function createPostSummaries(parts: {
  reports: Pick<Reports, 'due' | 'putOff'>;
  /** Whether the day was compared with the platforms' lists, or is waited for no longer. */
  isReconciled: (due: DueGroup) => Promise<boolean>;
  /** Marks a summary as told and enqueues its messages in one transaction; false when another instance was first. */
  post: (due: DueGroup, messages: (report: ReconciledReport) => readonly Outgoing[]) => Promise<boolean>;
  wordsOf: (chat: string) => Promise<Words>;
  log: Log;
}): () => Promise<number> {
  const { reports, wordsOf, log } = parts;

  const post = async (due: DueGroup): Promise<boolean> => {
    try {
      if (!(await parts.isReconciled(due))) return false;
      const words = await wordsOf(due.chat);
      return await parts.post(due, (report) => messagesOf(report, words));
    } catch (error) {
      const again = new Date(await reports.putOff(due)).toISOString();
      log.error('a summary cannot be made', { store: due.storeId, chat: due.chat, failures: due.failures + 1, again, error });
      return false;
    }
  };

  return async () => {
    let posted = 0;
    let inRound: number;
    // A round posts one day of each group; after a long downtime several days are due.
    do {
      inRound = 0;
      for (const due of await reports.due()) if (await post(due)) inRound += 1;
      posted += inRound;
    } while (inRound > 0);
    return posted;
  };
}

/** The messages of a summary: its text, its picture, and the weeks and months that ended with the day, each with its own. */
function messagesOf(report: ReconciledReport, words: Words): readonly Outgoing[] {
  const { store, chat, topic, day, figures, perspective, corrections, reconciliation, picture: theme, periods } = report;
  const there = topic === undefined ? {} : { topic };
  const said = (key: string, text: string): Outgoing => ({ key, chat, reply: { kind: 'say', text, ...there } });
  /** None where nothing was verified: its text says the zero. */
  const drawn = (key: string, { count }: { count: number }, make: (look: Theme) => Picture): readonly Outgoing[] =>
    theme === 'none' || count === 0
      ? []
      : [{ key, chat, reply: { kind: 'drawing', picture: make(theme), sorry: words.say('picture-sorry'), ...there } }];
  const summary = wordSummary({ store, day, running: false, figures, perspective, corrections }, words);
  const lines = reconciliation ? wordInSummary(reconciliation.result, store, day, words) : [];
  const key = `${store.id}:${chat}:${day}`;
  const { byHour } = perspective;
  return [
    said(`summary:${key}`, [summary, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')),
    ...drawn(`summary-picture:${key}`, figures, (look) =>
      dayPicture({ store, subtitle: words.say('picture-day', { day }), theme: look }, { figures, byHour }, words),
    ),
    ...periods.flatMap((period) => [
      said(`summary-${period.kind}:${store.id}:${chat}:${period.to}`, wordPeriod(store, period, words)),
      ...drawn(`summary-${period.kind}-picture:${store.id}:${chat}:${period.to}`, period.figures, (look) =>
        spanPicture({ store, subtitle: spanTitle(period, words), theme: look }, period.figures, words),
      ),
    ]),
  ];
}
