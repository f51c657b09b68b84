/** All channels as one: each request goes to the channel of its chat. */
import type { FetchFile } from '../../handlers/coupon/read-photo.ts';
import type { CustomerLinks } from '../../handlers/self-service/links.ts';
import type { ChatId, Incoming, PersonId, Reply } from '../../handlers/message.ts';
import type { GroupWebhook } from '../../handlers/reports/owner-groups.ts';
import type { Log } from '../../services/log.ts';
import { adaptReply } from './adapt-reply.ts';
import type { Attaching } from './attachments.ts';
import { channelOf, NoChannel, NotSent, TooLarge, type Channel, type Sent } from './channel.ts';
import type { WordInstead } from './instead.ts';

export interface Channels {
  /** Whether the chat's channel is set up at this start. */
  serves(chat: ChatId): boolean;
  /** Sends a reply, adapted to the channel; words in place of what it does not carry. Rejects with `NoChannel` where it is not set up at this start: it may be later. */
  send(chat: ChatId, reply: Reply, answering?: Incoming): Promise<Sent>;
  /** `Channel.fetch`; `gone` where the picture cannot be had. */
  readonly fetchFile: FetchFile;
  /** `Channel.links`; undefined where the chat's channel has none, or cannot make them now. */
  links(chat: ChatId): Promise<((word: string) => string) | undefined>;
  /** `Channel.administers`; nobody administers a chat whose channel is not set up. */
  administers(chat: ChatId, person: PersonId): Promise<boolean>;
  /** Connects by the first channel that has webhooks. */
  readonly webhook: GroupWebhook;
  /** The links of all channels; `unavailable` where there are none and a channel could not say. */
  readonly customerLinks: CustomerLinks;
}

export function createChannels(
  channels: readonly Channel[],
  { wordInstead, log }: { readonly wordInstead: WordInstead; readonly log: Log },
): Channels {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const of = (chat: ChatId): Channel | undefined => byName.get(channelOf(chat));

  const customerLinksBy = async (channel: Channel, word: string) => {
    try {
      const url = (await channel.links?.())?.(word);
      const own = url === undefined ? [] : [{ name: '', url }];
      return [...own, ...((await channel.customerLinks?.(word)) ?? [])].map((link) => ({ channel: channel.name, ...link }));
    } catch (error) {
      log.warn('links for customers cannot be had', { error, channel: channel.name });
      return undefined;
    }
  };

  /** Says what stands in place of an attachment, below its caption. A link that certainly reached nobody is withdrawn. */
  async function sayInstead(
    channel: Channel,
    {
      chat,
      reply,
      captioned,
      answering,
    }: { chat: ChatId; reply: Attaching; captioned: boolean; answering: Incoming | undefined },
  ): Promise<Sent> {
    const instead = await wordInstead(chat, reply, answering?.from.id);
    const text = [captioned ? '' : reply.caption, instead.text].filter((part) => part.trim() !== '').join('\n\n');
    const topic = reply.kind === 'picture' ? reply.topic : undefined;
    try {
      const sent = await channel.send(chat, { kind: 'say', text, ...(topic !== undefined && { topic }) }, answering);
      if (sent.kind === 'not-carried') throw new Error('a text is carried everywhere');
      if (sent.kind !== 'sent') await instead.withdraw();
      return sent;
    } catch (error) {
      if (error instanceof NotSent) await instead.withdraw();
      throw captioned && error instanceof NotSent ? new Error(`${error.message}; the caption went out`, { cause: error }) : error;
    }
  }

  return {
    serves: (chat) => of(chat) !== undefined,

    async send(chat, reply, answering) {
      const channel = of(chat);
      if (!channel) throw new NoChannel(`${channelOf(chat)} is not set up`);
      const adapted = adaptReply(channel, reply);
      if (!adapted) return { kind: 'sent' };
      const sent = await channel.send(chat, adapted, answering);
      if (sent.kind !== 'not-carried') return sent;
      if (adapted.kind !== 'picture' && adapted.kind !== 'file')
        throw new Error(`${channel.name} does not carry ${adapted.kind}`);
      return await sayInstead(channel, { chat, reply: adapted, captioned: sent.captioned === true, answering });
    },

    async fetchFile(chat, file) {
      try {
        return (await of(chat)?.fetch?.(file)) ?? 'gone';
      } catch (error) {
        if (error instanceof TooLarge) return 'too-large';
        log.warn('a picture could not be fetched', { error, chat });
        return 'gone';
      }
    },

    async links(chat) {
      try {
        return await of(chat)?.links?.();
      } catch (error) {
        log.warn('a channel cannot make links now', { error, chat });
        return undefined;
      }
    },
    administers: async (chat, person) => (await of(chat)?.administers(chat, person)) ?? false,

    webhook: {
      async connect(address, hello) {
        const webhook = channels.find((channel) => channel.webhook)?.webhook;
        return (await webhook?.connect(address, hello)) ?? { problem: 'not-one' };
      },
      disconnect: async (chat) => await of(chat)?.webhook?.disconnect(chat),
    },

    async customerLinks(word) {
      const answers = await Promise.all(channels.map((channel) => customerLinksBy(channel, word)));
      const links = answers.flatMap((answer) => answer ?? []);
      return links.length === 0 && answers.includes(undefined) ? 'unavailable' : links;
    },
  };
}
