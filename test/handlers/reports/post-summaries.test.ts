import { describe, expect, it } from 'vitest';
import { createPostSummaries } from '../../../handlers/reports/post-summaries.ts';
import { words } from '../../../locales/index.ts';
import type { DueGroup } from '../../../services/ledger/reports.ts';

const due = (storeId: string, chat = 'telegram:1', untold = '2026-11-22'): DueGroup => ({
  storeId,
  chat,
  failures: 0,
  untold,
  since: 0,
});

/** Runs the job over these until nothing is left; `broken` stores cannot be read, `waiting` ones are not compared yet. */
async function run(all: readonly DueGroup[], { broken = '', waiting = '' } = {}) {
  let open = [...all];
  const posted: string[] = [];
  const putOff: string[] = [];
  const take = (those: readonly DueGroup[]): void => void (open = open.filter((one) => !those.includes(one)));
  const job = createPostSummaries({
    reports: {
      due: () => Promise.resolve([...open]),
      putOff: (one) => {
        putOff.push(one.storeId);
        take([one]);
        return Promise.resolve(0);
      },
    },
    isReconciled: ({ storeId }) => Promise.resolve(storeId !== waiting),
    post: (dues) => {
      if (dues.some(({ storeId }) => storeId === broken)) return Promise.reject(new Error('unreadable'));
      posted.push(`${dues[0]?.chat} ${dues.map(({ storeId }) => storeId).join('+')}`);
      take(dues);
      return Promise.resolve(dues.length);
    },
    wordsOf: () => Promise.resolve(words('zh-CN')),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return { count: await job(), posted, putOff };
}

describe('posting what is due', () => {
  it('posts the stores of a chat at once, each chat and each day by itself', async () => {
    expect(await run([due('a'), due('b'), due('a', 'telegram:2'), due('c', 'telegram:1', '2026-11-21')])).toEqual({
      count: 4,
      posted: ['telegram:1 a+b', 'telegram:2 a', 'telegram:1 c'],
      putOff: [],
    });
  });

  it('puts off the store that cannot be read; it delays no other', async () => {
    expect(await run([due('a'), due('b'), due('c')], { broken: 'b' })).toEqual({
      count: 2,
      posted: ['telegram:1 a', 'telegram:1 c'],
      putOff: ['b'],
    });
  });

  it('waits for all of a message’s stores to be compared', async () => {
    expect(await run([due('a'), due('b'), due('a', 'telegram:2')], { waiting: 'b' })).toEqual({
      count: 1,
      posted: ['telegram:2 a'],
      putOff: [],
    });
  });
});
