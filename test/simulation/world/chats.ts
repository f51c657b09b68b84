/**
 * A chat platform in memory: what stands in every chat and how it came to be, events that are heard at least once, messages that fail
 * before or after they arrive. It outlives the programs that speak through it.
 */
import { NotSent, type Channel, type Hear, type Sent } from '../../../bot/channel/channel.ts';
import type { Action, Content, Incoming, Person, Reply } from '../../../handlers/message.ts';
import type { Chance } from './chance.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** A message as it stood from a moment on. */
export interface Version {
  readonly at: number;
  readonly text: string;
  /** The title of a card. */
  readonly title: string | undefined;
  readonly buttons: readonly (Action & { readonly label: string })[];
}

export interface Message {
  readonly chat: string;
  readonly id: string;
  /** The event it answers, where it does. */
  readonly answering: string | undefined;
  readonly versions: Version[];
}

export interface Delivery {
  readonly at: number;
  readonly chat: string;
  readonly answering: string | undefined;
  readonly text: string;
  /** A whisper is seen by one alone, and behind nothing. */
  readonly kind: Reply['kind'];
  readonly lost: boolean;
  /** The time at which its sender heard that it had arrived; undefined where it never did. */
  acknowledgedAt: number | undefined;
}

export interface Chats {
  readonly messages: readonly Message[];
  /** Every delivery, whispers too. */
  readonly deliveries: readonly Delivery[];
  /** When each event was taken, by its id. */
  readonly taken: ReadonlyMap<string, number>;
  readonly events: readonly Incoming[];
  /** Somebody says or presses something. It is heard again until a program took it, and sometimes once more. */
  happens(person: Person, chat: { readonly id: string; readonly group: boolean }, content: Content, again: boolean): string;
  /** The channel as a program has it. */
  channel(process: Process, chance: Chance): Channel;
}

export interface Lines {
  /** Fails before it arrives, or arrives and is not acknowledged. */
  readonly fails: () => 'before' | 'after' | undefined;
  readonly mostMs: () => number;
  /** Lets a mishap happen that is due while a message is sent; true where one did. */
  readonly strike: (process: Process) => boolean;
}

/** The code that a card tells of. */
export const codeIn = (text: string): string | undefined => /券码：(\d+)/.exec(text)?.[1];

export const versionOf = (reply: Reply, at: number): Version | undefined => {
  if ('card' in reply) {
    const { title, fields, note = '', buttons } = reply.card;
    const text = [title, ...fields.map(({ label, value }) => `${label}：${value}`), note].join('\n');
    return { at, text, title, buttons: buttons.flat() };
  }
  if (reply.kind === 'say') return { at, text: reply.text, title: undefined, buttons: (reply.buttons ?? []).flat() };
  return undefined;
};

