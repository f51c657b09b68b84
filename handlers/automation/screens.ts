/** The screens of automatic verification for the owner: the rules of a store, and the terms of each. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Automation } from '../../services/automation/automation.ts';
import { isDeal, type People, type Rule } from '../../services/automation/rule.ts';
import { MOST_DEALS, MOST_RULES } from '../../services/automation/rules.ts';
import { offeredAs } from '../../services/automation/seen.ts';
import type { Places, StorePlace } from '../../services/self-service/places.ts';
import { marked } from '../cards/practice-mark.ts';
import type { Button, Reply } from '../message.ts';
import { usualLines } from '../self-service/hours-text.ts';
import type { RuleVerb } from '../verb.ts';

/** Numbers a day that are offered. */
export const MOST_A_DAY = [1, 5, 10, 20, 50, 100, 200] as const;
/** Places that are offered, beside all of them together. */
const PLACES = 10;

export interface RuleScreens {
  /** All rules of a store. */
  list(store: Store, words: Words): Promise<Reply>;
  /** One rule, with everything about it that can be changed. */
  rule(rule: Rule, store: Store, words: Words): Promise<Reply>;
  deals(rule: Rule, store: Store, words: Words): Promise<Reply>;
  people(rule: Rule, store: Store, words: Words): Promise<Reply>;
  hours(rule: Rule, words: Words): Reply;
  most(rule: Rule, words: Words): Reply;
  /** Shows the dry run of a rule, with the button that turns on exactly that revision. */
  rehearsed(rule: Rule, text: string, words: Words): Reply;
}

