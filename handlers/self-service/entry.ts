/** How customers come to a place: by its link, or by their yes to the one store that has self-service on. Verifies nothing. */
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { PLACE_LINK } from '../../services/self-service/place-tokens.ts';
import type { StorePlace } from '../../services/self-service/places.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import { VISIT_MS, type Visit } from '../../services/self-service/visits.ts';
import { isForCustomers, isForMembers } from '../channel-name.ts';
import type { FindCoupon } from '../coupon/find-coupon.ts';
import type { ReadPhoto } from '../coupon/read-photo.ts';
import { say, whisper, type Asker, type Presses } from '../handler.ts';
import type { ChatId, Content, Incoming, Reply } from '../message.ts';
import type { GuestVerb } from '../verb.ts';
import { unbound } from '../unbound.ts';
import { arrival } from './arrival.ts';

/** 「你在「店名」吗？」 as it was asked, with what the guest had sent: it is looked at after his yes. */
export interface Question {
  readonly chat: ChatId;
  readonly storeId: string;
  readonly content?: Extract<Content, { kind: 'text' | 'photo' }>;
}

/** A question is answered within this time, ms. */
export const QUESTION_MS = 15 * 60_000;
/** A no is remembered so long, ms. */
export const DECLINED_MS = VISIT_MS;

export interface Entry {
  /** Where a private chat is now; `dead` where its newest link leads nowhere any more. */
  where(incoming: Incoming): Promise<Visit | 'dead' | undefined>;
  /** Takes a link's word, `s_<token>`. Nothing for other words. */
  link(word: string, incoming: Incoming, asker: Asker): AsyncIterable<Reply> | undefined;
  /** Greets a customer at his place, or says why he cannot verify there now. `again`: he was greeted, and wants something else. */
  welcome(asker: Asker, visit: Visit, again?: 'again'): AsyncIterable<Reply>;
  /**
   * Answers a guest whom no link led here: with the question for the one store that lets customers verify, or to scan. Where
   * none does, a channel for customers sends him to the staff; undefined on the others, whose strangers may want to bind.
   */
  meet(incoming: Incoming, asker: Asker): Promise<Reply | undefined>;
  readonly presses: Presses<GuestVerb>;
}

export function createEntry(parts: {
  selfService: SelfService;
  stores: Pick<Stores, 'get'>;
  questions: Collection<Question>;
  declined: Collection<true>;
  /** Whether the person is owner or staff anywhere: such a person is no guest. */
  known: (person: string) => Promise<boolean>;
  findCoupon: Pick<FindCoupon, 'read'>;
  readPhoto: ReadPhoto;
  now: () => number;
  newId: () => string;
}): Entry {
  const { selfService, stores, questions, declined, known, findCoupon, readPhoto, now, newId } = parts;
  const { rules, places, visits } = selfService;

  async function* welcome({ words, person }: Asker, visit: Visit, again?: 'again'): AsyncIterable<Reply> {
    const { says, open } = await arrival(selfService, visit, person.id, words);
    yield say(open && again ? words.say('place-answer', { store: visit.store.name, place: visit.place.name }) : says);
  }

  async function* arrive(place: StorePlace, asker: Asker): AsyncIterable<Reply> {
    await visits.enter(asker.chat.id, place, now());
    const visit = await visits.of(asker.chat.id);
    yield* visit ? welcome(asker, visit) : [say(asker.words.say('place-link-dead'))];
  }

  return {
    async where({ viaStoreLink, viaStoreLinkAt = 0, chat }) {
      const token = viaStoreLink === undefined ? undefined : PLACE_LINK.exec(viaStoreLink)?.[1];
      if (token === undefined || now() - viaStoreLinkAt >= VISIT_MS) return await visits.of(chat);
      const place = await places.byToken(token);
      if (place) await visits.enter(chat, place, viaStoreLinkAt);
      return (await visits.of(chat)) ?? (place ? undefined : 'dead');
    },

    link(word, incoming, asker) {
      const token = PLACE_LINK.exec(word)?.[1];
      if (token === undefined) return undefined;
      return (async function* (): AsyncIterable<Reply> {
        const { words, chat, role } = asker;
        if (incoming.group) return yield say(words.say('place-private'));
        const place = await places.byToken(token);
        if (!place) return yield say(words.say('place-link-dead'));
        // A chat of staff stays theirs: what they send there is verified as before.
        if (chat.store && role !== 'stranger' && role !== 'customer')
          return yield say(words.say('place-staff-chat', { store: chat.store.name, place: place.name }));
        yield* arrive(place, asker);
      })();
    },

    welcome,

    async meet({ content, chat, group }, { words, person, visitedStore }) {
      if (group || isForMembers(chat) || (await known(person.id))) return undefined;
      const on = await rules.storesOn(2);
      const open = visitedStore ? on.length > 0 && (await rules.of(visitedStore.id)).on && [visitedStore.id] : on;
      if (!open || open.length === 0)
        return !visitedStore && isForCustomers(chat) ? say(words.say('guest-ask-staff')) : undefined;
      const [storeId] = open;
      const store =
        open.length === 1 && storeId !== undefined && !(await declined.get(chat)) ? await stores.get(storeId) : undefined;
      if (!store) return say(words.say('guest-scan'));
      const id = newId();
      const sent = content.kind === 'text' || content.kind === 'photo' ? { content } : {};
      await questions.set(id, { chat, storeId: store.id, ...sent });
      return {
        kind: 'say',
        text: words.say('guest-here', { store: store.name }),
        buttons: [
          [
            { verb: 'here-yes', id, label: words.say('button-here-yes'), style: 'primary' },
            { verb: 'here-no', id, label: words.say('button-here-no') },
          ],
        ],
      };
    },

    presses: {
      async *'here-yes'(incoming, asker, id) {
        const { words, chat } = asker;
        const question = await questions.get(id);
        if (question?.chat !== chat.id || incoming.group) return yield whisper(words.say('card-gone'));
        const [place] = await places.of(question.storeId);
        if (!place || !(await rules.of(question.storeId)).on) return yield say(words.say('guest-scan'));
        await questions.delete(id);
        yield* arrive(place, asker);
        const visit = await visits.of(chat.id);
        const { content } = question;
        if (!visit || !content) return;
        const here: Asker = { ...asker, store: visit.store, visit, visitedStore: undefined, role: 'customer' };
        if (content.kind === 'photo')
          return yield* readPhoto(content.file, content.caption, { ...incoming, content, quoted: true }, here);
        const found = readCodes(content.text);
        if (found.codes.length + found.doubtful.length > 0)
          yield* findCoupon.read(found, { ...incoming, content, quoted: true }, here);
      },

      async *'here-no'(_, asker, id) {
        const { words, chat } = asker;
        const question = await questions.get(id);
        if (question?.chat !== chat.id) return yield whisper(words.say('card-gone'));
        await questions.delete(id);
        await declined.set(chat.id, true);
        // Where owners write too, a new one would never learn how to bind.
        const { text, ...button } = unbound(asker);
        yield isForCustomers(chat.id)
          ? say(words.say('guest-scan'))
          : { ...button, text: [words.say('guest-scan'), text].join('\n') };
      },
    },
  };
}
