/** How many messages a group's webhook takes yet: 20 in any minute, https://developer.work.weixin.qq.com/document/path/91770 */

const MOST = 20;
const MINUTE_MS = 60_000;

export interface Quota {
  /** Counts these messages in and says so, or counts none where there is no room for all of them. */
  take(key: string, messages: number): boolean;
  /** The other side says it is full: for a minute it is. */
  full(key: string): void;
}

/** Counted here; another instance's messages become known when WeCom refuses one. */
export function createQuota(now: () => number): Quota {
  const sent = new Map<string, readonly number[]>();
  const lately = (key: string): readonly number[] => (sent.get(key) ?? []).filter((at) => at > now() - MINUTE_MS);
  return {
    take(key, messages) {
      const before = lately(key);
      // More than a minute's worth at once would wait for ever.
      if (before.length > 0 && before.length + messages > MOST) return false;
      sent.set(key, [...before, ...Array.from({ length: messages }, now)]);
      return true;
    },
    full: (key) => void sent.set(key, Array.from({ length: MOST }, now)),
  };
}
