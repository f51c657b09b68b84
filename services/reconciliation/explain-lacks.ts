/** Asks the platform about sales that its list lacks: what became of the coupon says why, where it says anything. */
import type { StoreAccount } from '../accounts/stores.ts';
import type { Coupon } from '../coupons/coupon.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { PlatformFault, type Refusal } from '../platforms/platform.ts';
import { isLack, type Difference, type LackCause } from './compare.ts';
import type { OurUse } from './our-uses.ts';

/** Coupons of one look that are asked about; more are a fault of the list, and stay `missing`. */
const MOST = 20;

/** Gives the differences with the causes that a lookup of each lacking coupon tells, behind people in the queue. */
export async function explainLacks(
  client: PlatformClient,
  { externalId }: StoreAccount,
  differences: readonly Difference[],
  ours: readonly OurUse[],
): Promise<readonly Difference[]> {
  const asked = new Set(differences.filter(isLack).slice(0, MOST));
  const found: Difference[] = [];
  for (const one of differences) {
    const use = asked.has(one) ? ours.find(({ id }) => id === one.ours?.verification) : undefined;
    found.push(use ? { ...one, cause: await causeOf(client, externalId, use) } : one);
  }
  return found;
}

async function causeOf(client: PlatformClient, store: string, use: OurUse): Promise<LackCause> {
  const { code, market } = use;
  const [usual] = client.markets;
  const asked = market ?? usual;
  if (asked === undefined) return 'missing';
  try {
    return meaningOf(await client.lookup(store, code, asked, { priority: 'background' }), use);
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    return 'missing';
  }
}

/** What has several uses stays usable after one of them. */
function meaningOf(answer: Coupon | Refusal, { partial }: OurUse): LackCause {
  if (answer.kind === 'coupon') return answer.timesCard || partial ? 'missing' : 'unused-there';
  switch (answer.reason) {
    case 'refunded':
      return 'refunded';
    case 'not-found':
      return 'gone';
    case 'used':
      return 'unlisted';
    default:
      return 'missing';
  }
}
