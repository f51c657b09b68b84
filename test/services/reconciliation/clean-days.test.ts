/**
 * No false alarm on clean days at any platform with a list. Some days here; all of them by
 * `DAYS=1000 npx vitest run test/services/reconciliation/clean-days.test.ts`.
 */
import { expect, test } from 'vitest';
import { liveDays } from './clean-days.ts';
import { TOWNS } from './towns.ts';

const DAYS = Number(process.env['DAYS'] ?? 12);
/** Days in a row at one shop. */
const IN_A_ROW = 4;

test.each(TOWNS)(
  'no false alarm at %s',
  async (name) => {
    let uses = 0;
    let undone = 0;
    for (let seed = 1; seed * IN_A_ROW <= DAYS; seed += 1) {
      const lived = await liveDays(name, seed, IN_A_ROW);
      expect(lived.alarms).toEqual([]);
      uses += lived.uses;
      undone += lived.undone;
    }
    expect(uses).toBeGreaterThan(DAYS);
    expect(undone).toBeGreaterThan(0);
  },
  DAYS * 2_000 + 20_000,
);
