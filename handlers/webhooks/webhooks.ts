/** 回调: an owner connects the merchant's own systems, which are told of every verification. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Deliveries } from '../../services/webhooks/deliveries.ts';
import { FORMER_MS, MOST_ENDPOINTS, type Endpoint, type Endpoints } from '../../services/webhooks/endpoints.ts';
import type { Events } from '../../services/webhooks/events.ts';
import { readAddress } from '../../services/webhooks/post.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { Button, Card, Reply } from '../message.ts';
import type { NotifyOwners } from '../notify/people.ts';
import type { Rights } from '../rights.ts';
import type { WebhookVerb } from '../verb.ts';
import { deliveryLines } from './delivery-lines.ts';

export interface Webhooks {
  /** `/webhook`: the endpoints of this chat's store; `/webhook https://…` adds one. In private chats only: it tells a secret. */
  command: Handler<StoreAsker>;
  readonly presses: Presses<WebhookVerb>;
}

/** A delivery that can be made again. */
export interface Repeat {
  readonly endpoint: string;
  readonly event: string;
}

export interface WebhooksParts {
  readonly endpoints: Endpoints;
  readonly deliveries: Pick<Deliveries, 'latest'>;
  readonly events: Pick<Events, 'test' | 'send'>;
  readonly rights: Rights;
  /** Failed deliveries behind buttons. */
  readonly repeats: Collection<Repeat>;
  readonly newId: () => string;
  readonly notifyOwners: NotifyOwners;
  /** Endpoints may be in private networks. */
  readonly privateToo: boolean;
  /** Delivers what was just put. */
  readonly deliver: () => void;
}

/** Deliveries shown in one message. */
const SHOWN = 20;
/** Failed ones that get a button to send them again. */
const REPEATABLE = 5;

