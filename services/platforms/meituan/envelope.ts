/** What comes back from either gateway: `{code, msg, data}`, and what codes and words of a no mean. */
import { isRecord, textOf, type Fields } from '../fields.ts';
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
  /** May be missing; a coupon's data also come with the no that says it is used. */
  readonly data: unknown;
}

/** 1008 was seen; 1006 and 1029 are told by others. Nobody has published the rest. */
const MEANINGS: Readonly<Record<string, Meaning>> = { '1006': 'not-found', '1008': 'used', '1029': 'undo-late' };

/** Codes that name no reason but trouble over there, as far as names can be trusted. */
const TROUBLE = /^5\d\d$|SYSTEM|INTERNAL|TIME_?OUT|BUSY/i;

/** Reads an answer. `yes` is the code that means yes. */
export function readAnswer({ status, json }: JsonAnswer, yes: string, writes: boolean): Envelope {
  const code = isRecord(json) ? textOf(json['code']) : undefined;
  const good = status >= 200 && status < 300;
  if (!isRecord(json) || code === undefined || (!good && code === yes)) throw nonsense(writes, `no answer (HTTP ${status})`);
  return { success: code === yes, code, words: textOf(json['msg']) ?? '', data: json['data'] };
}

/**
 * The same, unless it turns the login away: that is a fault `unauthorised`, `not-done`, as nobody looks at a coupon for a
 * stranger. The codes of it are not known, but it must speak of sessions, tokens or 授权; of a write, which is repeated after
 * it, it must say that they are not valid and nothing else.
 */
export function admitted(answer: Envelope, writes: boolean): Envelope {
  if (!answer.success && !(answer.code in MEANINGS)) {
    if ((!writes && /session|token|授权/i.test(answer.words)) || meaningOf(answer.words) === 'unauthorised') {
      throw new PlatformFault('unauthorised', 'not-done', `the login is refused (code ${shown(answer.code)})`);
    }
  }
  return answer;
}

/** Why a read was answered with no; throws where that is about the platform's own state. */
export const refused = (answer: Envelope): Refusal => refuseRead(noIn(answer));

/** Why a write was, for good; throws where that is not certain. */
export const refusedWrite = <W extends Write>(write: W, answer: Envelope): Refusal<FinalNo<W>> =>
  refuseWrite(write, noIn(answer));

function noIn({ code, words }: Envelope): No {
  const told = MEANINGS[code] ?? meaningOf(words);
  return { words, code, meaning: told === 'other' && TROUBLE.test(code) ? 'temporary' : told };
}

/** The rows of a list that was read. Lists refuse nobody in particular, so a no is a fault. */
export function listed(answer: Envelope): readonly Fields[] {
  if (!answer.success) {
    refused(answer);
    throw nonsense(false, `refused a list (code ${shown(answer.code)})`);
  }
  const rows = rowsOf(answer.data);
  if (!rows) throw nonsense(false, 'a list that is none');
  return rows;
}

/** An answer that cannot be made sense of. */
export function nonsense(writes: boolean, what: string): PlatformFault {
  return new PlatformFault('nonsense', writes ? 'unknown' : 'not-done', what);
}

const shown = (code: string): string => hideCodes(code).slice(0, 40);
