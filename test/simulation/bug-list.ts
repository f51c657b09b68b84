/** The deliberate bugs, each as a change of the program's text. The laws must find every one of them. */

import { one, type Bug, type Change } from './bug.ts';
import { BUGS_OF_SYSTEMS } from './bug-list-systems.ts';

const VERIFICATION = 'services/verification';
const QUEUES = 'services/database/queues';
const NOTIFY = 'handlers/notify';

/** Instances go by the machines' clocks, which differ by minutes. */
const byOwnClocks: readonly Change[] = [
  { file: 'bot/app/app.ts', from: 'createSharedClock(database.db, ours)', to: 'unsharedClock(ours)' },
];

export const BUGS: readonly Bug[] = [
  // What the platform says.
  one(
    'unknown-words-are-final',
    'services/platforms/refuse.ts',
    'if (isFinal(write, meaning)) return',
    "if (isFinal(write, meaning) || meaning === 'other' || meaning === 'temporary') return",
  ),
  one(
    'lost-is-refused',
    `${VERIFICATION}/outcome.ts`,
    "else if (error.outcome === 'not-done') return",
    'else if (error.outcome !== undefined) return',
  ),
  one(
    'lost-is-verified',
    'services/platforms/judge-lost-call.ts',
    "return hadNoEffect(notes, submittedAt, now) ? { kind: 'not-done' } : again;",
    "return yes('inferred');",
  ),
  {
    name: 'late-yes-dropped',
    changes: [
      {
        file: `${VERIFICATION}/late-truth.ts`,
        from: "      if (!yes) return 'nothing';\n",
        to: "      if (yes || !yes) return 'nothing';\n",
      },
    ],
  },
  one(
    'used-is-others',
    `${VERIFICATION}/doubt-used.ts`,
    "if (ended.kind !== 'refused' || ended.reason !== 'used') return ended;",
    "if (ended.kind !== 'refused' || ended.reason !== 'used' || now() - verification.openedAt >= 60_000) return ended;",
  ),
  // Who owns what.
  one('outbox-mark-without-claim', `${QUEUES}/outbox.ts`, ".where('epoch', '=', epoch).where('state', '=', 'sending')", ''),
  one('late-postpone-after-done', `${QUEUES}/inbox.ts`, ".where('epoch', '=', epoch).where('state', '=', sql.lit('doing'))", ''),
  {
    name: 'number-beside-a-dead-worker',
    changes: [
      ...byOwnClocks,
      {
        file: `${QUEUES}/inbox.ts`,
        from: ".where('begun.state', '=', sql.lit('doing'))",
        to: ".where('begun.state', '=', sql.lit('nobody'))",
      },
      {
        file: `${QUEUES}/inbox.ts`,
        from: /const seq = placeInLine\([^;]*;/,
        to: 'const seq = sql<number>`cast(${row.seq} as bigint)`;',
      },
    ],
  },
  {
    name: 'leases-by-own-clocks',
    changes: [
      ...byOwnClocks,
      { file: `${QUEUES}/claim.ts`, from: '(embedded ? ownClock : databaseClock)', to: '(embedded ? ownClock : ownClock)' },
    ],
  },
  one('slots-of-each-instance', 'bot/app/repositories.ts', 'slots: embedded', 'slots: db'),
  one(
    'interrupted-is-forgotten',
    `${VERIFICATION}/repository/repository.ts`,
    '.set({ check_at: now })',
    '.set({ check_at: null })',
  ),
  // What is said.
  {
    name: 'rendered-card-in-the-outbox',
    changes: [
      {
        file: `${NOTIFY}/outcome.ts`,
        from: "{ kind: 'verification', verification, news }",
        to: "{ kind: 'verification', verification, news, stored: settled } as any",
      },
      {
        file: `${NOTIFY}/countdown.ts`,
        from: "as: 'card', ...(on && { on }), silent: true } as const",
        to: "as: 'card', ...(on && { on }), silent: true, stored: v } as const",
      },
      {
        file: `${NOTIFY}/word-notice.ts`,
        from: 'return async (chat, { verification, as, on, own, asks, others, silent, news, ...notice }) => {',
        to: 'return async (chat, { verification, as, on, own, asks, others, silent, news, stored, ...notice }: any) => {',
      },
      {
        file: `${NOTIFY}/word-notice.ts`,
        from: 'const v = begun ?? (await desk.get(verification));',
        to: 'const v = stored ?? begun ?? (await desk.get(verification));',
      },
    ],
  },
  one(
    'handled-again-for-an-answer',
    'bot/delivery/answering.ts',
    'if (!kept || abandoned.aborted) return;',
    'if (!kept || abandoned.aborted || kept.length > 0) return;',
  ),
  one(
    'success-before-the-yes',
    'handlers/cards/verification-card.ts',
    "title: words.say('title-working')",
    "title: words.say('title-verified')",
  ),
  one(
    'unsent-counts-as-sent',
    'bot/delivery/outbox.ts',
    '(certain ? outbox.postpone(row, waitMs)',
    '(certain ? outbox.sent(row)',
  ),
  one('a-repeat-is-not-marked', 'bot/delivery/outbox.ts', 'error instanceof NotSent && !row.repeat', 'error instanceof NotSent'),
  one(
    'an-event-is-heard-twice',
    'bot/delivery/inbox.ts',
    'const event = { ...sanitize(heard), at: bounded(heard.at, now()) };',
    'const event = { ...sanitize(heard), at: bounded(heard.at, now()), id: `${heard.id}/${Math.floor(performance.now() * 1000)}` };',
  ),
  one(
    'a-decision-is-turned-round',
    'handlers/coupon/confirm-coupon.ts',
    "'was-us': (incoming, asker, id) => decide(incoming, asker, id, true)",
    "'was-us': (incoming, asker, id) => decide(incoming, asker, id, false)",
  ),
  // Politeness.
  one('slots-rest-too-short', 'services/rate-limit/rate-limited.ts', 'AFTER_ANSWER_MS = 1_001', 'AFTER_ANSWER_MS = 600'),
  // The books.
  one(
    'a-fact-is-missing',
    `${VERIFICATION}/repository/repository.ts`,
    'await facts.record(tx, factOf(row, event, from, by));',
    "if (event !== 'undo') await facts.record(tx, factOf(row, event, from, by));",
  ),
  one('summary-off-by-one-fen', 'services/ledger/ledger.ts', 'sum.total += amount;', 'sum.total += amount - 1;'),
  one(
    'summary-counts-refusals',
    'services/ledger/ledger.ts',
    "      case 'verified':\n",
    "      case 'verified':\n      case 'refused':\n",
  ),
  {
    name: 'summary-without-claim',
    changes: [
      {
        file: 'services/ledger/owner-groups.ts',
        from: "    .where('next_day', '=', read.next_day)\n    .where('next_at', '=', read.next_at)\n    .where('next_at', '<=', next.posted_at)\n",
        to: '',
      },
      {
        file: 'handlers/reports/post-summaries.ts',
        from: '`summary:${keyOf(first)}`',
        to: '`summary:${keyOf(first)}:${Math.floor(performance.now() * 1000)}`',
      },
    ],
  },
  ...BUGS_OF_SYSTEMS,
];
