/** Rate limit for people without a role: 20 events a minute over all their chats, then one sentence, then silence. */
import type { Incoming, Reply } from './message.ts';
import { identityOf, say, whisper, type Asker } from './handler.ts';
import { mayVerify } from './rights.ts';

/** Events a minute. Binding a store takes eight; Telegram lets the bot answer 30 a second. */
const A_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Counters kept at a time. The oldest is evicted, which gives that person a new minute. */
const COUNTED = 10_000;

export interface StrangerLimit {
  /** Passes a stranger's replies on within the limit, and everybody else's unlimited. */
  bound(replies: AsyncIterable<Reply>, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
}

export function createStrangerLimit(parts: {
  now: () => number;
  /** Whether the person is owner or staff anywhere. */
  known: (person: string) => Promise<boolean>;
}): StrangerLimit {
  const { now, known } = parts;
  /** The events of each person's minute. Each instance counts its own. */
  const minutes = new Map<string, { readonly since: number; events: number }>();

  const count = (key: string): number => {
    let minute = minutes.get(key);
    if (!minute || now() - minute.since >= MINUTE_MS) {
      minutes.delete(key);
      minute = { since: now(), events: 0 };
      minutes.set(key, minute);
      if (minutes.size > COUNTED) minutes.delete(minutes.keys().next().value!);
    }
    return (minute.events += 1);
  };

  /** Counts the event, and decides: answer, the one sentence, or silence. */
  const verdict = async ({ person, chat }: Asker): Promise<'answer' | 'too-many' | 'silence'> => {
    // All anonymous administrators share one id.
    const events = count(person.anonymous ? chat.id : identityOf(person));
    if (events <= A_MINUTE || (!person.anonymous && (await known(person.id)))) return 'answer';
    return events === A_MINUTE + 1 ? 'too-many' : 'silence';
  };

  async function* limited(replies: AsyncIterable<Reply>, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { kind } = incoming.content;
    const talk = incoming.group && !incoming.addressed && kind !== 'press' && kind !== 'joined';
    let open = false;
    const refused = async (): Promise<readonly Reply[] | undefined> => {
      open = true;
      const may = await verdict(asker);
      if (may === 'answer') return undefined;
      const text = asker.words.say('too-many-messages');
      return may === 'silence' ? [] : [kind === 'press' ? whisper(text) : say(text)];
    };
    // A group's talk counts only where it would be answered.
    const no = talk ? undefined : await refused();
    if (no) return yield* no;
    for await (const reply of replies) {
      const late = open ? undefined : await refused();
      if (late) return yield* late;
      yield reply;
    }
  }

  return {
    // A return from a platform's page happens once: it needs no limit.
    bound: (replies, incoming, asker) =>
      mayVerify(asker.role) || incoming.content.kind === 'authorised' ? replies : limited(replies, incoming, asker),
  };
}
