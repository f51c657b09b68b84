/** 请店主同意: customers and staff ask for a verification while the store is closed, and the first owner who answers decides, once. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import { usesAtOnce } from '../../services/coupons/coupon.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import type { Principal } from '../../services/facts/by.ts';
import type { Approval, Approvals, Wanted } from '../../services/verification/approvals.ts';
import type { Desk } from '../../services/verification/desk.ts';
import { OPEN_MS, type OpenCard } from '../../services/verification/verification.ts';
import { closedCard, closedLine } from '../cards/closed-card.ts';
import type { CardFor } from '../cards/customer-card.ts';
import { everywhere } from '../cards/open-card.ts';
import { verificationCard } from '../cards/verification-card.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { ChatId, Enqueue, Incoming, Outgoing, Reply } from '../message.ts';
import { customerOf, mayVerify, principalOf, type At, type Rights } from '../rights.ts';
import { obstacleText } from '../self-service/obstacle-text.ts';
import type { ClosedVerb } from '../verb.ts';
import type { Messages, Requests } from './approval.ts';

/** The end of a request before the end of its card, ms: whoever agrees in time still finds the coupon. */
const BEFORE_END_MS = 60_000;

export interface ClosedApprovalParts extends Requests {
  readonly desk: Desk;
  readonly rights: Rights;
  readonly chats: Pick<Chats, 'get'>;
  readonly accounts: Pick<Accounts, 'owners'>;
  readonly approvals: Pick<Approvals, 'get'>;
  readonly enqueue: Enqueue;
  readonly cardFor: CardFor;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly now: () => number;
}

