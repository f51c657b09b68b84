/** The operator of a verification as the platform's records will show it. */
import { createHash } from 'node:crypto';
import type { VerifyRequest } from '../platform.ts';

/** The longest name, characters. No length is published for these gateways; Meituan's for restaurants takes 32. */
const LONGEST = 32;
const TAIL = 12;

/**
 * Makes an account name: `telegram:123` becomes `telegram-123`, as other characters may be refused. Long names end in their
 * digest.
 */
export function accountOf(operator: string): string {
  const safe = operator.replace(/[^\w-]/g, '-') || 'hexiao';
  if (safe.length <= LONGEST) return safe;
  const digest = createHash('sha256').update(operator).digest('hex').slice(0, TAIL);
  return `${safe.slice(0, LONGEST - TAIL - 1)}-${digest}`;
}

/** Gives the two required parameters; the platform checks neither. */
export function operatorOf({ operator, operatorName }: Pick<VerifyRequest, 'operator' | 'operatorName'>) {
  const appShopAccount = accountOf(operator);
  const name = Array.from(operatorName.trim()).slice(0, LONGEST).join('');
  return { appShopAccount, appShopAccountName: name === '' ? appShopAccount : name };
}
