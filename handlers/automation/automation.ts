/** 自动核销: the owner's rules for what is verified without a press; each is rehearsed before it can be turned on. */
import type { Store } from '../../services/accounts/stores.ts';
import type { Automation } from '../../services/automation/automation.ts';
import type { Deal, People, Rule, Terms } from '../../services/automation/rule.ts';
import { MOST_DEALS, MOST_RULES } from '../../services/automation/rules.ts';
import { offeredAs } from '../../services/automation/seen.ts';
import type { Collection } from '../../services/collection.ts';
import { ALWAYS } from '../../services/self-service/hours.ts';
import { readWeek, usualAfter } from '../../services/self-service/read-hours.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Reply } from '../message.ts';
import type { NotifyOwners } from '../notify/people.ts';
import type { Rights } from '../rights.ts';
import type { RuleVerb } from '../verb.ts';
import { createClosedScreen } from './closed.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { createRuleScreens } from './screens.ts';

/** The open question for the hours of a rule, to one person in one chat. */
export interface AskedHours {
  readonly ruleId: string;
}

export interface AutomationHandlers {
  readonly typed: {
    /** Takes a text; undefined where nothing was asked. */
    take(text: string, asker: Asker): Promise<AsyncIterable<Reply> | undefined>;
    /** Leaves the question; false where there was none. */
    cancel(asker: Asker): Promise<boolean>;
  };
  readonly presses: Presses<RuleVerb>;
}

/** Runs where the presser owns the rule's store, now; `rest` is what stands behind the rule's id. */
type Step = (rule: Rule, store: Store, asker: Asker, rest: string) => AsyncIterable<Reply>;

const keyOf = ({ chat, person }: Asker): string => `${chat.id} ${person.id}`;

