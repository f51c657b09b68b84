/** Caches customers' WeChat names. */
import type { Collection } from '../../../services/database/collections.ts';
import type { Api } from '../api.ts';

/** Lifetime of a cached name; an outdated name does no harm. */
export const NAME_MS = 7 * 24 * 3_600_000;
/** WeCom's batch size: https://developer.work.weixin.qq.com/document/path/95159 */
const AT_ONCE = 100;
/** Longest wait of a message for names: a greeting has 20 s in all. */
const PATIENCE_MS = 2000;
/** Pause before a name that WeCom did not give is asked for again. */
const REST_MS = 10 * 60_000;

/** Gives the known names of these customers; a missing name never delays a message. */
export type Names = (users: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** `names` is a collection for `NAME_MS`. */
export function createNames({
  api,
  names,
  now,
  wait,
}: {
  api: Pick<Api, 'call'>;
  names: Collection<string>;
  now: () => number;
  /** Ends early, either way, when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Names {
  let restUntil = 0;

  /** Fetches names and caches them. */
  async function ask(unknown: readonly string[], found: Map<string, string>): Promise<void> {
    const answer = await api.call('/kf/customer/batchget', { body: { external_userid_list: unknown } }).catch(() => undefined);
    if (!answer) restUntil = now() + REST_MS;
    const list: unknown = answer?.['customer_list'];
    for (const one of Array.isArray(list) ? (list as readonly unknown[]) : []) {
      if (typeof one !== 'object' || one === null || !('external_userid' in one) || !('nickname' in one)) continue;
      if (typeof one.external_userid !== 'string' || typeof one.nickname !== 'string') continue;
      const name = one.nickname.slice(0, 100);
      found.set(one.external_userid, name);
      await names.set(one.external_userid, name);
    }
  }

  return async (users) => {
    const found = new Map<string, string>();
    for (const user of new Set(users)) {
      const name = await names.get(user);
      if (name !== undefined) found.set(user, name);
    }
    const unknown = [...new Set(users)].filter((user) => !found.has(user)).slice(0, AT_ONCE);
    if (unknown.length === 0 || now() < restUntil) return found;
    const asked = new AbortController();
    // A late name is cached for the next time.
    const asking = ask(unknown, found)
      .catch(() => undefined)
      .finally(() => asked.abort());
    await Promise.race([asking, wait(PATIENCE_MS, asked.signal).catch(() => undefined)]);
    return found;
  };
}
