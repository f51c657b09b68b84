/** Answers people in a chat without a store: somebody has to bind it, or it only receives summaries. */
import type { Store } from '../services/accounts/stores.ts';
import { say, type Asker } from './handler.ts';
import type { Reply } from './message.ts';

/** The stores whose summaries a chat receives. */
export type ReportedTo = (chat: string) => Promise<readonly Pick<Store, 'name'>[]>;

/** Says that there is no store, with the button that begins to bind one. */
export const unbound = ({ words }: Pick<Asker, 'words'>): Extract<Reply, { kind: 'say' }> => ({
  kind: 'say',
  text: words.say('unbound'),
  buttons: [[{ verb: 'run', id: 'bind', label: words.say('button-run-bind') }]],
});

/** Answers a code or a picture: an owner group has stores, though codes are not verified in it. */
export async function noStoreForCodes(asker: Asker, reportedTo: ReportedTo): Promise<Reply> {
  const read = await reportedTo(asker.chat.id);
  if (read.length === 0) return unbound(asker);
  const stores = read.map(({ name }) => name).join(asker.words.say('list-comma'));
  return say(asker.words.say('code-in-owner-group', { stores }));
}
