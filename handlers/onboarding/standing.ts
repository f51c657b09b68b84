/** Tells where a person stands on the way to a first store of their own, where newcomers are reviewed. */
import type { Words } from '../../locales/index.ts';
import type { Application, Applications } from '../../services/accounts/applications.ts';
import type { Members } from '../../services/accounts/members.ts';
import type { Person, PersonId } from '../message.ts';

export type Standing =
  /** May bind: an operator, or somebody who is owner or staff of a real store. */
  | { readonly kind: 'known' }
  /** Has to apply first. */
  | { readonly kind: 'new' }
  | { readonly kind: 'waiting' | 'approved' | 'refused'; readonly application: Application };

export type StandingOf = (person: Person) => Promise<Standing>;

export const mayBind = ({ kind }: Standing): boolean => kind === 'known' || kind === 'approved';

export function createStandingOf(parts: {
  applications: Pick<Applications, 'of'>;
  members: Pick<Members, 'known'>;
  operators: readonly PersonId[];
}): StandingOf {
  return async ({ id }) => {
    if (parts.operators.includes(id) || (await parts.members.known(id))) return { kind: 'known' };
    const application = await parts.applications.of(id);
    // Who connected a store and has none any more begins anew.
    if (!application || application.state === 'connected') return { kind: 'new' };
    return { kind: application.state, application };
  };
}

/** The steps, and the one that is next. Undefined for people who are past them. */
export function stepsText(standing: Standing, words: Words, zone: string): string | undefined {
  switch (standing.kind) {
    case 'known':
      return undefined;
    case 'new':
      return words.say('apply-steps', { step: words.say('apply-step-apply') });
    case 'waiting': {
      const { shop, madeAt } = standing.application;
      const waits = words.say('apply-waiting', { shop, time: words.moment(madeAt, zone) });
      return `${waits}\n${words.say('apply-steps', { step: words.say('apply-step-review') })}`;
    }
    case 'refused': {
      const { shop, reason = '' } = standing.application;
      const no = words.say('apply-refused', { shop, reason });
      return `${no}\n${words.say('apply-steps', { step: words.say('apply-step-apply') })}`;
    }
    case 'approved': {
      const yes = words.say('apply-approved', { shop: standing.application.shop });
      return `${yes}\n${words.say('apply-steps', { step: words.say('apply-step-bind') })}`;
    }
  }
}
