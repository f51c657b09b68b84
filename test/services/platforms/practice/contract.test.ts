/** The practice platform keeps the platform contract. */
import { randomBytes } from 'node:crypto';
import { createPractice, type Page } from '../../../../services/platforms/practice/practice.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { platformContract } from '../../../contracts/platform.ts';

const FAMILIES = { used: '2000', expired: '3000', 'wrong-store': '4100', refunded: '9000', 'not-found': '1234' } as const;

platformContract('practice', async () => {
  let ahead = 0;
  let last = 100_000;
  const now = () => Date.now() + ahead;
  const fresh = (family: string) => `${family}${(last += 10)}`;
  const database = await openSqlite(':memory:');
  const books = createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<Page>('practice', 86_400_000);
  return {
    platform: createPractice({ books, now, pause: () => Promise.resolve() }),
    credentials: { owner: 'web:zhang' },
    store: 'practice-1',
    market: 'meituan',
    now,
    price: 4_900,
    unused: () => fresh('1000'),
    refused: (reason) => fresh(FAMILIES[reason]),
    lost: (when) => fresh(when === 'before' ? '7000' : '7100'),
    noes: [],
    busy: () => fresh('8000'),
    pass: (ms) => void (ahead += ms),
    uses: async (code) => (await books.get(`web:zhang/${code}`))?.uses.length ?? 0,
    close: () => database.close(),
  };
});
