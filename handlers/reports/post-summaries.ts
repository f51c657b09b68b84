/** Posts the summaries that are due: one message for a chat, also where several stores end their day there at once. */
import type { Words } from '../../locales/index.ts';
import type { DueGroup, DueReport, Reports } from '../../services/ledger/reports.ts';
import type { Picture, Theme } from '../../services/charts/charts.ts';
import type { Log } from '../../services/log.ts';
import type { StoredReconciliation } from '../../services/reconciliation/reconciliations.ts';
import type { Outgoing } from '../message.ts';
import { wordInSummary } from '../reconcile/word-reconciliation.ts';
import { groupStores, wordTogether } from './several-stores.ts';
import { dayPicture, spanPicture } from './summary-picture.ts';
import { spanTitle, wordPeriod } from './word-span.ts';

/** A summary with what comparing the day has found; none where no platform of the store has a list. */
export interface ReconciledReport extends DueReport {
  readonly reconciliation: Pick<StoredReconciliation, 'result'> | undefined;
}

export interface PostSummariesParts {
  readonly reports: Pick<Reports, 'due' | 'putOff'>;
  /** Whether the day was compared with the platforms' lists, or is waited for no longer. */
  readonly isReconciled: (due: DueGroup) => Promise<boolean>;
  /** Marks a chat's summaries as told and enqueues their messages in one transaction; returns how many no other instance had. */
  readonly post: (
    dues: readonly DueGroup[],
    messages: (reports: readonly ReconciledReport[]) => readonly Outgoing[],
  ) => Promise<number>;
  readonly wordsOf: (chat: string) => Promise<Words>;
  readonly log: Log;
}

/**
 * Makes the job that enqueues every summary that is due, once. A run returns how many. One that fails is retried later, and
 * delays no other.
 */
export function createPostSummaries(parts: PostSummariesParts): () => Promise<number> {
  const { reports, wordsOf, log } = parts;

  const attempt = async (dues: readonly DueGroup[]): Promise<number> => {
    const words = await wordsOf(dues[0]?.chat ?? '');
    return await parts.post(dues, (posted) => messagesOf(posted, words));
  };

  const putOff = async (due: DueGroup, error: unknown): Promise<number> => {
    const again = new Date(await reports.putOff(due)).toISOString();
    log.error('a summary cannot be made', { store: due.storeId, chat: due.chat, failures: due.failures + 1, again, error });
    return 0;
  };

  /** Posts what is due in one chat of one day; where that fails, each store by itself. */
  const post = async (dues: readonly DueGroup[]): Promise<number> => {
    try {
      // One message waits for all of its stores.
      for (const due of dues) if (!(await parts.isReconciled(due))) return 0;
      return await attempt(dues);
    } catch (error) {
      const [only] = dues;
      if (only && dues.length === 1) return await putOff(only, error);
      let posted = 0;
      for (const due of dues) posted += await attempt([due]).catch((cause: unknown) => putOff(due, cause));
      return posted;
    }
  };

  return async () => {
    let posted = 0;
    let inRound: number;
    // A round posts one day of each group; after a long downtime several days are due.
    do {
      inRound = 0;
      const dues = await reports.due();
      for (const together of Map.groupBy(dues, ({ chat, untold }) => `${untold} ${chat}`).values())
        inRound += await post(together);
      posted += inRound;
    } while (inRound > 0);
    return posted;
  };
}

/** Words one chat's summaries: stores of one day and topic together; the weeks and months that ended, and pictures, of each store. */
function messagesOf(reports: readonly ReconciledReport[], words: Words): readonly Outgoing[] {
  return [...Map.groupBy(reports, ({ topic }) => topic).values()]
    .flatMap((inTopic) => groupStores(inTopic.map(closed)))
    .flatMap((together) => {
      const [first] = together as readonly ReconciledReport[] as [ReconciledReport];
      const compared = together.map((one) => ({ ...one, compared: linesOf(one, words) }));
      return [
        said(first, `summary:${keyOf(first)}`, wordTogether(compared, words)),
        ...together.flatMap((one) => [...drawnDay(one, words), ...periodsOf(one, words)]),
      ];
    });
}

const keyOf = ({ store, chat, day }: ReconciledReport): string => `${store.id}:${chat}:${day}`;

const said = ({ chat, topic }: ReconciledReport, key: string, text: string): Outgoing => ({
  key,
  chat,
  reply: { kind: 'say', text, ...(topic !== undefined && { topic }) },
});

/** A picture, in the colours that the chat wants; none where nothing was verified, as the text says the zero. */
function drawn(
  { store, chat, topic, picture: theme }: ReconciledReport,
  { key, count, make }: { key: string; count: number; make: (theme: Theme) => Picture },
  words: Words,
): readonly Outgoing[] {
  if (theme === 'none' || count === 0) return [];
  const sorry = words.say('picture-sorry');
  const about = { storeId: store.id, for: 'readers' } as const;
  return [{ key, chat, reply: { kind: 'drawing', picture: make(theme), sorry, about, ...(topic !== undefined && { topic }) } }];
}

function drawnDay(report: ReconciledReport, words: Words): readonly Outgoing[] {
  const { store, day, figures, perspective } = report;
  const subtitle = words.say('picture-day', { day });
  const make = (theme: Theme) => dayPicture({ store, subtitle, theme }, { figures, byHour: perspective.byHour }, words);
  return drawn(report, { key: `summary-picture:${keyOf(report)}`, count: figures.count, make }, words);
}

const periodsOf = (report: ReconciledReport, words: Words): readonly Outgoing[] =>
  report.periods.flatMap((period) => {
    const { store } = report;
    const { figures, kind } = period;
    const subtitle = spanTitle(period, words);
    const make = (theme: Theme) => spanPicture({ store, subtitle, theme }, figures, words);
    const key = `${keyOf(report)}:${period.to}`;
    return [
      said(report, `summary-${kind}:${key}`, wordPeriod(store, period, words)),
      ...drawn(report, { key: `summary-${kind}-picture:${key}`, count: figures.count, make }, words),
    ];
  });

const closed = (report: ReconciledReport) => ({ ...report, running: false });

const linesOf = ({ reconciliation, store, day }: ReconciledReport, words: Words): readonly string[] =>
  reconciliation ? wordInSummary(reconciliation.result, store, day, words) : [];
