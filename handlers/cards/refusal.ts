/** Words refusals and faults in one line. */
import type { Words } from '../../locales/index.ts';
import type { PlatformFault, Refusal, RefusalReason } from '../../services/platforms/platform.ts';
import { faultReason } from '../../services/verification/outcome.ts';

/** A refusal: the short word for it (已核销 …) and the rest of the line, a hint or what is known of the use. */
export interface Worded {
  readonly title: string;
  readonly detail: string;
  /** `detail` is when, where and by whom the coupon was used. */
  readonly facts?: true;
}

export function wordRefusal(refusal: Refusal, words: Words, zone: string): Worded {
  const title = words.say(`refused-${refusal.reason}`);
  const used = refusal.used;
  if (refusal.reason === 'used' && used) {
    const when = used.at === undefined ? [] : [words.moment(used.at, zone)];
    const facts = [...when, used.where, used.by].filter((fact) => fact !== undefined && fact !== '');
    if (facts.length > 0) return { title, detail: facts.join(' · '), facts: true };
  }
  const hint = words.say(HINTS[refusal.reason]);
  // The platform's own words add nothing to a known reason.
  const open = refusal.reason === 'other' || refusal.reason === 'lost';
  return { title, detail: open ? platformSaid(refusal, hint, words) : hint };
}

/** Puts the platform's own words before a note. Words that speak of 成功 are no yes, and are not shown. */
export function platformSaid(refusal: Refusal | undefined, note: string, words: Words): string {
  const said = refusal?.words;
  return said === undefined || /成功|success/i.test(said) ? note : words.say('platform-said', { words: said, note });
}

/** Words a refused undo. Our own reasons speak of verifying, so they are worded anew: the coupon stays verified. */
export function undoRefusal(refusal: Refusal, words: Words, zone: string): string {
  if (TRY_AGAIN.has(refusal.reason)) return platformSaid(refusal, words.say('undo-try-again'), words);
  const { title, detail } = wordRefusal(refusal, words, zone);
  return `${title} ${detail}`.trim();
}

/** Reasons after which nothing happened, and a retry may help. */
export const TRY_AGAIN: ReadonlySet<RefusalReason> = new Set(['lost', 'busy', 'unreachable']);

/** Words a refusal in one line: `已核销 · 2026-11-22 20:15 · 人民路店 · 小王`. */
export function refusalText(refusal: Refusal, words: Words, zone: string): string {
  const { title, detail } = wordRefusal(refusal, words, zone);
  return detail === '' ? title : `${title} · ${detail}`;
}

/** Words a refusal for a line among others: without the hint, which would hide the next line. */
export function refusalWord(refusal: Refusal, words: Words, zone: string): string {
  const { title, detail, facts } = wordRefusal(refusal, words, zone);
  return facts ? `${title} · ${detail}` : title;
}

/** Words a failed read. An answer without sense is no refusal: a proxy in between may have given it. */
export function faultText(fault: PlatformFault, words: Words, zone: string): string {
  if (fault.kind === 'nonsense') return words.say('fault-nonsense');
  return refusalText({ kind: 'refused', reason: faultReason(fault) }, words, zone);
}

/** The same with the reason apart. */
export const wordFault = (fault: PlatformFault, words: Words, zone: string): Worded =>
  fault.kind === 'nonsense'
    ? { title: words.say('refused-other'), detail: words.say('fault-nonsense') }
    : wordRefusal({ kind: 'refused', reason: faultReason(fault) }, words, zone);

/** Words a failed read that was not about a coupon: without the hints about verifying. */
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
  operator: 'refused-operator-hint',
  unusable: 'refused-unusable-hint',
  lost: 'refused-lost-hint',
  busy: 'refused-busy-hint',
  unreachable: 'refused-unreachable-hint',
  'practice-off': 'refused-practice-off-hint',
  'not-set-up': 'refused-not-set-up-hint',
  other: 'refused-other-hint',
} as const satisfies Record<RefusalReason, string>;
