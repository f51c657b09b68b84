/**
 * The OAuth authorisation of both dialects: granted on the platform's page, stored as two tokens, renewed before it ends.
 * Renewing uses the refresh token up and gives two new ones.
 */
import { countOf, present, textOf } from '../../fields.ts';
import { refuse } from '../refuse.ts';
import { PlatformFault, type Session, type Authorisation, type Credentials, type Platform, type Refusal } from '../platform.ts';
import { nonsense, refused, type Envelope } from './envelope.ts';
import { fieldsIn, fieldName } from './field-names.ts';

/** The parts of an authorisation that differ between dialects. */
export interface Permission extends Pick<Authorisation, 'page' | 'answer'> {
  /** Requests tokens by the answer from the page or by a refresh token. `data` of the answer holds them. */
  tokens(grant: 'authorization_code' | 'refresh_token', value: string): Promise<Envelope>;
  /** The time before its end at which a token is renewed, and the time for which the refresh token outlives it. ms. */
  readonly earlyMs: number;
  readonly graceMs: number;
}

/** The parts of a session that calls need. */
export interface Login {
  readonly token: string;
  /** `bid` of 北极星, `opBizCode` of the successor. */
  readonly merchant: string;
  readonly name?: string;
}

type Granted = Exclude<Awaited<ReturnType<Authorisation['redeem']>>, Refusal>;

/** The life of a token, 30 days, where the answer does not say. */
const LIFE_S = 2_592_000;
/** The wait before another attempt to renew; the old token is used until then. A refused token of this age is not renewed yet. */
const AGAIN_MS = 3_600_000;

export function createAuthorisation(permission: Permission, now: () => number) {
  const { earlyMs, graceMs } = permission;

  /** Makes one token request. It touches no coupon, so a call that waits for it did nothing, whatever its outcome. */
  const ask = async (
    grant: Parameters<Permission['tokens']>[0],
    value: string,
    former: Credentials,
  ): Promise<Granted | Refusal<'unauthorised'>> => {
    const at = now();
    try {
      const answer = await permission.tokens(grant, value);
      if (answer.success) return { kind: 'granted', credentials: kept(answer.data, at, former) };
      return { ...refused(answer), reason: 'unauthorised' };
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      if (error.kind === 'unauthorised') return refuse('unauthorised');
      throw new PlatformFault(error.kind, 'not-done', error.message, error.cause);
    }
  };

  /** Turns tokens into credentials. Fields that the answer does not repeat stay, except the refresh token: it is valid once. */
  const kept = (data: unknown, at: number, former: Credentials): Credentials => {
    const row = fieldName(data) ?? {};
    const accessToken = textOf(row['accesstoken']);
    const merchant = textOf(row['bid']) ?? textOf(row['opbizcode']) ?? former['merchant'];
    if (accessToken === undefined || merchant === undefined) throw nonsense(false, 'authorised without a token');
    const life = (countOf(row['expiresin']) || countOf(row['expirein']) || LIFE_S) * 1000;
    const goodUntil = at + life;
    const tokens = { refreshToken: textOf(row['refreshtoken']), left: textOf(row['remainrefreshcount']) };
    return present({
      ...former,
      ...tokens,
      merchant,
      name: textOf(row['opbizname']) ?? former['name'],
      accessToken,
      grantedAt: String(at),
      renewAt: String(at + Math.max(life - earlyMs, Math.floor(life / 2))),
      goodUntil: String(goodUntil),
      endsAt: String(isRenewable(tokens) ? goodUntil + graceMs : goodUntil),
    });
  };

  const renew = async (credentials: Credentials): Promise<Granted | Refusal<'unauthorised'> | PlatformFault> => {
    const { refreshToken = '' } = credentials;
    if (!isRenewable(credentials)) return refuse('unauthorised');
    try {
      return await ask('refresh_token', refreshToken, credentials);
    } catch (error) {
      if (error instanceof PlatformFault) return error;
      throw error;
    }
  };

  const authorisation: Authorisation = {
    page: permission.page,
    answer: permission.answer,
    redeem: (answer) => ask('authorization_code', answer, {}),
    term: (credentials) => ({
      endsAt: timeIn(credentials, 'endsAt'),
      renewAt: timeIn(credentials, 'renewAt'),
      ...present({ renewalsLeft: isRenewable(credentials) ? countOf(credentials['left']) : 0 }),
    }),
  };

  const login: Platform['login'] = async (credentials, refusedToken) => {
    const at = now();
    const renewAt = timeIn(credentials, 'renewAt');
    // Renewals are counted: one that did not help is not repeated at every call.
    const isRefused = accessTo(credentials, 0).token === refusedToken && at >= timeIn(credentials, 'grantedAt') + AGAIN_MS;
    if (at < renewAt && !isRefused) return accessTo(credentials, renewAt);
    if (at >= timeIn(credentials, 'endsAt')) return refuse('unauthorised');
    const answer = await renew(credentials);
    if (!(answer instanceof PlatformFault) && answer.kind === 'granted') {
      const { credentials: renewed } = answer;
      return { ...accessTo(renewed, timeIn(renewed, 'renewAt')), renewed };
    }
    // The former token is valid until its own end, whatever prevented its renewal, unless the platform refuses it.
    const goodUntil = timeIn(credentials, 'goodUntil');
    if (at < goodUntil && !isRefused) return accessTo(credentials, Math.min(at + AGAIN_MS, goodUntil));
    if (answer instanceof PlatformFault) throw answer;
    return answer;
  };

  return { authorisation, login };
}

function accessTo({ accessToken = '', merchant = '', name }: Credentials, expiresAt: number): Session {
  const login: Login = { token: accessToken, merchant, ...present({ name }) };
  return { token: JSON.stringify(login), expiresAt };
}

/** Reads the login from a session's token. */
export function loginOf(session: Session): Login {
  const fields = fieldsIn(session.token);
  const token = textOf(fields['token']);
  const merchant = textOf(fields['merchant']);
  if (token === undefined || merchant === undefined) throw new PlatformFault('unauthorised', 'not-done', 'the login is none');
  return { token, merchant, ...present({ name: textOf(fields['name']) }) };
}

const timeIn = (credentials: Credentials, name: 'grantedAt' | 'renewAt' | 'goodUntil' | 'endsAt'): number =>
  countOf(credentials[name]) ?? 0;

/** Whether an authorisation can be renewed: with a refresh token, and unless the platform's count has reached zero. */
const isRenewable = ({ refreshToken, left }: Partial<Record<'refreshToken' | 'left', string | undefined>>): boolean =>
  refreshToken !== undefined && left !== '0';
