/** What several people are asked at once, at several instances, is answered once: applications, and requests for an undo. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApplications } from '../../services/accounts/applications.ts';
import { createAttempts } from '../../services/database/attempts.ts';
import type { Database } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import { createFacts } from '../../services/facts/facts.ts';
import { createApprovals } from '../../services/verification/approvals.ts';

export function answeredOnceSuite(name: string, open: () => Promise<Database>): void {
  describe(name, () => {
    let database: Database;
    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database.close());

    const now = (): number => 1_795_000_000_000;
    let ids = 0;
    const newId = (): string => `id-${(ids += 1)}`;
    const person = (id: string) => ({ kind: 'person', id, name: id }) as const;
    /** Four instances, and what each of them told. */
    const four = <T>(make: () => T) => [make(), make(), make(), make()];
    const kinds = async (stream: 'installation' | 'store:s', subject: string): Promise<string[]> =>
      (await createFacts(database.db).read(stream, 0, 1000)).filter((fact) => fact.subject === subject).map(({ kind }) => kind);

    it('an application is made once, and answered once', async () => {
      const { db } = database;
      const parts = { db, seal: createSeal(Buffer.alloc(32, 7)), attempts: createAttempts({ db, now }), now, newId };
      const instances = four(() => createApplications(parts));
      for (let round = 0; round < 10; round += 1) {
        const told: string[] = [];
        const tell = async (_: unknown, { state }: { state: string }): Promise<void> => void told.push(state);
        // A fourth try at once would count as one too many.
        const presses = instances.slice(1).map((one) => one.apply(`p${round}`, { name: '王', shop: '茶室' }, tell));
        const made = await Promise.all(presses);
        const [only, ...more] = made.flatMap((one) => (one.kind === 'made' ? [one.application] : []));
        expect(more).toEqual([]);
        const answers = [{ kind: 'approved' }, { kind: 'refused', reason: '资料不全' }] as const;
        const done = await Promise.all(instances.map((one, n) => one.decide(only!.id, answers[n % 2]!, person(`o${n}`), tell)));
        expect(done.filter(Boolean)).toHaveLength(1);
        const state = (await instances[0]!.get(only!.id))!.state;
        expect(told).toEqual(['waiting', state]);
        expect(await kinds('installation', only!.id)).toEqual(['application.waiting', `application.${state}`]);
        // A refused one may apply again; an approved one binds, once.
        const again = await instances[0]!.apply(`p${round}`, { name: '王', shop: '茶室' }, tell);
        expect(again.kind).toBe(state === 'refused' ? 'made' : 'there');
        const connected = await Promise.all(instances.map((one) => one.connect(person(`p${round}`))));
        expect(connected.filter(Boolean)).toHaveLength(state === 'approved' ? 1 : 0);
      }
    });

    it('a request for an undo is made once by each person, and answered once', async () => {
      const instances = four(() => createApprovals({ db: database.db, now, newId }));
      for (let round = 0; round < 10; round += 1) {
        const v = { id: `v${round}`, storeId: 's' };
        const told: string[] = [];
        const tell = async (_: unknown, { state }: { state: string }): Promise<void> => void told.push(state);
        const asked = await Promise.all(instances.map((one) => one.ask(v, person('zhang'), 'chat', tell)));
        expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
        const done = await Promise.all(
          instances.map((one, n) => one.decide(asked[0]!.id, n % 2 === 0, v, person(`o${n}`), tell)),
        );
        const [first, ...others] = done.filter((one) => one !== undefined);
        expect(others).toEqual([]);
        expect(told).toEqual(['asked', first!.state]);
        expect(await kinds('store:s', v.id)).toEqual(['approval.asked', `approval.${first!.state}`]);
        expect(await instances[1]!.get(first!.id)).toEqual(first);
      }
    });
  });
}