export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { endpoints, deliveries, events, rights, repeats, newId, notifyOwners, privateToo, deliver } = parts;

  async function* list({ words, store }: StoreAsker): AsyncIterable<Reply> {
    const all = await endpoints.of(store.id);
    if (all.length === 0) return yield say(`${words.say('hook-none', { store: store.name })}\n${words.say('hook-usage')}`);
    yield {
      kind: 'say',
      text: [words.say('hook-title', { store: store.name, count: all.length }), words.say('hook-usage')].join('\n'),
      buttons: all.map((one) => [{ verb: 'hook', id: one.id, label: labelOf(one, words) }]),
    };
  }

  async function* add(address: string, asker: StoreAsker): AsyncIterable<Reply> {
    const { words, store, person } = asker;
    const no = await rights.settles(store.accountId, asker);
    if (no) return yield say(words.say(no));
    const url = readAddress(address, privateToo);
    if (typeof url === 'string') return yield say(words.say(`hook-bad-${url}`));
    const added = await endpoints.add(store.id, url, byPerson(person));
    if (added === 'too-many') return yield say(words.say('hook-too-many', { count: MOST_ENDPOINTS }));
    if (added === 'there') return yield say(words.say('hook-there'));
    yield {
      kind: 'say',
      text: [
        words.say('hook-added', { host: url.host, store: store.name }),
        words.say('hook-secret', { secret: added.secret }),
      ].join('\n'),
      buttons: [[testButton(added.endpoint, words)]],
    };
    const name = person.name;
    const told = (theirs: Words): string =>
      theirs.say('hook-added-notice', { host: url.host, store: store.name, person: name || theirs.say('nameless') });
    await notifyOwners(store.accountId, told, person.id);
  }

  /** Opens an endpoint for somebody who owns its store now, in a private chat. */
  const opened = async (
    asker: Asker,
    id: string,
  ): Promise<{ readonly endpoint: Endpoint; readonly store: Store } | 'card-gone' | 'owner-only' | 'hook-private'> => {
    if (asker.chat.group) return 'hook-private';
    const endpoint = await endpoints.get(id);
    const at = endpoint && (await rights.at(endpoint.storeId, asker));
    if (!endpoint || !at) return 'card-gone';
    return at.role === 'owner' ? { endpoint, store: at.store } : 'owner-only';
  };
  /** A press on one endpoint, by an owner. */
  const pressed = (act: (endpoint: Endpoint, store: Store, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* presses(_, asker, id) {
      const found = await opened(asker, id);
      if (typeof found === 'string') return yield whisper(asker.words.say(found));
      yield* act(found.endpoint, found.store, asker);
    };
  const shown = async (id: string, store: Store, words: Words): Promise<Reply> => {
    const endpoint = await endpoints.get(id);
    return { kind: 'replace', card: endpoint ? screen(endpoint, store, words) : plain(words.say('card-gone')) };
  };

  return {
    async *command(_, asker, rest) {
      const { words, chat } = asker;
      if (chat.group) return yield say(words.say('hook-private'));
      if (rest === '') return yield* list(asker);
      yield* add(rest, asker);
    },

    presses: {
      hook: pressed(async function* (endpoint, store, { words }) {
        yield { kind: 'card', card: screen(endpoint, store, words) };
      }),
      'hook-test': pressed(async function* (endpoint, store, { words }) {
        await events.test(endpoint.id, store.id);
        deliver();
        yield say(words.say('hook-tested', { host: endpoint.url.host }));
      }),
      'hook-log': pressed(async function* (endpoint, store, { words }) {
        const latest = await deliveries.latest(endpoint.id, SHOWN);
        if (latest.length === 0) return yield say(words.say('hook-log-none', { host: endpoint.url.host }));
        const buttons: Button[][] = [];
        for (const { event, at } of latest.filter(({ outcome }) => outcome !== 'delivered').slice(0, REPEATABLE)) {
          const id = newId();
          await repeats.set(id, { endpoint: endpoint.id, event });
          buttons.push([
            { verb: 'hook-replay', id, label: words.say('button-hook-replay', { time: words.moment(at, store.zone) }) },
          ]);
        }
        yield {
          kind: 'say',
          text: [words.say('hook-log-title', { host: endpoint.url.host }), ...deliveryLines(latest, store.zone, words)].join(
            '\n',
          ),
          buttons,
        };
      }),
      async *'hook-replay'(_, asker, id) {
        const { words } = asker;
        const repeat = await repeats.get(id);
        if (!repeat) return yield whisper(words.say('card-gone'));
        const found = await opened(asker, repeat.endpoint);
        if (typeof found === 'string') return yield whisper(words.say(found));
        const sent = await events.send(found.endpoint.id, repeat.event);
        deliver();
        yield say(words.say(sent ? 'hook-replayed' : 'hook-replay-gone'));
      },
      'hook-rotate': pressed(async function* (endpoint, _store, { words, person }) {
        const secret = await endpoints.rotate(endpoint.id, byPerson(person));
        if (secret === undefined) return yield whisper(words.say('card-gone'));
        const hours = FORMER_MS / 3_600_000;
        yield say(`${words.say('hook-rotated', { host: endpoint.url.host, hours })}\n${words.say('hook-secret', { secret })}`);
      }),
      'hook-on': pressed(async function* (endpoint, store, { words, person }) {
        const { id, url, disabledAt } = endpoint;
        const turned = await endpoints.turn(id, true, byPerson(person));
        yield await shown(id, store, words);
        if (turned && disabledAt !== undefined)
          yield say(words.say('hook-on-again', { host: url.host, since: words.moment(disabledAt, store.zone) }));
      }),
      'hook-off': pressed(async function* (endpoint, store, { words, person }) {
        await endpoints.turn(endpoint.id, false, byPerson(person));
        yield await shown(endpoint.id, store, words);
      }),
      'hook-remove': pressed(async function* (endpoint, _store, { words }) {
        yield {
          kind: 'say',
          text: words.say('hook-remove-question', { host: endpoint.url.host }),
          buttons: [[{ verb: 'hook-remove-yes', id: endpoint.id, label: words.say('button-hook-remove-yes'), style: 'danger' }]],
        };
      }),
      'hook-remove-yes': pressed(async function* (endpoint, _store, { words, person }) {
        await endpoints.remove(endpoint.id, byPerson(person));
        yield { kind: 'replace', card: plain(words.say('hook-removed', { host: endpoint.url.host })) };
      }),
    },
  };
}

const plain = (title: string): Card => ({ title, fields: [], buttons: [] });
const labelOf = ({ url, disabledAt }: Endpoint, words: Words): string =>
  disabledAt === undefined ? url.host : words.say('hook-label-off', { host: url.host });
const testButton = ({ id }: Endpoint, words: Words): Button => ({ verb: 'hook-test', id, label: words.say('button-hook-test') });

/** One endpoint: where, since when, whether it is on. Of the address only the host, as the rest may hold a token. */
function screen(endpoint: Endpoint, store: Store, words: Words): Card {
  const { id, url, since, disabledAt } = endpoint;
  const on = disabledAt === undefined;
  return {
    title: url.host,
    tone: on ? 'good' : 'bad',
    fields: [
      { label: words.say('field-store'), value: store.name },
      { label: words.say('field-state'), value: words.say(on ? 'hook-state-on' : 'hook-state-off') },
      { label: words.say('field-since'), value: words.moment(since, store.zone) },
    ],
    buttons: [
      [testButton(endpoint, words), { verb: 'hook-log', id, label: words.say('button-hook-log') }],
      [
        { verb: 'hook-rotate', id, label: words.say('button-hook-rotate') },
        on
          ? { verb: 'hook-off', id, label: words.say('button-hook-off') }
          : { verb: 'hook-on', id, label: words.say('button-hook-on'), style: 'primary' },
      ],
      [{ verb: 'hook-remove', id, label: words.say('button-hook-remove'), style: 'danger' }],
    ],
  };
}
