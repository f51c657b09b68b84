/** Takes what an owner types for self-service: a place's name, its instructions, opening hours. One question at a time. */
import type { Collection } from '../../services/collection.ts';
import { withGroup, type DayGroup } from '../../services/self-service/hours.ts';
import { readDays, readHours, readWeek, usualAfter } from '../../services/self-service/read-hours.ts';
import { LONGEST_INSTRUCTIONS, LONGEST_NAME, MOST_PLACES } from '../../services/self-service/places.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import { wallTime } from '../../services/time/wall-clock.ts';
import { byPerson, say, type Asker } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';

/** An open question to one person in one chat. */
export interface Asked {
  readonly what: 'add' | 'name' | 'words' | 'week' | 'days' | DayGroup;
  readonly storeId: string;
  readonly placeId?: string;
}

/** A question is answered within this time, ms. */
export const ASKED_MS = 15 * 60_000;

export interface TypedAnswers {
  /** Asks; the next text of this person in this chat answers, or a button. */
  ask(asked: Asked, asker: Asker, buttons?: readonly (readonly Button[])[]): Promise<Reply>;
  /** Takes a text; undefined where nothing was asked. */
  take(text: string, asker: Asker): Promise<AsyncIterable<Reply> | undefined>;
  /** Leaves the question; false where there was none. */
  cancel(asker: Asker): Promise<boolean>;
}

const keyOf = ({ chat, person }: Asker): string => `${chat.id} ${person.id}`;

export function createTypedAnswers(parts: {
  asked: Collection<Asked>;
  selfService: SelfService;
  rights: Rights;
  now: () => number;
  /** Shows the place, or the store, as it is then. */
  show: (asked: Asked, asker: Asker) => AsyncIterable<Reply>;
}): TypedAnswers {
  const { asked, selfService, rights, now, show } = parts;
  const { rules, places } = selfService;

  async function* take(text: string, open: Asked, asker: Asker): AsyncIterable<Reply> {
    const { words, person } = asker;
    const at = await rights.at(open.storeId, asker);
    if (at?.role !== 'owner') {
      await asked.delete(keyOf(asker));
      return yield say(words.say('owner-only'));
    }
    const by = byPerson(person);
    const { store } = at;
    const name = text.replaceAll(/\s+/g, ' ').trim();
    const done = async function* (next: Asked = open): AsyncIterable<Reply> {
      await asked.delete(keyOf(asker));
      yield* show(next, asker);
    };
    switch (open.what) {
      case 'add':
      case 'name': {
        if (name === '' || name.length > LONGEST_NAME) return yield say(words.say('self-name-long', { count: LONGEST_NAME }));
        if (open.what === 'name') {
          await places.rename(open.placeId ?? '', name, by);
          return yield* done();
        }
        const added = await places.add(store.id, name, by);
        if (!added) return yield say(words.say('self-too-many', { count: MOST_PLACES }));
        return yield* done({ ...open, placeId: added.id });
      }
      case 'words': {
        const said = text.trim();
        if (said.length > LONGEST_INSTRUCTIONS) return yield say(words.say('self-words-long', { count: LONGEST_INSTRUCTIONS }));
        await places.instruct(open.placeId ?? '', /^(?:无|没有|none)$/i.test(said) ? '' : said, by);
        return yield* done();
      }
      case 'week': {
        const named = readWeek(text);
        if (!named) return yield say(words.say('self-hours-unclear'));
        await rules.setUsual(store.id, (before) => usualAfter(before, named), by);
        return yield* done();
      }
      case 'weekdays':
      case 'weekend':
      case 'holidays': {
        const hours = readHours(text);
        if (!hours || (hours === 'usual' && open.what !== 'holidays')) return yield say(words.say('self-span-unclear'));
        const [group, spans] = [open.what, hours === 'usual' ? undefined : hours];
        await rules.setUsual(store.id, (before) => withGroup(before, group, spans), by);
        return yield* done();
      }
      case 'days': {
        const today = wallTime(now(), store.zone).day;
        const days = readDays(text, today);
        if (!days) return yield say(words.say('self-days-unclear'));
        await rules.setDays(store.id, days, today, by);
        return yield* done();
      }
    }
  }

  return {
    async ask(open, asker, buttons) {
      await asked.set(keyOf(asker), open);
      return { kind: 'say', text: asker.words.say(`self-ask-${open.what}`), ask: 'text', ...(buttons && { buttons }) };
    },
    async take(text, asker) {
      const open = await asked.get(keyOf(asker));
      return open && take(text, open, asker);
    },
    cancel: (asker) => asked.delete(keyOf(asker)),
  };
}
