/** Words the latest deliveries of an endpoint, one line each. */
import type { Words } from '../../locales/index.ts';
import type { Delivered } from '../../services/webhooks/deliveries.ts';

/** `✓ 11-28 18:30 coupon.verified · 200`; of a failure the status or the reason, and how often it was tried. */
export function deliveryLines(latest: readonly Delivered[], zone: string, words: Words): readonly string[] {
  return latest.map(({ type, at, attempts, outcome, status, reason }) => {
    const why = status === undefined ? reasonOf(reason, words) : String(status);
    const line = `${MARKS[outcome]} ${words.moment(at, zone)} ${type} · ${why}`;
    return outcome === 'delivered' ? line : `${line} · ${words.say('hook-attempts', { count: attempts })}`;
  });
}

const MARKS = { delivered: '✓', retrying: '…', failed: '✗' } as const;

function reasonOf(reason: string | undefined, words: Words): string {
  switch (reason) {
    case 'timeout':
      return words.say('hook-reason-timeout');
    case 'private-address':
      return words.say('hook-reason-private');
    case undefined:
      return words.say('hook-reason-connection', { code: '?' });
    default:
      return words.say('hook-reason-connection', { code: reason });
  }
}
