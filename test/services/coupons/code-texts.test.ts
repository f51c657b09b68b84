import { expect, test } from 'vitest';
import { RULES } from '../../../services/coupons/code-rules.ts';
import { readCodes } from '../../../services/coupons/read-text.ts';
import { codeTexts, reading } from '../../fixtures/code-texts.ts';

const TEXTS = codeTexts();
const SECTIONS = Map.groupBy(TEXTS, ({ section }) => section);

test.each([...SECTIONS])('%s: each message is read as a person reads it', (_, lines) => {
  const read = lines.map(({ text }) => [text, reading(readCodes(text))]);
  expect(read).toEqual(lines.map(({ text, expected }) => [text, expected]));
});

test('there are hundreds of messages, none of them twice', () => {
  expect(TEXTS.length).toBeGreaterThanOrEqual(600);
  expect(new Set(TEXTS.map(({ text }) => text)).size).toBe(TEXTS.length);
});

test.each(RULES)('the rule “$name” decides about its example', ({ example, verdict, why }) => {
  const { codes, doubtful } = readCodes(example);
  if (verdict === 'code') expect(codes).toHaveLength(1);
  else expect(codes).toEqual([]);
  if (verdict === 'none') expect(doubtful).toEqual([]);
  if (verdict.startsWith('ask')) expect(doubtful).toMatchObject([{ why, overheard: verdict === 'ask' }]);
});
