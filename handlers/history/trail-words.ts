/** Words the audit trail: a sentence for every kind of fact, whose subject is whoever did it. */
import { isLocale, words as wordsIn, type Words } from '../../locales/index.ts';
import type { AccountFactKind } from '../../services/accounts/account-facts.ts';
import { GROUP_CODES, MAY_UNDO } from '../../services/accounts/store.ts';
import type { Fact } from '../../services/facts/facts.ts';
import type { DecisionKind } from '../../services/facts/trail.ts';
import { oneLine } from '../../services/one-line.ts';
import { PLATFORM_NAMES } from '../../services/platforms/names.ts';
import { endOf } from '../settings/day-end.ts';
import { zoneName } from '../settings/zone.ts';
import {
  about,
  alerts,
  among,
  answered,
  apiKey,
  decided,
  extras,
  field,
  identity,
  named,
  ownerAdded,
  plain,
  renamed,
  setting,
  type Sentence,
  type Told,
} from './trail-sentences.ts';

const PLATFORM = among(PLATFORM_NAMES, (one, words) => words.say(`platform-${one}`));
const WHO_MAY = among(['owner', 'invited', 'everyone'] as const, (one, words) => words.say(`trail-may-${one}`));
const LANGUAGE = (value: string): string => (isLocale(value) ? wordsIn(value).say('language-name') : value);

const SENTENCES: Readonly<Record<AccountFactKind | DecisionKind, Sentence>> = {
  'account.bound': (told, words) => words.say('trail-account-bound', { platform: PLATFORM(field(told, 'platform'), words) }),
  'account.secret-changed': plain('trail-account-secret-changed'),
  'account.renewed': plain('trail-account-renewed'),
  'account.refused': plain('trail-account-refused'),
  'account.accepted': plain('trail-account-accepted'),
  'owner.added': ownerAdded,
  'owner.removed': named('trail-owner-removed'),
  'owner.left': plain('trail-owner-left'),
  'owner.lapsed': named('trail-owner-lapsed'),
  'owner.taken-back': named('trail-owner-taken-back'),
  'owner.offered': plain('trail-owner-offered'),
  'owner.declined': plain('trail-owner-declined'),
  'owner.handed-over': plain('trail-owner-handed-over'),
  'person.renamed': renamed('trail-person-renamed'),
  'person.linked': identity('trail-person-linked'),
  'person.unlinked': identity('trail-person-unlinked'),
  'staff.joined': plain('trail-staff-joined'),
  'staff.declined': plain('trail-staff-declined'),
  'staff.removed': named('trail-staff-removed'),
  'chat.bound': about('trail-chat-bound-own', named('trail-chat-bound', 'title')),
  'chat.unbound': about('trail-chat-unbound-own', plain('trail-chat-unbound')),
  'chat.moved': plain('trail-chat-moved'),
  'chat.who-may': ({ fact: { to = '' } }, words) => words.say('trail-chat-who-may', { who: WHO_MAY(to, words) }),
  'chat.language': ({ fact: { to = '' } }, words) => words.say('trail-chat-language', { language: LANGUAGE(to) }),
  'summary.on': about('trail-summary-on-own', plain('trail-summary-on')),
  'summary.off': about('trail-summary-off-own', plain('trail-summary-off')),
  'summary.extras': extras,
  'staff.invited': plain('trail-staff-invited'),
  'store.added': named('trail-store-added'),
  'store.day-end': setting('setting-day-end', endOf),
  'alerts.kinds': alerts,
  'alerts.quiet-hours': setting('setting-quiet', (value, words) => value || words.say('setting-off')),
  'store.zone': setting('setting-zone', zoneName),
  'store.may-undo': setting(
    'setting-may-undo',
    among(MAY_UNDO, (one, words) => words.say(`may-undo-${one}`)),
  ),
  'store.group-codes': setting(
    'setting-group-codes',
    among(GROUP_CODES, (one, words) => words.say(`group-codes-${one}`)),
  ),
  'listing.added': named('trail-listing-added'),
  'listing.removed': named('trail-listing-removed'),
  'self-service.on': plain('trail-self-service-on'),
  'self-service.off': plain('trail-self-service-off'),
  'self-service.hours': plain('trail-self-service-hours'),
  'self-service.limits': plain('trail-self-service-limits'),
  'self-service.ask-closed': plain('trail-self-service-ask-closed'),
  'place.added': named('trail-place-added'),
  'place.renamed': renamed('trail-place-renamed'),
  'place.instructions': named('trail-place-instructions'),
  'place.rotated': named('trail-place-rotated'),
  'place.removed': named('trail-place-removed'),
  'key.made': apiKey('trail-key-made'),
  'key.revoked': apiKey('trail-key-revoked'),
  'rule.added': named('trail-rule-added'),
  'rule.changed': named('trail-rule-changed'),
  'rule.on': named('trail-rule-on'),
  'rule.off': named('trail-rule-off'),
  'rule.removed': named('trail-rule-removed'),
  'webhook.added': named('trail-webhook-added', 'host'),
  'webhook.removed': plain('trail-webhook-removed'),
  'webhook.rotated': plain('trail-webhook-rotated'),
  'webhook.on': plain('trail-webhook-on'),
  'webhook.off': plain('trail-webhook-off'),
  'shift.handed-over': plain('trail-shift-handed-over'),
  'shift.taken': plain('trail-shift-taken'),
  'verification.decide-yes': decided('trail-decide-yes', 'trail-decide-undone'),
  'verification.decide-no': decided('trail-decide-no', 'trail-decide-not-undone'),
  'approval.agreed': answered('trail-undo-agreed', 'trail-closed-agreed'),
  'approval.declined': answered('trail-undo-declined', 'trail-closed-declined'),
};

const isKnown = (kind: string): kind is keyof typeof SENTENCES => Object.hasOwn(SENTENCES, kind);

/** Words a fact: 王老板 邀请了员工. Of a kind that a later version has written it says that something was changed. */
export function trailText(told: Told, words: Words): string {
  const { kind } = told.fact;
  const done = isKnown(kind) ? SENTENCES[kind](told, words) : words.say('trail-other');
  // A name forges no line, whoever let it in.
  return oneLine(`${doer(told.fact, words)} ${done}`);
}

function doer({ by }: Fact, words: Words): string {
  if (by === undefined || by.kind === 'program') return words.say('trail-by-program');
  if (by.kind === 'platform') return words.say('trail-by-platform');
  const name = by.name || words.say('nameless');
  if (by.kind === 'key') return words.say('trail-by-key', { name });
  return by.kind === 'rule' ? words.say('trail-by-rule', { name }) : name;
}
