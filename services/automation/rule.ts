/** Decides whether a rule of the owner's verifies what was sent, without a press. Pure; whatever is not plainly allowed is not. */
import { usesAtOnce, type Coupon } from '../coupons/coupon.ts';
import { isSure, type Reading } from '../coupons/reading.ts';
import { isOpen, type UsualHours } from '../self-service/hours.ts';
import type { WallTime } from '../time/wall-clock.ts';

/** A deal as it was seen: its title, and the platform's id of it where it gave one. */
export interface Deal {
  readonly title: string;
  readonly dealId?: string;
}

/** Whose coupons. */
export type People =
  /** Owners and staff, wherever they may verify. */
  | { readonly kind: 'staff' }
  /** Customers at one place, or at all of them. */
  | { readonly kind: 'customers'; readonly placeId?: string }
  /** Whoever may verify in this one chat of the store, such as a scanner that types. */
  | { readonly kind: 'chat'; readonly chat: string; readonly title: string };

/** What an owner can change of a rule; its hours go by the store's wall clock. */
export interface Terms extends UsualHours {
  /** Undefined: all deals. */
  readonly deals: readonly Deal[] | undefined;
  readonly people: People;
  /** The most coupons in a business day. */
  readonly perDay: number;
}

export interface Rule extends Terms {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  readonly on: boolean;
  /** Grows with every change: what was shown of an earlier one counts no more. */
  readonly revision: number;
  /** The owner who changed it last. */
  readonly madeBy: { readonly id: string; readonly name: string };
}

/** What came in: one coupon, as it was shown, and who brought it where. */
export interface Occasion {
  readonly storeId: string;
  readonly chat: string;
  /** By the role now: owners count as staff. */
  readonly sender: 'staff' | 'customer';
  /** Where the customer is. */
  readonly placeId: string | undefined;
  readonly reading: Reading | undefined;
  /** The uses that were asked for beside the code. */
  readonly uses: number | undefined;
  readonly coupon: Coupon;
  /** ms, and the same by the store's wall clock. */
  readonly at: number;
  readonly wall: WallTime;
}

/** What is known of the rule's own standing at that moment. */
export interface Standing {
  /** Whether the owner who made it still owns the store. */
  readonly owned: boolean;
  /** The coupons that it took this business day. */
  readonly spent: number;
}

/** Why a rule does not apply: the first that is against it. */
export type Miss = 'off' | 'owner' | 'people' | 'deal' | 'reading' | 'uses' | 'coupon' | 'hours' | 'spent';

/** Why this rule does not verify it; undefined where it does. */
export function missOf(rule: Rule, occasion: Occasion, { owned, spent }: Standing): Miss | undefined {
  const { coupon, at } = occasion;
  if (!rule.on || rule.storeId !== occasion.storeId) return 'off';
  if (!owned) return 'owner';
  if (!isAmong(rule.people, occasion)) return 'people';
  if (rule.deals && !rule.deals.some((deal) => isDeal(deal, coupon))) return 'deal';
  if (!isSure(occasion.reading)) return 'reading';
  // A choice of uses, and a card of several visits, are a person's to make.
  if (usesAtOnce(coupon) !== 1 || coupon.timesCard || (occasion.uses ?? 1) !== 1) return 'uses';
  // Hours and days of use are judged by people.
  if (coupon.useTimes !== undefined) return 'coupon';
  if ((coupon.validFrom ?? at) > at || (coupon.validUntil ?? at) < at) return 'coupon';
  if (!isOpen({ ...rule, days: {} }, occasion.wall)) return 'hours';
  return spent < rule.perDay ? undefined : 'spent';
}

/** Whether a coupon is of this deal: by its title, and by its id where both have one. */
export const isDeal = ({ title, dealId }: Deal, coupon: Pick<Coupon, 'title' | 'dealId'>): boolean =>
  title === coupon.title && (dealId === undefined || coupon.dealId === undefined || dealId === coupon.dealId);

function isAmong(people: People, { sender, chat, placeId }: Occasion): boolean {
  switch (people.kind) {
    case 'staff':
      return sender === 'staff';
    case 'chat':
      return sender === 'staff' && people.chat === chat;
    case 'customers':
      return sender === 'customer' && placeId !== undefined && (people.placeId ?? placeId) === placeId;
  }
}
