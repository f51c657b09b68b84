/** The sentences as they stand: every language says everything, with the same arguments, and nothing is lost on the way. */
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';
import { readSentences, writeKeys } from '../../locales/generate.ts';
import { LOCALES, type Locale } from '../../locales/index.ts';

const read = (file: string): string => readFileSync(new URL(`../../locales/${file}`, import.meta.url), 'utf8');
const chinese = readSentences(read('zh-CN.ftl'));

it('keys.ts is what the Chinese file says: run "npm run sentences" when it is not', () => {
  expect(read('keys.ts')).toBe(writeKeys(chinese));
});

describe.each(LOCALES)('%s', (locale: Locale) => {
  const sentences = readSentences(read(`${locale}.ftl`));
  const resource = new FluentResource(read(`${locale}.ftl`));
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const faults = bundle.addResource(resource);
  /** What is said, and what went wrong in saying it. */
  const say = (key: string, given: Record<string, string | number>): { text: string; errors: Error[] } => {
    const errors: Error[] = [];
    return { text: bundle.formatPattern(bundle.getMessage(key)!.value!, given, errors), errors };
  };
  const all = (value: string | number): Record<string, string | number> =>
    Object.fromEntries([...chinese.values()].flat().map((name) => [name, value]));

  it('has the sentences of the Chinese file, with the same arguments', () => {
    expect(Object.fromEntries(sentences)).toEqual(Object.fromEntries(chinese));
  });

  it('loses none when it is loaded', () => {
    expect(faults).toEqual([]);
    expect([...sentences.keys()].filter((key) => !bundle.getMessage(key)?.value)).toEqual([]);
  });

  it.each([...chinese.keys()])('says %s with numbers and with words, and mentions every argument', (key) => {
    for (const value of [0, 1, 2, 21, 'x']) {
      const { text, errors } = say(key, all(value));
      expect(errors).toEqual([]);
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/[{}$\u2068\u2069]/);
    }
    for (const name of sentences.get(key) ?? []) {
      const shown = [0, 1, 7].some(
        (n) => say(key, { ...all('x'), [name]: n }).text !== say(key, { ...all('x'), [name]: 'y' }).text,
      );
      expect(shown, `$${name}`).toBe(true);
    }
  });
});

describe('languages', () => {
  it('speaks plainly: no sentence that readers stumbled over has come back', () => {
    const stumbled = /= Left\.$|let the store go|leave what you began|no way in for customers|Authorisation: fine/m;
    expect(read('en.ftl')).not.toMatch(stumbled);
    // 接口 is a developer's word for what merchants pay for.
    expect(read('zh-CN.ftl')).not.toMatch(/剩余接口次数/);
  });

  it('are written in their own script', () => {
    const han = (file: string): number => (read(file).match(/\p{Script=Han}/gu) ?? []).length;
    expect(han('zh-CN.ftl')).toBeGreaterThan(1000);
    expect(han('en.ftl')).toBeLessThan(200);
  });
});
