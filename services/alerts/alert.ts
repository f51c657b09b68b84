/** What owners are told by itself: the kinds of alerts, and the facts each is worded from. */

/** What is told of each kind. Times ms, money fen; no code and no secret: a verification is named by its id. */
export interface AlertFacts {
  /** Paid calls run out. `days`: how long they last at this pace, where that is known. */
  readonly quota: { readonly store: string; readonly quota: number; readonly days: number | null };
  /** An authorisation ends and was not renewed, or can be renewed only so often. */
  readonly ending: { readonly platform: string; readonly endsAt: number; readonly renewals: number | null };
  /** The login is refused, the authorisation is over, or the platform has one store as not authorised. */
  readonly ended: { readonly of: 'login' | 'authorisation' | 'store'; readonly name: string };
  /** The platform has given no usable answer since then. */
  readonly platform: { readonly platform: string; readonly since: number };
  /** A channel hears nothing: another program has its connection. `channel` is the part of ids before the colon. */
  readonly robot: { readonly channel: string };
  /** The platform cannot tell the outcome, and nobody has decided. */
  readonly decision: { readonly store: string; readonly verification: string; readonly since: number };
  /** A series of unknown codes or of wrong passwords. */
  readonly guessing:
    | { readonly of: 'person'; readonly store: string; readonly person: string }
    | { readonly of: 'store'; readonly store: string; readonly count: number }
    | { readonly of: 'place'; readonly store: string; readonly place: string; readonly count: number }
    | { readonly of: 'login'; readonly account: string };
  /** Many undone on a day, or undone and verified again; by one person, or by all where `person` is empty. */
  readonly undos: { readonly store: string; readonly person: string; readonly undone: number; readonly again: number };
  /** A use at another price than the deal's usual one, each for one use. */
  readonly price: { readonly store: string; readonly title: string; readonly usual: number; readonly amount: number };
  /** A summary cannot be posted in its group any more. */
  readonly summary: { readonly store: string; readonly group: string };
  /** A message cannot be delivered in a group, or in another chat that receives summaries; `message` names what was not. */
  readonly undelivered: { readonly chat: string; readonly group: string; readonly message: string };
  /** An endpoint of the merchant's own systems was turned off: it said so, or took nothing for days. */
  readonly endpoint: {
    readonly store: string;
    readonly endpoint: string;
    readonly host: string;
    readonly why: 'gone' | 'failing';
  };
  /** A coupon was refunded; `verification`: after it had been verified here. */
  readonly refund: { readonly platform: string; readonly title: string; readonly verification: string | null };
  /** A coupon was used, and not through this program. */
  readonly elsewhere: { readonly platform: string; readonly title: string; readonly at: number; readonly store: string | null };
  /** The public holidays of a year to come are not known here. */
  readonly holidays: { readonly store: string; readonly year: string };
}

export type AlertKind = keyof AlertFacts;

interface Kind {
  /** A customer may be standing there: never held in quiet hours, and never turned off. */
  readonly urgent?: true;
  /** It stops an account from verifying, or soon will: the merchant's own systems hear of it as well. */
  readonly attention?: true;
  /** Whether its cause is over is not seen; it is taken for over after this time, ms. Others are ended by `over`. */
  readonly lastsMs?: number;
}

const DAY_MS = 86_400_000;

/** The kinds, in the order of the settings. An event that happens once has a key of its own and no end. */
export const ALERT_KINDS: { readonly [K in AlertKind]: Kind } = {
  quota: { attention: true },
  ending: { attention: true },
  ended: { attention: true },
  platform: { attention: true },
  robot: { lastsMs: DAY_MS },
  decision: { urgent: true },
  guessing: { lastsMs: DAY_MS },
  undos: { lastsMs: DAY_MS },
  price: {},
  summary: { lastsMs: DAY_MS },
  // Turned on again, it is over.
  endpoint: { lastsMs: 90 * DAY_MS },
  // Once each, by the facts they come from.
  undelivered: { lastsMs: 90 * DAY_MS },
  refund: { lastsMs: 90 * DAY_MS },
  elsewhere: { lastsMs: 90 * DAY_MS },
  holidays: { lastsMs: 90 * DAY_MS },
};

export const ALERT_NAMES = Object.keys(ALERT_KINDS) as readonly AlertKind[];

/** An alert: what it is about is told once until it is over. */
export type Alert = {
  readonly [K in AlertKind]: {
    readonly kind: K;
    /** Names the cause within the kind. */
    readonly key: string;
    /** Whose owners are told; undefined: the operators. */
    readonly accountId: string | undefined;
    /** The stores whose settings decide whether it is told, and when. None: it is told at once. */
    readonly storeIds: readonly string[];
    readonly facts: AlertFacts[K];
  };
}[AlertKind];

/** Notes an alert and tells it, unless its cause is known and not over. */
export type RaiseAlert = (alert: Alert) => Promise<void>;

/** Names a cause. */
export type AlertName = Pick<Alert, 'kind' | 'key'>;
