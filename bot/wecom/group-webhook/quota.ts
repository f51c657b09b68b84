/** Rate limit of a group webhook: 20 messages in any minute, https://developer.work.weixin.qq.com/document/path/91770 */

const MOST = 20;
const MINUTE_MS = 60_000;

export interface Quota {
  /** Reserves these messages and gives true, or reserves none where not all fit. */
  take(key: string, messages: number): boolean;
  /** Records WeCom's refusal: the minute counts as full. */
  full(key: string): void;
}

/** Counts in this process; messages of another instance become known by WeCom's refusal. */
export function createQuota(now: () => number): Quota {
  const sent = new Map<string, readonly number[]>();
  const lately = (key: string): readonly number[] => (sent.get(key) ?? []).filter((at) => at > now() - MINUTE_MS);
  return {
    take(key, messages) {
      const before = lately(key);
      // More than a minute's worth at once would never fit.
      if (before.length > 0 && before.length + messages > MOST) return false;
      sent.set(key, [...before, ...Array.from({ length: messages }, now)]);
      return true;
    },
    full: (key) => void sent.set(key, Array.from({ length: MOST }, now)),
  };
}
