/** Douyin's messages are believed only as far as its books bear them out, and each is taken once. */
import { DOUYIN } from '../gateways/douyin.ts';
import { isCalm, REPEAT, type Ended } from './ended.ts';
import { OWNER } from '../world/town.ts';

interface Fact {
  readonly kind: string;
  readonly subject: string;
}

/** A refund or a use elsewhere is one fact and one message to the owner; what did not happen is none. */
export function news({ plan, chats, coupons, douyin, messages, shared }: Ended): string[] {
  const facts = shared.rows<Fact>("select kind, subject from fact where kind in ('coupon.refunded', 'coupon.used-elsewhere')");
  const broken = messages.posted
    .filter(({ forged, status }) => (forged ? status !== 401 : status !== 200 && status < 500))
    .map(({ id, status }) => `news: ${id} was answered with ${status}`);
  // A clock that leaps over the time in which a call may still arrive has it end as not done: until its late yes it is somebody else's.
  const leapt = plan.troubles.some((one) => one.kind === 'mishap' && one.what === 'leap');
  for (const { code, gateway } of coupons) {
    if (gateway.host !== DOUYIN.host) continue;
    const { id, refunded } = douyin.told(code);
    const count = (kind: string): number => facts.filter((one) => one.kind === kind && one.subject === id).length;
    if (count('coupon.refunded') !== (refunded ? 1 : 0))
      broken.push(`news: ${code} is ${refunded ? '' : 'not '}refunded, and ${count('coupon.refunded')} facts say so`);
    const { others, ours } = gateway.standing(code);
    // A message that comes while a call of ours is under way may be of our own use, and is left to the recheck.
    const touched = chats.events.some(({ content }) => content.kind === 'text' && content.text.includes(code));
    if (count('coupon.used-elsewhere') > others + (leapt ? ours : 0) || (!touched && count('coupon.used-elsewhere') < others))
      broken.push(`news: ${code} was used ${others} times elsewhere, and ${count('coupon.used-elsewhere')} facts say so`);
  }
  const told = chats.deliveries.filter(({ chat, text }) => chat === OWNER.id && /退款了|不是通过本机器人/.test(text));
  const fresh = told.filter(({ text }) => !text.includes(REPEAT)).length;
  if (fresh < facts.length || (isCalm(plan) && fresh > facts.length))
    broken.push(`news: ${facts.length} facts of Douyin's, and the owner was told ${fresh} times`);
  return broken;
}
