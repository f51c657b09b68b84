/** Puts the parts of the review together: where newcomers are reviewed, binding, help and status know of it. */
import { SIMULATED } from '../../services/platforms/names.ts';
import type { Collection, Collections } from '../../services/collection.ts';
import type { Bind } from '../bind/bind.ts';
import { dialogueOf, type BindDialogue } from '../bind/login.ts';
import { whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Incoming } from '../message.ts';
import type { ApplyVerb, ReviewVerb } from '../verb.ts';
import { APPLYING_MS, createApply, type Applying, type ApplyParts } from './apply.ts';
import { createDecide, REFUSING_MS, type DecideParts } from './decide.ts';
import { gated, type GateParts } from './gate.ts';
import { stepsText, type StandingOf } from './standing.ts';

export interface Review {
  readonly bind: Bind;
  /** The steps of a newcomer and the next one, in a private chat; undefined for everybody else. */
  steps(incoming: Incoming, asker: Asker): Promise<string | undefined>;
  /** The same status, and for an operator the applications that wait. */
  status(status: Handler): Handler;
  readonly presses: Presses<ApplyVerb | ReviewVerb>;
}

export type ReviewParts = Omit<DecideParts, 'refusing'> &
  Pick<ApplyParts, 'apply'> &
  Pick<GateParts, 'grants'> & {
    readonly standingOf: StandingOf;
    readonly bind: Bind;
    readonly dialogues: Collection<BindDialogue>;
    readonly collections: Collections;
    /** The practice store is offered here. */
    readonly practice: boolean;
    readonly newId: () => string;
  };

export function createReview(parts: ReviewParts): Review {
  const { bind, standingOf, dialogues, collections, zone, newId } = parts;
  const decide = createDecide({ ...parts, refusing: collections<string>('refusing', REFUSING_MS) });

  const practise: Handler = async function* practise(incoming, asker) {
    const dialogue: BindDialogue = { id: newId().slice(0, 8), answers: {} };
    await dialogues.set(dialogueOf(asker), dialogue);
    yield* bind.presses['bind-platform'](incoming, asker, `${dialogue.id}-${SIMULATED}`);
  };
  const apply = createApply({
    standingOf,
    apply: parts.apply,
    cards: decide.cards,
    applying: collections<Applying>('applying', APPLYING_MS),
    practise: parts.practice ? practise : undefined,
    zone,
  });

  return {
    bind: gated(bind, { standingOf, apply, decide, grants: parts.grants }),
    async steps({ group }, { person, visitedStore, words }) {
      return group || visitedStore ? undefined : stepsText(await standingOf(person), words, zone);
    },
    status: (status) =>
      async function* both(...event) {
        yield* status(...event);
        yield* decide.waiting(...event);
      },
    presses: { ...apply.presses, ...decide.presses },
  };
}

const gone: Handler = async function* gone(_, { words }) {
  yield await Promise.resolve(whisper(words.say('card-gone')));
};

/** The answers of buttons from a time with reviews, where there are none now. */
export const UNREVIEWED: Pick<Review, 'steps' | 'status' | 'presses'> = {
  steps: () => Promise.resolve(undefined),
  status: (status) => status,
  presses: {
    'apply-again': gone,
    'apply-skip': gone,
    'apply-practice': gone,
    'apply-leave': gone,
    'apply-yes': gone,
    'apply-no': gone,
    'apply-why': gone,
    'apply-back': gone,
  },
};
