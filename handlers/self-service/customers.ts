/** 顾客: one screen for self-service: on and off, places, hours, limits, and what customers verify today. */
import type { Store } from '../../services/accounts/stores.ts';
import type { StorePlace } from '../../services/self-service/places.ts';
import { wallTime } from '../../services/time/wall-clock.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import type { Collection } from '../../services/collection.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import type { HoursVerb, SelfServiceVerb } from '../verb.ts';
import type { SendCodes } from './codes.ts';
import { createOpeningHours } from './opening-hours.ts';
import type { PlaceLinks } from './place-links.ts';
import { createScreens } from './screens.ts';
import { createTypedAnswers, type Asked, type TypedAnswers } from './typed.ts';

export interface Customers {
  /** `/customers`: the screen of this chat's store. */
  command: Handler<StoreAsker>;
  readonly typed: Pick<TypedAnswers, 'take' | 'cancel'>;
  readonly presses: Presses<SelfServiceVerb | HoursVerb>;
}

/** Runs where the presser owns the store, now. */
type Step = (store: Store, asker: Asker) => AsyncIterable<Reply>;

export function createCustomers(parts: {
  selfService: SelfService;
  stores: Pick<Stores, 'ofPerson'>;
  rights: Rights;
  asked: Collection<Asked>;
  placeLinks: PlaceLinks;
  sendCodes: SendCodes;
  sendSheet: SendCodes;
  now: () => number;
}): Customers {
  const { selfService, stores, rights, sendCodes, sendSheet, now } = parts;
  const { rules, places } = selfService;
  /** The stores that this person owns, now. */
  const owned = async (asker: Asker): Promise<readonly Store[]> => {
    const all = await stores.ofPerson(asker.person.id);
    const roles = await Promise.all(all.map(async ({ id }) => (await rights.at(id, asker))?.role));
    return all.filter((_, n) => roles[n] === 'owner');
  };
  const storesOn = async (asker: Asker): Promise<number> => {
    const found = await Promise.all((await owned(asker)).map(({ id }) => rules.of(id)));
    return found.filter(({ on }) => on).length;
  };
  const screens = createScreens(selfService, parts.placeLinks, storesOn);

  /** The shop itself, where it has no place yet: a store has one at least. */
  const placesOf = async (store: Store, { words, person }: Asker): Promise<readonly StorePlace[]> => {
    const all = await places.of(store.id);
    if (all.length > 0) return all;
    const shop = await places.add(store.id, words.say('self-shop'), byPerson(person));
    return shop ? [shop] : [];
  };

  const ofStore = (run: (store: Store, asker: Asker, rest: string) => AsyncIterable<Reply>): Handler =>
    async function* pressed(_, asker, id) {
      const [storeId = '', ...rest] = id.split('-');
      const at = await rights.at(storeId, asker);
      if (!at) return yield whisper(asker.words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
      yield* run(at.store, asker, rest.join('-'));
    };

  const ofPlace = (run: (place: StorePlace, store: Store, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* pressed(incoming, asker, id) {
      const place = await places.get(id);
      if (!place) return yield whisper(asker.words.say('self-place-gone'));
      const step: Step = (store) => run(place, store, asker);
      yield* ofStore(step)(incoming, asker, place.storeId);
    };

  const typed = createTypedAnswers({
    ...parts,
    async *show({ what, storeId, placeId }, asker) {
      const at = await rights.at(storeId, asker);
      const place = placeId === undefined ? undefined : await places.get(placeId);
      if (!at) return yield say(asker.words.say('card-gone'));
      yield place
        ? await screens.place(place, at.store, asker)
        : await (what === 'add' ? screens.places : hours.screen)(at.store, asker);
    },
  });

  const hours = createOpeningHours({ rules, typed, ofStore, now });

  return {
    async *command(_, asker) {
      yield await screens.main(asker.store, asker);
    },
    typed,
    presses: {
      self: ofStore(async function* main(store, asker) {
        yield await screens.main(store, asker);
      }),
      'self-on': ofStore(async function* on(store, asker) {
        await placesOf(store, asker);
        await rules.turn(store.id, true, byPerson(asker.person));
        yield await screens.main(store, asker);
      }),
      'self-off': ofStore(async function* off(store, asker) {
        await rules.turn(store.id, false, byPerson(asker.person));
        yield await screens.main(store, asker);
      }),
      /** 全部停止: at every store that this person owns. */
      'self-stop': ofStore(async function* stop(_, asker) {
        const stopped: string[] = [];
        for (const { id, name } of await owned(asker))
          if (await rules.turn(id, false, byPerson(asker.person))) stopped.push(name);
        const names = stopped.join(asker.words.say('list-comma'));
        yield say(names === '' ? asker.words.say('self-stopped-none') : asker.words.say('self-stopped', { stores: names }));
      }),
      'self-add': ofStore(async function* add(store, asker) {
        yield await typed.ask({ what: 'add', storeId: store.id }, asker);
      }),
      'self-places': ofStore(async function* all(store, asker) {
        yield await screens.places(store, asker);
      }),
      'self-place': ofPlace(async function* show(place, store, asker) {
        yield await screens.place(place, store, asker);
      }),
      'self-name': ofPlace(async function* name(place, store, asker) {
        yield await typed.ask({ what: 'name', storeId: store.id, placeId: place.id }, asker);
      }),
      'self-words': ofPlace(async function* instructions(place, store, asker) {
        yield await typed.ask({ what: 'words', storeId: store.id, placeId: place.id }, asker);
      }),
      'self-rotate': ofPlace(async function* ask({ id, name }, _, { words }) {
        await Promise.resolve();
        const yes: Button = { verb: 'self-rotate-yes', id, label: words.say('button-self-rotate-yes'), style: 'danger' };
        yield { kind: 'say', text: words.say('self-rotate-question', { place: name }), buttons: [[yes]] };
      }),
      'self-rotate-yes': ofPlace(async function* rotate(place, store, asker) {
        await places.rotate(place.id, byPerson(asker.person));
        yield say(asker.words.say('self-rotated', { place: place.name }));
        yield* sendCodes(store, [place], asker);
      }),
      'self-remove': ofPlace(async function* ask({ id, name }, _, { words }) {
        await Promise.resolve();
        const yes: Button = { verb: 'self-remove-yes', id, label: words.say('button-self-remove-yes'), style: 'danger' };
        yield { kind: 'say', text: words.say('self-remove-question', { place: name }), buttons: [[yes]] };
      }),
      'self-remove-yes': ofPlace(async function* remove(place, store, asker) {
        await places.remove(place.id, byPerson(asker.person));
        yield say(asker.words.say('self-removed', { place: place.name }));
        yield await screens.places(store, asker);
      }),
      'self-codes': ofStore(async function* codes(store, asker) {
        yield* sendCodes(store, await placesOf(store, asker), asker);
      }),
      'self-sheet': ofStore(async function* sheet(store, asker) {
        yield* sendSheet(store, await placesOf(store, asker), asker);
      }),
      'self-code': ofPlace((place, store, asker) => sendCodes(store, [place], asker)),
      ...hours.presses,
      'self-limits': ofStore(async function* limits(store, asker) {
        yield await screens.limits(store, asker);
      }),
      /** `<store>-person-5`, `<store>-place-0`: none stands for no limit. */
      'self-limit': ofStore(async function* limit(store, asker, rest) {
        const match = /^(person|place)-(\d{1,3})$/.exec(rest);
        if (!match) return yield whisper(asker.words.say('card-gone'));
        const most = Number(match[2]);
        const { limits } = await rules.of(store.id);
        await rules.setLimits(store.id, { ...limits, [match[1]!]: most === 0 ? undefined : most }, byPerson(asker.person));
        yield await screens.limits(store, asker);
      }),
      'self-today': ofStore(async function* today(store, asker) {
        yield await screens.today(store, asker, wallTime(now(), store.zone).day);
      }),
    },
  };
}
