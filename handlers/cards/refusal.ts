/** Why not, in one line: the platform's refusals in people's words. */
import type { Words } from '../../locales/index.ts';
import type { PlatformFault, Refusal, RefusalReason } from '../../services/platforms/platform.ts';
import { faultReason } from '../../services/verification/outcome.ts';

/** A refusal: the short word for it (已核销 …) and the rest of the line. */
export interface Worded {
  readonly title: string;
  readonly detail: string;
}

export function wordRefusal(refusal: Refusal, words: Words, zone: string): Worded {
  const title = words.say(`refused-${refusal.reason}`);
  const used = refusal.used;
  if (refusal.reason === 'used' && used) {
    const when = used.at === undefined ? [] : [words.moment(used.at, zone)];
    const facts = [...when, used.where, used.by].filter((fact) => fact !== undefined && fact !== '');
    if (facts.length > 0) return { title, detail: facts.join(' · ') };
  }
  const hint = words.say(HINTS[refusal.reason]);
  // Of a known reason the platform's own words add nothing.
  const open = refusal.reason === 'other' || refusal.reason === 'lost';
  return { title, detail: open ? platformSaid(refusal, hint, words) : hint };
}

/** A note with the platform's words before it, where there are some. Those that speak of 成功 are no yes, and are not shown. */
export function platformSaid(refusal: Refusal | undefined, note: string, words: Words): string {
  const said = refusal?.words;
  return said === undefined || /成功|success/i.test(said) ? note : words.say('platform-said', { words: said, note });
}

/** Why an undo was refused. The reasons of our own speak of verifying; here the coupon stays verified. */
export function undoRefusal(refusal: Refusal, words: Words, zone: string): string {
  if (TRY_AGAIN.has(refusal.reason)) return platformSaid(refusal, words.say('undo-try-again'), words);
  const { title, detail } = wordRefusal(refusal, words, zone);
  return `${title} ${detail}`.trim();
}

/** Refusals that are our own: nothing happened, and trying again may help. */
export const TRY_AGAIN: ReadonlySet<RefusalReason> = new Set(['lost', 'busy', 'unreachable']);

/** One line: `已核销 · 2026-11-22 20:15 · 人民路店 · 小王`. */
export function refusalText(refusal: Refusal, words: Words, zone: string): string {
  const { title, detail } = wordRefusal(refusal, words, zone);
  return detail === '' ? title : `${title} · ${detail}`;
}

/** Why a read brought nothing. An answer that makes no sense refused nothing: somebody in between answered. */
export function faultText(fault: PlatformFault, words: Words, zone: string): string {
  if (fault.kind === 'nonsense') return words.say('fault-nonsense');
  return refusalText({ kind: 'refused', reason: faultReason(fault) }, words, zone);
}

/** The same where no coupon is meant: the hints of the network's faults speak of verifying. */
export function faultTitle(fault: PlatformFault, words: Words, zone: string): string {
  if (fault.kind === 'nonsense' || fault.kind === 'unauthorised') return faultText(fault, words, zone);
  return wordRefusal({ kind: 'refused', reason: faultReason(fault) }, words, zone).title;
}

const HINTS = {
  'not-found': 'refused-not-found-hint',
  used: 'refused-used-hint',
  expired: 'refused-expired-hint',
  'not-yet': 'refused-not-yet-hint',
  'wrong-store': 'refused-wrong-store-hint',
  refunded: 'refused-refunded-hint',
  frozen: 'refused-frozen-hint',
  hidden: 'refused-hidden-hint',
  'need-qr': 'refused-need-qr-hint',
  count: 'refused-count-hint',
  unauthorised: 'refused-unauthorised-hint',
  quota: 'refused-quota-hint',
  'undo-late': 'refused-undo-late-hint',
  risk: 'refused-risk-hint',
  config: 'refused-config-hint',
  lost: 'refused-lost-hint',
  busy: 'refused-busy-hint',
  unreachable: 'refused-unreachable-hint',
  'practice-off': 'refused-practice-off-hint',
  'not-set-up': 'refused-not-set-up-hint',
  other: 'refused-other-hint',
} as const satisfies Record<RefusalReason, string>;
