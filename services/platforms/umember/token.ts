/** The expiry of umember's tokens. */
import { isRecord } from '../../fields.ts';

/** The time for which a token without an expiry is used. Tokens live a day, and a newer one does not end the older. */
const USED_FOR_MS = 20 * 60 * 60_000;
const MARGIN_MS = 10 * 60_000;

/** Gives the time until which a token is used, ms: its own `exp` less a margin where it is a JWT, otherwise 20 hours on. */
export function expiryOf(token: string, now: number): number {
  const left = jwtExpiry(token) - now;
  return left > 0 ? now + left - Math.min(MARGIN_MS, left / 2) : now + USED_FOR_MS;
}

/** Reads the `exp` of a JWT, ms; NaN where there is none. */
function jwtExpiry(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isRecord(claims) && typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
