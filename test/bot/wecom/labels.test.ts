/** The labels of all buttons fit on WeCom's cards, in both languages: nobody has to guess what a cut word means. */
import { globSync, readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { expect, test } from 'vitest';
import { BUTTON, shortLabel } from '../../../bot/wecom/template-cards.ts';
import { LOCALES, type Locale } from '../../../locales/index.ts';

/** The sentences that are labels of buttons. */
const LABELS =
  /^(?:button-|bind-change-|platform-(?!said|practice)|may-undo-\w+$|group-codes-\w+$|zone-(?!unknown|before)|setting-(?:picture|periods)-(?!about)|rule-who-|rule-all-deals|settings-(?:next|same)-date|setting-off$|language-name)/;
/** One of a dozen on its screen, where WeCom shows numbers in place of a card. */
const LISTED = /^setting-alert-|^alert-kind-|^setting-value$/;

/** What stands in a label: names as short as can be, as the text above says them; of the rest the longest there is. */
const VALUES = {
  count: 10,
  minutes: 60,
  number: 10,
  most: 100,
  time: '05:00',
  day: '11-22',
  last: '1234',
  tail: '1234',
  code: '1234',
  channel: 'Telegram',
};
const NAMES = ['name', 'other', 'store', 'place', 'chat', 'person', 'account'];

const ftl = (locale: Locale) => readFileSync(new URL(`../../../locales/${locale}.ftl`, import.meta.url), 'utf8');

function labelsOf(locale: Locale): readonly (readonly [string, string])[] {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const resource = new FluentResource(ftl(locale));
  bundle.addResource(resource);
  const values = { ...VALUES, ...Object.fromEntries(NAMES.map((name) => [name, 'x'])) };
  return resource.body
    .map(({ id }) => id)
    .filter((id) => LABELS.test(id))
    .map((id) => {
      return [id, bundle.formatPattern(bundle.getMessage(id)!.value!, values)] as const;
    });
}

test.each(LOCALES)('no label is cut on a card of WeCom: %s', (locale) => {
  const labels = labelsOf(locale);
  const cut = labels.filter(([, label]) => shortLabel(label).endsWith('…'));
  expect(cut).toEqual([]);
  // The chosen one of several has a tick before it.
  const choices = labels.filter(([id]) => /^(?:may-undo|group-codes|zone|settings-|setting-)/.test(id));
  expect(choices.length).toBeGreaterThan(20);
  expect(choices.filter(([, label]) => shortLabel(`✓ ${label}`).endsWith('…'))).toEqual([]);
  expect(Math.max(...labels.map(([, label]) => Array.from(shortLabel(label)).length))).toBeLessThanOrEqual(BUTTON);
});

test('every label of a button that handlers word is among them', () => {
  const source = globSync('handlers/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const said = source
    .flatMap((text) => text.split('\n'))
    .filter((line) => /\bverb\b/.test(line) && line.includes('label: '))
    .flatMap((line) => [...line.slice(line.indexOf('label: ')).matchAll(/say\((?:[^'`)]* \? )?['`]([\w-]+)/g)])
    .map(([, key]) => key!);
  expect(said.length).toBeGreaterThan(60);
  expect(said.filter((key) => !LABELS.test(key) && !LISTED.test(key))).toEqual([]);
});
