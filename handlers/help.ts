/** 帮助 and 开始: what this chat is, and what to do next. */
import type { Incoming, Reply } from './message.ts';
import { COMMANDS } from './commands.ts';
import { say, type Handler, type Who } from './who.ts';

/** What this chat is, in a sentence or two. */
export function standingSentence(incoming: Incoming, who: Who): string {
  const { words, store, role } = who;
  if (!store) return words.say(incoming.group ? 'welcome-group' : 'welcome');
  if (role === 'stranger') return words.say(incoming.group ? 'stranger-group' : 'stranger');
  return words.say(role === 'owner' ? 'help-owner' : 'help-staff', { store: store.name });
}

/** The commands a person can use here, a line each. */
export const help: Handler = async function* help(incoming, who): AsyncIterable<Reply> {
  const { words, store, role } = who;
  const rank = { all: 0, staff: 1, owner: 2 } as const;
  const own = store ? (role === 'owner' ? 2 : role === 'staff' ? 1 : 0) : 0;
  const lines = COMMANDS.filter(({ audience, name }) => rank[audience] <= own || (!store && name === 'bind'))
    .filter(({ name }) => name !== 'start')
    .map(({ name, words: [word = ''], about }) => `/${name} ${word} · ${words.say(about)}`);
  const privacy = incoming.group ? [words.say('help-group')] : [];
  yield say([standingSentence(incoming, who), '', ...lines, ...privacy].join('\n'));
};
