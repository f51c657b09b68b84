/** Caches the names of people, which WeCom tells by calls of its own: of members of the corporation, and of customers. */
import type { Collection } from '../../services/database/collections.ts';
import type { Api } from './api.ts';
import { hasCode } from './fault.ts';

/** Lifetime of a cached name; an outdated name does no harm. */
export const NAME_MS = 7 * 24 * 3_600_000;
/** Lifetime of the knowledge that WeCom gives no name of somebody. */
const NAMELESS_MS = 24 * 3_600_000;
/** WeCom's batch size: https://developer.work.weixin.qq.com/document/path/95159 */
const AT_ONCE = 100;
/** Longest wait of a message for names: a greeting has 20 s in all, a callback of the app 5. */
const PATIENCE_MS = 2000;
/** Pause before WeCom is asked again after it gave no answer. */
const REST_MS = 10 * 60_000;

/** Gives the known names of these people, by WeCom's ids; a missing name never delays a message. */
export type Names = (users: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Asks WeCom. An empty name: it gives none of this person. Rejects where it gives none at all now. */
export type AskNames = (users: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Customers of 微信客服, by external_userid: https://developer.work.weixin.qq.com/document/path/95159 */
export const customerNames =
  (api: Pick<Api, 'call'>): AskNames =>
  async (users) => {
    const answer = await api.call('/kf/customer/batchget', { body: { external_userid_list: users } });
    const list: unknown = answer['customer_list'];
    const found = new Map<string, string>();
    for (const one of Array.isArray(list) ? (list as readonly unknown[]) : []) {
      if (typeof one !== 'object' || one === null || !('external_userid' in one) || !('nickname' in one)) continue;
      if (typeof one.external_userid === 'string' && typeof one.nickname === 'string')
        found.set(one.external_userid, one.nickname);
    }
    return found;
  };

/** No such member, or one whom the app may not see: https://developer.work.weixin.qq.com/document/path/90313 */
const NOT_SEEN: ReadonlySet<number> = new Set([60011, 60111]);

/** Members, by userid: https://developer.work.weixin.qq.com/document/path/90196, within the app's visible range. */
export const memberNames =
  (api: Pick<Api, 'call'>): AskNames =>
  async (users) => {
    const found = new Map<string, string>();
    for (const userid of users) {
      const answer = await api.call('/user/get', { query: { userid } }).catch((error: unknown) => {
        if (hasCode(error, NOT_SEEN)) return { name: '' };
        throw error;
      });
      found.set(userid, typeof answer['name'] === 'string' ? answer['name'] : '');
    }
    return found;
  };

/** `names` is a collection for `NAME_MS`. */
export function createNames({
  ask,
  names,
  now,
  wait,
}: {
  ask: AskNames;
  names: Collection<string>;
  now: () => number;
  /** Ends early, either way, when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Names {
  let restUntil = 0;

  /** Fetches names and caches them. */
  async function learn(unknown: readonly string[], found: Map<string, string>): Promise<void> {
    const told = await ask(unknown).catch(() => undefined);
    if (!told) restUntil = now() + REST_MS;
    for (const [user, said] of told ?? []) {
      const name = said.trim().slice(0, 100);
      if (name !== '') found.set(user, name);
      await names.set(user, name, name === '' ? NAMELESS_MS : NAME_MS);
    }
  }

  return async (users) => {
    const found = new Map<string, string>();
    const unknown: string[] = [];
    for (const user of new Set(users)) {
      const name = await names.get(user);
      if (name === undefined) unknown.push(user);
      else if (name !== '') found.set(user, name);
    }
    if (unknown.length === 0 || now() < restUntil) return found;
    const asked = new AbortController();
    // A late name is cached for the next time.
    const asking = learn(unknown.slice(0, AT_ONCE), found)
      .catch(() => undefined)
      .finally(() => asked.abort());
    await Promise.race([asking, wait(PATIENCE_MS, asked.signal).catch(() => undefined)]);
    return found;
  };
}
