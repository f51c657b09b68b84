/** A merchant's own system: it has a key that an owner made, and every answer it gets has to be a documented one. */
import { createDocumented, type Document } from '../bot/http/api/documented.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import type { Harness } from './harness.ts';

export interface Asked {
  readonly body?: unknown;
  /** The Idempotency-Key. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  // A story says what it expects of it.
  readonly body: Record<string, unknown>;
}

export type Scopes = '只读' | '读+核销' | '读+核销+撤销';

/** The owner makes a key by `/api`; gives it as text. */
export async function makeKey(
  bot: Harness,
  owner: FakePerson,
  scopes: Scopes = '读+核销+撤销',
  name = '收银台',
): Promise<string> {
  const [list] = await bot.ask(owner, `/api ${name}`);
  await bot.press(owner, list!, scopes);
  const said = owner.chat.messages.findLast((message) => message.byBot && message.text.includes('hx_'));
  return /hx_[\w-]{32}/.exec(said?.text ?? '')?.[0] ?? 'no key';
}

const TEMPLATES: readonly (readonly [RegExp, string])[] = [
  [/^\/verifications\/[^/]+\/undo$/, '/verifications/{id}/undo'],
  [/^\/verifications\/[^/]+$/, '/verifications/{id}'],
  [/^\/summaries\/[^/]+$/, '/summaries/{day}'],
];
export const templateOf = (path: string): string => TEMPLATES.find(([form]) => form.test(path))?.[1] ?? path;

/** `undocumented`: the call is about something the document does not promise, such as another method. */
export async function openClient(bot: Harness, secret: string) {
  const base = `${bot.url}/api/v1`;
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as Document;
  const documented = createDocumented(document);
  const call = async (method: string, path: string, { body, key, headers = {} }: Asked = {}): Promise<Got> => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answered = { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.json() };
    const wrong = documented(method, templateOf(path.split('?')[0]!), answered);
    if (wrong !== undefined && response.status !== 405 && document.paths[templateOf(path.split('?')[0]!)]) throw new Error(wrong);
    return { status: response.status, headers: response.headers, body: answered.body as Record<string, unknown> };
  };
  let keys = 0;
  return {
    document,
    call,
    get: (path: string) => call('GET', path),
    lookup: (code: string) => call('POST', '/lookups', { body: { code } }),
    verify: (code: string, more: object = {}, key = `call-${(keys += 1)}`) =>
      call('POST', '/verifications', { body: { code, ...more }, key }),
    undo: (id: unknown, key = `call-${(keys += 1)}`) => call('POST', `/verifications/${String(id)}/undo`, { key }),
  };
}
