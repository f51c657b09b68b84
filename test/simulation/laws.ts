/** What must hold when a simulated world has come to rest, whatever went wrong in it before. */
import { answers, order, queues } from './laws/answers.ts';
import { books, directly, facts, politeness, rest } from './laws/books.ts';
import { cards } from './laws/cards.ts';
import type { Ended, Row } from './laws/ended.ts';
import { guests } from './laws/guests.ts';
import { news } from './laws/news.ts';
import { rules } from './laws/rules.ts';
import { events, sales } from './laws/systems.ts';
import { summaries } from './laws/summaries.ts';

/** One line for each law that is broken. */
export function brokenLaws(ended: Ended): string[] {
  const rows = ended.shared.rows<Row>(
    'select id, store_id, code, state, count, amount, card, business_day, changed_at from verification order by opened_at, id',
  );
  return [
    ...books(ended, rows),
    ...rest(ended, rows),
    ...cards(ended, rows),
    ...answers(ended),
    ...order(ended),
    ...summaries(ended, rows),
    ...directly(ended),
    ...politeness(ended),
    ...queues(ended),
    ...facts(ended, rows),
    ...news(ended),
    ...guests(ended),
    ...rules(ended),
    ...events(ended),
    ...sales(ended, rows),
  ];
}
