/** Parses the pasted address of a group webhook: accepts WeCom's host alone and keeps only the key. */
import { createHash } from 'node:crypto';
import type { ChatId } from '../../../handlers/message.ts';

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PATH = '/cgi-bin/webhook/send';
const UPLOAD_PATH = '/cgi-bin/webhook/upload_media';

/**
 * Gives the key of an address under `apiBase`; undefined for any other. Requests go to `apiBase` with the key, so that a
 * pasted text never decides the host.
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

/**
 * Derives the chat id `wecom-robot:<hash>`: equal for equal webhooks, so that pasting one twice makes one group, and without
 * the key.
 */
export const chatOf = (key: string): ChatId => `wecom-robot:${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;

/** Gives the storage key in a chat id; undefined for another channel's chat. */
export const idOf = (chat: ChatId): string | undefined => /^wecom-robot:([0-9a-f]{24})$/.exec(chat)?.[1];

/** The key's last four characters: enough to tell webhooks apart. */
export const tailOf = (key: string): string => `…${key.slice(-4)}`;
