/** The 客服账号 of this app, and the links (and QR codes made of them) that lead customers to one. */
import type { Api } from '../api.ts';

export interface Account {
  /** `wk…` */
  readonly openKfid: string;
  readonly name: string;
}

/** WeCom's page size. */
const PAGE = 100;

export async function listAccounts(api: Pick<Api, 'call'>): Promise<readonly Account[]> {
  const found: Account[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page: unknown = (await api.call('/kf/account/list', { body: { offset, limit: PAGE } }))['account_list'];
    const list: readonly unknown[] = Array.isArray(page) ? page : [];
    for (const one of list) {
      if (typeof one !== 'object' || one === null || !('open_kfid' in one) || typeof one.open_kfid !== 'string') continue;
      found.push({ openKfid: one.open_kfid, name: 'name' in one && typeof one.name === 'string' ? one.name : '' });
    }
    if (list.length < PAGE) return found;
  }
}

/**
 * Gives a link that opens the chat with this account; WeCom reports its `scene` when a customer opens it, so that a store's id
 * (at most 32 letters, digits, `_` and `-`) names the store. Print it as a QR code unchanged: another query breaks it.
 */
export async function contactLink(api: Pick<Api, 'call'>, openKfid: string, scene: string): Promise<string> {
  if (!/^[\w-]{0,32}$/.test(scene)) throw new Error('not a scene');
  const { url } = await api.call('/kf/add_contact_way', { body: { open_kfid: openKfid, scene } });
  if (typeof url !== 'string' || !URL.canParse(url)) throw new Error('WeCom gave no link');
  return url;
}
