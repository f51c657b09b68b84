/** Rules verify what their owner allowed and no more, and the owners are told of each use while it can be taken back. */
import { isOpen } from '../../../services/self-service/hours.ts';
import { wallTime } from '../../../services/time/wall-clock.ts';
import { OWNERS_CHAT, RULES, type TownRule } from '../world/town.ts';
import { isCalm, type Ended } from './ended.ts';
import { codeIn } from '../world/chats.ts';

interface Taken {
  readonly id: string;
  readonly rule: string;
  readonly code: string;
  readonly state: string;
  readonly count: number;
  readonly title: string;
  readonly chat: string;
  readonly place_id: string | null;
  readonly sender_kind: string | null;
  readonly reading: string | null;
  readonly submitted_at: number;
  readonly business_day: string;
  readonly undo_until: number | null;
  /** What the database itself saw when it began. */
  readonly was_on: number | null;
  /** It was verified at some time. */
  readonly succeeded: number;
}

/** So long before the end of an undo the program offers none any more, ms: its margin, and the way of the message. */
const MARGIN_MS = 30_000;
const REFUSED = ['refused', 'dropped'];

export function rules(ended: Ended): string[] {
  const all = ended.shared.rows<Taken>(
    `select v.id, v.person as rule, v.code, v.state, v.count, json_extract(v.coupon, '$.title') as title, v.chat_id as chat,
       v.place_id, v.sender_kind, v.reading, v.submitted_at, v.business_day, v.undo_until,
       (select is_on from rule_use where verification = v.id) as was_on,
       exists (select 1 from fact where subject = v.id and to_state = 'verified') as succeeded
     from verification v where v.by_kind = 'rule' order by v.submitted_at, v.id`,
  );
  const termsOf = ({ rule }: Taken): TownRule => RULES[ended.rules.indexOf(rule)]!;
  const wrongClock = ended.plan.troubles.some(({ kind, ...one }) => kind === 'step' || ('what' in one && one.what === 'leap'));
  return [
    ...all.flatMap((taken) => outside(taken, termsOf(taken), wrongClock)),
    ...[...Map.groupBy(all, ({ rule, business_day: day }) => `${rule} on ${day}`)].flatMap(([which, theirs]) => {
      const used = theirs.filter(({ state }) => !REFUSED.includes(state)).reduce((sum, { count }) => sum + count, 0);
      const most = termsOf(theirs[0]!).perDay;
      return used > most ? [`rules: ${which} took ${used}, and ${most} are allowed`] : [];
    }),
    ...all.flatMap((taken) => (taken.succeeded === 1 ? unannounced(taken, all, ended) : [])),
  ];
}

/** What of it the rule does not allow. */
function outside(taken: Taken, { people, deals, week }: TownRule, wrongClock: boolean): string[] {
  const { code, chat, reading, count } = taken;
  const sender = people.kind === 'customers' ? 'customer' : 'person';
  const against = [
    ...(taken.was_on === 1 ? [] : ['off']),
    ...(taken.sender_kind !== sender || (people.kind === 'customers' && taken.place_id === null) ? ['for other people'] : []),
    ...(people.kind === 'chat' && people.chat !== chat ? ['for another chat'] : []),
    ...(deals && !deals.some(({ title }) => title === taken.title) ? ['for other deals'] : []),
    ...(reading !== 'typed' || count !== 1 ? ['for one plain code'] : []),
    ...(wrongClock || isOpen({ week, holidays: undefined, days: {} }, wallTime(taken.submitted_at, 'Asia/Shanghai'))
      ? []
      : ['closed']),
  ];
  return against.map((why) => `rules: ${code} was verified by a rule that was ${why}`);
}

/** The owners' group has one card of each use, with 撤销 while that is possible. */
function unannounced({ code, id, state, undo_until: until }: Taken, all: readonly Taken[], { chats, plan }: Ended): string[] {
  const told = chats.messages.filter(
    ({ chat, versions }) => chat === OWNERS_CHAT.id && versions.some(({ text }) => codeIn(text) === code),
  );
  const [first] = told.flatMap(({ versions }) => versions);
  if (!first) return [`rules: the owners were not told of ${code}`];
  const offered = told.some(({ versions }) =>
    versions.some(({ buttons }) => buttons.some((one) => one.verb === 'undo' && one.id === id)),
  );
  const open = state === 'verified' && until !== null && first.at < until - MARGIN_MS;
  // A code that was given back may be used again.
  const uses = all.filter((one) => one.code === code && one.succeeded === 1).length;
  const acknowledged = isCalm(plan) && !plan.troubles.some(({ kind }) => kind === 'chat');
  return [
    ...(open && !offered ? [`rules: the owners were told of ${code} without its undo`] : []),
    ...(acknowledged && told.length > uses ? [`rules: the owners were told of ${code} ${told.length} times`] : []),
  ];
}
