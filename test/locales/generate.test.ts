import { describe, expect, it } from 'vitest';
import { readSentences, writeKeys } from '../../locales/generate.ts';

describe('reading sentences', () => {
  it('finds every argument: plain, in a function, in a selector and its variants, in a term and in another sentence', () => {
    const sentences = readSentences(`
-shop = 店 { $term }
plain = 你好
total = { $total } { NUMBER($count) }
count = { $n ->
    [one] { $single }
   *[other] { $many }
}
uses = { total } { -shop }
`);
    expect(Object.fromEntries(sentences)).toEqual({
      count: ['many', 'n', 'single'],
      plain: [],
      total: ['count', 'total'],
      uses: ['count', 'total'],
    });
  });

  it.each([
    ['a line that is not Fluent', 'fine = 好\nnot fluent at all\n', 'not Fluent: not fluent at all'],
    ['an open brace', 'fine = { $n\n', 'not Fluent: fine = { $n'],
    ['a selector without a default', 'fine = { $n ->\n    [one] 1\n}\n', 'not Fluent: fine = { $n ->'],
    ['a sentence said twice', 'a = 1\na = 2\n', 'said twice: a'],
    ['a sentence without words', 'a =\n    .label = x\n', 'without words: a'],
    ['a mention of a sentence that is not there', 'a = { b }\n', 'mentioned but not there: b'],
  ])('refuses %s', (_, ftl, why) => expect(() => readSentences(ftl)).toThrow(why));

  it('comes to an end where sentences mention each other', () => {
    expect(Object.fromEntries(readSentences('a = { b } { $x }\nb = { a } { $y }\n'))).toEqual({ a: ['x', 'y'], b: ['x', 'y'] });
  });
});

describe('writing keys', () => {
  it('sorts, and quotes what is no identifier', () => {
    const text = writeKeys(readSentences('summary-total = { $total } { $open-count }\nhelp = x\n'));
    expect(text).toContain(`export interface Sentences {
  help: null;
  'summary-total': { 'open-count': string | number; total: string | number };
}
`);
  });
});
