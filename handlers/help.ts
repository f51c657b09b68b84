/** 帮助 and 开始: tells the state of the chat, and the commands that this person can use in it. */
import type { Incoming, Reply } from './message.ts';
import type { Reports } from '../services/ledger/reports.ts';
import { COMMANDS, type Command, type CommandName } from './commands.ts';
import { outside } from './guard.ts';
import { say, type Handler, type Asker } from './handler.ts';

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

/** Makes the handler of `/help` and `/start`: one line for each command that the guard lets through. */
export function createHelp(parts: {
  reports: Pick<Reports, 'storesOf'>;
  /** What a newcomer has to do, where they are reviewed. */
  steps?: (incoming: Incoming, asker: Asker) => Promise<string | undefined>;
}): Handler {
  return async function* help(incoming, asker): AsyncIterable<Reply> {
    const { words, store } = asker;
    const told = store || asker.visit ? [] : await parts.reports.storesOf(asker.chat.id);
    const useful = ({ audience, name }: Command): boolean =>
      asker.visitedStore || asker.role === 'customer'
        ? OF_VISITORS.includes(name)
        : told.length > 0
          ? OF_REPORTS.includes(name)
          : outside(audience, asker) === undefined || (!store && name === 'bind');
    const lines = COMMANDS.filter((command) => useful(command) && command.name !== 'start').map(
      ({ name, words: [word = ''], about }) => `/${name} ${word} · ${words.say(about)}`,
    );
    const here =
      told.length > 0
        ? words.say('help-reports', { stores: told.map(({ name }) => name).join('、') })
        : chatStatusSentence(incoming, asker);
    const [channel = ''] = incoming.chat.split(':', 1);
    const mention = incoming.group ? MENTIONS.get(channel) : undefined;
    const next = channel === 'web' && store?.practice ? ['', words.say('practice-next')] : [];
    const steps = await parts.steps?.(incoming, asker);
    yield say(
      [here, ...(steps === undefined ? [] : [steps]), '', ...lines, ...(mention ? [words.say(mention)] : []), ...next].join('\n'),
    );
  };
}
