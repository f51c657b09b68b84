/** 日报: the verifications of a business day or of several, on request, as words and as a picture. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Charts, Picture } from '../../services/charts/charts.ts';
import { businessDay, parseDay } from '../../services/time/business-day.ts';
import { readSpan } from '../../services/time/read-span.ts';
import { dayNumber, dayOfNumber, daysOf, type Span } from '../../services/time/spans.ts';
import type { Ledger } from '../../services/ledger/ledger.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { mayVerify } from '../rights.ts';
import { say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button } from '../message.ts';
import type { SummaryVerb } from '../verb.ts';
import { dayPicture, spanPicture } from './summary-picture.ts';
import { spanTitle, wordSpan } from './word-span.ts';
import { wordSummary } from './word-summary.ts';

/** The days of one summary; a longer span is asked for as an export. */
const MOST_DAYS = 366;

type Days = Pick<Span, 'from' | 'to'>;

export interface Summary {
  /** `/summary [days]`: the running day's summary, or that of a day, or of several. */
  command: Handler;
  readonly presses: Presses<SummaryVerb>;
}

/** Without `charts` no picture is offered. */
export function createSummary(parts: {
  ledger: Ledger;
  reports: Pick<Reports, 'storesOf'>;
  charts: Pick<Charts, 'picture'> | undefined;
  now: () => number;
}): Summary {
  const { ledger, reports, charts, now } = parts;

  const storesFor = async ({ store, role, chat }: Asker): Promise<readonly Store[]> =>
    store && mayVerify(role) ? [store] : await reports.storesOf(chat.id);

  const offer = (store: Store, { from, to }: Days, words: Words): { readonly buttons?: readonly (readonly Button[])[] } => {
    if (!charts) return {};
    const id = `${dayNumber(from).toString(36)}-${dayNumber(to).toString(36)}-${store.id}`;
    return { buttons: [[{ verb: 'summary-pic', id, label: words.say('button-summary-picture') }]] };
  };

  async function wordDay(store: Store, day: string, words: Words) {
    const [figures, perspective] = [await ledger.figures(store.id, day), await ledger.perspective(store, day)];
    const running = day === businessDay(now(), store.zone, store.dayEnd);
    const text = wordSummary({ store, day, running, figures, perspective, corrections: [] }, words);
    return { text, any: figures.count > 0 };
  }

  async function wordDays(store: Store, span: Days, words: Words) {
    const figures = await ledger.span(store.id, span);
    return { text: wordSpan(store, { ...span, figures }, words), any: figures.count > 0 };
  }

  async function drawn(store: Store, { from, to }: Days, words: Words): Promise<Picture> {
    if (from !== to) {
      const subtitle = spanTitle({ from, to }, words);
      return spanPicture({ store, subtitle, theme: 'light' }, await ledger.span(store.id, { from, to }), words);
    }
    const [figures, { byHour }] = [await ledger.figures(store.id, from), await ledger.perspective(store, from)];
    const subtitle = words.say('picture-day', { day: from });
    return dayPicture({ store, subtitle, theme: 'light' }, { figures, byHour }, words);
  }

  return {
    async *command(_, asker, rest) {
      const { words } = asker;
      for (const store of await storesFor(asker)) {
        const today = businessDay(now(), store.zone, store.dayEnd);
        const span = rest === '' ? { from: today, to: today } : readDays(rest, today);
        if (span === undefined) return yield say(words.say('summary-usage'));
        if (span.from > today) return yield say(words.say('summary-future'));
        const { text, any } = span.from === span.to ? await wordDay(store, span.from, words) : await wordDays(store, span, words);
        yield { kind: 'say', text, ...(any && offer(store, span, words)) };
      }
    },
    presses: {
      async *'summary-pic'(_, asker, id) {
        const { words } = asker;
        const [, from = '', to = '', storeId] = /^([0-9a-z]{3,4})-([0-9a-z]{3,4})-(.+)$/.exec(id) ?? [];
        const store = (await storesFor(asker)).find((one) => one.id === storeId);
        if (!store || !charts) return yield whisper(words.say('card-gone'));
        const span = { from: dayOfNumber(parseInt(from, 36)), to: dayOfNumber(parseInt(to, 36)) };
        if (daysOf(span).length > MOST_DAYS) return yield whisper(words.say('card-gone'));
        const bytes = await charts.picture(await drawn(store, span, words));
        yield { kind: 'picture', bytes: bytes.toString('base64'), caption: '', sorry: words.say('picture-sorry') };
      },
    },
  };
}

/** One day, also one to come, or several that are over or under way; undefined for other words. */
function readDays(said: string, today: string): Days | undefined {
  const day = parseDay(said, today);
  if (day !== undefined) return { from: day, to: day };
  const span = readSpan(said, today);
  return span && !span.clock && daysOf(span).length <= MOST_DAYS ? span : undefined;
}
