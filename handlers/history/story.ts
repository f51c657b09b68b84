/** The story of a verification: what happened to it, when and by whom, in plain words; and its card. */
import type { Words } from '../../locales/index.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { Fact, Facts } from '../../services/facts/facts.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { StoreAccount } from '../../services/accounts/store.ts';
import type { RefusalReason } from '../../services/platforms/refusals.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { marked } from '../cards/practice-mark.ts';
import { verificationCard } from '../cards/verification-card.ts';
import { whisper, type Presses } from '../handler.ts';
import { mayVerify, type Rights } from '../rights.ts';
import type { StoryVerb } from '../verb.ts';
import type { Readable } from './read-rights.ts';

export interface StoryParts {
  readonly desk: Pick<Desk, 'get' | 'batchOf'>;
  readonly facts: Pick<Facts, 'of'>;
  readonly stores: Pick<Stores, 'storeAccount'>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly rights: Rights;
  readonly readable: Readable;
  readonly now: () => number;
}

export function createStory(parts: StoryParts): Presses<StoryVerb> {
  const { desk, facts, stores, client, rights, readable, now } = parts;
  return {
    async *story(_, asker, id) {
      const { words } = asker;
      const v = await desk.get(id);
      if (!v) return yield whisper(words.say('history-gone'));
      const to = await readable(v.storeId, asker);
      if (!to) return yield whisper(words.say('press-refused'));
      const { store } = to;
      const { platform } = await client(await stores.storeAccount(store, v.listingId));
      yield { kind: 'say', text: storyText(v, await facts.of(v.id), store, words.say(`platform-${platform}`), words) };
      const role = (await rights.at(v.storeId, asker))?.role ?? 'stranger';
      // The card shows the whole code.
      if (!mayVerify(role)) return;
      yield { kind: 'card', card: verificationCard(await desk.batchOf(v), store, words, now()), tag: v.id };
    },
  };
}

/** Words a story, a line for each thing that happened, oldest first. */
export function storyText(v: Verification, facts: readonly Fact[], store: Store, platform: string, words: Words): string {
  return [
    marked(words.say('story-title', { product: v.coupon.title }), store, words),
    ...storyLines(v, facts, platform, words).map(({ at, text }) =>
      at === undefined ? text : `${words.moment(at, store.zone).slice(5)} ${text}`,
    ),
  ].join('\n');
}

/** One thing that happened; `at` in ms, where it is known. */
export interface StoryLine {
  readonly at?: number;
  readonly text: string;
}

/** Words what happened to a verification, oldest first. */
export function storyLines(v: Verification, facts: readonly Fact[], platform: string, words: Words): readonly StoryLine[] {
  const told = facts.flatMap((fact): StoryLine[] => {
    const text = happened(fact, platform, words);
    return text === undefined ? [] : [{ at: fact.at, text }];
  });
  return [
    { at: v.openedAt, text: words.say('story-seen', { platform }) },
    ...(told.length > 0 ? told : fromRow(v).map(([at, key]) => ({ at, text: words.say(key) }))),
    ...(v.merchantMessage === undefined ? [] : [{ text: words.say('story-merchant', { message: v.merchantMessage }) }]),
  ];
}

/** What an earlier program kept of a verification, before there were facts. */
const fromRow = (v: Verification) => [
  ...(v.submittedAt === undefined ? [] : [[v.submittedAt, 'story-old-confirmed'] as const]),
  ...(v.settledAt === undefined ? [] : [[v.settledAt, 'story-old-settled'] as const]),
  ...(v.undoneAt === undefined ? [] : [[v.undoneAt, 'story-old-undone'] as const]),
];

/** Words one fact; undefined for one that says nothing to people. */
function happened({ kind, from, by, certainty, detail }: Fact, platform: string, words: Words): string | undefined {
  const who = by?.kind === 'program' || by?.kind === 'platform' || !by?.name ? words.say('nameless') : by.name;
  const why = typeof detail['reason'] === 'string' ? words.say(`refused-${detail['reason'] as RefusalReason}`) : '';
  switch (kind) {
    case 'verification.confirm':
      return words.say(by?.kind === 'rule' ? 'story-confirm-rule' : by?.kind === 'key' ? 'story-confirm-key' : 'story-confirm', {
        who,
        platform,
      });
    case 'verification.yes':
    case 'verification.batch':
      return words.say(`story-yes-${certainty ?? 'answered'}`, { platform });
    case 'verification.late-yes':
      return words.say('story-late-yes', { platform });
    case 'verification.no':
      return words.say('story-no', { why });
    case 'verification.lost':
      return words.say('story-lost', { platform });
    case 'verification.unclear':
      return words.say('story-unclear', { platform });
    case 'verification.decide-yes':
      return words.say(from === 'undo-unsure' ? 'story-undo-decide-yes' : 'story-decide-yes', { who });
    case 'verification.decide-no':
      return words.say(from === 'undo-unsure' ? 'story-undo-decide-no' : 'story-decide-no', { who });
    case 'verification.undo':
      return words.say('story-undo', { who, platform });
    case 'verification.undo-yes':
    case 'verification.late-undo-yes':
      return words.say('story-undo-yes', { platform });
    case 'verification.undo-no':
      return words.say('story-undo-no', { why });
    case 'verification.undo-lost':
      return words.say('story-undo-lost', { platform });
    case 'verification.taken-back':
      return words.say('story-taken-back', { platform });
    case 'verification.day':
      return words.say('story-day', { day: String(detail['businessDay']) });
    case 'verification.drop':
      return words.say('story-drop', { who });
    case 'approval.asked':
      return words.say('story-asked-owner', { who });
    case 'approval.agreed':
      return words.say('story-owner-yes', { who });
    case 'approval.declined':
      return words.say('story-owner-no', { who });
    default:
      return undefined;
  }
}