export function createChats({
  scheduler,
  lines,
  chance,
  tell,
  alive,
  arrived,
  worded,
}: {
  scheduler: Scheduler;
  lines: Lines;
  chance: Chance;
  tell: (line: string) => void;
  /** Programs that may hear now. */
  alive: () => readonly Process[];
  /** Told of every message and card as it arrives. */
  arrived: (version: Version) => void;
  /** Told of every message that goes out by itself, before it does: it was worded in this moment. */
  worded: (reply: Reply) => void;
}): Chats {
  const messages: Message[] = [];
  const deliveries: Delivery[] = [];
  const taken = new Map<string, number>();
  const events: Incoming[] = [];
  const ears = new Map<Process, Hear>();

  const deliver = (process: Process, chat: string, reply: Reply, answering: Incoming | undefined, lost: boolean): Sent => {
    const at = scheduler.now();
    const text = 'text' in reply ? reply.text : 'card' in reply ? reply.card.title : reply.kind;
    deliveries.push({
      at,
      chat,
      answering: answering?.id,
      text,
      kind: reply.kind,
      lost,
      acknowledgedAt: undefined,
    });
    tell(
      `${process.name} ⇒ ${chat}${answering ? ` (${answering.id})` : ''} ${reply.kind}: ${text.replaceAll('\n', ' / ').slice(0, 70)}${lost ? ' [not acknowledged]' : ''}`,
    );
    const version = versionOf(reply, at);
    if (!version) return { kind: 'sent' };
    arrived(version);
    const on =
      reply.kind === 'replace'
        ? (reply.on ?? (answering?.content.kind === 'press' ? answering.content.on : undefined))
        : undefined;
    const found = on && messages.find((one) => one.chat === on.chat && one.id === on.message);
    if (found) {
      found.versions.push(version);
      return { kind: 'sent', ref: { chat: found.chat, message: found.id } };
    }
    const id = `m${messages.length + 1}`;
    messages.push({ chat, id, answering: answering?.id, versions: [version] });
    return { kind: 'sent', ref: { chat, message: id } };
  };

  /** Brings an event to a program until one has taken it. */
  const bring = (event: Incoming, tries = 0): void => {
    const later = (): void => void scheduler.after(chance.between(500, 3_000), () => bring(event, tries + 1));
    const able = alive().filter((one) => ears.has(one));
    if (able.length === 0) return later();
    const process = chance.pick(able);
    let heard = false;
    // A dead program acknowledges nothing; its event is brought again.
    scheduler.after(5_000, () => {
      if (!heard) bring(event, tries + 1);
    });
    const take = (): void => {
      heard = true;
      if (!taken.has(event.id)) taken.set(event.id, scheduler.now());
    };
    ears.get(process)!(event).then(take, () => undefined);
  };

  return {
    messages,
    deliveries,
    taken,
    events,
    happens(person, chat, content, again) {
      const id = `telegram:update:${events.length + 1}`;
      const event: Incoming = {
        id,
        chat: chat.id,
        group: chat.group,
        title: chat.group ? '前台群' : person.name,
        from: person,
        at: Math.floor(scheduler.now()),
        content,
        message: { chat: chat.id, message: id },
        addressed: false,
      };
      events.push(event);
      tell(
        `${person.name} in ${chat.id} (${id}): ${content.kind === 'text' ? content.text : content.kind === 'press' ? `[${content.action.verb}] on ${content.on.message}` : content.kind}`,
      );
      scheduler.after(chance.between(1, 50), () => bring(event));
      if (again) scheduler.after(chance.between(100, 4_000), () => bring(event));
      return id;
    },
    channel: (process, own) => ({
      name: 'telegram',
      edits: true,
      slash: true,
      deletes: true,
      async start(hear) {
        ears.set(process, hear);
        await Promise.resolve();
      },
      async stop() {
        ears.delete(process);
        await Promise.resolve();
      },
      send: (chat, reply, answering) =>
        new Promise<Sent>((resolve, reject) => {
          const way = (): number => own.between(5, Math.max(6, lines.mostMs()));
          if (answering === undefined) worded(reply);
          const fails = lines.fails();
          if (fails === 'before') {
            tell(`${process.name} ⇒ ${chat} ${reply.kind}: not sent`);
            return void scheduler.after(way(), () => reject(new NotSent('no connection')), process);
          }
          scheduler.after(way(), () => {
            // A mishap meets what is said by itself, in the moment between its arrival and the acknowledgement.
            const lost = (answering === undefined && lines.strike(process)) || fails === 'after';
            const sent = deliver(process, chat, reply, answering, lost);
            const delivery = deliveries.at(-1)!;
            const end = (): void => {
              if (lost) return reject(new Error('no answer'));
              delivery.acknowledgedAt = scheduler.now();
              resolve(sent);
            };
            scheduler.after(way(), end, process);
          });
        }),
      administers: () => Promise.resolve(true),
      links: () => Promise.resolve((word: string) => `https://t.me/bot?start=${word}`),
    }),
  };
}
