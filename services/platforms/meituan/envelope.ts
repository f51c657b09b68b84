/** Reads the answers of both gateways, `{code, msg, data}`, and gives codes and words of a no their meaning. */
import { isRecord, textOf, type Fields } from '../../fields.ts';
import { meaningOf, type Meaning } from '../phrases.ts';
import { hideCodes, refuseRead, refuseWrite, type No } from '../refuse.ts';
import { PlatformFault, type FinalNo, type Refusal, type Write } from '../platform.ts';
import type { JsonAnswer } from '../json-http.ts';
import { rowsOf } from './field-names.ts';

export interface Envelope {
  readonly success: boolean;
  /** As text: 200, 1008, OP_SUCCESS. */
  readonly code: string;
  readonly words: string;
  /** Undefined where missing. The no for a used coupon has its data too. */
  readonly data: unknown;
}

/** The known codes: 1008 was seen, 1006 and 1029 are reported by others. The rest is not published. */
const MEANINGS: Readonly<Record<string, Meaning>> = { '1006': 'not-found', '1008': 'used', '1029': 'undo-late' };

/** Codes that by their names mean a failure of the gateway. */
const TROUBLE = /^5\d\d$|SYSTEM|INTERNAL|TIME_?OUT|BUSY/i;

/** Reads an answer. `yes` is the code that means yes. */
export function readAnswer({ status, json }: JsonAnswer, yes: string, writes: boolean): Envelope {
  const code = isRecord(json) ? textOf(json['code']) : undefined;
  const good = status >= 200 && status < 300;
  if (!isRecord(json) || code === undefined || (!good && code === yes)) throw nonsense(writes, `no answer (HTTP ${status})`);
  return { success: code === yes, code, words: textOf(json['msg']) ?? '', data: json['data'] };
}

/**
 * Passes an answer on, unless it refuses the login: that is a fault `unauthorised`, `not-done`, because the gateway checks the
 * login before the coupon. The codes are unknown, so the words must be about sessions, tokens or 授权. A write is repeated
 * afterwards, so a write's words must say that they are invalid and nothing else.
 */
export function admitted(answer: Envelope, writes: boolean): Envelope {
  if (!answer.success && !(answer.code in MEANINGS)) {
    if ((!writes && /session|token|授权/i.test(answer.words)) || meaningOf(answer.words) === 'unauthorised') {
      throw new PlatformFault('unauthorised', 'not-done', `the login is refused (code ${shown(answer.code)})`);
    }
  }
  return answer;
}

/** Judges the no to a read; throws where it is about the platform's own state. */
export const refused = (answer: Envelope): Refusal => refuseRead(noIn(answer));

/** Judges the no to a write; throws where it is not final. */
export const refusedWrite = <W extends Write>(write: W, answer: Envelope): Refusal<FinalNo<W>> =>
  refuseWrite(write, noIn(answer));

function noIn({ code, words }: Envelope): No {
  const told = MEANINGS[code] ?? meaningOf(words);
  return { words, code, meaning: told === 'other' && TROUBLE.test(code) ? 'temporary' : told };
}

/** Gives the rows of a list. A list has no refusals of its own, so a no is a fault. */
export function listed(answer: Envelope): readonly Fields[] {
  if (!answer.success) {
    refused(answer);
    throw nonsense(false, `refused a list (code ${shown(answer.code)})`);
  }
  const rows = rowsOf(answer.data);
  if (!rows) throw nonsense(false, 'a list that is none');
  return rows;
}

/** The fault of an answer without a meaning. */
export function nonsense(writes: boolean, what: string): PlatformFault {
  return new PlatformFault('nonsense', writes ? 'unknown' : 'not-done', what);
}

const shown = (code: string): string => hideCodes(code).slice(0, 40);
