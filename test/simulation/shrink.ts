/** Makes a failing plan small: leaves out what the failure does not need, and keeps what still breaks the same law. */
import type { Plan } from './plan.ts';
import type { Outcome } from './run.ts';

/** The law of a line: what stands before the colon. */
const lawsOf = ({ broken }: Outcome): Set<string> => new Set(broken.map((line) => line.split(':')[0]!));

/** `again` runs a plan; at most `most` times. */
export async function shrink(
  plan: Plan,
  failed: Outcome,
  again: (plan: Plan) => Promise<Outcome>,
  most = 120,
): Promise<{ plan: Plan; outcome: Outcome }> {
  const wanted = lawsOf(failed);
  let best = { plan, outcome: failed };
  let left = most;
  const tried = async (smaller: Plan): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    const outcome = await again(smaller);
    if (![...lawsOf(outcome)].some((law) => wanted.has(law))) return false;
    best = { plan: smaller, outcome };
    return true;
  };
  /** Leaves out parts of a list, half of them, then a quarter, at last each by itself. */
  const thin = async <T>(of: (plan: Plan) => readonly T[], put: (plan: Plan, list: readonly T[]) => Plan): Promise<void> => {
    for (let size = Math.ceil(of(best.plan).length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < of(best.plan).length;) {
        const list = of(best.plan);
        if (!(await tried(put(best.plan, [...list.slice(0, from), ...list.slice(from + size)])))) from += size;
        if (left <= 0) return;
      }
    }
  };
  await thin(
    ({ troubles }) => troubles,
    (one, troubles) => ({ ...one, troubles }),
  );
  await thin(
    ({ acts }) => acts,
    (one, acts) => ({ ...one, acts }),
  );
  for (let instances = 1; instances < best.plan.instances; instances++) {
    const troubles = best.plan.troubles.filter((one) => !('instance' in one) || one.instance < instances);
    if (await tried({ ...best.plan, instances, troubles })) break;
  }
  if (best.plan.aheadMs.some((ms) => ms !== 0)) await tried({ ...best.plan, aheadMs: best.plan.aheadMs.map(() => 0) });
  return best;
}
