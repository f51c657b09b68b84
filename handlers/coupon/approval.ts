/** 请店主同意: staff ask for the undo of what somebody else verified, and the first owner who answers decides, once. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Principal } from '../../services/facts/by.ts';
import type { Approval, Approvals, Wanted } from '../../services/verification/approvals.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { approvalCard, approvalLine } from '../cards/approval-card.ts';
import { undoable } from '../cards/undo-card.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { ChatId, Enqueue, Incoming, Outgoing, Reply } from '../message.ts';
import { mayUndo, mayVerify, type Rights } from '../rights.ts';
import type { ApprovalVerb } from '../verb.ts';
import type { Undo } from './undo.ts';

export type Messages = (approval: Approval) => readonly Outgoing[];

/** How owners are asked and answer: each in one transaction with its messages. */
export interface Requests {
  /** Asks once, with the messages to the owners. */
  readonly ask: (
    v: Pick<Verification, 'id' | 'storeId'>,
    by: Principal,
    chat: ChatId,
    messages: Messages,
    verify?: { readonly wanted: Wanted; readonly until: number },
  ) => Promise<Approval>;
  /** Answers once, with the message to whoever asked. */
  readonly decide: (
    id: string,
    agreed: boolean,
    v: Pick<Verification, 'storeId'>,
    by: Principal,
    messages: Messages,
  ) => Promise<Approval | undefined>;
}

export interface ApprovalParts extends Requests {
  readonly desk: Pick<Desk, 'get' | 'batchOf'>;
  readonly rights: Rights;
  readonly accounts: Pick<Accounts, 'owners'>;
  readonly approvals: Pick<Approvals, 'get'>;
  readonly undo: Pick<Undo, 'takeBack' | 'question' | 'show'>;
  readonly enqueue: Enqueue;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly now: () => number;
}

export function createApproval(parts: ApprovalParts): Presses<ApprovalVerb> {
  const { desk, rights, accounts, approvals, undo, enqueue, wordsOf, now } = parts;

  /** Words the cards of all owners, each in their language. */
  async function toOwners(v: Verification, store: Store): Promise<Messages> {
    const owners = await accounts.owners(store.accountId);
    const each = await Promise.all(owners.map(async ({ id }) => ({ chat: id, words: await wordsOf(id) })));
    return (approval) =>
      each.map(({ chat, words }) => ({
        key: `approval:${approval.id}:${chat}`,
        chat,
        reply: { kind: 'card', card: approvalCard(approval, v, store, words, now()) },
      }));
  }

  const line = (text: string): Reply => ({ kind: 'replace', card: { title: text, fields: [], buttons: [] } });

  /** Answers, and gives the request as it stands then: the first owner's answer counts. */
  async function decided(approval: Approval, agreed: boolean, v: Verification, asker: Asker): Promise<Approval | undefined> {
    const theirs = await wordsOf(approval.chat);
    const done = await parts.decide(approval.id, agreed, v, byPerson(asker.person), (stands) => [
      { key: `approval:${stands.id}:told`, chat: stands.chat, reply: { kind: 'say', text: approvalLine(stands, v, theirs) } },
    ]);
    return done ?? (await approvals.get(approval.id));
  }

  /** Undoes it as the owner would; of several that a press brought, the owner chooses first. */
  async function* undone(
    approval: Approval,
    v: Verification,
    store: Store,
    incoming: Incoming,
    asker: Asker,
  ): AsyncIterable<Reply> {
    const open = (await desk.batchOf(v)).filter((one) => undoable(one, now()));
    if (open.length > 1)
      return yield {
        kind: 'replace',
        card: await undo.question(v, store, asker),
        shows: { verification: v.id, asks: 'undo' },
      };
    yield* undo.takeBack(v, store, incoming, asker);
    const reply = { kind: 'verification', verification: v.id, as: 'line' } as const;
    await enqueue([{ key: `approval:${approval.id}:outcome`, chat: approval.chat, reply }]);
  }

  /** Runs an owner's press on a request: the right to it is checked now. */
  const answered = (agreed: boolean): Handler =>
    async function* pressed(incoming, asker, id) {
      const { words, person } = asker;
      const approval = await approvals.get(id);
      const v = approval && (await desk.get(approval.verification));
      const at = v && (await rights.at(v.storeId, asker));
      if (!approval || !v || !at) return yield whisper(words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
      if (approval.state === 'asked' && !undoable(v, now())) {
        if (v.state === 'verified') yield whisper(words.say('undo-impossible'));
        return yield* undo.show(v, incoming, asker);
      }
      const stands = approval.state === 'asked' ? await decided(approval, agreed, v, asker) : approval;
      if (!stands) return yield whisper(words.say('card-gone'));
      // The same owner's press again, perhaps after a restart, goes on where it was.
      const goesOn = agreed && stands.state === 'agreed' && stands.decidedBy?.id === person.id && undoable(v, now());
      yield* goesOn ? undone(stands, v, at.store, incoming, asker) : only(line(approvalLine(stands, v, words)));
    };

  return {
    async *'ask-owner'(_, asker, id) {
      const { words, chat } = asker;
      const v = await desk.get(id);
      const at = v && (await rights.at(v.storeId, asker));
      if (!v || !at) return yield whisper(words.say('card-gone'));
      if (!mayVerify(at.role)) return yield whisper(words.say('press-refused'));
      if (mayUndo(v, at.store, at.role, asker)) return yield whisper(words.say('approval-needless'));
      if (!undoable(v, now())) return yield whisper(words.say('undo-impossible'));
      const approval = await parts.ask(v, byPerson(asker.person), chat.id, await toOwners(v, at.store));
      yield line(approvalLine(approval, v, words));
    },
    'owner-yes': answered(true),
    'owner-no': answered(false),
  };
}

async function* only(reply: Reply): AsyncIterable<Reply> {
  yield await Promise.resolve(reply);
}
