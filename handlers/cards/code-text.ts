/** Words a coupon's code for the people of the chat in which its store is seen: whole, or its end where codes are hidden. */
import type { Store } from '../../services/accounts/stores.ts';
import { groupCode, maskCode, shownCode } from '../../services/coupons/mask.ts';

type Seen = Pick<Store, 'hidesCodes'>;

/** For comparison by eye. */
export const codeText = (code: string, { hidesCodes }: Seen): string => (hidesCodes ? maskCode(code) : shownCode(code));

/** In lists, grouped as the apps print it. */
export const groupedCode = (code: string, { hidesCodes }: Seen): string => (hidesCodes ? maskCode(code) : groupCode(code));
