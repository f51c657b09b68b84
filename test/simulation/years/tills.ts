/** The stores' tills: they verify by the API through the real desk, and take some of it back, minutes or days later. */
import type { Chance } from '../world/chance.ts';
import type { Scheduler } from '../world/scheduler.ts';
import type { Reach } from '../systems/reach.ts';
import type { YearsPlatform } from './platform.ts';
import type { YearsStore } from './town.ts';

export interface Tills {
  /** Verifies a new coupon in a store now; nothing where no program answers. */
  sell(store: YearsStore): void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function createTills(parts: {
  reach: Reach;
  scheduler: Scheduler;
  chance: Chance;
  platform: Pick<YearsPlatform, 'coupon'>;
  /** Called after everything that may have changed what is due. */
  done: () => void;
}): Tills {
  const { reach, scheduler, chance, platform, done } = parts;
  let calls = 0;
  const post = (key: string, path: string, body: object | undefined, heard: (status: number, body: string) => void): void => {
    const headers = {
      authorization: `Bearer ${key}`,
      'idempotency-key': `call-${(calls += 1)}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    reach({ method: 'POST', path: `/api/v1/${path}`, headers, ...(body && { body: JSON.stringify(body) }) }, (answered) => {
      if (answered) heard(answered.status, answered.body);
      done();
    });
  };

  return {
    sell({ key }) {
      const { code, uses } = platform.coupon();
      post(key, 'verifications', { code, uses: chance.between(1, uses) }, (status, body) => {
        if ((status !== 201 && status !== 202) || !chance.often(0.15)) return;
        const { id } = JSON.parse(body) as { id: string };
        const after = chance.pick([chance.between(1, 90) * MINUTE, chance.between(2, 40) * HOUR, 72 * HOUR]);
        scheduler.after(after, () => post(key, `verifications/${id}/undo`, undefined, () => undefined));
      });
    },
  };
}
