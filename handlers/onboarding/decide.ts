/** Lays applications before the operators, and takes their answer: 同意, or 拒绝 with a reason. Each acts once. */
import type { Words } from '../../locales/index.ts';
import type { Application, Applications, Decision } from '../../services/accounts/applications.ts';
import type { Principal } from '../../services/facts/by.ts';
import type { Collection } from '../../services/collection.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { oneLine } from '../../services/one-line.ts';
import { dialogueOf } from '../bind/login.ts';
import { channelName } from '../channel-name.ts';
import type { Typed } from '../commands.ts';
import { byPerson, identityOf, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button, Card, ChatId, Field, Outgoing, PersonId, Reply } from '../message.ts';
import type { ReviewVerb } from '../verb.ts';

/** The reasons that need no typing. */
const REASONS = ['apply-why-incomplete', 'apply-why-unreachable', 'apply-why-region'] as const;
const MOST_REASON = 100;
/** Applications that `/status` shows at once. */
const MOST_SHOWN = 5;

/** How long an operator may take to type a reason. */
export const REFUSING_MS = 30 * 60_000;

export interface Decide {
  /** Words the card of an application for every operator. */
  cards(): Promise<(application: Application) => readonly Outgoing[]>;
  /** What waits for this operator; nothing for anybody else. */
  waiting: Handler;
  /** Takes a typed reason, where one was asked for. */
  typed(asker: Asker, text: string, command: Typed | undefined): Promise<AsyncIterable<Reply> | 'aside' | undefined>;
  leave(asker: Asker): Promise<boolean>;
  readonly presses: Presses<ReviewVerb>;
}

export interface DecideParts {
  readonly applications: Pick<Applications, 'get' | 'waiting'>;
  /** Answers the application once, with the messages in the same transaction. */
  readonly decide: (
    id: string,
    decision: Decision,
    by: Principal,
    messages: (application: Application) => readonly Outgoing[],
  ) => Promise<Application | undefined>;
  readonly operators: readonly PersonId[];
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** The application whose reason an operator is typing, by chat and person. */
  readonly refusing: Collection<string>;
  readonly zone: string;
}

