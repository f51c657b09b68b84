/** Client of WeCom's API: adds the access token, turns every errcode but 0 into a fault, keeps secrets out of faults. */
import type { Log } from '../../services/log.ts';
import type { Collection } from '../../services/database/collections.ts';
import { createAccessToken, type KeptToken } from './access-token.ts';
import { judge, mediaIdIn, type Answer } from './envelope.ts';
import { createWecomHttp, type Asked, type Answered } from './http.ts';
import { BUSY, hasCode, IP_NOT_TRUSTED, TOKEN_OVER, TOO_OFTEN, WecomFault } from './fault.ts';
import { multipart, type Media } from './multipart.ts';

/** One call: `query` beside the token; a `body` makes it a POST of JSON. */
export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Upload limits in bytes: https://developer.work.weixin.qq.com/document/path/90253 */
export const UPLOAD_LIMITS = { image: 10_485_760, voice: 2_097_152, video: 10_485_760, file: 20_971_520 } as const;
/** Limit of a download; WeCom gives larger files in parts only. */
const DOWNLOAD_LIMIT = 20_971_520;
const ANSWER_LIMIT = 4_194_304;
/** Delays before the retries of a call that WeCom answers as busy. */
const BUSY_WAITS_MS = [200, 1000, 3000] as const;
/** Pause after WeCom's limit per minute was exceeded: the call is closed for about a minute. */
const REST_MS = 60_000;

export interface Api {
  /** `call('/message/send', { body })`. Rejects with a `WecomFault`. Retries by itself only where certainly nothing was done. */
  call(path: string, call?: Call): Promise<Answer>;
  /** Uploads a file; gives its media id, valid for three days. */
  upload(kind: keyof typeof UPLOAD_LIMITS, media: Media): Promise<string>;
  download(mediaId: string): Promise<{ readonly type: string; readonly bytes: Buffer }>;
  /** Checks the corporation's id and secret: fetches a token unless one is cached. Rejects with a `WecomFault`. */
  login(): Promise<void>;
}

export interface ApiOptions {
  /** Base address without a trailing slash. */
  readonly base: string;
  readonly corpId: string;
  readonly secret: string;
  /** A collection with lifetime `TOKEN_MS`. */
  readonly tokens: Collection<KeptToken>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
  /** Time limit of one exchange; uploads and downloads have three times as long. */
  readonly timeoutMs?: number;
}

export function createApi({ base, corpId, secret, tokens, now, wait, log, timeoutMs = 10_000 }: ApiOptions): Api {
  const quick = createWecomHttp({ timeoutMs });
  const patient = createWecomHttp({ timeoutMs: timeoutMs * 3 });
  const restUntil = new Map<string, number>();

  const address = (path: string, query: Readonly<Record<string, string>>): URL =>
    new URL(`${base}/cgi-bin${path}?${new URLSearchParams(query).toString()}`);

  const access = createAccessToken({
    corpId,
    secret,
    tokens,
    now,
    async fetchToken() {
      const url = address('/gettoken', { corpid: corpId, corpsecret: secret });
      const about = 'gettoken';
      const answer = judge(about, await quick({ method: 'GET', url, maxBytes: ANSWER_LIMIT }, about), [secret]);
      const { access_token: token, expires_in: seconds } = answer;
      if (typeof token !== 'string' || token === '' || typeof seconds !== 'number')
        throw new WecomFault(about, 'an answer without a token');
      return { token, seconds };
    },
  });

  /** Runs `send` with a token; renews the token or retries where WeCom says so. */
  async function insist<T>(path: string, send: (token: string) => Promise<T>): Promise<T> {
    if ((restUntil.get(path) ?? 0) > now()) throw new WecomFault(path, 'called too often, resting', { errcode: 45009 });
    let stale: string | undefined;
    for (let busy = 0; ;) {
      const token = await access.get(stale);
      try {
        return await send(token);
      } catch (error) {
        if (hasCode(error, TOKEN_OVER) && stale === undefined) {
          stale = token;
          continue;
        }
        const pause = BUSY_WAITS_MS[busy];
        if (hasCode(error, BUSY) && pause !== undefined) {
          busy += 1;
          await wait(pause);
          continue;
        }
        if (hasCode(error, TOO_OFTEN)) restUntil.set(path, now() + REST_MS);
        if (hasCode(error, IP_NOT_TRUSTED))
          log.error('WeCom does not trust the address of this machine: add it under 企业可信IP of the app', {
            ip: error.seenIp ?? 'not told',
          });
        throw error;
      }
    }
  }

  const once = async (
    path: string,
    token: string,
    asked: Omit<Asked, 'url'>,
    query: Readonly<Record<string, string>> = {},
    http = quick,
  ): Promise<Answered> => await http({ ...asked, url: address(path, { access_token: token, ...query }) }, path);

  return {
    login: async () => void (await access.get()),
    call: (path, { query, body } = {}) =>
      insist(path, async (token) => {
        const asked = body
          ? { method: 'POST' as const, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
          : { method: 'GET' as const };
        return judge(path, await once(path, token, { ...asked, maxBytes: ANSWER_LIMIT }, query), [token, secret]);
      }),
    async upload(kind, media) {
      const path = '/media/upload';
      const size = media.bytes.length;
      // WeCom refuses files of five bytes or less.
      if (size <= 5 || size > UPLOAD_LIMITS[kind]) throw new WecomFault(path, `${kind} of ${size} bytes`, { errcode: 40006 });
      const form = multipart(media);
      return await insist(path, async (token) => {
        const asked = { method: 'POST' as const, ...form, maxBytes: ANSWER_LIMIT };
        return mediaIdIn(path, judge(path, await once(path, token, asked, { type: kind }, patient), [token, secret]));
      });
    },
    download: (mediaId) =>
      insist('/media/get', async (token) => {
        const asked = { method: 'GET' as const, maxBytes: DOWNLOAD_LIMIT };
        const answer = await once('/media/get', token, asked, { media_id: mediaId }, patient);
        // A failure is HTTP 200, too: only the type tells it from a picture.
        if (answer.type === 'application/json' || answer.type === 'text/plain') {
          judge('/media/get', answer, [token, secret]);
          throw new WecomFault('/media/get', 'an answer without a file');
        }
        return answer;
      }),
  };
}
