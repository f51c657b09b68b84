/** Accounts of one person linked, parted and removed at the same moment by several instances, on PostgreSQL. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccounts } from '../../../services/accounts/accounts.ts';
import { createMembers, type Invitation } from '../../../services/accounts/members.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { openPostgres, sql, type Database } from '../../../services/database/database.ts';
import { createSeal, PLACES } from '../../../services/database/seal.ts';
import { createEndOwnership } from '../../../services/lifecycle/end-ownership.ts';
import { createLinkPeople } from '../../../services/lifecycle/link-people.ts';

const SCHEMA = `linked_${randomBytes(6).toString('hex')}`;
const URL = process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test';
/** Two instances. */
let [one, two]: Database[] = [];
beforeAll(async () => {
  one = await openPostgres(URL, SCHEMA);
  two = await openPostgres(URL, SCHEMA);
});
afterAll(async () => {
  await sql.raw(`drop schema ${SCHEMA} cascade`).execute(one!.db);
  await one!.close();
  await two!.close();
});

const now = (): number => 1;
const by = (id: string) => ({ kind: 'person', id, name: id }) as const;
const named = (id: string) => ({ id, name: id });
const quiet = () => Promise.resolve();

function instance({ db }: Database) {
  const seal = createSeal(Buffer.alloc(32, 7));
  const invitations = createCollections(db, seal, now)<Invitation>('invitation', 1e6);
  let ids = 0;
  return {
    people: createLinkPeople({ db, now }),
    members: createMembers({ db, now, invitations, newWord: () => '1' }),
    ends: createEndOwnership({ db, now }),
    accounts: createAccounts({
      db,
      seal,
      now,
      newId: () => `new${(ids += 1)}`,
      term: () => undefined,
      secret: () => undefined,
    }),
  };
}

/** A store with an owner and another to keep it, in each round anew. */
async function shop(round: string): Promise<void> {
  const { db } = one!;
  const sealed = createSeal(Buffer.alloc(32, 7)).seal('{}', PLACES.account(`a${round}`));
  await db
    .insertInto('account')
    .values({ id: `a${round}`, platform: 'umember', identity: round, sealed, created_at: 0 })
    .execute();
  const store = {
    account_id: `a${round}`,
    external_id: '1',
    name: '店',
    time_zone: 'Asia/Shanghai',
    day_end: '00:00',
    created_at: 0,
  };
  await db
    .insertInto('store')
    .values({ id: `s${round}`, ...store, last_success_at: null })
    .execute();
  for (const person of [`o${round}`, `k${round}`])
    await db
      .insertInto('owner')
      .values({ account_id: `a${round}`, person, name: person, since: 0 })
      .execute();
}

const rightsOf = async (people: readonly string[]) => {
  const { db } = one!;
  const owners = await db.selectFrom('owner').select('person').where('person', 'in', people).execute();
  const staff = await db.selectFrom('staff').select('person').where('person', 'in', people).execute();
  return [...owners, ...staff].map(({ person }) => person).toSorted();
};
const identitiesOf = async (people: readonly string[]) =>
  (await one!.db.selectFrom('identity').select(['id', 'person']).where('id', 'in', people).orderBy('id').execute()).map(
    ({ id, person }) => `${id}=${person}`,
  );
const factsOf = async (kind: string, subject: string) =>
  (await one!.db.selectFrom('fact').select('sequence').where('kind', '=', kind).where('subject', '=', subject).execute()).length;

it('two presses of the same yes link once, with one fact and one message', async () => {
  const [a, b] = [instance(one!), instance(two!)];
  for (let round = 0; round < 15; round += 1) {
    const [owner, other] = [`o${round}`, `x${round}`];
    await shop(String(round));
    const told: number[] = [];
    const linking = (people: typeof a.people) =>
      people.link(named(owner), named(other), { asked: false, by: by(owner) }, async () => void told.push(round));
    const outcomes = await Promise.all([linking(a.people), linking(b.people), linking(a.people)]);
    expect(outcomes.filter((outcome) => outcome === 'same')).toHaveLength(2);
    expect(told).toEqual([round]);
    expect(await identitiesOf([owner, other])).toEqual([`${owner}=${owner}`, `${other}=${owner}`]);
    expect(await factsOf('person.linked', owner)).toBe(1);
  }
});

it('a right that the second account gains in that moment is the person’s, or keeps them apart; nothing is left beside him', async () => {
  const [a, b] = [instance(one!), instance(two!)];
  const outcomes = new Set<string>();
  for (let round = 100; round < 120; round += 1) {
    const [owner, other] = [`o${round}`, `x${round}`];
    await shop(String(round));
    const [linked] = await Promise.all([
      a.people.link(named(owner), named(other), { asked: round % 2 === 0, by: by(owner) }, quiet),
      b.members.add({ storeId: `s${round}`, by: `k${round}` }, named(other)),
      b.members.add({ storeId: `s${round}`, by: `k${round}` }, named(`y${round}`)),
    ]);
    outcomes.add(typeof linked === 'string' ? linked : 'linked');
    const rights = await rightsOf([owner, other]);
    if (linked === 'unasked') expect(rights).toEqual([owner, other]);
    // As staff beside the owner that he is, or merged: always by the person's id.
    else expect(new Set(rights)).toEqual(new Set([owner]));
  }
  expect(outcomes).toContain('linked');
});

it('removed in the moment of linking: no account of his has a right left', async () => {
  const [a, b] = [instance(one!), instance(two!)];
  for (let round = 200; round < 215; round += 1) {
    const [owner, other, keeper] = [`o${round}`, `x${round}`, `k${round}`];
    await shop(String(round));
    const [linked, removed] = await Promise.all([
      a.people.link(named(owner), named(other), { asked: true, by: by(owner) }, quiet),
      b.ends.remove(`a${round}`, owner, by(keeper), false, quiet),
    ]);
    expect(typeof removed).toBe('object');
    expect(typeof linked === 'object' || linked === 'no-role').toBe(true);
    expect(await rightsOf([owner, other])).toEqual([]);
    expect(await identitiesOf([owner, other])).toEqual([]);
  }
});

it('both sides ask each other at once: one person, and no deadlock', async () => {
  const [a, b] = [instance(one!), instance(two!)];
  for (let round = 300; round < 315; round += 1) {
    const [owner, keeper] = [`o${round}`, `k${round}`];
    await shop(String(round));
    const outcomes = await Promise.all([
      a.people.link(named(owner), named(keeper), { asked: true, by: by(owner) }, quiet),
      b.people.link(named(keeper), named(owner), { asked: true, by: by(keeper) }, quiet),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'same')).toHaveLength(1);
    expect(await rightsOf([owner, keeper])).toHaveLength(1);
    const [person] = await rightsOf([owner, keeper]);
    // Parted by both at once: one of them stays the owner.
    const gone = await Promise.all([a.people.unlink(owner, keeper, by(owner)), b.people.unlink(keeper, owner, by(keeper))]);
    expect(gone.filter(Boolean)).toHaveLength(1);
    expect(await identitiesOf([owner, keeper])).toEqual([]);
    expect(await rightsOf([owner, keeper])).toHaveLength(1);
    expect([owner, keeper]).toContain(person);
  }
});
