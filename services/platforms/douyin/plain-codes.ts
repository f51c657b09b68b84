/** Gives uses that a query found the plain codes of their coupons: a query does not tell them, the list of verifications does. */
import { textOf } from '../../fields.ts';
import { PlatformFault, type LostCall } from '../platform.ts';
import type { Gateway } from './gateway.ts';
import type { CouponHandle } from './handles.ts';
import { verifications } from './lists.ts';
import { codesOf, isOneTyped, type Use } from './receipt.ts';

/** The clocks of the platform and of this program may differ by this much, ms. */
const CLOCKS_MS = 300_000;
const PAGES = 5;

/** The uses as they are where one coupon was typed, or where the list cannot be had: only the codes are missing then. */
export async function withCodes(
  gateway: Gateway,
  account: string,
  uses: readonly Use[],
  handle: CouponHandle,
  lost: LostCall,
  now: number,
): Promise<readonly Use[]> {
  if (uses.length === 0 || isOneTyped(handle, lost.code)) return uses;
  const codes = new Map<string | undefined, string | undefined>();
  try {
    for await (const row of verifications(gateway, account, lost.submittedAt - CLOCKS_MS, now + CLOCKS_MS, PAGES))
      codes.set(textOf(row['verify_id']), textOf(row['code']));
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
  }
  return uses.map((use) => ({ ...use, ...codesOf(codes.get(use.verification), lost, handle) }));
}
