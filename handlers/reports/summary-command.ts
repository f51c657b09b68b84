/** 日报: the summary of the running day, of another one, or of several days, on request, as words and as a picture. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Charts, Picture } from '../../services/charts/charts.ts';
import type { Ledger } from '../../services/ledger/ledger.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { parseDay } from '../../services/time/business-day.ts';
import { dayAt } from '../../services/time/calendar.ts';
import { readSpan } from '../../services/time/read-span.ts';
import { dayNumber, dayOfNumber, daysOf, type Span } from '../../services/time/spans.ts';
import { say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button } from '../message.ts';
import { mayVerify } from '../rights.ts';
import type { SummaryVerb } from '../verb.ts';
import { groupStores, wordTogether } from './several-stores.ts';
import { dayPicture, spanPicture } from './summary-picture.ts';
import type { DaySummary } from './summary.ts';
import { spanTitle, wordSpan } from './word-span.ts';

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

  /** The button for a picture, where there is anything to see. */
  const offer = (store: Store, { from, to }: Days, count: number, words: Words): { buttons?: readonly (readonly Button[])[] } => {
    if (!charts || count === 0) return {};
    const id = `${dayNumber(from).toString(36)}-${dayNumber(to).toString(36)}-${store.id}`;
    return { buttons: [[{ verb: 'summary-pic', id, label: words.say('button-summary-picture') }]] };
  };

  async function dayOf(store: Store, day: string): Promise<DaySummary> {
    const [figures, perspective] = [await ledger.figures(store.id, day), await ledger.perspective(store, day)];
    return { store, day, running: day === dayAt(now(), store), figures, perspective, corrections: [] };
  }

  async function drawn(store: Store, span: Days, words: Words): Promise<Picture> {
    if (span.from !== span.to) {
      const figures = await ledger.span(store.id, span);
      return spanPicture({ store, subtitle: spanTitle(span, words), theme: 'light' }, figures, words);
    }
    const [figures, { byHour }] = [await ledger.figures(store.id, span.from), await ledger.perspective(store, span.from)];
    const subtitle = words.say('picture-day', { day: span.from });
    return dayPicture({ store, subtitle, theme: 'light' }, { figures, byHour }, words);
  }

  return {
    async *command(_, asker, rest) {
      const { words } = asker;
      const whole: DaySummary[] = [];
      for (const store of await storesFor(asker)) {
        const today = dayAt(now(), store);
        const span = rest === '' ? { from: today, to: today } : readDays(rest, today);
        if (span === undefined) return yield say(words.say('summary-usage'));
        if (span.from > today) return yield say(words.say('summary-future'));
        if (span.from === span.to) {
          whole.push(await dayOf(store, span.from));
          continue;
        }
        const figures = await ledger.span(store.id, span);
        const text = wordSpan(store, { ...span, figures }, words);
        yield { kind: 'say', text, ...offer(store, span, figures.count, words) };
      }
      for (const together of groupStores(whole)) {
        const [only, ...others] = together;
        const alone = only && others.length === 0 ? only : undefined;
        const pictured = alone && offer(alone.store, { from: alone.day, to: alone.day }, alone.figures.count, words);
        yield { kind: 'say', text: wordTogether(together, words), ...pictured };
      }
    },
    presses: {
      async *'summary-pic'(_, asker, id) {
        const { words } = asker;
        const [, from = '', to = '', storeId] = /^([0-9a-z]{3,4})-([0-9a-z]{3,4})-(.+)$/.exec(id) ?? [];
        const store = (await storesFor(asker)).find((one) => one.id === storeId);
        const [first, last] = [Number.parseInt(from, 36), Number.parseInt(to, 36)];
        if (!store || !charts || !(last - first < MOST_DAYS)) return yield whisper(words.say('card-gone'));
        const bytes = await charts.picture(await drawn(store, { from: dayOfNumber(first), to: dayOfNumber(last) }, words));
        yield {
          kind: 'picture',
          bytes: bytes.toString('base64'),
          caption: '',
          sorry: words.say('picture-sorry'),
          about: { storeId: store.id, for: 'readers' },
        };
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
