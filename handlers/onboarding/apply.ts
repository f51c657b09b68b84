/** 接入申请: asks a newcomer for the shop's name and a telephone, and lays the application before the operators. */
import type { Application, Applied, Particulars } from '../../services/accounts/applications.ts';
import type { Collection } from '../../services/collection.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { oneLine } from '../../services/one-line.ts';
import { dialogueOf } from '../bind/login.ts';
import type { Typed } from '../commands.ts';
import { say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button, Incoming, Outgoing, Reply } from '../message.ts';
import type { ApplyVerb } from '../verb.ts';
import { mayBind, stepsText, type Standing, type StandingOf } from './standing.ts';

/** An application that is being written, by chat and person; the shop's name is asked first. */
export interface Applying {
  readonly shop?: string;
  /** The event in which the open question was asked. */
  readonly asked: string;
}

/** How long the dialogue stays open after each answer. */
export const APPLYING_MS = 30 * 60_000;

const MOST_NAME = 40;
const PHONE = /^\+?\d[\d\s()（）-]{4,22}\d$/;

export interface Apply {
  /** `/bind` of somebody who has to be let in first. */
  command: Handler;
  /** Takes a typed message while the application is written; `aside` where it is none of its answers. */
  typed(
    incoming: Incoming,
    asker: Asker,
    text: string,
    command: Typed | undefined,
  ): Promise<AsyncIterable<Reply> | 'aside' | undefined>;
  /** Repeats the open question; undefined where there is none, or it was asked just now. */
  reminder(incoming: Incoming, asker: Asker): Promise<Reply | undefined>;
  /** Leaves the dialogue; false where there is none. */
  leave(asker: Asker): Promise<boolean>;
  readonly presses: Presses<ApplyVerb>;
}

export interface ApplyParts {
  readonly standingOf: StandingOf;
  /** Makes the application, with the messages in the same transaction. */
  readonly apply: (
    person: string,
    particulars: Particulars,
    messages: (application: Application) => readonly Outgoing[],
  ) => Promise<Applied>;
  /** The operators' cards, one message each. */
  readonly cards: () => Promise<(application: Application) => readonly Outgoing[]>;
  readonly applying: Collection<Applying>;
  /** Binds the practice store; undefined where it is not offered. */
  readonly practise: Handler | undefined;
  readonly zone: string;
}

