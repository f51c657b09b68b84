/** Says why a message with digits leads to no lookup: no code is in it, or the chat has no store. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { CodesInText } from '../../services/coupons/read-text.ts';
import { say, type Asker } from '../handler.ts';
import type { Reply } from '../message.ts';

/** The sentence; undefined for any other text. */
export function hint(found: CodesInText, words: Words): Reply[] | undefined {
  if (found.douyin !== undefined) return [say(words.say('douyin-link'))];
  if (found.linked) return [say(words.say('link-without-code'))];
  if (found.shortened !== undefined) return [say(words.say('shortened-digits', { number: found.shortened }))];
  return found.odd === undefined ? undefined : [say(words.say('odd-digits', { count: found.odd.length }))];
}

/** An owner group has stores, though codes are not verified in it. `reportedTo`: the stores whose summaries a chat receives. */
export async function unboundSentence(
  { chat, words }: Asker,
  reportedTo: (chat: string) => Promise<readonly Pick<Store, 'name'>[]>,
): Promise<string> {
  const read = await reportedTo(chat.id);
  return read.length > 0
    ? words.say('code-in-owner-group', { stores: read.map(({ name }) => name).join(words.say('list-comma')) })
    : words.say('unbound');
}
