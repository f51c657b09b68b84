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

/** Asks in the coupon's market, or in all where it is not known: what one does not know another may. */
async function causeOf(client: PlatformClient, store: string, use: OurUse): Promise<LackCause> {
  const causes: LackCause[] = [];
  try {
    for (const market of use.market === undefined ? client.markets : [use.market])
      causes.push(meaningOf(await client.lookup(store, use.code, market, { priority: 'background' }), use));
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    return 'missing';
  }
  return causes.find((cause) => cause !== 'gone') ?? causes[0] ?? 'missing';
}

/** What has several uses stays usable after one of them; another market may have another coupon of this code. */
function meaningOf(answer: Coupon | Refusal, { partial, dealId }: OurUse): LackCause {
  if (answer.kind === 'coupon') return answer.timesCard || partial || answer.dealId !== dealId ? 'missing' : 'unused-there';
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
