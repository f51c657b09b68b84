/** 设置: one screen with what an owner can set for the chat's store, and the way to everything else. */
import type { Words } from '../locales/index.ts';
import type { Store } from '../services/accounts/stores.ts';
import type { Reports } from '../services/ledger/reports.ts';
import { endsNextDate } from '../services/time/business-day.ts';
import { marked } from './cards/practice-mark.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses, type StoreAsker } from './handler.ts';
import type { Button, Card } from './message.ts';
import type { Rights } from './rights.ts';
import type { OfferedCommand } from './spoken/small-talk.ts';
import type { SettingsVerb } from './verb.ts';

export interface Settings {
  command: Handler<StoreAsker>;
  readonly presses: Presses<SettingsVerb>;
}

/** The ends of the business day that have a button: midnight, and for shops that are open late. */
const DAY_ENDS = ['00:00', '02:00', '05:00'] as const;

/** Words the end of a business day: `02:00`, on the next date or on the same. */
const endOf = ({ dayEnd }: Store, words: Words): string =>
  dayEnd === '00:00' ? dayEnd : words.say(endsNextDate(dayEnd) ? 'settings-next-date' : 'settings-same-date', { time: dayEnd });

export function createSettings({
  reports,
  rights,
}: {
  reports: Pick<Reports, 'storesOf' | 'setDayEnd'>;
  rights: Rights;
}): Settings {
  async function card(store: Store, { chat, words }: Asker): Promise<Card> {
    const told = (await reports.storesOf(chat.id)).some(({ id }) => id === store.id);
    const run = (...names: OfferedCommand[]): Button[] =>
      names.map((name) => ({ verb: 'run', id: name, label: words.say(`button-run-${name}`) }));
    return {
      title: marked(words.say('settings-title', { store: store.name }), store, words),
      fields: [
        { label: words.say('field-day-end'), value: endOf(store, words) },
        { label: words.say('field-reports'), value: words.say(told ? 'settings-told' : 'settings-not-told') },
        { label: words.say('field-language'), value: words.say('language-name') },
      ],
      note: [...(chat.group ? [words.say(`who-may-${chat.whoMay}`)] : []), words.say('settings-note')].join('\n'),
      buttons: [
        DAY_ENDS.filter((time) => time !== store.dayEnd).map((time): Button => ({
          verb: 'day-end',
          id: `${time.replace(':', '')}-${store.id}`,
          label: words.say('button-day-end', { time }),
        })),
        run('staff', 'customers', 'language'),
        // Keys and addresses are secrets: those two are for private chats.
        [...(told ? [] : run('report')), ...(chat.group ? [] : run('api', 'webhook'))],
      ],
    };
  }

  return {
    async *command(_, asker) {
      yield { kind: 'card', card: await card(asker.store, asker) };
    },

    presses: {
      /** 营业日截止: `0200-<store>`. */
      async *'day-end'(_, asker, rest) {
        const { words } = asker;
        const [digits = '', id = ''] = rest.split('-');
        const dayEnd = DAY_ENDS.find((time) => time.replace(':', '') === digits);
        const at = await rights.at(id, asker);
        if (!dayEnd || !at) return yield whisper(words.say('card-gone'));
        if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
        await reports.setDayEnd(at.store, dayEnd, byPerson(asker.person));
        yield { kind: 'replace', card: await card({ ...at.store, dayEnd }, asker) };
      },
    },
  };
}
