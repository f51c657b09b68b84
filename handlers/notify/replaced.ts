/** Raises an alert for owners and operators: another program has taken a channel's connection. */
import type { RaiseAlert } from '../../services/alerts/alert.ts';

/** `channel` is the part of ids before the colon. Each person is told once a day, by other channels, however often it happens. */
export type NotifyReplaced = (channel: string) => Promise<void>;

export function createNotifyReplaced(parts: {
  /** The accounts whose stores are bound in chats of the channel. */
  accountsOn: (channel: string) => Promise<readonly string[]>;
  raise: RaiseAlert;
}): NotifyReplaced {
  const { accountsOn, raise } = parts;
  return async (channel) => {
    for (const accountId of [undefined, ...(await accountsOn(channel))])
      await raise({ kind: 'robot', key: `${channel}:${accountId ?? ''}`, accountId, storeIds: [], facts: { channel } });
  };
}
