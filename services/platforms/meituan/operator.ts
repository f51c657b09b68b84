/** Who verified, as the platform's records will show it. */
import { createHash } from 'node:crypto';
import type { VerifyRequest } from '../platform.ts';

/** No length is published for these gateways; Meituan's for restaurants takes 32. */
const LONGEST = 32;
const TAIL = 12;

/** Of these characters nobody knows that they are taken: `telegram:123` becomes `telegram-123`. Long ones end in their digest. */
export function accountOf(operator: string): string {
  const safe = operator.replace(/[^\w-]/g, '-') || 'hexiao';
  if (safe.length <= LONGEST) return safe;
  const digest = createHash('sha256').update(operator).digest('hex').slice(0, TAIL);
  return `${safe.slice(0, LONGEST - TAIL - 1)}-${digest}`;
}

/** Both are required; neither takes part in any check there. */
export function operatorOf({ operator, operatorName }: Pick<VerifyRequest, 'operator' | 'operatorName'>) {
  const appShopAccount = accountOf(operator);
  const name = Array.from(operatorName.trim()).slice(0, LONGEST).join('');
  return { appShopAccount, appShopAccountName: name === '' ? appShopAccount : name };
}
