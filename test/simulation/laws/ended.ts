/** A world that has come to rest, as the laws look at it. */
import type { DouyinGateway } from '../gateways/douyin.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { Coupon } from '../people.ts';
import type { Plan } from '../plan.ts';
import type { DouyinMessages } from '../systems/douyin-messages.ts';
import type { Endpoint } from '../systems/endpoint.ts';
import type { Till } from '../systems/till.ts';
import type { Chats } from '../world/chats.ts';
import type { SharedDatabase } from '../world/shared-database.ts';

export interface Ended {
  readonly plan: Plan;
  readonly chats: Chats;
  readonly coupons: readonly Coupon[];
  readonly gateways: readonly Gateway[];
  readonly shared: SharedDatabase;
  /** Errors that were logged. */
  readonly alarms: readonly string[];
  readonly douyin: DouyinGateway;
  readonly messages: DouyinMessages;
  /** Merchants' own systems, each with its store. */
  readonly endpoints: readonly { readonly storeId: string; readonly endpoint: Endpoint }[];
  readonly till: Till;
  /** The ids of `RULES`. */
  readonly rules: readonly string[];
}

/** A verification as it stands in the database. */
export interface Row {
  readonly id: string;
  readonly store_id: string;
  readonly code: string;
  readonly state: string;
  readonly count: number;
  readonly amount: number | null;
  readonly card: string | null;
  readonly business_day: string | null;
  readonly changed_at: number;
}

/** The mark of a message that may have arrived before. */
export const REPEAT = '可能是重复消息';

/** Troubles in which a program may have to say something again. */
const REPEATS = new Set(['crash', 'freeze', 'mishap', 'step', 'slow-database', 'disk', 'slow-chat']);

/** Whether no program has a reason to say something twice. */
export const isCalm = ({ troubles }: Plan): boolean => !troubles.some(({ kind }) => REPEATS.has(kind));
