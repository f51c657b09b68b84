/** 打烊时: whether customers, or staff, may ask an owner to agree to a verification outside the opening hours. */
import type { Store } from '../../services/accounts/stores.ts';
import type { SelfServiceRules } from '../../services/self-service/rules.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Reply } from '../message.ts';

export function createClosedScreen(parts: {
  rules: Pick<SelfServiceRules, 'of' | 'setAskClosed'>;
  /** Runs where the presser owns the store, now. */
  ofStore: (run: (store: Store, asker: Asker, rest: string) => AsyncIterable<Reply>) => Handler;
}): Presses<'closed' | 'closed-may'> {
  const { rules, ofStore } = parts;

  const screen = async (store: Store, { words }: Asker): Promise<Reply> => {
    const { askClosed } = await rules.of(store.id);
    const button = (who: 'customer' | 'staff') =>
      ({
        verb: 'closed-may',
        id: `${store.id}-${who}-${askClosed[who] ? 'no' : 'yes'}`,
        label: words.say(`button-closed-${who}-${askClosed[who] ? 'no' : 'yes'}`),
      }) as const;
    return {
      kind: 'say',
      text: [
        words.say('closed-title', { store: store.name }),
        words.say(askClosed.customer ? 'closed-customer-ask' : 'closed-customer'),
        words.say(askClosed.staff ? 'closed-staff-ask' : 'closed-staff'),
      ].join('\n'),
      buttons: [
        [button('customer')],
        [button('staff')],
        [{ verb: 'self-hours', id: store.id, label: words.say('button-self-back') }],
      ],
    };
  };

  return {
    closed: ofStore(async function* show(store, asker) {
      yield await screen(store, asker);
    }),
    /** `<store>-customer-yes`, `<store>-staff-no`. */
    'closed-may': ofStore(async function* set(store, asker, rest) {
      const match = /^(customer|staff)-(yes|no)$/.exec(rest);
      if (!match) return yield whisper(asker.words.say('card-gone'));
      const { askClosed } = await rules.of(store.id);
      await rules.setAskClosed(store.id, { ...askClosed, [match[1]!]: match[2] === 'yes' }, byPerson(asker.person));
      yield await screen(store, asker);
    }),
  };
}