export function createAutomationHandlers(parts: {
  automation: Automation;
  selfService: SelfService;
  rights: Rights;
  notifyOwners: NotifyOwners;
  asked: Collection<AskedHours>;
}): AutomationHandlers {
  const { automation, selfService, rights, notifyOwners, asked } = parts;
  const { rules } = automation;
  const { places } = selfService;
  const screens = createRuleScreens({ automation, places });

  const ofStore = (run: (store: Store, asker: Asker, rest: string) => AsyncIterable<Reply>): Handler =>
    async function* pressed(_, asker, id) {
      const [storeId = '', ...rest] = id.split('-');
      const at = await rights.at(storeId, asker);
      if (!at) return yield whisper(asker.words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
      yield* run(at.store, asker, rest.join('-'));
    };

  const ofRule = (run: Step): Handler =>
    async function* pressed(incoming, asker, id) {
      const [ruleId = '', ...rest] = id.split('-');
      const rule = await rules.get(ruleId);
      if (!rule) return yield whisper(asker.words.say('rule-gone'));
      yield* ofStore((store) => run(rule, store, asker, rest.join('-')))(incoming, asker, rule.storeId);
    };

  /** Changes a rule, which turns it off, and shows it. */
  async function* change(rule: Rule, terms: Partial<Terms>, store: Store, asker: Asker): AsyncIterable<Reply> {
    const changed = await rules.change(rule.id, terms, byPerson(asker.person));
    if (!changed) return yield whisper(asker.words.say('rule-gone'));
    if (rule.on) yield say(asker.words.say('rule-off-by-change', { name: rule.name }));
    yield await screens.rule(changed, store, asker.words);
  }

  /** Reads whom a button of the people's screen stands for; undefined where that place or chat is gone. */
  const peopleOf = async (chosen: string, store: Store): Promise<People | undefined> => {
    if (chosen === 'staff') return { kind: 'staff' };
    if (chosen === 'customers') return { kind: 'customers' };
    if (chosen.startsWith('p')) {
      const place = (await places.of(store.id)).find(({ id }) => `p${offeredAs(id)}` === chosen);
      return place && { kind: 'customers', placeId: place.id };
    }
    const chat = (await automation.chats(store.id)).find(({ id }) => `c${offeredAs(id)}` === chosen);
    return chat && { kind: 'chat', chat: chat.id, title: chat.title };
  };

  /** The deals after one was pressed: put in, or taken out; none left stands for no deal at all, which is refused. */
  const dealsAfter = async (chosen: string, rule: Rule, store: Store): Promise<readonly Deal[] | 'none' | undefined> => {
    const is = ({ title, dealId }: Deal): boolean => offeredAs(title, dealId) === chosen;
    const had = rule.deals ?? [];
    const left = had.filter((deal) => !is(deal));
    if (left.length < had.length) return left.length > 0 ? left : 'none';
    const added = (await automation.deals(store.id)).find(is);
    return added && had.length < MOST_DEALS ? [...had, added] : undefined;
  };

  async function* takeHours(text: string, { ruleId }: AskedHours, asker: Asker): AsyncIterable<Reply> {
    const { words } = asker;
    const rule = await rules.get(ruleId);
    const at = rule && (await rights.at(rule.storeId, asker));
    if (!rule || at?.role !== 'owner') {
      await asked.delete(keyOf(asker));
      return yield say(words.say(rule ? 'owner-only' : 'rule-gone'));
    }
    const named = readWeek(text);
    if (!named) return yield say(words.say('self-hours-unclear'));
    await asked.delete(keyOf(asker));
    yield* change(rule, usualAfter(rule, named), at.store, asker);
  }

  return {
    typed: {
      async take(text, asker) {
        const open = await asked.get(keyOf(asker));
        return open && takeHours(text, open, asker);
      },
      cancel: (asker) => asked.delete(keyOf(asker)),
    },
    presses: {
      ...createClosedScreen({ rules: selfService.rules, ofStore }),
      rules: ofStore(async function* list(store, { words }) {
        yield await screens.list(store, words);
      }),
      'rules-add': ofStore(async function* add(store, { words, person }) {
        const rule = await rules.add(store.id, (number) => words.say('rule-name', { number }), byPerson(person));
        yield rule ? await screens.rule(rule, store, words) : whisper(words.say('rules-too-many', { count: MOST_RULES }));
      }),
      rule: ofRule(async function* show(rule, store, { words }) {
        yield await screens.rule(rule, store, words);
      }),
      'rule-deals': ofRule(async function* ask(rule, store, { words }) {
        yield await screens.deals(rule, store, words);
      }),
      /** `<rule>-all`, or a deal's short name. */
      'rule-deal': ofRule(async function* choose(rule, store, asker, chosen) {
        if (chosen === 'all') return yield* change(rule, { deals: undefined }, store, asker);
        const deals = await dealsAfter(chosen, rule, store);
        if (deals === undefined) return yield whisper(asker.words.say('card-gone'));
        if (deals === 'none') return yield whisper(asker.words.say('rule-no-deal'));
        yield* change(rule, { deals }, store, asker);
      }),
      'rule-people': ofRule(async function* ask(rule, store, { words }) {
        yield await screens.people(rule, store, words);
      }),
      /** `<rule>-staff`, `-customers`, and `-p` or `-c` with the short name of a place or chat. */
      'rule-who': ofRule(async function* choose(rule, store, asker, chosen) {
        const people = await peopleOf(chosen, store);
        if (!people) return yield whisper(asker.words.say('card-gone'));
        yield* change(rule, { people }, store, asker);
      }),
      'rule-hours': ofRule(async function* ask(rule, _, { words }) {
        yield await Promise.resolve(screens.hours(rule, words));
      }),
      'rule-always': ofRule((rule, store, asker) => change(rule, { week: ALWAYS.week, holidays: undefined }, store, asker)),
      'rule-week': ofRule(async function* ask(rule, _, asker) {
        await asked.set(keyOf(asker), { ruleId: rule.id });
        yield { kind: 'say', text: asker.words.say('rule-ask-week'), ask: 'text' };
      }),
      'rule-most': ofRule(async function* ask(rule, _, { words }) {
        yield await Promise.resolve(screens.most(rule, words));
      }),
      'rule-number': ofRule(async function* choose(rule, store, asker, number) {
        if (!/^[1-9]\d{0,2}$/.test(number)) return yield whisper(asker.words.say('card-gone'));
        yield* change(rule, { perDay: Number(number) }, store, asker);
      }),
      /** 试算: what it would have done, and only then the button to turn it on. */
      'rule-try': ofRule(async function* rehearse(rule, store, { words }) {
        yield screens.rehearsed(rule, rehearsalText(rule, store, await automation.rehearse(rule, store), words), words);
      }),
      /** `<rule>-<revision>`: what was shown is what is turned on. */
      'rule-on': ofRule(async function* turnOn(rule, store, asker, revision) {
        const { words, person } = asker;
        const no = await rights.settles(store.accountId, asker);
        if (no) return yield whisper(words.say(no));
        const on = await rules.turnOn(rule.id, Number(revision), byPerson(person));
        if (!on) return yield whisper(words.say('rule-changed-since'));
        const owner = person.name;
        await notifyOwners(
          store.accountId,
          (theirs) => theirs.say('rule-on-told', { store: store.name, name: on.name, owner: owner || theirs.say('nameless') }),
          person.id,
        );
        yield say(words.say('rule-turned-on', { name: on.name }));
        yield await screens.rule(on, store, words);
      }),
      'rule-off': ofRule(async function* turnOff(rule, store, { words, person }) {
        await rules.turnOff(rule.id, byPerson(person));
        yield say(words.say('rule-turned-off', { name: rule.name }));
        yield await screens.list(store, words);
      }),
      'rule-remove': ofRule(async function* ask({ id, name }, _, { words }) {
        await Promise.resolve();
        yield {
          kind: 'say',
          text: words.say('rule-remove-question', { name }),
          buttons: [[{ verb: 'rule-remove-yes', id, label: words.say('button-self-remove-yes'), style: 'danger' }]],
        };
      }),
      'rule-remove-yes': ofRule(async function* remove(rule, store, { words, person }) {
        await rules.remove(rule.id, byPerson(person));
        yield say(words.say('rule-removed', { name: rule.name }));
        yield await screens.list(store, words);
      }),
    },
  };
}
