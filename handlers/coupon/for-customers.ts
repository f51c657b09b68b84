/** What is different where a customer looks his coupon up: the owner's rules, the place, and no word about the owner's affairs. */
import type { Store } from '../../services/accounts/stores.ts';
import type { PlatformFault, Refusal } from '../../services/platforms/platform.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import type { Beside } from '../../services/verification/lookup.ts';
import { customerRefusal } from '../cards/customer-card.ts';
import { wordFault, wordRefusal, type Worded } from '../cards/refusal.ts';
import type { Asker } from '../handler.ts';
import { obstacleText } from '../self-service/obstacle-text.ts';

/** Why a customer may verify nothing now; undefined for everybody else. */
export async function notNow(store: Store, asker: Asker, obstacle: SelfService['obstacle']): Promise<string | undefined> {
  const { role, visit, person, words } = asker;
  if (role !== 'customer' || !visit) return undefined;
  const why = await obstacle(store, { person: person.id, placeId: visit.place.id, uses: 1 });
  // An owner may be asked, once the coupon is known.
  return why && (why.kind !== 'closed' || !why.ask) ? obstacleText(why, store.name, words) : undefined;
}

/** Words a failed read; a customer hears that nothing happened. */
export const faultFor = (fault: PlatformFault, store: Store, { words, role }: Asker): Worded =>
  role === 'customer'
    ? { title: words.say('refused-lost'), detail: words.say('customer-fault') }
    : wordFault(fault, words, store.zone);

/** What goes with the coupon of somebody at a place. */
export const beside = ({ visit }: Asker): Beside => (visit ? { place: { id: visit.place.id, name: visit.place.name } } : {});

/** Words a refusal; a customer hears no names and nothing of the owner's affairs. */
export function refusalFor(refusal: Refusal, store: Store, { words, role }: Asker): Worded {
  const worded = role === 'customer' ? customerRefusal(refusal, words, store.zone) : wordRefusal(refusal, words, store.zone);
  // A newcomer tries his own coupon on the practice store.
  return store.practice && refusal.reason === 'not-found' ? { ...worded, detail: words.say('refused-practice-hint') } : worded;
}
