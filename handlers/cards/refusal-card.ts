/** Words a refused or failed lookup as a card: why, the end of the code, and what to do. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { codeTail } from '../../services/coupons/mask.ts';
import type { Button, Card, Reply } from '../message.ts';
import { markedCard } from './practice-mark.ts';
import type { Worded } from './refusal.ts';

/**
 * The reason is the title; when, where and by whom a coupon was used stand behind it in the same line. Of the code only its end
 * is shown: it may be anybody's. `remark` is a sentence about how the code was read.
 */
export function refusalCard(
  { title, detail, facts }: Worded,
  parts: {
    readonly code: string;
    readonly store: Store;
    readonly words: Words;
    readonly remark?: string | undefined;
    readonly buttons?: readonly (readonly Button[])[];
  },
): Reply {
  const { code, store, words, remark, buttons = [] } = parts;
  const note = [...(facts ? [] : [detail]), ...(remark === undefined ? [] : [remark])].join('\n');
  const card: Card = {
    title: facts ? `${title} · ${detail}` : title,
    fields: code === '' ? [] : [{ label: words.say('field-code'), value: words.say('code-tail', { tail: codeTail(code) }) }],
    ...(note !== '' && { note }),
    tone: 'bad',
    buttons,
  };
  return { kind: 'card', card: markedCard(card, store, words) };
}