export function createApply(parts: ApplyParts): Apply {
  const { standingOf, applying, practise, zone } = parts;

  const practiceButton = ({ words }: Asker): Button[] =>
    practise ? [{ verb: 'apply-practice', id: 'go', label: words.say('button-apply-practice') }] : [];
  /** Says something while the applicant has nothing to do but to practise. */
  const idle = (text: string, asker: Asker): Reply => ({
    kind: 'say',
    text,
    ...(practise && { buttons: [practiceButton(asker)] }),
  });
  const leaveButton = ({ words }: Asker): Button => ({ verb: 'apply-leave', id: 'go', label: words.say('button-cancel') });

  /** The open question, below the lines before it. */
  function question({ shop }: Pick<Applying, 'shop'>, asker: Asker, ...before: readonly string[]): Reply {
    const { words } = asker;
    const skip: Button = { verb: 'apply-skip', id: 'go', label: words.say('button-apply-skip'), style: 'primary' };
    return {
      kind: 'say',
      text: [...before, words.say(shop === undefined ? 'apply-ask-shop' : 'apply-ask-phone')].join('\n\n'),
      ask: 'text',
      buttons: shop === undefined ? [[...practiceButton(asker), leaveButton(asker)]] : [[skip, leaveButton(asker)]],
    };
  }

  async function* begin({ id }: Incoming, asker: Asker, ...before: readonly string[]): AsyncIterable<Reply> {
    await applying.set(dialogueOf(asker), { asked: id });
    yield question({}, asker, ...before);
  }

  async function* finish(shop: string, phone: string | undefined, asker: Asker): AsyncIterable<Reply> {
    const { words, person } = asker;
    // An invitation may have made the person known meanwhile.
    const standing = await standingOf(person);
    if (mayBind(standing)) {
      await applying.delete(dialogueOf(asker));
      return yield where(standing, asker);
    }
    const particulars = { name: person.name, shop, ...(phone !== undefined && { phone }) };
    const applied = await parts.apply(person.id, particulars, await parts.cards());
    // Only now: an event that is cut off before is answered again.
    await applying.delete(dialogueOf(asker));
    if (applied.kind === 'paused') return yield say(words.say('apply-pause', { minutes: Math.ceil(applied.ms / 60_000) }));
    if (applied.kind === 'there') return yield where(await standingOf(person), asker);
    const steps = words.say('apply-steps', { step: words.say('apply-step-review') });
    yield idle(`${words.say('apply-done', { shop })}\n${steps}`, asker);
  }

  /** Tells where an applicant stands who has nothing to do now. */
  const where = (standing: Standing, asker: Asker): Reply =>
    idle(stepsText(standing, asker.words, zone) ?? asker.words.say('nothing-changed'), asker);

  async function* answered({ shop }: Applying, text: string, { id }: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { words } = asker;
    const said = oneLine(text);
    if (shop === undefined) {
      if (said === '' || said.length > MOST_NAME) return yield question({}, asker, words.say('apply-bad-shop'));
      await applying.set(dialogueOf(asker), { shop: said, asked: id });
      return yield question({ shop: said }, asker);
    }
    const skipped = said === words.say('button-apply-skip');
    if (!skipped && !PHONE.test(said)) return yield question({ shop }, asker, words.say('apply-bad-phone'));
    yield* finish(shop, skipped ? undefined : said, asker);
  }

  const command: Handler = async function* command(incoming, asker) {
    const { words } = asker;
    if (incoming.group) return yield say(words.say('apply-in-private'));
    const standing = await standingOf(asker.person);
    if (standing.kind === 'new' || standing.kind === 'refused')
      return yield* begin(incoming, asker, stepsText(standing, words, zone) ?? '');
    yield where(standing, asker);
  };

  return {
    command,

    async typed(incoming, asker, text, said) {
      const open = await applying.get(dialogueOf(asker));
      if (!open) return undefined;
      if (said && said.name !== 'unknown') return 'aside';
      const isCode = readCodes(text).codes.length > 0 && !(open.shop !== undefined && PHONE.test(text.trim()));
      if (!isCode) return answered(open, text, incoming, asker);
      return asker.store ? 'aside' : only(question(open, asker, asker.words.say('bind-code-first')));
    },

    async reminder({ id }, asker) {
      const open = await applying.get(dialogueOf(asker));
      return open && open.asked !== id ? question(open, asker, asker.words.say('apply-still-asking')) : undefined;
    },

    leave: (asker) => applying.delete(dialogueOf(asker)),

    presses: {
      /** 重新申请. */
      'apply-again': command,

      /** 跳过: without a telephone. */
      async *'apply-skip'(_, asker) {
        const open = await applying.get(dialogueOf(asker));
        if (open?.shop === undefined) return yield whisper(asker.words.say('card-gone'));
        yield* finish(open.shop, undefined, asker);
      },

      async *'apply-practice'(incoming, asker) {
        if (incoming.group || !practise) return yield whisper(asker.words.say('card-gone'));
        await applying.delete(dialogueOf(asker));
        yield* practise(incoming, asker, '');
      },

      async *'apply-leave'(_, asker) {
        if (!(await applying.delete(dialogueOf(asker)))) return yield whisper(asker.words.say('card-gone'));
        yield { kind: 'replace', card: { title: asker.words.say('cancelled'), fields: [], buttons: [] } };
      },
    },
  };
}

async function* only(reply: Reply): AsyncIterable<Reply> {
  yield await Promise.resolve(reply);
}
