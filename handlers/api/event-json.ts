/** Words events for other programs: the body of a webhook, as it was when it happened. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import { isoMoment } from '../../services/time/iso.ts';
import type { State, Verification } from '../../services/verification/verification.ts';
import type { EventType, StoreEvent } from '../../services/webhooks/events.ts';
import { verificationJson, type VerificationJson } from './verification-json.ts';

/** The body of a webhook. `data` of coupon events is a verification with the event's number. */
export interface EventJson {
  readonly type: EventType;
  /** ISO 8601 with the store's offset: when it happened, not when it is sent. */
  readonly timestamp: string;
  readonly data: (VerificationJson & { readonly sequence: number }) | Readonly<Record<string, unknown>>;
}

export type WordEvent = (event: StoreEvent) => Promise<EventJson | undefined>;

/** Makes the function that words an event; undefined where what it tells of is gone. */
export function createWordEvent(parts: {
  storeOf: (id: string) => Promise<Store>;
  verification: (id: string) => Promise<Verification | undefined>;
  platformOf: (verification: Verification) => Promise<PlatformName>;
  words: Words;
}): WordEvent {
  const { storeOf, verification, platformOf, words } = parts;
  return async (event) => {
    const store = await storeOf(event.storeId);
    const { type } = event;
    const timestamp = isoMoment(event.at, store.zone);
    if ('data' in event) return { type, timestamp, data: { store: store.id, ...(event.data as object) } };
    const v = await verification(event.fact.subject);
    if (!v) return undefined;
    const then = asItWas(v, event.fact);
    return { type, timestamp, data: { ...verificationJson(then, store, await platformOf(v), words), sequence: event.sequence } };
  };
}

/** The verification in the state of that moment. It may have been taken back since, or become known after all. */
function asItWas(v: Verification, { to, certainty, detail, at }: Extract<StoreEvent, { fact: unknown }>['fact']): Verification {
  const state = to as State;
  const { amount, reason } = detail;
  return {
    ...v,
    state,
    certainty: certainty ?? undefined,
    amount: typeof amount === 'number' ? amount : undefined,
    settledAt: state === 'verified' ? at : v.settledAt,
    undoneAt: state === 'undone' ? (v.undoneAt ?? at) : undefined,
    newCode: state === 'undone' ? v.newCode : undefined,
    refusal:
      state === 'refused'
        ? (v.refusal ?? { kind: 'refused', reason: typeof reason === 'string' ? (reason as 'other') : 'other' })
        : undefined,
  };
}
