/** Ids of 微信客服 chats, and the id that a menu item carries back. */
import { decodeAction, encodeAction, type Action, type ChatId } from '../../../handlers/message.ts';

/** One customer at one 客服账号. */
export interface Customer {
  /** `wk…` */
  readonly openKfid: string;
  /** `wm…` or `wo…` */
  readonly user: string;
}

/** The chat id is also the person's: a customer is alone with the bot. */
export const chatOf = ({ openKfid, user }: Customer): ChatId => `wecom-kf:${openKfid}:${user}`;

/** Parses a chat id; undefined for another channel's. */
export function whose(chat: ChatId): Customer | undefined {
  const match = /^wecom-kf:([\w-]{1,64}):([\w-]{1,64})$/.exec(chat);
  return match ? { openKfid: match[1]!, user: match[2]! } : undefined;
}

/**
 * Builds an id of at most 57 bytes; WeCom documents a limit of 128 in one place and 64 in another. `message` has at most 16
 * letters and digits.
 */
export const clickId = (action: Action, message: string): string => `${encodeAction(action)}@${message}`;

/** Reads the action and message behind a clicked item; undefined for a foreign id. */
export function readClick(id: string): { readonly action: Action; readonly message: string } | undefined {
  const match = /^(.{3,40})@([a-z0-9]{1,20})$/.exec(id);
  const action = decodeAction(match?.[1]);
  return action && match ? { action, message: match[2]! } : undefined;
}
