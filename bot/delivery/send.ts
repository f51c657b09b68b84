/** Gives a reply to the channel of its chat, fitted to what that can do. */
import type { ChatId, Incoming, Reply } from '../../handlers/message.ts';
import { NoChannel, type Channel, type Sent } from '../channel/channel.ts';
import { adaptReply } from '../channel/adapt-reply.ts';
import { channelOf } from './inbox.ts';

export type Send = (chat: ChatId, reply: Reply, answering?: Incoming) => Promise<Sent>;

/** Rejects with `NoChannel` where the chat's channel is not set up at this start: the chat is there, and may be reached later. */
export function createSend(channelFor: (chat: ChatId) => Channel | undefined): Send {
  return async (chat, reply, answering) => {
    const channel = channelFor(chat);
    if (!channel) throw new NoChannel(`${channelOf(chat)} is not set up`);
    const fit = adaptReply(channel, reply);
    return fit ? await channel.send(chat, fit, answering) : { kind: 'sent' };
  };
}
