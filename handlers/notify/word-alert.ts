/** Words alerts: what has happened, and the way out. */
import type { Words } from '../../locales/index.ts';
import type { Alert, AlertFacts } from '../../services/alerts/alert.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import { groupCode } from '../../services/coupons/mask.ts';
import { PLATFORM_NAMES } from '../../services/platforms/names.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button, ChatId, Outgoing, PersonId } from '../message.ts';
import { newsOf } from './outcome.ts';
import { UNDELIVERED } from './undeliverable.ts';

const ZONE = 'Asia/Shanghai';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface WordAlertsParts {
  readonly accounts: Pick<Accounts, 'owners'>;
  readonly operators: readonly PersonId[];
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly verification: (id: string) => Promise<Verification | undefined>;
  /** The words of a message that was not delivered, where they are kept. */
  readonly undelivered: (message: string) => Promise<string | undefined>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Words alerts of one account for everybody who is told: in one message, and with the card where somebody has to decide. */
export function createWordAlerts(parts: WordAlertsParts) {
  const { accounts, operators, wordsOf, verification, undelivered, now, newId } = parts;

  /** Whoever is reached by a channel alone that hears nothing would be told when it is over. */
  const recipients = async ({ accountId, ...alert }: Alert): Promise<readonly PersonId[]> => {
    const people = accountId === undefined ? operators : (await accounts.owners(accountId)).map(({ id }) => id);
    if (alert.kind === 'undelivered') return people.filter((id) => id !== alert.facts.chat);
    return alert.kind === 'robot' ? people.filter((id) => !id.startsWith(`${alert.facts.channel}:`)) : people;
  };

  /** Names a message so that an owner of several accounts, or an operator too, is told of one robot or message once. */
  const keyOf = (theirs: readonly Alert[], person: PersonId): string => {
    const [only] = theirs;
    if (theirs.some(({ kind }) => kind === 'undelivered'))
      return UNDELIVERED + (only?.kind === 'undelivered' && theirs.length === 1 ? `${only.facts.message}:${person}` : newId());
    return `alert:${only?.kind === 'robot' ? `robot:${only.facts.channel}:${Math.floor(now() / DAY_MS)}:${person}` : newId()}`;
  };

  return async (alerts: readonly Alert[]): Promise<readonly Outgoing[]> => {
    const told = new Map<PersonId, Alert[]>();
    const about = new Map<string, Verification>();
    const said = new Map<string, string>();
    for (const alert of alerts) {
      const lost = alert.kind === 'undelivered' ? await undelivered(alert.facts.message) : undefined;
      if (alert.kind === 'undelivered' && lost !== undefined) said.set(alert.facts.message, lost);
      const id = alert.kind === 'refund' || alert.kind === 'decision' ? alert.facts.verification : null;
      const found = id === null ? undefined : await verification(id);
      if (found) about.set(found.id, found);
      for (const person of await recipients(alert)) told.set(person, [...(told.get(person) ?? []), alert]);
    }
    const messages: Outgoing[] = [];
    for (const [person, theirs] of told) {
      const words = await wordsOf(person);
      const lines = theirs.map((alert) => wordAlert(alert, words, now(), { about, said }));
      const text = lines.length > 1 ? [words.say('alerts-together', { count: lines.length }), ...lines].join('\n\n') : lines[0]!;
      const buttons = theirs.flatMap((alert) => buttonsOf(alert, words));
      const reply = { kind: 'say', text, ...(buttons.length > 0 && { buttons: buttons.map((one) => [one]) }) } as const;
      messages.push({ key: keyOf(theirs, person), chat: person, reply });
      for (const alert of theirs) {
        const waiting = alert.kind === 'decision' ? about.get(alert.facts.verification) : undefined;
        if (waiting) messages.push(cardOf(waiting, person));
      }
    }
    return messages;
  };
}

/** The card on which somebody decides. */
const cardOf = (waiting: Verification, person: PersonId): Outgoing => {
  const news = newsOf(waiting);
  return {
    key: `alert:${news}:${person}`,
    chat: person,
    reply: { kind: 'verification', verification: waiting.id, news, as: 'card' },
  };
};

/** The way out of an alert, where a press is. */
const buttonsOf = ({ kind, facts }: Alert, words: Words): readonly Button[] =>
  kind === 'endpoint' ? [{ verb: 'hook', id: facts.endpoint, label: words.say('button-hook-open') }] : [];

/** Holds what alerts are about: verifications by their ids, and the words of messages by what the alerts call them. */
interface Beside {
  readonly about: ReadonlyMap<string, Verification>;
  readonly said: ReadonlyMap<string, string>;
}

/** Words one alert. */
export function wordAlert(
  { kind, facts }: Alert,
  words: Words,
  now: number,
  { about, said }: Beside = { about: new Map(), said: new Map() },
): string {
  const platformName = (name: string): string => {
    const known = PLATFORM_NAMES.find((one) => one === name);
    return known === undefined ? name : words.say(`platform-${known}`);
  };
  switch (kind) {
    case 'quota':
      return facts.days === null
        ? words.say('watch-quota', { store: facts.store, quota: facts.quota })
        : words.say('watch-quota-days', { store: facts.store, quota: facts.quota, days: facts.days });
    case 'ending': {
      const ends = { platform: platformName(facts.platform), day: new Date(facts.endsAt).toISOString().slice(0, 10) };
      return facts.renewals === null
        ? words.say('watch-ends', ends)
        : words.say('watch-renewals', { ...ends, count: facts.renewals });
    }
    case 'ended':
      return wordEnded(facts, words, platformName);
    case 'platform':
      return words.say('alert-platform', {
        platform: platformName(facts.platform),
        minutes: Math.max(1, Math.round((now - facts.since) / MINUTE_MS)),
        time: words.moment(facts.since, ZONE),
      });
    case 'robot':
      return words.say('robot-replaced');
    case 'decision':
      return words.say('alert-decision', { store: facts.store, time: words.moment(facts.since, ZONE) });
    case 'guessing':
      return wordGuessing(facts, words);
    case 'undos':
      return wordUndos(facts, words);
    case 'price':
      return words.say('alert-price', {
        store: facts.store,
        title: facts.title,
        amount: words.money(facts.amount),
        usual: words.money(facts.usual),
      });
    case 'summary':
      return words.say('report-group-lost', { store: facts.store, group: facts.group || words.say('nameless') });
    case 'undelivered': {
      const lost = said.get(facts.message);
      const group = facts.group || words.say('nameless');
      return lost === undefined
        ? words.say('undelivered-group', { group })
        : `${words.say('undelivered-group-said', { group })}\n\n${lost}`;
    }
    case 'endpoint':
      return words.say(facts.why === 'gone' ? 'hook-turned-off-gone' : 'hook-turned-off', facts);
    case 'refund': {
      const verified = facts.verification === null ? undefined : about.get(facts.verification);
      const told = { platform: platformName(facts.platform), title: facts.title || words.say('nameless-coupon') };
      return verified
        ? words.say('told-refunded-verified', { ...told, code: groupCode(verified.coupon.code) })
        : words.say('told-refunded', told);
    }
    case 'holidays':
      return words.say('holidays-unknown', facts);
    case 'elsewhere': {
      const platform = platformName(facts.platform);
      const time = words.moment(facts.at, ZONE);
      const title = facts.title || words.say('nameless-coupon');
      return words.say('told-used-elsewhere', { platform, title, time, store: facts.store ?? platform });
    }
  }
}

function wordEnded({ of, name }: AlertFacts['ended'], words: Words, platformName: (name: string) => string): string {
  if (of === 'login') return words.say('login-refused', { account: name });
  if (of === 'store') return words.say('watch-not-authorised', { store: name });
  return words.say('authorisation-over', { platform: platformName(name) });
}

function wordGuessing(facts: AlertFacts['guessing'], words: Words): string {
  switch (facts.of) {
    case 'login':
      return words.say('login-guessing', { account: facts.account });
    case 'store':
      return words.say('guess-warning-store', { store: facts.store, count: facts.count });
    case 'place':
      return words.say('guess-warning-place', { store: facts.store, place: facts.place, count: facts.count });
    case 'person':
      return words.say('guess-warning', { store: facts.store, person: facts.person || words.say('nameless') });
  }
}

function wordUndos({ store, person, undone, again }: AlertFacts['undos'], words: Words): string {
  const facts = { store, undone, again };
  return person === '' ? words.say('alert-undos-store', facts) : words.say('alert-undos', { ...facts, person });
}
