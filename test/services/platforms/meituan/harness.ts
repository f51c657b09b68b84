/** The two dialects before the double, authorised: what the tests of this platform begin with. */
import { createDianping } from '../../../../services/platforms/meituan/dianping.ts';
import { createMeituan } from '../../../../services/platforms/meituan/meituan.ts';
import { PlatformFault, type Session, type Credentials, type Platform } from '../../../../services/platforms/platform.ts';
import { createJsonHttp, type JsonHttp } from '../../../../services/platforms/json-http.ts';
import { APP, startMeituan, type DialectName } from '../../../doubles/meituan.ts';

export const DIALECTS = ['dianping', 'meituan'] as const satisfies readonly DialectName[];
export const DAY = 86_400_000;

/** One dialect, before whatever answers at `baseUrl`. */
export function platformOf(dialect: DialectName, baseUrl: string, now: () => number, http: JsonHttp): Platform {
  const parts = { http, baseUrl, authUrl: `${baseUrl}/`, now };
  return dialect === 'dianping'
    ? createDianping({ ...parts, appKey: APP.key, appSecret: APP.secret, returnTo: 'http://localhost/oauth/dianping' })
    : createMeituan({ ...parts, developerId: APP.developerId, signKey: APP.signKey });
}

/** A double and a clock that tests move. */
export async function openHarness(dialect: DialectName) {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const double = await startMeituan({ now });
  const platform = platformOf(dialect, double.url, now, createJsonHttp());
  /** The same, for answers that never come. */
  const impatient = platformOf(dialect, double.url, now, createJsonHttp({ timeoutMs: 500 }));
  const redeem = async (): Promise<Credentials> => {
    const { page, answer, redeem: give } = platform.authorisation!;
    const granted = await give((await double.approve(page('s-1'))).get(answer)!);
    if (granted.kind !== 'granted') throw new Error('the authorisation was refused');
    return granted.credentials;
  };
  const login = async (credentials: Credentials): Promise<Session> => {
    const session = await platform.login(credentials);
    if ('kind' in session) throw new Error('the login was refused');
    return session;
  };
  const credentials = await redeem();
  return {
    double,
    platform,
    impatient,
    credentials,
    session: await login(credentials),
    store: [...double.books.shops.keys()][0]!,
    now,
    redeem,
    login,
    pass: (ms: number): void => void (ahead += ms),
  };
}

export type Harness = Awaited<ReturnType<typeof openHarness>>;

export async function faultOf(call: Promise<unknown>): Promise<PlatformFault> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
  return error;
}
