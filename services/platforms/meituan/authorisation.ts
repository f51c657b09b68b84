/**
 * The life of an authorisation: given on the platform's page, kept as two tokens, renewed before it ends. Renewing uses the
 * refresh token up and brings two new ones.
 */
import { countOf, present, textOf } from '../fields.ts';
import { refuse } from '../refuse.ts';
import { PlatformFault, type Session, type Authorisation, type Credentials, type Platform, type Refusal } from '../platform.ts';
import { nonsense, refused, type Envelope } from './envelope.ts';
import { fieldsIn, fieldName } from './field-names.ts';

/** What a dialect says about authorisations. */
export interface Permission extends Pick<Authorisation, 'page' | 'answer'> {
  /** Asks for tokens, by the answer from the page or by a refresh token. `data` of the answer holds them. */
  tokens(grant: 'authorization_code' | 'refresh_token', value: string): Promise<Envelope>;
  /** How long before its end a token is renewed, and how much longer than it the refresh token lives. ms. */
  readonly earlyMs: number;
  readonly graceMs: number;
}

/** What calls need of a login. */
export interface Login {
  readonly token: string;
  /** `bid` of 北极星, `opBizCode` of the successor. */
  readonly merchant: string;
  readonly name?: string;
}

type Granted = Exclude<Awaited<ReturnType<Authorisation['redeem']>>, Refusal>;

/** 30 days, where the answer does not say. */
const LIFE_S = 2_592_000;
/** An old token serves on that long, at most, until renewing is tried again. */
const AGAIN_MS = 3_600_000;

export function createAuthorisation(permission: Permission, now: () => number) {
  const { earlyMs, graceMs } = permission;

  /** One request. No coupon is touched by it, so a call that waits for it did nothing, whatever becomes of this. */
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

  /** Tokens as credentials. What an answer does not repeat stays, but for the refresh token: it serves once. */
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

  const login: Platform['login'] = async (credentials) => {
    const at = now();
    const renewAt = timeIn(credentials, 'renewAt');
    if (at < renewAt) return accessTo(credentials, renewAt);
    if (at >= timeIn(credentials, 'endsAt')) return refuse('unauthorised');
    const answer = await renew(credentials);
    if (!(answer instanceof PlatformFault) && answer.kind === 'granted') {
      const { credentials: renewed } = answer;
      return { ...accessTo(renewed, timeIn(renewed, 'renewAt')), renewed };
    }
    // The former token serves until its own end, whatever kept it from being renewed.
    const goodUntil = timeIn(credentials, 'goodUntil');
    if (at < goodUntil) return accessTo(credentials, Math.min(at + AGAIN_MS, goodUntil));
    if (answer instanceof PlatformFault) throw answer;
    return answer;
  };

  return { authorisation, login };
}

function accessTo({ accessToken = '', merchant = '', name }: Credentials, expiresAt: number): Session {
  const login: Login = { token: accessToken, merchant, ...present({ name }) };
  return { token: JSON.stringify(login), expiresAt };
}

/** The login inside an access, as it was put there. */
export function loginOf(session: Session): Login {
  const fields = fieldsIn(session.token);
  const token = textOf(fields['token']);
  const merchant = textOf(fields['merchant']);
  if (token === undefined || merchant === undefined) throw new PlatformFault('unauthorised', 'not-done', 'the login is none');
  return { token, merchant, ...present({ name: textOf(fields['name']) }) };
}

const timeIn = (credentials: Credentials, name: 'renewAt' | 'goodUntil' | 'endsAt'): number => countOf(credentials[name]) ?? 0;

/** Not without a refresh token, nor where the platform counts and the count is over. */
const isRenewable = ({ refreshToken, left }: Partial<Record<'refreshToken' | 'left', string | undefined>>): boolean =>
  refreshToken !== undefined && left !== '0';
