/** Sends calls to Douyin's open platform with the application's token, which is renewed once where it is refused. */
import type { Log } from '../../log.ts';
import type { JsonHttp } from '../json-http.ts';
import { readAnswer, type Answer, type No } from './envelope.ts';
import { PlatformFault } from '../platform.ts';
import { TOKEN_CODES, UNAUTHORISED_CODES } from './errors.ts';
import type { GetAppToken } from './token.ts';

/** Text parameters of a query. Encoded once. */
export type Query = Readonly<Record<string, string>>;

export interface Gateway {
  /** Reads. `account` is the merchant's root account: it routes the call. */
  read(account: string, path: string, query: Query): Promise<Answer>;
  /** Changes something: a lost answer is of unknown outcome. Ids in `body` are text, numbers are numbers. */
  write(account: string, path: string, body: object): Promise<Answer>;
}

export interface GatewayParts {
  readonly http: JsonHttp;
  readonly baseUrl: string;
  readonly token: GetAppToken;
  readonly log: Pick<Log, 'warn'>;
}

export function createGateway({ http, baseUrl, token, log }: GatewayParts): Gateway {
  type Send = (accessToken: string) => Promise<Answer>;

  /** Repeats a call once whose token was refused: it did nothing. */
  const call = async (path: string, send: Send): Promise<Answer> => {
    const first = await token();
    if (typeof first !== 'string') return refusedApp(first);
    let answer = await send(first);
    if (!answer.success && TOKEN_CODES.has(answer.code)) {
      const second = await token(first);
      if (typeof second !== 'string') return refusedApp(second);
      answer = await send(second);
    }
    if (!answer.success) {
      const { code, subCode, logId, words } = answer;
      log.warn('Douyin refused a call', { path, code, subCode, logId });
      if (UNAUTHORISED_CODES.has(code))
        throw new PlatformFault('unauthorised', 'not-done', 'the merchant has not authorised this application', undefined, words);
    }
    return answer;
  };

  const headers = (account: string, accessToken: string) => ({
    'access-token': accessToken,
    'content-type': 'application/json',
    'rpc-transit-life-account': account,
  });

  return {
    read: (account, path, query) =>
      call(path, async (accessToken) => {
        const url = new URL(`${baseUrl}${path}?${new URLSearchParams(query).toString()}`);
        return readAnswer(await http({ method: 'GET', url, headers: headers(account, accessToken), writes: false }), false);
      }),
    write: (account, path, body) =>
      call(path, async (accessToken) => {
        const request = { method: 'POST', url: new URL(baseUrl + path), headers: headers(account, accessToken) } as const;
        return readAnswer(await http({ ...request, body: JSON.stringify(body), writes: true }), true);
      }),
  };
}

const refusedApp = ({ code, words }: { readonly code: string; readonly words: string }): No => ({
  success: false,
  code,
  subCode: undefined,
  words,
  logId: undefined,
});
