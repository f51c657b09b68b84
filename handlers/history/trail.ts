/** 操作记录: tells owners who changed what in their store, and who decided about a coupon, newest first, a page at a time. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import { codeTail } from '../../services/coupons/mask.ts';
import type { Fact } from '../../services/facts/facts.ts';
import { readTrail, USUAL_DAYS, type AskedTrail } from '../../services/facts/read-trail.ts';
import { DECISION_KINDS, type Trail, type TrailFrom, type TrailPosition } from '../../services/facts/trail.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { dayAt } from '../../services/time/calendar.ts';
import { formatSpan } from '../../services/time/spans.ts';
import type { Desk } from '../../services/verification/desk.ts';
import { marked } from '../cards/practice-mark.ts';
import { say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import { mayVerify, type Rights } from '../rights.ts';
import type { TrailVerb } from '../verb.ts';
import { trailText } from './trail-words.ts';

/** Lines of a page. */
const PAGE = 10;

type AskedDays = Extract<AskedTrail, { readonly days: unknown }>;

/** A trail whose pages are being turned. */
export interface TurningTrail {
  readonly storeId: string;
  readonly asked: AskedDays;
  /** The first and the last fact that the page shows. */
  readonly first: TrailPosition;
  readonly last: TrailPosition;
}

export interface TrailParts {
  readonly trail: Trail;
  readonly desk: Pick<Desk, 'get'>;
  readonly rights: Rights;
  readonly reports: Pick<Reports, 'storesOf'>;
  readonly turningTrail: Collection<TurningTrail>;
  readonly newId: () => string;
  readonly now: () => number;
}

export interface TrailHandlers {
  /** `/history 操作 [days]`: of the chat's store, or of those of an owner group's stores that the person owns. */
  readonly command: Handler;
  readonly presses: Presses<TrailVerb>;
}

export function createTrailHandlers(parts: TrailParts): TrailHandlers {
  const { trail, desk, rights, reports, turningTrail, newId, now } = parts;

  /** The store, where the person owns it now. */
  const owned = async (storeId: string, asker: Asker): Promise<Store | undefined> => {
    const at = await rights.at(storeId, asker);
    return at?.role === 'owner' ? at.store : undefined;
  };

  async function lineOf(fact: Fact, store: Store, words: Words): Promise<string> {
    const isDecision = DECISION_KINDS.some((kind) => kind === fact.kind);
    const v = isDecision ? await desk.get(fact.subject) : undefined;
    const told = { fact, tail: v && codeTail(v.code) };
    return `${words.moment(fact.at, store.zone).slice(5)} ${trailText(told, words)}`;
  }

  /** A page of the trail; undefined where there is nothing from this place on. */
  async function pageOf(store: Store, asked: AskedDays, words: Words, from?: TrailFrom): Promise<Reply | undefined> {
    const found = await trail.page(store, asked.days, PAGE + 1, from);
    const newer = from !== undefined && 'before' in from;
    const facts = newer ? found.slice(-PAGE) : found.slice(0, PAGE);
    const [first, last] = [facts[0], facts.at(-1)];
    if (!first || !last) return undefined;
    const beyond = found.length > PAGE;
    const id = newId();
    const pages: Button[] = [
      ...((newer ? beyond : from !== undefined) ? [{ verb: 'trail-newer', id, label: words.say('button-newer') } as const] : []),
      ...(newer || beyond ? [{ verb: 'trail-older', id, label: words.say('button-older') } as const] : []),
    ];
    if (pages.length > 0)
      await turningTrail.set(id, { storeId: store.id, asked, first: positionOf(first), last: positionOf(last) });
    const title = words.say('trail-title', { store: store.name, days: daysText(asked, words) });
    const lines = await Promise.all(facts.map((fact) => lineOf(fact, store, words)));
    const text = [marked(title, store, words), ...lines].join('\n');
    return { kind: 'say', text, ...(pages.length > 0 && { buttons: [pages] }) };
  }

  async function ofStore(store: Store, rest: string, words: Words): Promise<Reply> {
    const asked = readTrail(rest, dayAt(now(), store));
    if (!asked || 'unknown' in asked)
      return say([words.say('history-unknown', { words: asked?.unknown ?? rest }), words.say('trail-how')].join('\n'));
    const page = await pageOf(store, asked, words);
    return page ?? say(marked(words.say('trail-none', { store: store.name, days: daysText(asked, words) }), store, words));
  }

  async function* turned(asker: Asker, id: string, older: boolean): AsyncIterable<Reply> {
    const { words } = asker;
    const turn = await turningTrail.get(id);
    if (!turn) return yield whisper(words.say('trail-gone'));
    const store = await owned(turn.storeId, asker);
    if (!store) return yield whisper(words.say('owner-only'));
    const from = older ? { after: turn.last } : { before: turn.first };
    yield (await pageOf(store, turn.asked, words, from)) ?? whisper(words.say('history-end'));
  }

  return {
    async *command(_, asker, rest) {
      const { words, store: bound, role } = asker;
      const here = bound && mayVerify(role) ? [bound] : await reports.storesOf(asker.chat.id);
      const stores: Store[] = [];
      for (const { id } of here) {
        const store = await owned(id, asker);
        if (store) stores.push(store);
      }
      if (stores.length === 0) return yield say(words.say('owner-only'));
      for (const store of stores) yield await ofStore(store, rest, words);
    },
    presses: {
      'trail-older': (_, asker, id) => turned(asker, id, true),
      'trail-newer': (_, asker, id) => turned(asker, id, false),
    },
  };
}

const positionOf = ({ at, stream, sequence }: Fact): TrailPosition => ({ at, stream, sequence });

const daysText = ({ days, said }: AskedDays, words: Words): string =>
  said ? formatSpan(days) : words.say('trail-days', { count: USUAL_DAYS });
