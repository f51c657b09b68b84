import { expect, test } from 'vitest';
import { asksAboutQuote } from '../../../bot/channel/quote.ts';

test.each([
  '',
  '核销',
  '核销。',
  '查',
  '查一下！',
  '请核销',
  '帮我查一下',
  '驗券',
  'verify',
  'Check this please',
  'please verify',
])('%o asks about the quoted message', (text) => expect(asksAboutQuote(text)).toBe(true));

test.each(['?', '👍', '好的', '查过了', '别核销', '核销了吗', '查 0332808512', 'checked', '日报'])('%o does not', (text) => {
  expect(asksAboutQuote(text)).toBe(false);
});
