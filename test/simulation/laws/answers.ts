/** Every message is answered, in its turn; nothing waits for ever. */
import { CUSTOMERS } from '../world/town.ts';
import { isCalm, type Ended } from './ended.ts';

/** States of an outbox row that has ended. */
const OUTBOX_ENDS = ['sent', 'gone', 'dead', 'dropped'];

/** Events of a person without a role within a minute, of which the last is answered: `handlers/stranger-limit.ts`. */
const HEARD = 20;
const isSilenced = ({ events }: Ended['chats'], chat: string, at: number): boolean =>
  CUSTOMERS.some(({ id }) => id === chat) &&
  events.filter((one) => one.chat === chat && one.at <= at && one.at > at - 60_000).length > HEARD;

/** Every message is answered, and handled once. */
export function answers({ plan, chats, coupons, gateways, till }: Ended): string[] {
  const broken: string[] = [];
  const calm = isCalm(plan);
  for (const { id, content, chat, at } of chats.events) {
    if (content.kind === 'press') continue;
    const said = chats.deliveries.filter(({ answering }) => answering === id);
    const later = chats.deliveries.some((one) => one.answering === undefined && one.chat === chat && one.at >= at);
    if (said.length === 0 && !later && !isSilenced(chats, chat, at)) broken.push(`unanswered: ${id} in ${chat}`);
    const certain = said.filter(({ lost, text, kind }) => !lost && kind !== 'replace' && !/排队|前面还有/.test(text)).length;
    if (calm && certain > 1) broken.push(`answered ${certain} times: ${id} in ${chat}`);
  }
  if (!calm) return broken;
  for (const [n, { code, gateway }] of coupons.entries()) {
    // What a till asks about is looked up for it too.
    if (gateway.host !== 'allinpay.test' || till.sales.some((sale) => sale.code === code)) continue;
    const asked = chats.events.filter(({ content }) => content.kind === 'text' && content.text === code).length;
    const looked = gateways
      .flatMap(({ arrivals }) => arrivals)
      .filter((one) => one.code === code && one.call === 'prepare').length;
    if (looked > asked * 2) broken.push(`looked up ${looked} times for ${asked} questions: coupon ${n}`);
  }
  return broken;
}

/** The events of a chat are answered in the order in which they were taken; only a whisper overtakes. */
export function order({ chats }: Ended): string[] {
  const broken: string[] = [];
  const first = new Map<string, number>();
  for (const { answering, at, kind } of chats.deliveries)
    if (kind !== 'whisper' && answering !== undefined && !first.has(answering)) first.set(answering, at);
  for (const [, events] of Map.groupBy(chats.events, ({ chat }) => chat)) {
    const answered = events.filter(({ id }) => first.has(id) && chats.taken.has(id));
    for (const later of answered) {
      const overtaken = answered.find(({ id }) => chats.taken.get(id)! < later.at && first.get(id)! > first.get(later.id)!);
      if (overtaken) broken.push(`order: ${later.id} was answered before ${overtaken.id} in ${later.chat}`);
    }
  }
  return broken;
}

/** Nothing waits for ever; what was given up rang an alarm. */
export function queues({ shared, alarms }: Ended): string[] {
  const inbox = shared.rows<{ id: string; state: string; attempts: number }>(
    "select id, state, attempts from inbox where state <> 'done'",
  );
  const outbox = shared.rows<{ dedupe_key: string; state: string; attempts: number }>(
    `select dedupe_key, state, attempts from outbox where state not in (${OUTBOX_ENDS.map((one) => `'${one}'`).join()})`,
  );
  const dead = shared.rows<{ n: number }>("select count(*) as n from outbox where state = 'dead'")[0]!.n;
  return [
    ...inbox.map(({ id, state, attempts }) => `inbox: ${id} is ${state} after ${attempts} tries`),
    ...outbox.map(({ dedupe_key, state, attempts }) => `outbox: ${dedupe_key} is ${state} after ${attempts} tries`),
    // In no world is a message undeliverable for good.
    ...(dead > 0 ? [`outbox: ${dead} messages are dead`] : []),
    ...(dead > 0 && !alarms.some((alarm) => alarm.startsWith('outbox:')) ? [`outbox: ${dead} dead without an alarm`] : []),
  ];
}