export function createRuleScreens(parts: { automation: Automation; places: Pick<Places, 'of'> }): RuleScreens {
  const { automation, places } = parts;

  const button = (verb: RuleVerb, id: string, label: string, style?: Button['style']): Button => ({
    verb,
    id,
    label,
    ...(style && { style }),
  });
  const back = ({ id }: Rule, words: Words): Button[] => [button('rule', id, words.say('button-self-back'))];

  const termsOf = async (rule: Rule, store: Store, words: Words): Promise<Record<'people' | 'deals' | 'hours', string>> => ({
    people: peopleText(rule.people, await places.of(store.id), words),
    deals: rule.deals?.map(({ title }) => title).join(words.say('list-comma')) ?? words.say('rule-all-deals'),
    hours: usualLines(rule, words).join('；'),
  });

  return {
    async list(store, words) {
      const rules = await automation.rules.of(store.id);
      const lines = await Promise.all(
        rules.map(async (rule) => {
          const { name, on, perDay } = rule;
          const spent = await automation.spent(rule, store);
          const state = words.say(on ? 'rule-is-on' : 'rule-is-off');
          return words.say('rules-line', { name, state, most: perDay, spent, ...(await termsOf(rule, store, words)) });
        }),
      );
      const text = [words.say('rules-title', { store: store.name }), ...(lines.length > 0 ? lines : [words.say('rules-none')])];
      return {
        kind: 'say',
        text: marked(text.join('\n'), store, words),
        buttons: [
          ...rules.map(({ id, name }) => [button('rule', id, name)]),
          [
            ...(rules.length < MOST_RULES ? [button('rules-add', store.id, words.say('button-rules-add'), 'primary')] : []),
            { verb: 'self', id: store.id, label: words.say('button-self-back') },
          ],
        ],
      };
    },

    async rule(rule, store, words) {
      const { id, name, on, perDay, madeBy } = rule;
      const { people, deals, hours } = await termsOf(rule, store, words);
      const spent = await automation.spent(rule, store);
      const lines = [
        words.say('rule-title', { store: store.name, name, state: words.say(on ? 'rule-is-on' : 'rule-is-off') }),
        words.say('rule-people', { people }),
        words.say('rule-deals', { deals }),
        words.say('rule-hours', { hours }),
        words.say('rule-most', { most: perDay, spent }),
        words.say('rule-made', { owner: madeBy.name || words.say('nameless') }),
        words.say(on ? 'rule-change-hint' : 'rule-try-hint'),
      ];
      return {
        kind: 'say',
        text: marked(lines.join('\n'), store, words),
        buttons: [
          [
            on
              ? button('rule-off', id, words.say('button-rule-off'), 'danger')
              : button('rule-try', id, words.say('button-rule-try'), 'primary'),
          ],
          [button('rule-people', id, words.say('button-rule-people')), button('rule-deals', id, words.say('button-rule-deals'))],
          [button('rule-hours', id, words.say('button-rule-hours')), button('rule-most', id, words.say('button-rule-most'))],
          [button('rule-remove', id, words.say('button-rule-remove')), button('rules', store.id, words.say('button-self-back'))],
        ],
      };
    },

    async deals(rule, store, words) {
      const seen = await automation.deals(store.id);
      const chosen = rule.deals ?? [];
      const offered = [...chosen, ...seen.filter((deal) => !chosen.some((one) => isDeal(one, { ...NO_COUPON, ...deal })))];
      return {
        kind: 'say',
        text: words.say(offered.length > 0 ? 'rule-deals-question' : 'rule-deals-none', { name: rule.name }),
        buttons: [
          [button('rule-deal', `${rule.id}-all`, mark(rule.deals === undefined, words.say('rule-all-deals')))],
          ...offered.slice(0, MOST_DEALS).map(({ title, dealId }) => [
            button(
              'rule-deal',
              `${rule.id}-${offeredAs(title, dealId)}`,
              mark(
                chosen.some((one) => one.title === title && one.dealId === dealId),
                title,
              ),
            ),
          ]),
          back(rule, words),
        ],
      };
    },

    async people(rule, store, words) {
      const { people } = rule;
      const all = await places.of(store.id);
      const chats = await automation.chats(store.id);
      const who = (id: string, is: boolean, label: string): Button[] => [button('rule-who', `${rule.id}-${id}`, mark(is, label))];
      const at = people.kind === 'customers' ? people.placeId : undefined;
      return {
        kind: 'say',
        text: words.say('rule-people-question', { name: rule.name }),
        buttons: [
          who('staff', people.kind === 'staff', words.say('rule-who-staff')),
          who('customers', people.kind === 'customers' && at === undefined, words.say('rule-who-customers')),
          ...all
            .slice(0, PLACES)
            .map(({ id, name }) => who(`p${offeredAs(id)}`, at === id, words.say('rule-who-place', { place: name }))),
          ...chats.map(({ id, title }) =>
            who(
              `c${offeredAs(id)}`,
              people.kind === 'chat' && people.chat === id,
              words.say('rule-who-chat', { chat: title || id }),
            ),
          ),
          back(rule, words),
        ],
      };
    },

    hours: (rule, words) => ({
      kind: 'say',
      text: words.say('rule-hours-question', { name: rule.name, hours: usualLines(rule, words).join('；') }),
      buttons: [
        [
          button('rule-always', rule.id, words.say('button-rule-always')),
          button('rule-week', rule.id, words.say('button-self-week')),
        ],
        back(rule, words),
      ],
    }),

    rehearsed: (rule, text, words) => ({
      kind: 'say',
      text,
      buttons: [
        ...(rule.on ? [] : [[button('rule-on', `${rule.id}-${rule.revision}`, words.say('button-rule-on'), 'primary')]]),
        back(rule, words),
      ],
    }),

    most(rule, words) {
      const numbers = MOST_A_DAY.map((most) =>
        button('rule-number', `${rule.id}-${most}`, mark(rule.perDay === most, String(most))),
      );
      return {
        kind: 'say',
        text: words.say('rule-most-question', { name: rule.name, most: rule.perDay }),
        buttons: [numbers.slice(0, 4), numbers.slice(4), back(rule, words)],
      };
    },
  };
}

const NO_COUPON = { kind: 'coupon', code: '', remaining: 1 } as const;

const mark = (is: boolean, label: string): string => (is ? `✓ ${label}` : label);

function peopleText(people: People, places: readonly StorePlace[], words: Words): string {
  switch (people.kind) {
    case 'staff':
      return words.say('rule-who-staff');
    case 'chat':
      return words.say('rule-who-chat', { chat: people.title || people.chat });
    case 'customers': {
      const { placeId } = people;
      if (placeId === undefined) return words.say('rule-who-customers');
      return words.say('rule-who-place', {
        place: places.find(({ id }) => id === placeId)?.name ?? words.say('rule-place-gone'),
      });
    }
  }
}
