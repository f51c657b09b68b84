/** Recognises barcodes of payments, networks, contacts and messages: they hold no coupon and are sent to no platform. */
import { hostOf } from '../../link-hosts.ts';

/** Prefixes by which scanners recognise them. */
const BEGINNINGS = [
  // Networks.
  /^(?:wifi|dpp):/i,
  // Contacts, dates, places.
  /^(?:mecard|bizcard|begin|geo):/i,
  // Calls and messages.
  /^(?:tel|sms|smsto|mms|mmsto|mailto|matmsg|facetime(?:-audio)?|whatsapp|tg|skype):/i,
  // Payments: WeChat, Alipay, UnionPay, others, and what banks of many countries print (EMVCo).
  /^(?:weixin|wxp|alipay[a-z]*|uppay[a-z]*|upwallet|upi|bitcoin|ethereum):/i,
  /^000201\d{6}/,
  // Secrets.
  /^otpauth[a-z-]*:/i,
];

/** Invisible characters that scanners leave in front. */
const UNSEEN = /^[\s\p{Cc}\p{Cf}]+/u;

export function isPrivate(text: string): boolean {
  const plain = text.replace(UNSEEN, '');
  const address = URL.parse(plain);
  return BEGINNINGS.some((beginning) => beginning.test(plain)) || (address !== null && hostOf(address) === 'private');
}
