/** The expiry of umember's tokens. */
import { expect, test } from 'vitest';
import { expiryOf } from '../../../../services/platforms/umember/token.ts';

const NOW = 1_734_278_764_000;
const HOUR = 3_600_000;
const jwt = (claims: unknown) => `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

test.each([
  ['its own word, less ten minutes', jwt({ exp: (NOW + 24 * HOUR) / 1000 }), 24 * HOUR - 600_000],
  ['half of a short life', jwt({ exp: (NOW + 60_000) / 1000 }), 30_000],
  ['20 hours, when it says nothing', jwt({ sub: 9 }), 20 * HOUR],
  ['20 hours, when it is over by a clock that must be wrong', jwt({ exp: NOW / 1000 - 5 }), 20 * HOUR],
  ['20 hours, when it is no JWT', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJVc2V123', 20 * HOUR],
  ['20 hours, when it is anything', 'abc', 20 * HOUR],
])('%s', (_, token, life) => expect(expiryOf(token, NOW)).toBe(NOW + life));
