/** Reads the envelope of Douyin's answers: a yes with its data, or a no with its code and words. */
import { isRecord, textOf, type Fields } from '../../fields.ts';
import type { JsonAnswer } from '../json-http.ts';
import { PlatformFault, type FinalNo, type Refusal, type Write } from '../platform.ts';
import { refuseRead, refuseWrite } from '../refuse.ts';
import { BUSINESS, meaningOfCode, UNDO_LATE } from './errors.ts';

export type Answer = Yes | No;
export interface Yes {
  readonly success: true;
  readonly data: Fields;
}
export interface No {
  readonly success: false;
  readonly code: string;
  readonly subCode: string | undefined;
  readonly words: string;
  /** Support asks for it. */
  readonly logId: string | undefined;
}

export const nonsense = (writes: boolean, what: string): PlatformFault =>
  new PlatformFault('nonsense', writes ? 'unknown' : 'not-done', what);

/**
 * Reads an answer. HTTP says 200 for failures too. A yes has `data.error_code` 0, and 0 again in `extra` where there is one; a no
 * may have nothing but its code.
 */
export function readAnswer({ status, json }: JsonAnswer, writes: boolean): Answer {
  const { data, extra } = isRecord(json) ? json : {};
  const [own, more] = [isRecord(data) ? data : {}, isRecord(extra) ? extra : {}];
  const codes = [textOf(own['error_code']), textOf(more['error_code'])];
  const code = codes.find((one) => one !== undefined && one !== '0');
  if (code !== undefined) {
    const said = [more['sub_description'], own['description'], more['description']].map((words) => textOf(words));
    const subCode = textOf(more['sub_error_code']);
    return {
      success: false,
      code,
      subCode,
      words: said.find((words) => words !== undefined) ?? '',
      logId: textOf(more['logid']),
    };
  }
  if (status !== 200 || codes[0] !== '0') throw nonsense(writes, `neither a yes nor a no (HTTP ${status})`);
  return { success: true, data: own };
}

export const refused = ({ code, words }: No): Refusal => refuseRead({ words, code, meaning: meaningOfCode(code, words) });

/**
 * Judges the no to a write. Of a refusal by the business only an undo that is too late is final: for a verification the coupon is
 * asked about first, whatever the words are.
 */
export function refusedWrite<W extends Write>(write: W, { code, subCode, words }: No): Refusal<FinalNo<W>> {
  const late = write === 'undo' && subCode === UNDO_LATE;
  const known = late ? 'undo-late' : code === BUSINESS && write === 'verify' ? 'other' : meaningOfCode(code, words);
  return refuseWrite(write, { words, code, meaning: known });
}

/** Gives the rows of a list that may be missing or something else. */
export const rowsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const fieldsIn = (value: unknown): Fields => (isRecord(value) ? value : {});
