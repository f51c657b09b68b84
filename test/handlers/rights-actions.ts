/** What can be tried with a press, each on something of a store that its owner has made. */
import type { Person } from '../../handlers/message.ts';
import type { Verb } from '../../handlers/verb.ts';
import { buttonsOf, type At, type Harness } from './harness.ts';

export const ACTIONS = [
  'confirm a card of others',
  'cancel a card of others',
  'undo what others verified',
  'ask an owner for the undo',
  'agree to an undo',
  'agree to a verification while closed',
  'turn self-service on',
  'ask to be asked while closed',
  'make a rule',
  'change a rule',
  'turn a rule on',
  'turn a rule off',
  'remove a rule',
  'invite staff',
  'remove staff',
  'rename staff',
  'name another owner in his place',
  'set the end of the day',
  'set the time zone',
  'set who may undo',
  'set how codes are shown',
] as const;
export type Action = (typeof ACTIONS)[number];

/** A button that tries the action, and what is typed after it. */
export interface Target {
  readonly verb: Verb;
  readonly id: string;
  readonly typed?: string;
}

/** Codes of the practice store, ever another one. */
let last = 1_000_100_000;
export const code = (): string => String((last += 10));

/** Makes what the action is about, by the store's owner. */
export async function prepared(action: Action, bot: Harness, store: string, [owner, at]: readonly [Person, At]): Promise<Target> {
  const card = async () => (await bot.ask(owner, code(), at)).flatMap(buttonsOf).find(({ verb }) => verb === 'use')!.id;
  const verified = async () => {
    const id = await card();
    await bot.press(owner, 'use', id, at);
    return id.split('-')[0]!;
  };
  const request = async (verification: string, kind: 'undo' | 'verify', wanted: object | null) => {
    const id = `r${verification.slice(1)}`;
    const asked = { asked_by: 'telegram:88', asked_name: '小孙', chat_id: 'telegram:88', state: 'asked' as const };
    const rest = { decided_by: null, decided_name: null, changed_at: Date.now() };
    const until = kind === 'verify' ? Date.now() + 600_000 : null;
    await bot.database.db
      .insertInto('approval')
      .values({ id, verification_id: verification, ...asked, ...rest, kind, until, request: wanted && JSON.stringify(wanted) })
      .execute();
    return id;
  };
  const rule = async (on = false) => {
    const screen = await bot.press(owner, 'rules-add', store, at);
    const { id } = screen.flatMap(buttonsOf).find(({ verb }) => verb === 'rule-try')!;
    if (on) await bot.press(owner, 'rule-on', `${id}-1`, at);
    return id;
  };
  /** Somebody new on the store's staff; the id of the buttons about him. */
  const member = async () => {
    const name = `新人${code()}`;
    const row = { store_id: store, person: `telegram:${code()}`, name, invited_by: owner.id, since: Date.now() };
    await bot.database.db.insertInto('staff').values(row).execute();
    const buttons = (await bot.ask(owner, '/staff', at)).flatMap(buttonsOf);
    return buttons.find(({ verb, label }) => verb === 'staff-person' && label.includes(name))!.id;
  };
  /** A value that is not the present one. */
  const other = async (column: 'time_zone' | 'day_end' | 'may_undo' | 'group_codes', value: string, id: string, or: string) => {
    const row = await bot.database.db.selectFrom('store').select(column).where('id', '=', store).executeTakeFirstOrThrow();
    return (row as Record<string, string>)[column] === value ? or : id;
  };
  await bot.database.db.deleteFrom('auto_rule').execute();
  await bot.database.db.deleteFrom('staff').where('name', 'like', '新人%').execute();
  switch (action) {
    case 'confirm a card of others':
      return { verb: 'use', id: await card() };
    case 'cancel a card of others':
      return { verb: 'drop', id: (await card()).split('-')[0]! };
    case 'undo what others verified':
      return { verb: 'undo-yes', id: await verified() };
    case 'ask an owner for the undo':
      return { verb: 'ask-owner', id: await verified() };
    case 'agree to an undo':
      return { verb: 'owner-yes', id: await request(await verified(), 'undo', null) };
    case 'agree to a verification while closed': {
      const by = { kind: 'person', id: 'telegram:88', name: '小孙' };
      const wanted = { storeId: store, by, uses: 1, title: '', maskedCode: '' };
      return { verb: 'open-yes', id: await request((await card()).split('-')[0]!, 'verify', wanted) };
    }
    case 'turn self-service on':
      await bot.press(owner, 'self-off', store, at);
      return { verb: 'self-on', id: store };
    case 'ask to be asked while closed': {
      const of = bot.database.db.selectFrom('self_service').select('ask_closed').where('store_id', '=', store);
      const asks = (await of.executeTakeFirst())?.ask_closed.includes('staff');
      return { verb: 'closed-may', id: `${store}-staff-${asks ? 'no' : 'yes'}` };
    }
    case 'make a rule':
      return { verb: 'rules-add', id: store };
    case 'change a rule':
      return { verb: 'rule-number', id: `${await rule()}-5` };
    case 'turn a rule on':
      return { verb: 'rule-on', id: `${await rule()}-1` };
    case 'turn a rule off':
      return { verb: 'rule-off', id: await rule(true) };
    case 'remove a rule':
      return { verb: 'rule-remove-yes', id: await rule() };
    case 'invite staff':
      return { verb: 'staff-invite', id: store };
    case 'remove staff':
      return { verb: 'staff-drop', id: await member() };
    case 'rename staff':
      return { verb: 'staff-rename', id: await member(), typed: `店员${code().slice(-4)}` };
    case 'name another owner in his place':
      return { verb: 'staff-heir-yes', id: await member() };
    // Another value than the one before, each time.
    case 'set the end of the day':
      return { verb: 'set', id: `dayend-${await other('day_end', '02:00', '0200', '0500')}-${store}` };
    case 'set the time zone':
      return { verb: 'set', id: `zone-${await other('time_zone', 'Asia/Tokyo', 'tokyo', 'seoul')}-${store}` };
    case 'set who may undo':
      return { verb: 'set', id: `undo-${await other('may_undo', 'staff', 'staff', 'owner')}-${store}` };
    case 'set how codes are shown':
      return { verb: 'set', id: `codes-${await other('group_codes', 'tail', 'tail', 'auto')}-${store}` };
  }
}
