/** The names of 微信客服 chats, and what a menu item carries back. */
import { decodeAction, encodeAction, type Action, type ChatId } from '../../../handlers/message.ts';

/** One customer at one 客服账号. */
export interface Customer {
  /** `wk…` */
  readonly openKfid: string;
  /** `wm…` or `wo…` */
  readonly user: string;
}

/** The chat, and the person: a customer is alone with the bot. */
export const chatOf = ({ openKfid, user }: Customer): ChatId => `wecom-kf:${openKfid}:${user}`;

/** Whose chat it is; nothing for another channel's. */
export function whose(chat: ChatId): Customer | undefined {
  const match = /^wecom-kf:([\w-]{1,64}):([\w-]{1,64})$/.exec(chat);
  return match ? { openKfid: match[1]!, user: match[2]! } : undefined;
}

/** At most 57 bytes; WeCom's pages say 128 in one place and 64 in another. `message` has at most 16 letters and digits. */
export const clickId = (action: Action, message: string): string => `${encodeAction(action)}@${message}`;

/** What was clicked and on which message; nothing for an id that is not ours. */
export function readClick(id: string): { readonly action: Action; readonly message: string } | undefined {
  const match = /^(.{3,40})@([a-z0-9]{1,20})$/.exec(id);
  const action = decodeAction(match?.[1]);
  return action && match ? { action, message: match[2]! } : undefined;
}
