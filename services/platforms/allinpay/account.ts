/** A merchant's account at Allinpay: one shop, a signing key, and the login that verifies coupons. */
import type { Session, Credentials } from '../platform.ts';
import type { Signer } from './signing/sign.ts';

export interface Account {
  readonly appId: string;
  readonly key: string;
  /** Allinpay's own number of the shop: digits. */
  readonly shopId: string;
  readonly shopName: string;
  /** The operator's Allinpay login. */
  readonly operator: string;
}

export const identityOf = (credentials: Credentials): string => `${said(credentials, 'app-id')}/${said(credentials, 'shop-id')}`;

/** Reads the account; undefined where an answer cannot be right, which saves the call. */
export function accountOf(credentials: Credentials, signer: Signer): Account | undefined {
  const account = {
    appId: said(credentials, 'app-id'),
    key: said(credentials, signer.secret),
    shopId: said(credentials, 'shop-id'),
    shopName: said(credentials, 'shop-name'),
    operator: said(credentials, 'operator'),
  };
  const { appId, key, shopId, shopName, operator } = account;
  if (appId === '' || !signer.accepts(key) || !/^\d{1,15}$/.test(shopId) || operator === '') return undefined;
  return { ...account, shopName: shopName === '' ? shopId : shopName };
}

const said = (credentials: Credentials, name: string): string => (credentials[name] ?? '').trim();

/** Writes the account as a session's token: Allinpay has no login, only a signature on each call. */
export const tokenOf = (account: Account): string => JSON.stringify(account);

export const accountIn = ({ token }: Session): Account => JSON.parse(token) as Account;
