/** Deliberate bugs around other systems, customers and rules. */
import { one, type Bug } from './bug.ts';

const VERIFICATION = 'services/verification';

export const BUGS_OF_SYSTEMS: readonly Bug[] = [
  // Other systems.
  one(
    'events-in-no-order',
    'services/webhooks/events.ts',
    'orderKey: `${endpoint}:${about}`',
    'orderKey: `${endpoint}:${event}`',
  ),
  one(
    'a-refused-event-is-done',
    'bot/delivery/webhooks.ts',
    /\} else await outbox\.postpone\(row, [^;]*;/,
    '} else await outbox.sent(row);',
  ),
  one(
    'a-sale-is-carried-out-again',
    `${VERIFICATION}/idempotency.ts`,
    /e\.and\(\[\s*e\('idempotency\.request_hash', '=', hash\),[\s\S]*?\]\),/,
    "e('idempotency.request_hash', '=', hash),",
  ),
  one(
    'a-key-stands-for-any-request',
    `${VERIFICATION}/idempotency.ts`,
    "if (known.request_hash !== hash) return { kind: 'mismatch' };",
    '',
  ),
  one('a-message-is-believed', `${VERIFICATION}/outside-news.ts`, 'if (!coupon.refunded) return;', ''),
  one(
    'a-message-is-told-twice',
    `${VERIFICATION}/outside-news.ts`,
    'if ((await facts.of(subject, tx)).some((known) => known.kind === kind && isSame(known))) return;',
    ';',
  ),
  one(
    'a-message-is-acknowledged-untaken',
    'bot/http/platform-messages.ts',
    "return c.text('under way', 503);",
    'return c.json({});',
  ),
  // Customers.
  one('a-limit-is-counted-late', 'services/self-service/admission.ts', 'used[whose] + uses > most', 'used[whose] > most'),
  one(
    'a-customer-reads-of-others',
    'handlers/coupon/confirm-coupon.ts',
    "begun.kind === 'already' && customer && !isOwnUse(verification, asker)",
    "begun.kind === 'already' && customer && verification.id === 'nobody'",
  ),
  // Rules.
  {
    name: 'a-rule-verifies-when-off',
    changes: [
      { file: 'services/automation/automation.ts', from: '.filter(({ on }) => on);', to: ';' },
      { file: 'services/automation/rule.ts', from: '!rule.on || ', to: '' },
    ],
  },
  one('a-rule-takes-one-too-many', 'services/automation/rule.ts', 'spent < rule.perDay', 'spent <= rule.perDay'),
  one('a-rule-is-for-everybody', 'services/automation/rule.ts', "if (!isAmong(rule.people, occasion)) return 'people';", ''),
  one(
    'a-rule-keeps-no-hours',
    'services/automation/rule.ts',
    "if (!isOpen({ ...rule, days: {} }, occasion.wall)) return 'hours';",
    '',
  ),
  one('a-rule-is-silent', `${VERIFICATION}/settle.ts`, 'if (settled) await announce(tx, settled);', ''),
];
