/** An account as it is read from its row, and as it was saved. */
import type { AccountTable } from '../database/schema/tables.ts';
import type { Credentials, PlatformName } from '../platforms/platform.ts';
import type { Owner } from './owners.ts';

export interface Account {
  readonly id: string;
  readonly platform: PlatformName;
  /** `Platform.identity`: not secret. */
  readonly identity: string;
  /** Since when its login is refused, ms; undefined while it works. */
  readonly refusedAt: number | undefined;
  /** When its authorisation ends and when to renew it (ms), and the renewals left, where the platform has such. */
  readonly endsAt: number | undefined;
  readonly renewAt: number | undefined;
  readonly renewalsLeft: number | undefined;
}

/** Credentials that the platform has just accepted. */
export interface Proven {
  readonly platform: PlatformName;
  readonly identity: string;
  readonly credentials: Credentials;
}

export interface Saved extends Account {
  /** The person was no owner before. */
  readonly newOwner: boolean;
  /** The account was kept here with another password: the other owners have `PROVE_MS` to prove the new one. */
  readonly secretChanged: boolean;
  /** The other owners, with the languages of their private chats. */
  readonly others: readonly (Owner & { readonly locale: string | undefined })[];
}

/** The columns that `readAccount` reads. */
export const ACCOUNT_COLUMNS = [
  'account.id',
  'account.platform',
  'account.identity',
  'account.refused_at',
  'account.ends_at',
  'account.renew_at',
  'account.renewals_left',
] as const;

/** Reads a row. */
export const readAccount = (
  row: Pick<AccountTable, 'id' | 'platform' | 'identity' | 'refused_at' | 'ends_at' | 'renew_at' | 'renewals_left'>,
): Account => ({
  id: row.id,
  // Only `save` writes this column.
  platform: row.platform as PlatformName,
  identity: row.identity,
  refusedAt: row.refused_at ?? undefined,
  endsAt: row.ends_at ?? undefined,
  renewAt: row.renew_at ?? undefined,
  renewalsLeft: row.renewals_left ?? undefined,
});