export function createClosedApproval(parts: ClosedApprovalParts): Presses<ClosedVerb> {
  const { desk, rights, chats, accounts, approvals, enqueue, cardFor, wordsOf, now } = parts;

  const line = (text: string): Reply => ({ kind: 'replace', card: { title: text, fields: [], buttons: [] } });

  /** In whose name this person asks for this card; undefined where he may not verify it at any time. */
  const asks = ({ role, place }: At, card: OpenCard, { person, chat }: Asker): Principal | undefined => {
    if (mayVerify(role)) return principalOf(person);
    const here = role === 'customer' && place?.id !== undefined && place.id === card.place?.id && card.chat === chat.id;
    return here ? customerOf(person) : undefined;
  };

  /** Words the cards of all owners, each in their language. */
  async function toOwners(card: OpenCard, { store }: At): Promise<Messages> {
    const owners = await accounts.owners(store.accountId);
    const each = await Promise.all(owners.map(async ({ id }) => ({ chat: id, words: await wordsOf(id) })));
    return (approval) =>
      each.map(({ chat, words }) => ({
        key: `approval:${approval.id}:${chat}`,
        chat,
        reply: { kind: 'card', card: closedCard(approval, card, store, words, now()) },
      }));
  }

  /** Answers, and gives the request as it stands then: the first owner's answer counts. */
  async function decided(approval: Approval, wanted: Wanted, agreed: boolean, { person }: Asker): Promise<Approval | undefined> {
    const theirs = await wordsOf(approval.chat);
    const done = await parts.decide(approval.id, agreed, wanted, byPerson(person), (stands) => [
      { key: `approval:${stands.id}:told`, chat: stands.chat, reply: { kind: 'say', text: closedLine(stands, wanted, theirs) } },
    ]);
    return done ?? (await approvals.get(approval.id));
  }

  /** Verifies in the name of whoever asked, where that one may still verify by day. */
  async function* verified(approval: Approval, wanted: Wanted, at: At, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { words } = asker;
    const { by, uses, on } = wanted;
    const chat = await chats.get(approval.chat);
    const theirs = await rights.at(wanted.storeId, { person: by, chat });
    const may = by.kind === 'customer' ? theirs?.role === 'customer' : theirs && mayVerify(theirs.role);
    if (!may) return yield line(words.say('closed-no-right'));
    const begun =
      by.kind === 'customer'
        ? await desk.beginAsCustomer(approval.verification, { ...by, kind: 'customer' }, uses, on, true)
        : await desk.beginAsStaff(approval.verification, by, uses, on, true);
    if (begun.kind === 'gone') return yield line(words.say('closed-expired', { code: wanted.maskedCode }));
    if (begun.kind === 'not-admitted') return yield line(obstacleText(begun.why, at.store.name, words));
    let v = begun.verification;
    const show = async (): Promise<Iterable<Reply>> => {
      const batch = await desk.batchOf(v);
      const card = verificationCard(batch, at.store, words, now());
      return everywhere(incoming, v, card, await cardFor(v.chat, batch, at.store, await wordsOf(v.chat)));
    };
    yield* await show();
    if (begun.kind !== 'begun') return;
    v = await desk.submit(v);
    yield* await show();
    // The card that was edited there makes no sound.
    const reply = { kind: 'verification', verification: v.id, as: 'line' } as const;
    await enqueue([{ key: `approval:${approval.id}:outcome`, chat: approval.chat, reply }]);
  }

  /** Runs an owner's press on a request: the right to it is checked now. */
  const answered = (agreed: boolean): Handler =>
    async function* pressed(incoming, asker, id) {
      const { words, person } = asker;
      const approval = await approvals.get(id);
      const wanted = approval?.wanted;
      const at = wanted && (await rights.at(wanted.storeId, asker));
      if (!approval || !wanted || !at) return yield whisper(words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
      const stands = approval.state === 'asked' ? await decided(approval, wanted, agreed, asker) : approval;
      if (!stands) return yield whisper(words.say('card-gone'));
      // The same owner's press again, perhaps after a restart, goes on where it was.
      const goesOn = agreed && stands.state === 'agreed' && stands.decidedBy?.id === person.id;
      if (goesOn) return yield* verified(stands, wanted, at, incoming, asker);
      const over = stands.state === 'asked' ? ({ ...stands, state: 'expired' } as const) : stands;
      yield line(closedLine(over, wanted, words));
    };

  return {
    /** `<card>-<uses>`: under why it may not be verified now. */
    async *'ask-open'(incoming, asker, rest) {
      const { words, chat } = asker;
      const [id = '', uses = ''] = rest.split('-');
      const card = await desk.card(id);
      const at = card && (await rights.at(card.storeId, asker));
      const by = at && asks(at, card, asker);
      const count = /^\d{1,2}$/.test(uses) ? Number(uses) : 0;
      if (!card || !at || count < 1 || count > usesAtOnce(card.coupon)) return yield whisper(words.say('card-gone'));
      if (!by) return yield whisper(words.say('press-refused'));
      const on = incoming.content.kind === 'press' ? incoming.content.on : undefined;
      const { title, code } = card.coupon;
      const wanted: Wanted = { storeId: card.storeId, by, uses: count, title, maskedCode: maskCode(code), on };
      const until = card.openedAt + OPEN_MS - BEFORE_END_MS;
      if (until <= now()) return yield say(words.say('closed-expired', { code: wanted.maskedCode }));
      const approval = await parts.ask(card, by, chat.id, await toOwners(card, at), { wanted, until });
      yield line(closedLine(approval, approval.wanted ?? wanted, words));
    },
    'open-yes': answered(true),
    'open-no': answered(false),
  };
}

/** Words the end of a request that nobody answered, for whoever asked. */
export const expiredNotice = async (
  approval: Approval,
  wordsOf: (chat: ChatId) => Promise<Words>,
): Promise<readonly Outgoing[]> => {
  const { id, chat, wanted } = approval;
  if (!wanted) return [];
  const text = closedLine({ ...approval, state: 'expired' }, wanted, await wordsOf(chat));
  return [{ key: `approval:${id}:told`, chat, reply: { kind: 'say', text } }];
};
