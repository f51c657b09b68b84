/** Reads Douyin's webhook messages: the signature over the bytes first, then the message, whose content is JSON in text. */
import { timingSafeEqual } from 'node:crypto';
import { isRecord, textOf, type Fields } from '../../fields.ts';
import { parseJson } from '../json-http.ts';
import type { Message, Messages, News } from '../messages.ts';
import { fieldsIn } from './envelope.ts';
import { signMessage } from './signature.ts';

/** The action of a coupon's message, and what it means here. */
const ACTIONS: Readonly<Record<string, News['what']>> = { verify: 'used', refund_success: 'refunded' };
const LONGEST_ID = 128;

export function createMessages({ clientKey, clientSecret }: { clientKey: string; clientSecret: string }): Messages {
  return {
    read(header, body): Message {
      const given = Buffer.from(header('x-douyin-signature') ?? '', 'latin1');
      const right = Buffer.from(signMessage(clientSecret, body), 'latin1');
      if (given.length !== right.length || !timingSafeEqual(given, right)) return { kind: 'forged' };
      const message = parsed(body.toString('utf8'));
      if (!message) return { kind: 'malformed' };
      if (message['client_key'] !== clientKey) return { kind: 'forged' };
      if (message['event'] === 'verify_webhook') {
        const { challenge } = fieldsIn(message['content']);
        return typeof challenge === 'number' || typeof challenge === 'string'
          ? { kind: 'challenge', answer: { challenge } }
          : { kind: 'malformed' };
      }
      const id = header('msg-id') ?? '';
      if (id === '' || id.length > LONGEST_ID) return { kind: 'malformed' };
      const news = newsIn(message);
      return { kind: 'message', id, ...(news && { news }) };
    },
  };
}

/** What happened to a coupon; nothing for other events, as of undone verifications, and for what names no coupon. */
function newsIn({ event, content }: Fields): News | undefined {
  if (event !== 'life_trade_certificate_notify') return undefined;
  const fields = typeof content === 'string' ? parsed(content) : fieldsIn(content);
  const certificate = fieldsIn(fields?.['certificate']);
  const what = ACTIONS[textOf(fields?.['action']) ?? ''];
  const [identity, order, coupon] = ['account_id', 'order_id', 'certificate_id'].map((name) => textOf(certificate[name]));
  if (what === undefined || identity === undefined || order === undefined || coupon === undefined) return undefined;
  return { what, identity, order, coupon };
}

function parsed(text: string): Fields | undefined {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
