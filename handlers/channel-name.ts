/** What the channel of an id means to people: the name of its app, and whether it is where customers write. */
import type { Words } from '../locales/index.ts';
import type { ChatId, PersonId } from './message.ts';

const NAMES = {
  telegram: 'channel-telegram',
  'wecom-bot': 'channel-wecom',
  'wecom-app': 'channel-wecom',
  'wecom-kf': 'channel-wechat',
  web: 'channel-web',
  'web-place': 'channel-web',
} as const;

const isKnown = (channel: string): channel is keyof typeof NAMES => Object.hasOwn(NAMES, channel);

/** The app's name; the prefix of the id where it has none. */
export function channelName(person: PersonId, words: Words): string {
  const [channel = ''] = person.split(':', 1);
  return isKnown(channel) ? words.say(NAMES[channel]) : channel;
}

/** The apps of a person, by all the identities that he linked. */
export function channelNames(
  person: PersonId,
  linked: ReadonlyMap<PersonId, readonly { readonly id: PersonId }[]>,
  words: Words,
): string {
  const all = linked.get(person) ?? [{ id: person }];
  return [...new Set(all.map(({ id }) => channelName(id, words)))].join(words.say('list-comma'));
}

/** Whether people are known by a cookie here: nobody links what ends with it. */
export const isOnPage = (chat: ChatId): boolean => chat.startsWith('web:') || isForCustomersAlone(chat);

/**
 * Whether people write here as customers until they are known otherwise: to 微信客服 anybody comes by a link or a QR code of
 * the shop. On the other channels people are owners and staff: a stranger there hears how to bind a store.
 */
export const isForCustomers = (chat: ChatId): boolean => chat.startsWith('wecom-kf:') || isForCustomersAlone(chat);

/** Whether only members of the corporation write here, owners and staff: nobody is taken for a guest of a place. */
export const isForMembers = (chat: ChatId): boolean => /^wecom-(?:app|bot):/.test(chat);

/**
 * Whether nobody is ever more than a customer here: the page of a place knows its visitors by a cookie of some hours, so that
 * nothing is bound there and nobody is invited.
 */
export const isForCustomersAlone = (chat: ChatId): boolean => chat.startsWith('web-place:');
