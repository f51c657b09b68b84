/** Words for the owners of an account what happened to a coupon outside of this program. */
import type { Words } from '../../locales/index.ts';
import { groupCode } from '../../services/coupons/mask.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { OutsideNews } from '../../services/verification/outside-news.ts';
import type { ChatId, Outgoing } from '../message.ts';

const ZONE = 'Asia/Shanghai';

export function createWordOutsideNews(parts: {
  accounts: Pick<Accounts, 'owners'>;
  wordsOf: (chat: ChatId) => Promise<Words>;
  /** The name of a store by the platform's id for it. */
  storeName: (accountId: string, store: string) => Promise<string | undefined>;
  newId: () => string;
}): (news: OutsideNews) => Promise<readonly Outgoing[]> {
  const { accounts, wordsOf, storeName, newId } = parts;
  return async (news) => {
    const { account, store } = news;
    const name = store === undefined ? undefined : await storeName(account.id, store);
    const messages: Outgoing[] = [];
    for (const { id } of await accounts.owners(account.id)) {
      const text = sentence(news, name, await wordsOf(id));
      messages.push({ key: `person:${newId()}`, chat: id, reply: { kind: 'say', text } });
    }
    return messages;
  };
}

function sentence({ kind, account, coupon, at, verified }: OutsideNews, store: string | undefined, words: Words): string {
  const platform = words.say(`platform-${account.platform}`);
  const title = coupon.title ?? words.say('nameless-coupon');
  if (kind === 'coupon.used-elsewhere')
    return words.say('told-used-elsewhere', { platform, title, time: words.moment(at, ZONE), store: store ?? platform });
  return verified
    ? words.say('told-refunded-verified', { platform, title, code: groupCode(verified.coupon.code) })
    : words.say('told-refunded', { platform, title });
}
