/** 取消 under a question about a step that cannot be taken back: nothing changes. */
import type { Words } from '../locales/index.ts';
import type { Button, Reply } from './message.ts';
import { whisper, type Presses } from './handler.ts';
import type { KeepVerb, Verb } from './verb.ts';

/** Asks before a step: the button that takes it, and one that leaves everything as it is. */
export const asksFirst = (text: string, yes: { verb: Verb; id: string; label: string }, words: Words): Reply => ({
  kind: 'say',
  text,
  buttons: [[{ ...yes, style: 'danger' }, keepButton(words)]],
});

/** The button that leaves everything as it is. */
export const keepButton = (words: Words): Button => ({ verb: 'keep', id: 'all', label: words.say('button-cancel') });

export const keepPresses: Presses<KeepVerb> = {
  async *keep(incoming, { words, store, role }) {
    if (incoming.group && store && role === 'stranger') return yield whisper(words.say('press-refused'));
    yield await Promise.resolve({
      kind: 'replace',
      card: { title: words.say('nothing-changed'), fields: [], buttons: [] },
    } as const);
  },
};
