/** The address of a group webhook, as somebody pasted it: only WeCom's own is taken, and only its key is kept. */
import { createHash } from 'node:crypto';
import type { ChatId } from '../../../handlers/message.ts';

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PATH = '/cgi-bin/webhook/send';
const UPLOAD_PATH = '/cgi-bin/webhook/upload_media';

/**
 * The key in an address under `apiBase`; nothing for any other address. What is called later is put together from
 * `apiBase` and the key alone, so that a pasted text never decides where a request goes.
 */
export function readKey(pasted: string, apiBase: string): string | undefined {
  const text = pasted.trim().replace(/^[<「“"]|[>」”"]$/g, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.origin + url.pathname !== apiBase + PATH || url.username !== '' || url.password !== '') return undefined;
  const [key, ...others] = url.searchParams.getAll('key');
  return key !== undefined && others.length === 0 && KEY.test(key) ? key : undefined;
}

export const sendAddress = (key: string, apiBase: string): URL => new URL(`${apiBase}${PATH}?key=${encodeURIComponent(key)}`);

export const uploadAddress = (key: string, apiBase: string): URL =>
  new URL(`${apiBase}${UPLOAD_PATH}?key=${encodeURIComponent(key)}&type=file`);

/** `wecom-robot:<hash>`: the same for the same webhook, so that pasting it twice makes one group; the key is not in it. */
export const chatOf = (key: string): ChatId => `wecom-robot:${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;

/** The part of a chat's id that webhooks are kept under; nothing for another channel's chat. */
export const idOf = (chat: ChatId): string | undefined => /^wecom-robot:([0-9a-f]{24})$/.exec(chat)?.[1];

/** The key's last four characters: enough to tell webhooks apart. */
export const tailOf = (key: string): string => `…${key.slice(-4)}`;
