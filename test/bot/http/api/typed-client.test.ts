/**
 * A client whose types are generated from the document compiles and does the job. `npx vitest run typed-client --update` writes the types anew
 * after a change of the API.
 */
import createClient from 'openapi-fetch';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createDocument } from '../../../../bot/http/api/document.ts';
import { createRoutes } from '../../../../bot/http/api/routes.ts';
import type { paths } from '../../../fixtures/api-types.d.ts';
import { makeKey } from '../../../flows/api-client.ts';
import { openHarness } from '../../../flows/harness.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const GENERATOR = path.join(ROOT, '.ci/openapi-types/node_modules/openapi-typescript/bin/cli.js');

test('the types are those of the document', { timeout: 60_000 }, async () => {
  const document = createDocument(Object.values(createRoutes((_, next) => next())), 'any');
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-openapi-'));
  const file = path.join(folder, 'openapi.json');
  await writeFile(file, JSON.stringify(document));
  const { stdout } = await promisify(execFile)(process.execPath, [GENERATOR, file], { maxBuffer: 10_000_000 });
  await rm(folder, { recursive: true });
  await expect(stdout).toMatchFileSnapshot('../../../fixtures/api-types.d.ts');
});

test('a client of these types looks up, verifies and undoes', async () => {
  const bot = await openHarness({ http: true });
  const secret = await makeKey(bot, await bot.learner());
  const hexiao = createClient<paths>({ baseUrl: `${bot.url}/api/v1`, headers: { authorization: `Bearer ${secret}` } });

  const looked = await hexiao.POST('/lookups', { body: { code: '1000420616' } });
  expect(looked.data?.coupon.amount).toBe(4900);
  const verified = await hexiao.POST('/verifications', {
    params: { header: { 'idempotency-key': 'order-17' } },
    body: { code: '1000420616', uses: 1, place: '3 号桌' },
  });
  expect(verified.data?.status).toBe('verified');
  const id = verified.data?.id ?? '';
  const undone = await hexiao.POST('/verifications/{id}/undo', {
    params: { path: { id }, header: { 'idempotency-key': 'undo-17' } },
  });
  expect(undone.data?.status).toBe('undone');
  const refused = await hexiao.GET('/verifications/{id}', { params: { path: { id: 'nobody' } } });
  expect(refused.error?.code).toBe('not_found');
});
