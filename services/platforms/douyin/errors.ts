/** The published error codes of Douyin's life services, and what each means: of an envelope, and of one result of a verification. */
import { meaningOf, type Meaning } from '../phrases.ts';

/** The access token is over or wrong. The call did nothing; it is repeated once with another token. */
export const TOKEN_CODES: ReadonlySet<string> = new Set(['2190002', '2190008', '28001008']);
/** The merchant has not authorised this application, or no longer. The call did nothing. */
export const UNAUTHORISED_CODES: ReadonlySet<string> = new Set(['2119005', '1508']);
/** Parameters that it cannot read. */
export const PARAMETER_CODES: ReadonlySet<string> = new Set(['2100005', '2119001', '28001007', '200002']);
/** The token itself was asked for too often. */
export const TOKEN_TOO_OFTEN = '10020';
/** Our own code for an application whose key or secret is refused. */
export const APP_REFUSED = 'app';
/** A refusal by the business, whose reason stands in words and in a sub-code. It is documented as one that may be repeated. */
export const BUSINESS = '3000001';
/** The sub-code of an undo that came too late; final, also within the hour. */
export const UNDO_LATE = '2034000910';

const CODES: Readonly<Partial<Record<Meaning, readonly string[]>>> = {
  temporary: ['2100001', '2100004', '2119002', '28001005', '5000001', '6001001'],
  // Nothing was done: too many calls, or a token that was refused twice.
  busy: ['2119003', '28003018', ...TOKEN_CODES, TOKEN_TOO_OFTEN],
  quota: ['2190001', '28003017'],
  // Parameters that it cannot read: a shop of another account, or a fault of ours.
  config: [...PARAMETER_CODES, '1502', '4000001', '4000002'],
  // The application lacks a right or a capability, is banned, or is offline.
  operator: ['2100007', '2190004', '28001014', '28001018', '2119008', '28001016', '2119010', APP_REFUSED],
  unauthorised: [...UNAUTHORISED_CODES],
  'wrong-store': ['3000002'],
  'not-found': ['1212', '1033000519', '3100101'],
  used: ['1208', '2'],
  // Not paid for yet; being given away as a present.
  unusable: ['2119006', '2119007'],
  hidden: ['45005117'],
  risk: ['1229'],
  count: ['1241'],
};

/** Codes of one result that an envelope does not have. 1221: the encrypted code cannot be read. */
const RESULT_CODES: Readonly<Record<string, Meaning>> = { '1221': 'hidden' };
/** No longer valid: the words say why, if anything does. */
const INVALID = '1250';
const WHY_INVALID: ReadonlySet<Meaning> = new Set(['used', 'expired', 'refunded', 'frozen']);

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  Object.entries(CODES).flatMap(([meaning, codes]) => codes.map((code) => [code, meaning as Meaning] as const)),
);

/** Gives the meaning of a code; undefined where the words have to tell. */
export function meaningOfCode(code: string, words: string): Meaning | undefined {
  if (code !== INVALID) return MEANINGS.get(code);
  const why = meaningOf(words);
  return WHY_INVALID.has(why) ? why : 'unusable';
}

/** Gives the meaning of the result of one coupon. */
export const meaningOfResult = (code: string, words: string): Meaning | undefined =>
  RESULT_CODES[code] ?? meaningOfCode(code, words);
