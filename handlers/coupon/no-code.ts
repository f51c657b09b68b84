/** Says why a message with digits leads to no lookup: no code is in it. */
import type { Words } from '../../locales/index.ts';
import type { CodesInText } from '../../services/coupons/read-text.ts';
import { say } from '../handler.ts';
import type { Reply } from '../message.ts';

/** The sentence; undefined for any other text. */
export function hint(found: CodesInText, words: Words): Reply[] | undefined {
  if (found.douyin !== undefined) return [say(words.say('douyin-link'))];
  if (found.linked) return [say(words.say('link-without-code'))];
  if (found.shortened !== undefined) return [say(words.say('shortened-digits', { number: found.shortened }))];
  const { odd } = found;
  if (odd === undefined) return undefined;
  return [say(odd.length > 2 ? words.say('odd-digits', { count: odd.length }) : words.say('odd-choice', { number: odd }))];
}
