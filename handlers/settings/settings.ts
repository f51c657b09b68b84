/** 设置: one screen with everything an owner can set for the chat's store, and the way to everything else. */
import type { AlertSettings } from '../../services/alerts/alert-settings.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { StoreSettings } from '../../services/accounts/store-settings.ts';
import type { Collection } from '../../services/collection.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { StoreCalendars } from '../../services/ledger/store-calendar.ts';
import { marked } from '../cards/practice-mark.ts';
import { say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { Button, Card, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import type { OfferedCommand } from '../spoken/small-talk.ts';
import type { Typed } from '../typed.ts';
import type { SettingsVerb } from '../verb.ts';
import { createAlertKinds } from './alerts.ts';
import { createDayEnd } from './day-end.ts';
import { createGroupCodes } from './group-codes.ts';
import { createLanguageSetting } from './language.ts';
import { createMayUndo } from './may-undo.ts';
import { createQuietHours } from './quiet-hours.ts';
import type { Changed, Setting, TellOthers, View } from './setting.ts';
import { createPeriodsSetting, createPictureSetting } from './summaries.ts';
import { createTellOthers, type TellOthersParts } from './tell-others.ts';
import { createZone } from './zone.ts';

/** A list of choices that is open in a chat, for one person: what is typed may be meant for it. */
export interface OpenList {
  readonly name: string;
  readonly storeId: string;
}

/** How long a typed text may be meant for an open list, ms. */
export const OPEN_LIST_MS = 15 * 60_000;

export interface Settings {
  command: Handler<StoreAsker>;
  readonly presses: Presses<SettingsVerb>;
  readonly typed: Typed;
}

export interface SettingsParts extends TellOthersParts {
  readonly reports: Pick<Reports, 'storesOf' | 'extras' | 'dress'>;
  readonly calendars: StoreCalendars;
  readonly chats: Pick<Chats, 'setLocale'>;
  readonly rights: Rights;
  readonly lists: Collection<OpenList>;
  readonly alertSettings: AlertSettings;
  readonly storeSettings: StoreSettings;
  readonly now: () => number;
}

/** The settings, in the order of the screen. */
const tableOf = (parts: SettingsParts & { readonly tellOthers: TellOthers }): readonly Setting[] => [
  createDayEnd(parts),
  createZone(parts),
  createMayUndo(parts),
  createGroupCodes(parts),
  createPictureSetting(parts),
  createPeriodsSetting(parts),
  createLanguageSetting(parts),
  createAlertKinds(parts),
  createQuietHours(parts),
];

/** Buttons of choices in a row of their list. */
const IN_A_ROW = 3;

const keyOf = ({ chat, person }: Asker): string => `${chat.id} ${person.id}`;

export function createSettings(parts: SettingsParts): Settings {
  const { reports, rights, lists } = parts;
  const table = tableOf({ ...parts, tellOthers: createTellOthers(parts) });
  const settingOf = (name: string | undefined): Setting | undefined => table.find((one) => one.name === name);

  /** Opens the list of choices; of two choices, takes the other one at once. */
  function button({ name }: Setting, { label, value, choices, chosen }: View, { store: { id }, words }: StoreAsker): Button {
    const others = choices.filter((choice) => choice.id !== chosen);
    const atOnce = choices.length <= 2 && others.length === 1 ? others[0] : undefined;
    const text = words.say('setting-value', { label, value });
    return atOnce
      ? { verb: 'set', id: `${name}-${atOnce.id}-${id}`, label: text }
      : { verb: 'setting', id: `${name}-${id}`, label: text };
  }

  async function screen(asker: StoreAsker, note?: string): Promise<Card> {
    const { store, chat, words } = asker;
    const rows: Button[][] = [];
    for (const setting of table) {
      const view = await setting.view(asker);
      if (view) rows.push([button(setting, view, asker)]);
    }
    const told = (await reports.storesOf(chat.id)).some(({ id }) => id === store.id);
    const run = (...names: OfferedCommand[]): Button[] =>
      names.map((name) => ({ verb: 'run', id: name, label: words.say(`button-run-${name}`) }));
    const lines = [
      ...(note === undefined ? [] : [note]),
      ...(chat.group ? [words.say(`who-may-${chat.whoMay}`)] : []),
      words.say(told ? 'settings-told' : 'settings-not-told'),
    ];
    return {
      title: marked(words.say('settings-title', { store: store.name }), store, words),
      fields: [],
      note: lines.join('\n'),
      buttons: [
        ...rows,
        [...run('staff', 'customers'), ...(told ? [] : run('report'))],
        // Keys and addresses are secrets: those two are for private chats.
        ...(chat.group ? [] : [run('api', 'webhook')]),
      ],
    };
  }

  function list({ name }: Setting, view: View, { store, words }: StoreAsker): Card {
    const choices = view.choices.map(({ id, label }): Button => ({
      verb: 'set',
      id: `${name}-${id}-${store.id}`,
      label: id === view.chosen ? `✓ ${label}` : label,
    }));
    const back: Button = { verb: 'settings', id: store.id, label: words.say('button-back') };
    return {
      title: words.say('setting-value', view),
      fields: [],
      ...(view.about !== undefined && { note: view.about }),
      buttons: [...rowsOf(choices), [back]],
    };
  }

  /** The person as an owner of the store, now. A sentence where they are none. */
  async function owner(storeId: string, asker: Asker, setting?: Setting): Promise<StoreAsker | string> {
    const { words } = asker;
    const at = await rights.at(storeId, asker);
    if (!at) return words.say('card-gone');
    if (at.role !== 'owner') return words.say('owner-only');
    const no = setting?.widens ? await rights.settles(at.store.accountId, asker) : undefined;
    return no ? words.say(no) : { ...asker, store: at.store, role: at.role };
  }

  /** The screen as it is after a change. */
  async function after({ note, words }: Changed, asker: StoreAsker): Promise<Card> {
    await lists.delete(keyOf(asker));
    const fresh = (await rights.at(asker.store.id, asker))?.store ?? asker.store;
    return await screen({ ...asker, store: fresh, ...(words && { words }) }, note);
  }

  /** Runs a press on a setting: `name-…-<store>`. */
  const onSetting = (run: (setting: Setting, value: string, asker: StoreAsker) => AsyncIterable<Reply>): Handler =>
    async function* pressed(_, asker, id) {
      const [name, ...rest] = id.split('-');
      const setting = settingOf(name);
      if (!setting) return yield whisper(asker.words.say('card-gone'));
      const mine = await owner(rest.at(-1) ?? '', asker, setting);
      if (typeof mine === 'string') return yield whisper(mine);
      yield* run(setting, rest.slice(0, -1).join('-'), mine);
    };

  const settings: Settings = {
    async *command(_, asker) {
      yield { kind: 'card', card: await screen(asker) };
    },

    presses: {
      /** 返回 to the screen. */
      async *settings(_, asker, storeId) {
        const mine = await owner(storeId, asker);
        if (typeof mine === 'string') return yield whisper(mine);
        yield { kind: 'replace', card: await after({}, mine) };
      },

      /** Opens the choices of a setting: `dayend-<store>`. */
      setting: onSetting(async function* opens(setting, _, asker) {
        const view = await setting.view(asker);
        if (!view) return yield whisper(asker.words.say('card-gone'));
        if (setting.typed) await lists.set(keyOf(asker), { name: setting.name, storeId: asker.store.id });
        yield { kind: 'replace', card: list(setting, view, asker) };
      }),

      /** Takes a choice: `dayend-0200-<store>`. */
      set: onSetting(async function* sets(setting, value, asker) {
        const changed = await setting.set(value, asker);
        if (changed === 'unknown') return yield whisper(asker.words.say('card-gone'));
        const view = setting.stays && (await setting.view(asker));
        yield { kind: 'replace', card: view ? list(setting, view, asker) : await after(changed, asker) };
      }),

      /** The same for the end of the day, on screens of earlier programs: `0200-<store>`. */
      'day-end': (incoming, asker, id) => settings.presses.set(incoming, asker, `dayend-${id}`),
    },

    typed: {
      async take(text, asker) {
        const open = await lists.get(keyOf(asker));
        const setting = settingOf(open?.name);
        const mine = open && (await owner(open.storeId, asker, setting));
        const read = typeof mine === 'object' ? setting?.typed?.(text, mine) : undefined;
        if (!setting || typeof mine !== 'object' || !read) return undefined;
        return (async function* reply(): AsyncIterable<Reply> {
          if ('wrong' in read) return yield say(read.wrong);
          const changed = await setting.set(read.value, mine);
          if (changed === 'unknown') return yield say(mine.words.say('card-gone'));
          yield { kind: 'card', card: await after(changed, mine) };
        })();
      },
      cancel: (asker) => lists.delete(keyOf(asker)),
    },
  };
  return settings;
}

/** Rows of buttons; a long label has a row of its own on a phone. */
const rowsOf = (buttons: readonly Button[]): Button[][] =>
  Array.from({ length: Math.ceil(buttons.length / IN_A_ROW) }, (_, n) => buttons.slice(n * IN_A_ROW, (n + 1) * IN_A_ROW));