export function createDecide(parts: DecideParts): Decide {
  const { applications, operators, wordsOf, refusing, zone } = parts;
  const isOperator = ({ person }: Asker): boolean => !person.anonymous && operators.includes(identityOf(person));

  function card(application: Application, words: Words, question = false): Card {
    const { id, person, name, shop, phone, madeAt, state, reason = '', decidedBy = '' } = application;
    const fields: Field[] = [
      { label: words.say('field-store'), value: shop },
      { label: words.say('field-applicant'), value: `${name || words.say('nameless')}（${channelName(person, words)}）` },
      ...(phone === undefined ? [] : [{ label: words.say('field-telephone'), value: phone }]),
      { label: words.say('field-time'), value: words.moment(madeAt, zone) },
    ];
    if (state !== 'waiting') {
      const title = state === 'refused' ? words.say('apply-decided-no', { reason }) : words.say('apply-decided-yes');
      const by = { label: words.say('field-operator'), value: decidedBy || words.say('nameless') };
      return { title, fields: [...fields, by], tone: state === 'refused' ? 'bad' : 'good', buttons: [] };
    }
    const back: Button = { verb: 'apply-back', id, label: words.say('button-back') };
    if (question)
      return {
        title: words.say('apply-why'),
        fields,
        tone: 'open',
        buttons: [
          ...REASONS.map((key, n): Button[] => [{ verb: 'apply-why', id: `${id}-${n}`, label: words.say(key) }]),
          [{ verb: 'apply-why', id: `${id}-own`, label: words.say('button-apply-own') }, back],
        ],
      };
    return {
      title: words.say('apply-title'),
      fields,
      tone: 'open',
      buttons: [
        [
          { verb: 'apply-yes', id, label: words.say('button-agree'), style: 'primary' },
          { verb: 'apply-no', id, label: words.say('button-decline'), style: 'danger' },
        ],
      ],
    };
  }

  /** Answers, tells the applicant, and gives the application as it stands then: of two who answer, the first one counts. */
  async function decided(id: string, decision: Decision, asker: Asker): Promise<Application | undefined> {
    const before = await applications.get(id);
    if (!before) return undefined;
    const theirs = await wordsOf(before.person);
    const done = await parts.decide(id, decision, byPerson(asker.person), ({ person, shop, reason = '' }) => [
      {
        key: `application:${id}:told`,
        chat: person,
        reply:
          decision.kind === 'approved'
            ? {
                kind: 'say',
                text: theirs.say('told-approved', { shop }),
                buttons: [[{ verb: 'run', id: 'bind', label: theirs.say('button-run-bind'), style: 'primary' }]],
              }
            : {
                kind: 'say',
                text: theirs.say('told-refused', { shop, reason }),
                buttons: [[{ verb: 'apply-again', id: 'go', label: theirs.say('button-apply-again') }]],
              },
      },
    ]);
    return done ?? (await applications.get(id));
  }

  /** Runs an operator's press, with the application as it stands; one that has been answered is shown. */
  const pressed = (run: (application: Application, rest: string, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* operated(_, asker, name) {
      const { words } = asker;
      if (!isOperator(asker)) return yield whisper(words.say('operator-only'));
      const [id = '', rest = ''] = name.split('-');
      const application = await applications.get(id);
      if (!application) return yield whisper(words.say('card-gone'));
      if (application.state !== 'waiting') return yield { kind: 'replace', card: card(application, words) };
      yield* run(application, rest, asker);
    };

  async function* shown(id: string, decision: Decision, asker: Asker): AsyncIterable<Reply> {
    const now = await decided(id, decision, asker);
    yield now ? { kind: 'replace', card: card(now, asker.words) } : whisper(asker.words.say('card-gone'));
  }

  async function* typedReason(id: string, text: string, asker: Asker): AsyncIterable<Reply> {
    const { words } = asker;
    const reason = oneLine(text);
    if (reason === '' || reason.length > MOST_REASON)
      return yield { kind: 'say', text: words.say('apply-bad-reason'), ask: 'text' };
    const now = await decided(id, { kind: 'refused', reason }, asker);
    await refusing.delete(dialogueOf(asker));
    yield now ? { kind: 'card', card: card(now, words) } : say(words.say('card-gone'));
  }

  return {
    async cards() {
      const each = await Promise.all(operators.map(async (chat) => ({ chat, words: await wordsOf(chat) })));
      return (application) =>
        each.map(({ chat, words }) => ({
          key: `application:${application.id}:${chat}`,
          chat,
          reply: { kind: 'card', card: card(application, words) },
        }));
    },

    async *waiting(incoming, asker) {
      if (incoming.group || !isOperator(asker)) return;
      for (const application of await applications.waiting(MOST_SHOWN))
        yield { kind: 'card', card: card(application, asker.words) };
    },

    async typed(asker, text, command) {
      if (!isOperator(asker)) return undefined;
      const id = await refusing.get(dialogueOf(asker));
      if (id === undefined) return undefined;
      // A code of the operator's own store is no reason, and not for strangers to read.
      const other = (command && command.name !== 'unknown') || readCodes(text).codes.length > 0;
      return other ? 'aside' : typedReason(id, text, asker);
    },

    leave: (asker) => refusing.delete(dialogueOf(asker)),

    presses: {
      'apply-yes': pressed(({ id }, _, asker) => shown(id, { kind: 'approved' }, asker)),

      /** 拒绝: asks why. */
      'apply-no': pressed(async function* asked(application, _, { words }) {
        yield await Promise.resolve({ kind: 'replace', card: card(application, words, true) } as const);
      }),

      'apply-back': pressed(async function* back(application, _, { words }) {
        yield await Promise.resolve({ kind: 'replace', card: card(application, words) } as const);
      }),

      /** One of the reasons, in the applicant's language; or one that is typed. */
      'apply-why': pressed(async function* why({ id, person, shop }, rest, asker) {
        const key = REASONS[Number(rest)];
        if (key) return yield* shown(id, { kind: 'refused', reason: (await wordsOf(person)).say(key) }, asker);
        await refusing.set(dialogueOf(asker), id);
        yield { kind: 'say', text: asker.words.say('apply-ask-reason', { shop }), ask: 'text' };
      }),
    },
  };
}
