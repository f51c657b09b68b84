/** Puts the review of newcomers before binding: whoever may not bind yet applies. The login looks again, when all is answered. */
import { SIMULATED } from '../../services/platforms/names.ts';
import type { Bind } from '../bind/bind.ts';
import type { Grants } from '../bind/grants.ts';
import { say, whisper, type Asker } from '../handler.ts';
import type { Apply } from './apply.ts';
import type { Decide } from './decide.ts';
import { mayBind, type StandingOf } from './standing.ts';

export interface GateParts {
  readonly standingOf: StandingOf;
  readonly apply: Apply;
  readonly decide: Pick<Decide, 'typed' | 'leave'>;
  readonly grants: Pick<Grants, 'settle'>;
}

/** The same binding, for people who may bind; the others are led to the application. The practice store needs no review. */
export function gated(bind: Bind, { standingOf, apply, decide, grants }: GateParts): Bind {
  const stopped = async ({ person }: Asker): Promise<boolean> => !mayBind(await standingOf(person));
  return {
    ...bind,

    async *command(incoming, asker, rest) {
      yield* (await stopped(asker)) ? apply.command(incoming, asker, rest) : bind.command(incoming, asker, rest);
    },

    async typed(incoming, asker, text, command) {
      const taken = (await decide.typed(asker, text, command)) ?? (await apply.typed(incoming, asker, text, command));
      if (taken) return taken;
      return await bind.typed(incoming, asker, text, command);
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
      async *'bind-platform'(incoming, asker, id) {
        if (id.split('-')[1] !== SIMULATED && (await stopped(asker))) return yield whisper(asker.words.say('apply-first'));
        yield* bind.presses['bind-platform'](incoming, asker, id);
      },
    },
  };
}
