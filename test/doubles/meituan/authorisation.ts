/** Authorisation of the fake Meituan: signatures by an implementation of its own, OAuth pages, and tokens that expire. */
import { createHash, randomBytes } from 'node:crypto';
import { parseTime } from '../../../services/time/platform-time.ts';

export type DialectName = 'dianping' | 'meituan';

export const APP = {
  key: 'aabbccddeeff0011',
  secret: '0123456789abcdef0123456789abcdef01234567',
  developerId: '100000',
  signKey: 'signkey-demo',
} as const;

/** Requests signed longer ago, or ahead, are refused. */
const SKEW_MS = 600_000;
const DAY_MS = 86_400_000;
const CODE_MS = 600_000;

/** As the platforms' pages describe it: bytes in order, one after another. */
export function signatureOf(dialect: DialectName, parameters: URLSearchParams): string {
  const hash = createHash(dialect === 'dianping' ? 'md5' : 'sha1');
  const names = [...new Set(parameters.keys())].filter((name) => name !== 'sign');
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  hash.update(dialect === 'dianping' ? APP.secret : APP.signKey);
  for (const name of names) hash.update(name).update(parameters.get(name)!);
  if (dialect === 'dianping') hash.update(APP.secret);
  return hash.digest('hex');
}

/** Checks a signed request; gives its error, if any. */
export function wrongIn(dialect: DialectName, parameters: URLSearchParams, now: number): string | undefined {
  const app = dialect === 'dianping' ? parameters.get('app_key') === APP.key : parameters.get('developerId') === APP.developerId;
  if (!app) return '应用不存在';
  if ([...parameters.values()].includes('')) return '参数为空';
  if (parameters.get('sign') !== signatureOf(dialect, parameters)) return '签名错误';
  const written = parameters.get('timestamp') ?? '';
  const shape = dialect === 'dianping' ? /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/ : /^\d{10}$/;
  if (!shape.test(written) || Math.abs((parseTime(written) ?? 0) - now) > SKEW_MS) return '时间戳有误';
  return undefined;
}

interface Permit {
  readonly dialect: DialectName;
  /** Whose: the merchant's bid, or the shop's opBizCode. */
  readonly whose: string;
  readonly until: number;
  /** Address that the page sent its answer to, where the request for tokens has to repeat it. */
  readonly returnTo?: string | undefined;
}

export type Permits = ReturnType<typeof createPermits>;

export function createPermits(now: () => number) {
  const codes = new Map<string, Permit>();
  const sessions = new Map<string, Permit>();
  const refreshers = new Map<string, Permit>();
  /** Renewals that 北极星 still allows, by merchant. */
  const left = new Map<string, number>();
  const random = (): string => randomBytes(20).toString('hex');

  const take = (from: Map<string, Permit>, token: string, dialect: DialectName): Permit | undefined => {
    const permit = from.get(token);
    if (permit?.dialect !== dialect) return undefined;
    from.delete(token);
    return permit.until > now() ? permit : undefined;
  };

  /** Tokens for an answer from the page, or for a refresh token: each serves once. */
  const give = (from: 'code' | 'refresh', token: string, dialect: DialectName, returnTo?: string) => {
    const permit = take(from === 'code' ? codes : refreshers, token, dialect);
    if (!permit || permit.returnTo !== returnTo) return undefined;
    const { whose } = permit;
    const before = left.get(whose) ?? 12;
    if (from === 'refresh' && dialect === 'dianping' && before === 0) return undefined;
    const remaining = from === 'refresh' ? before - 1 : before;
    left.set(whose, remaining);
    const tokens = { access: random(), refresh: random() };
    const seconds = (30 * DAY_MS) / 1000;
    sessions.set(tokens.access, { dialect, whose, until: now() + 30 * DAY_MS });
    refreshers.set(tokens.refresh, { dialect, whose, until: now() + (dialect === 'dianping' ? 30 : 35) * DAY_MS });
    return { whose, ...tokens, seconds, remaining };
  };

  return {
    give,
    left,
    /** Somebody pressed yes on the page. */
    approve: (dialect: DialectName, whose: string, returnTo?: string): string => {
      const code = random();
      codes.set(code, { dialect, whose, until: now() + CODE_MS, returnTo });
      return code;
    },
    /** Whose session it is, while it lasts. */
    holder: (token: string, dialect: DialectName): string | undefined => {
      const permit = sessions.get(token);
      return permit?.dialect === dialect && permit.until > now() ? permit.whose : undefined;
    },
    /** Every token given so far is refused from now on; refreshing still works. */
    endLogins: (): void => sessions.clear(),
    /** Refreshing does not work any more either. */
    revoke: (): void => {
      sessions.clear();
      refreshers.clear();
    },
  };
}
