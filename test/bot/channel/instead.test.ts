/** The words in place of a file: a link where there can be one, and else why there is none. */
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createWordInstead } from '../../../bot/channel/instead.ts';
import { words } from '../../../locales/index.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createKeptFiles } from '../../../services/files/kept-files.ts';
import { FILE, PICTURE, PNG } from '../../fixtures/replies.ts';

const about = { storeId: 'shop', for: 'owners' } as const;

async function open({ filesUrl }: { filesUrl: string | undefined } = { filesUrl: 'https://shop.example' }) {
  const { db, close } = await openSqlite(':memory:');
  onTestFinished(close);
  const now = (): number => Date.now();
  const collections = createCollections(db, createSeal(Buffer.alloc(32, 7)), now);
  const keptFiles = createKeptFiles({ db, collections, random: randomBytes, now, most: { ofChat: 4, ofAll: 4 } });
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message), error: () => undefined };
  const wordInstead = createWordInstead({ keptFiles, filesUrl, wordsOf: () => Promise.resolve(words('en')), log });
  return { wordInstead, keptFiles, warnings, close };
}
const tokenIn = (text: string): string => /https:\/\/shop\.example\/f\/([0-9a-f]{48})$/.exec(text)![1]!;

test('a file is linked in the language of its chat, for whom it answers, under a name that means nothing in a path', async () => {
  const { wordInstead, keptFiles } = await open();
  const { text } = await wordInstead('telegram:1', { ...FILE, name: '../a"b.csv', about }, 'telegram:7');
  expect(text).toContain('good for 24 hours');
  const file = await keptFiles.find(tokenIn(text));
  expect(file).toMatchObject({
    name: expect.not.stringMatching(/["/\\]/),
    type: 'text/csv',
    chat: 'telegram:1',
    person: 'telegram:7',
    about,
  });
});

test('a picture is linked as what its bytes are', async () => {
  const { wordInstead, keptFiles } = await open();
  const { text, withdraw } = await wordInstead('telegram:1', { ...PICTURE, about });
  const file = await keptFiles.find(tokenIn(text));
  expect(file).toMatchObject({ name: 'picture.png', type: 'image/png', size: PNG.length });
  expect(file).not.toHaveProperty('person');
  await withdraw();
  expect(await keptFiles.find(tokenIn(text))).toBeUndefined();
});

test.each([
  ['without an address of this program', undefined, { ...FILE, about }],
  ['of which nobody said who may have it', 'https://shop.example', FILE],
  ['that is empty', 'https://shop.example', { ...FILE, bytes: '', about }],
  ['that is no picture', 'https://shop.example', { ...PICTURE, bytes: btoa('<svg onload="alert(1)"/>'), about }],
  ['for which there is no room', 'https://shop.example', { ...FILE, bytes: Buffer.alloc(600_000).toString('base64'), about }],
])('a file %s is told by its own words', async (_, filesUrl, reply) => {
  const { wordInstead } = await open({ filesUrl });
  expect((await wordInstead('telegram:1', reply)).text).toBe(reply.sorry);
});

test('a database that fails does not hold up the message', async () => {
  const { wordInstead, warnings, close } = await open();
  await close();
  expect((await wordInstead('telegram:1', { ...FILE, about })).text).toBe(FILE.sorry);
  expect(warnings).toEqual(['a file that a chat does not carry cannot be kept']);
});
