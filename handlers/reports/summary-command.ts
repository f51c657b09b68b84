/** 日报: the summary of the running day, or of another one, on request. */
import type { Ledger } from '../../services/ledger/ledger.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { businessDay, parseDay } from '../../services/time/business-day.ts';
import { say, type Handler } from '../handler.ts';
import { mayVerify } from '../rights.ts';
import { groupStores, wordTogether } from './several-stores.ts';
import type { DaySummary } from './summary.ts';

/** Makes the handler of `/summary [date]`: the running day's summary, or that day's. */
export function createSummary(parts: { ledger: Ledger; reports: Reports; now: () => number }): Handler {
  const { ledger, reports, now } = parts;
  return async function* summary(_, asker, rest) {
    const { words, store, role } = asker;
    const whole: DaySummary[] = [];
    for (const one of store && mayVerify(role) ? [store] : await reports.storesOf(asker.chat.id)) {
      const today = businessDay(now(), one.zone, one.dayEnd);
      const day = rest === '' ? today : parseDay(rest, today);
      if (day === undefined) return yield say(words.say('summary-usage'));
      if (day > today) return yield say(words.say('summary-future'));
      const [figures, beside] = [await ledger.figures(one.id, day), await ledger.perspective(one, day)];
      whole.push({ store: one, day, running: day === today, figures, perspective: beside, corrections: [] });
    }
    for (const together of groupStores(whole)) yield say(wordTogether(together, words));
  };
}
