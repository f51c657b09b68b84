/** Puts the review of newcomers before binding: whoever may not bind yet applies, and no other way leads past that. */
import { SIMULATED } from '../../services/platforms/names.ts';
import type { Collection } from '../../services/collection.ts';
import type { Bind } from '../bind/bind.ts';
import type { Grants } from '../bind/grants.ts';
import { dialogueOf, type BindDialogue } from '../bind/login.ts';
import { say, whisper, type Asker, type Handler } from '../handler.ts';
import type { Reply } from '../message.ts';
import type { BindVerb } from '../verb.ts';
import type { Apply } from './apply.ts';
import type { Decide } from './decide.ts';
import { mayBind, type StandingOf } from './standing.ts';

export interface GateParts {
  readonly standingOf: StandingOf;
  readonly apply: Apply;
  readonly decide: Pick<Decide, 'typed' | 'leave'>;
  readonly dialogues: Pick<Collection<BindDialogue>, 'get'>;
  readonly grants: Pick<Grants, 'settle'>;
}

/** The same binding, for people who may bind; the others are led to the application. The practice store needs no review. */
export function gated(bind: Bind, { standingOf, apply, decide, dialogues, grants }: GateParts): Bind {
  const stopped = async ({ person }: Asker): Promise<boolean> => !mayBind(await standingOf(person));
  /** Whether a dialogue leads to a real account. It may have been opened before reviews were turned on. */
  const isReal = async (asker: Asker): Promise<boolean> => {
    const platform = (await dialogues.get(dialogueOf(asker)))?.platform;
    return platform !== undefined && platform !== SIMULATED;
  };
  const guarded = (verb: BindVerb, real: (asker: Asker, id: string) => boolean | Promise<boolean>): Handler =>
    async function* press(incoming, asker, id) {
      if ((await real(asker, id)) && (await stopped(asker))) return yield whisper(asker.words.say('apply-first'));
      yield* bind.presses[verb](incoming, asker, id);
    };

  async function* first({ words }: Asker): AsyncIterable<Reply> {
    yield await Promise.resolve(say(words.say('apply-first')));
  }

  return {
    ...bind,

    async *command(incoming, asker, rest) {
      yield* (await stopped(asker)) ? apply.command(incoming, asker, rest) : bind.command(incoming, asker, rest);
    },

    async typed(incoming, asker, text, command) {
      const taken = (await decide.typed(asker, text, command)) ?? (await apply.typed(incoming, asker, text, command));
      if (taken) return taken;
      const answer = await bind.typed(incoming, asker, text, command);
      return answer && answer !== 'aside' && (await isReal(asker)) && (await stopped(asker)) ? first(asker) : answer;
    },

    async *reminder(incoming, asker, rest) {
      const open = await apply.reminder(incoming, asker);
      if (open) return yield open;
      yield* bind.reminder(incoming, asker, rest);
    },

    async *cancel(incoming, asker, rest) {
      const left = [await decide.leave(asker), await apply.leave(asker)];
      if (left.includes(true)) return yield say(asker.words.say('cancelled'));
      yield* bind.cancel(incoming, asker, rest);
    },

    async *authorised(content, incoming, asker) {
      if (!(await stopped(asker))) return yield* bind.authorised(content, incoming, asker);
      await grants.settle(content.grant, 'failed');
      yield say(asker.words.say('apply-first'));
    },

    presses: {
      ...bind.presses,
      'bind-platform': guarded('bind-platform', (_, id) => id.split('-')[1] !== SIMULATED),
      'bind-retry': guarded('bind-retry', isReal),
      'bind-change': guarded('bind-change', isReal),
    },
  };
}
