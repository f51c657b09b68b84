/** 帮助 and 开始: tells the state of the chat, the commands of use first, and at a press all that this person can use in it. */
import type { Button, Incoming, Reply } from './message.ts';
import type { Reports } from '../services/ledger/reports.ts';
import type { Words } from '../locales/index.ts';
import { COMMANDS, type Command, type CommandName } from './commands.ts';
import { outside } from './guard.ts';
import { say, type Asker, type Handler, type Presses } from './handler.ts';
import type { HelpVerb } from './verb.ts';
import type { OfferedCommand } from './spoken/small-talk.ts';

/** Tells the state of the chat and the next step, in a sentence or two. */
export function chatStatusSentence(incoming: Incoming, asker: Asker): string {
  const { words, store, role, visitedStore, visit } = asker;
  if (visitedStore) return words.say('customer-welcome', { store: visitedStore.name });
  if (visit && role === 'customer') return words.say('place-welcome', { store: visit.store.name, place: visit.place.name });
  if (!store) return words.say(incoming.group ? 'welcome-group' : 'welcome');
  if (role === 'stranger') return words.say(incoming.group ? 'stranger-group' : 'stranger');
  return words.say(role === 'owner' ? 'help-owner' : 'help-staff', { store: store.name });
}

/** Commands of use in a chat that only receives summaries. */
const OF_REPORTS: readonly CommandName[] = ['summary', 'history', 'report', 'status', 'language', 'help'];

/** Commands of use to a customer. */
const OF_VISITORS: readonly CommandName[] = ['help', 'language'];

/** Channels whose groups let a bot hear only what is said to it, with what to do about it. */
const MENTIONS: ReadonlyMap<string, 'help-group' | 'help-group-named'> = new Map([
  ['telegram', 'help-group'],
  ['wecom-bot', 'help-group-named'],
]);

/** Commands that the help of a chat with a store begins with; they have buttons too, but for the last ones. */
const FIRST: readonly CommandName[] = ['summary', 'history', 'staff', 'undo', 'report'];
const BUTTONS = ['summary', 'history', 'staff'] as const satisfies readonly OfferedCommand[];
/** As many commands are listed at once. */
const MOST = 6;

export interface Help {
  /** `/help` and `/start`. */
  command: Handler;
  readonly presses: Presses<HelpVerb>;
}

/** The commands are those that the guard lets through, each in a line of its own. */
export function createHelp(parts: {
  reports: Pick<Reports, 'storesOf'>;
  /** What a newcomer has to do, where they are reviewed. */
  steps?: (incoming: Incoming, asker: Asker) => Promise<string | undefined>;
}): Help {
  const usefulTo = (asker: Asker, reporting: boolean): readonly Command[] => {
    const useful = ({ audience, name }: Command): boolean =>
      asker.visitedStore || asker.role === 'customer'
        ? OF_VISITORS.includes(name)
        : reporting
          ? OF_REPORTS.includes(name)
          : outside(audience, asker) === undefined || (!asker.store && name === 'bind');
    return COMMANDS.filter((command) => useful(command) && command.name !== 'start');
  };
  const told = async ({ store, visit, chat }: Asker) => (store || visit ? [] : await parts.reports.storesOf(chat.id));

  return {
    async *command(incoming, asker): AsyncIterable<Reply> {
      const { words, store } = asker;
      const reporting = await told(asker);
      const useful = usefulTo(asker, reporting.length > 0);
      const short = useful.length > MOST;
      const lines = short ? FIRST.flatMap((name) => useful.filter((command) => command.name === name)) : useful;
      const here =
        reporting.length > 0
          ? words.say('help-reports', { stores: reporting.map(({ name }) => name).join(words.say('list-comma')) })
          : chatStatusSentence(incoming, asker);
      const [channel = ''] = incoming.chat.split(':', 1);
      const mention = incoming.group ? MENTIONS.get(channel) : undefined;
      const next = channel === 'web' && store?.practice ? ['', words.say('practice-next')] : [];
      const steps = await parts.steps?.(incoming, asker);
      const offered = short ? BUTTONS.filter((name) => lines.some((command) => command.name === name)) : [];
      const unbound = !store && useful.some(({ name }) => name === 'bind');
      const buttons = [
        [...offered, ...(unbound ? (['bind'] as const) : [])].map((name): Button => ({
          verb: 'run',
          id: name,
          label: words.say(`button-run-${name}`),
        })),
        short ? [{ verb: 'help-all', id: 'all', label: words.say('button-help-all') } satisfies Button] : [],
      ].filter((row) => row.length > 0);
      yield {
        kind: 'say',
        text: [
          here,
          ...(steps === undefined ? [] : [steps]),
          '',
          ...lines.map((command) => lineOf(command, words)),
          ...(mention ? [words.say(mention)] : []),
          ...next,
        ].join('\n'),
        ...(buttons.length > 0 && { buttons }),
      };
    },

    presses: {
      async *'help-all'(_, asker) {
        const useful = usefulTo(asker, (await told(asker)).length > 0);
        yield say(useful.map((command) => lineOf(command, asker.words)).join('\n'));
      },
    },
  };
}

/** A command in a line: in Chinese with the word that people say instead. */
function lineOf({ name, words: [word = ''], about }: Command, words: Words): string {
  return `/${name}${words.locale === 'zh-CN' ? ` ${word}` : ''} · ${words.say(about)}`;
}
