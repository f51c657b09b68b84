/** How well codes are read in messages: what is looked up, what is asked about, what is missed, and the time it takes. */
import { readCodes, type CodesInText } from '../../services/coupons/read-text.ts';
import { codeTexts } from '../fixtures/code-texts.ts';
import type { Figure } from './ledger.ts';
import { within } from './load.ts';

const REPEATS = 20;

/** A message of the fixture: the codes that are in it by a person's reading, and what was read. */
interface Read {
  readonly codes: readonly string[];
  readonly spelled: readonly string[];
  readonly found: CodesInText;
}

export function bench(): Promise<readonly Figure[]> {
  const texts = codeTexts();
  const read = texts.map(({ text, expected }): Read => {
    const parts = expected.split('+').filter((part) => /\d{10}/.test(part));
    return {
      codes: parts.filter((part) => /^\d/.test(part)),
      spelled: parts.filter((part) => /^.spelling:/.test(part)).map((part) => part.replace(/^.*:/, '')),
      found: readCodes(text),
    };
  });
  const none = read.filter(({ codes, spelled }) => codes.length + spelled.length === 0);

  const lookedUp = read.flatMap(({ codes, found }) => found.codes.map((code) => codes.includes(code)));
  const certain = read.flatMap(({ codes, found }) => codes.map((code) => found.codes.includes(code)));
  const meant = read.flatMap(({ codes, spelled, found }) =>
    [...codes, ...spelled].map((code) => [...found.codes, ...found.doubtful.map((one) => one.code)].includes(code)),
  );
  const silent = none.map(({ found }) => found.codes.length === 0);
  const unasked = none.map(
    ({ found }) => found.codes.length === 0 && !(found.bare && found.doubtful.some((one) => one.overheard)),
  );

  const took = texts.map(({ text }) => {
    const start = performance.now();
    for (let n = 0; n < REPEATS; n++) readCodes(text);
    return ((performance.now() - start) / REPEATS) * 1000;
  });
  return Promise.resolve([
    { what: 'messages', measured: `${texts.length}, ${none.length} without a code`, promised: '', held: true },
    share('looked up at once, and right (precision)', lookedUp, 1),
    share('codes without doubt, looked up at once (recall)', certain, 1),
    share('codes of any spelling, looked up or asked about', meant, 1),
    share('messages without a code: nothing looked up', silent, 1),
    share('messages without a code: nothing asked in a group', unasked, 0.9),
    {
      what: 'one message, p50 / p99',
      measured: `${within(took, 0.5).toFixed(0)} / ${within(took, 0.99).toFixed(0)} µs`,
      promised: '',
      held: true,
    },
  ]);
}

function share(what: string, right: readonly boolean[], promised: number): Figure {
  const good = right.filter(Boolean).length;
  return {
    what,
    measured: `${((100 * good) / right.length).toFixed(1)} % (${good} of ${right.length})`,
    promised: `${100 * promised} %`,
    held: good >= promised * right.length,
  };
}
