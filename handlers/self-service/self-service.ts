/** Puts the handlers of self-service together: how customers come in, and the owner's screen. */
import type { Members } from '../../services/accounts/members.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collections } from '../../services/collection.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import type { FindCoupon } from '../coupon/find-coupon.ts';
import type { ReadPhoto } from '../coupon/read-photo.ts';
import type { Rights } from '../rights.ts';
import { createSendCodes } from './codes.ts';
import { createPlaceLinks } from './place-links.ts';
import { createSendSheet } from './sheet.ts';
import { createCustomers } from './customers.ts';
import { createEntry, DECLINED_MS, QUESTION_MS, type Question } from './entry.ts';
import type { CustomerLinks } from './links.ts';
import { ASKED_MS, type Asked } from './typed.ts';

export function createSelfServiceHandlers(parts: {
  selfService: SelfService;
  stores: Pick<Stores, 'get' | 'ofPerson'>;
  members: Pick<Members, 'known'>;
  collections: Collections;
  customerLinks: CustomerLinks;
  rights: Rights;
  findCoupon: Pick<FindCoupon, 'read'>;
  readPhoto: ReadPhoto;
  now: () => number;
  newId: () => string;
}) {
  const { selfService, stores, members, collections, customerLinks, rights, findCoupon, readPhoto, now, newId } = parts;
  const placeLinks = createPlaceLinks({ places: selfService.places, customerLinks });
  return {
    entry: createEntry({
      selfService,
      stores,
      questions: collections<Question>('guest-question', QUESTION_MS),
      declined: collections<true>('guest-declined', DECLINED_MS),
      known: (person) => members.known(person),
      findCoupon,
      readPhoto,
      now,
      newId,
    }),
    customers: createCustomers({
      selfService,
      stores,
      rights,
      asked: collections<Asked>('self-service', ASKED_MS),
      placeLinks,
      sendCodes: createSendCodes({ placeLinks }),
      sendSheet: createSendSheet({ placeLinks }),
      now,
    }),
  };
}
