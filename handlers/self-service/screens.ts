/** The screens of self-service for its owner, as messages with buttons. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { StorePlace } from '../../services/self-service/places.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import { marked } from '../cards/practice-mark.ts';
import type { Asker } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import type { HoursVerb, SelfServiceVerb } from '../verb.ts';
import { usualLines } from './hours-text.ts';
import { labelOf, type PlaceLinks } from './place-links.ts';

/** Limits offered as buttons; 0 for none. */
const PERSON = [1, 2, 3, 5, 10, 0] as const;
const PLACE = [5, 10, 20, 50, 100, 0] as const;

export interface Screens {
  main(store: Store, asker: Asker): Promise<Reply>;
  /** All places, with what is done for all of them. */
  places(store: Store, asker: Asker): Promise<Reply>;
  /** The place with its links, as far as they can be had. */
  place(place: StorePlace, store: Store, asker: Asker): Promise<Reply>;
  limits(store: Store, asker: Asker): Promise<Reply>;
  today(store: Store, asker: Asker, day: string): Promise<Reply>;
}

const limitText = (most: number | undefined, words: Words): string =>
  most === undefined ? words.say('self-no-limit') : words.say('self-a-day', { count: most });

export function createScreens(
  { rules, places, today }: SelfService,
  placeLinks: PlaceLinks,
  /** How many stores of this owner have self-service on. */
  storesOn: (asker: Asker) => Promise<number>,
): Screens {
  return {
    async main(store, asker) {
      const { words } = asker;
      const ownOn = await storesOn(asker);
      const { on, limits, hours } = await rules.of(store.id);
      const all = await places.of(store.id);
      const { verified, underWay } = await today(store);
      const button = (verb: SelfServiceVerb | HoursVerb, label: string, style?: Button['style']): Button => ({
        verb,
        id: store.id,
        label,
        ...(style && { style }),
      });
      const lines = [
        words.say(on ? 'self-title-on' : 'self-title-off', { store: store.name }),
        words.say('self-line-places', { count: all.length }),
        words.say('self-line-hours', { hours: usualLines(hours, words).join('；') }),
        words.say('self-line-limits', { person: limitText(limits.person, words), place: limitText(limits.place, words) }),
        words.say('self-line-today', { count: verified, waiting: underWay }),
      ];
      return {
        kind: 'say',
        text: marked(lines.join('\n'), store, words),
        buttons: [
          [
            on ? button('self-off', words.say('button-self-off')) : button('self-on', words.say('button-self-on'), 'primary'),
            // With one store on, turning it off is the same.
            ...(ownOn > 1 ? [button('self-stop', words.say('button-self-stop'), 'danger')] : []),
          ],
          [button('self-places', words.say('button-self-places'))],
          [button('self-hours', words.say('button-self-hours')), button('self-limits', words.say('button-self-limits'))],
          [
            { verb: 'rules', id: store.id, label: words.say('button-rules') },
            button('self-today', words.say('button-self-today')),
          ],
        ],
      };
    },

    async places(store, { words }) {
      const all = await places.of(store.id);
      const button = (verb: SelfServiceVerb, label: string): Button => ({ verb, id: store.id, label });
      const names = all.map(({ name }) => name).join(words.say('list-comma'));
      return {
        kind: 'say',
        text: marked([words.say('self-places-title', { store: store.name, count: all.length }), names].join('\n'), store, words),
        buttons: [
          [button('self-codes', words.say('button-self-codes')), button('self-sheet', words.say('button-self-sheet'))],
          [button('self-add', words.say('button-self-add'))],
          ...all.map(({ id, name }): Button[] => [{ verb: 'self-place', id, label: name }]),
          [button('self', words.say('button-self-back'))],
        ],
      };
    },

    async place(place, store, { words }) {
      const { id, name, instructions } = place;
      const links = await placeLinks(place);
      const button = (verb: SelfServiceVerb, label: string): Button => ({ verb, id, label });
      return {
        kind: 'say',
        text: [
          words.say('self-place', { store: store.name, place: name }),
          instructions === '' ? words.say('self-no-words') : words.say('self-words', { words: instructions }),
          ...(typeof links === 'string'
            ? []
            : links.map(({ channel, name: account, url }) => `${labelOf(channel, account, words)} ${url}`)),
        ].join('\n'),
        buttons: [
          [button('self-code', words.say('button-self-code')), button('self-rotate', words.say('button-self-rotate'))],
          [button('self-name', words.say('button-self-name')), button('self-words', words.say('button-self-words'))],
          [
            button('self-remove', words.say('button-self-remove')),
            { verb: 'self-places', id: store.id, label: words.say('button-self-back') },
          ],
        ],
      };
    },

    async limits(store, { words }) {
      const { limits } = await rules.of(store.id);
      const row = (of: 'person' | 'place', choices: readonly number[]): Button[] =>
        choices.map((most) => ({
          verb: 'self-limit',
          id: `${store.id}-${of}-${most}`,
          label: `${words.say(of === 'person' ? 'self-person' : 'self-place-short')} ${most === 0 ? words.say('self-no-limit') : String(most)}`,
        }));
      const three = (buttons: readonly Button[]): Button[][] => [buttons.slice(0, 3), buttons.slice(3)];
      return {
        kind: 'say',
        text: words.say('self-limits-title', {
          store: store.name,
          person: limitText(limits.person, words),
          place: limitText(limits.place, words),
        }),
        buttons: [
          ...three(row('person', PERSON)),
          ...three(row('place', PLACE)),
          [{ verb: 'self', id: store.id, label: words.say('button-self-back') }],
        ],
      };
    },

    async today(store, { words }, day) {
      const { verified, underWay, byPlace, last } = await today(store);
      const lines = [
        words.say('self-today-title', { store: store.name, day }),
        words.say('self-line-today', { count: verified, waiting: underWay }),
        ...byPlace.map(({ name, count }) => words.say('self-today-place', { place: name, count })),
        ...last.map(({ at, place, title, name, state }) =>
          [words.clock(at, store.zone), place, title, name, words.say(`history-${state}`)]
            .filter((part) => part !== '')
            .join(' · '),
        ),
      ];
      return {
        kind: 'say',
        text: marked(lines.join('\n'), store, words),
        buttons: [
          [
            { verb: 'self-today', id: store.id, label: words.say('button-self-refresh') },
            { verb: 'self', id: store.id, label: words.say('button-self-back') },
          ],
        ],
      };
    },
  };
}
