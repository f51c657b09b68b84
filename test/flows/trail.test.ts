/** The audit trail: every change of people, bindings, settings and decisions leaves its fact, with who did it, and no secret. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TAKER } from '../../handlers/bind/grants.ts';
import { createPlaces } from '../../services/self-service/places.ts';
import { createPlaceTokens } from '../../services/self-service/place-tokens.ts';
import { createAutoRules } from '../../services/automation/rules.ts';
import { createSelfServiceRules } from '../../services/self-service/rules.ts';
import { ACCOUNT_FACT_KINDS } from '../../services/accounts/account-facts.ts';
import { createAccounts } from '../../services/accounts/accounts.ts';
import { createChats } from '../../services/accounts/chats.ts';
import { createStores } from '../../services/accounts/stores.ts';
import { openSqlite, type Database } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import { checkChain } from '../../services/facts/check-chain.ts';
import { createLedger } from '../../services/ledger/ledger.ts';
import { createAlertSettings } from '../../services/alerts/alert-settings.ts';
import { createShifts } from '../../services/ledger/shifts.ts';
import { createReports } from '../../services/ledger/reports.ts';
import { createPeople } from '../../services/accounts/people.ts';
import { createEndOwnership } from '../../services/lifecycle/end-ownership.ts';
import { createLinkPeople } from '../../services/lifecycle/link-people.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, labels, openHarness, SECOND, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';
const SECOND_STORE = '二店';

/** What each step of a story has left: `kind by whom`, in the order of their numbers. */
async function since(bot: Harness, seen: Set<string>): Promise<string[]> {
  const rows = await bot.database.db.selectFrom('fact').selectAll().orderBy('at').orderBy('stream').orderBy('sequence').execute();
  const fresh = rows.filter(({ stream, sequence }) => !seen.has(`${stream} ${sequence}`));
  for (const { stream, sequence } of fresh) seen.add(`${stream} ${sequence}`);
  // What becomes of a verification has tests of its own; here what a person decides about one.
  const people = fresh.filter(({ kind }) => !kind.startsWith('verification.') || kind.includes('decide'));
  return people.map(({ kind, by_kind: of, by_name: name, from_state: from, to_state: to }) =>
    [kind, of === 'person' ? name : of, ...(VALUES.has(kind) ? [`${from}→${to}`] : [])].join(' '),
  );
}
/** The kinds that the stories below have left. */
const walked = new Set<string>();

/** Kinds whose values before and after are plain words. */
const VALUES = new Set(['chat.who-may', 'chat.language', 'store.day-end', 'store.zone', 'store.may-undo', 'store.group-codes']);

const last = (person: FakePerson): FakeMessage => person.chat.messages.at(-1)!;
const wordIn = (message: FakeMessage): string => /start=(join-[0-9a-f]{32})/.exec(message.text)![1]!;

async function invite(bot: Harness, owner: FakePerson): Promise<string> {
  await bot.press(owner, (await bot.ask(owner, '/staff'))[0]!, '邀请员工');
  return wordIn(last(owner));
}
async function bindWith(bot: Harness, person: FakePerson, email: string, password: string): Promise<void> {
  await bot.ask(person, '/bind');
  if (labels(last(person)).includes('使用新账号')) await bot.press(person, last(person), '使用新账号');
  await bot.press(person, last(person), '美团 · umember');
  await bot.ask(person, email);
  await bot.ask(person, password);
}

describe('a walk through every command that changes something', () => {
  it('leaves these facts, in these words', async () => {
    const bot = await openHarness({ gateways: true });
    const { books } = bot.umember;
    const wang = bot.telegram.person('王老板');
    const li = bot.telegram.person('小李');
    const partner = bot.telegram.person('合伙人');
    const group = bot.telegram.group('前台群', { admins: [wang], members: [li] });
    const told = bot.telegram.group('老板群', { admins: [wang] });
    const words: string[] = [];

    const steps: readonly (readonly [string, () => Promise<unknown>, readonly string[]])[] = [
      [
        '/bind',
        () => bindWith(bot, wang, 'owner@example.com', 'secret'),
        ['account.bound 王老板', 'owner.added 王老板', 'store.added 王老板', 'chat.bound 王老板'],
      ],
      ['/bind in a group', () => bot.bind(wang, group), ['chat.bound 王老板']],
      ['谁可以核销', () => bot.press(wang, group.messages.at(-1)!, '群内所有人'), ['chat.who-may 王老板 owner→everyone']],
      [
        'the same answer again',
        async () => bot.press(wang, (await bot.ask(wang, '/staff', { in: group }))[0]!, '群内所有人'),
        [],
      ],
      [
        '/language',
        async () => bot.press(wang, (await bot.ask(wang, '/language', { in: group }))[0]!, 'English'),
        ['chat.language 王老板 null→en'],
      ],
      ['/report', () => bot.ask(wang, '/report', { in: told }), ['summary.on 王老板']],
      ['/report 05:00', () => bot.ask(wang, '/report 05:00', { in: told }), ['store.day-end 王老板 00:00→05:00']],
      ...(
        [
          ['时区', '东京', 'store.zone 王老板 Asia/Shanghai→Asia/Tokyo'],
          ['时区', '北京时间', 'store.zone 王老板 Asia/Tokyo→Asia/Shanghai'],
          ['谁能撤销', '所有员工', 'store.may-undo 王老板 verifier→staff'],
          ['谁能撤销', '店主和核销人', 'store.may-undo 王老板 staff→verifier'],
          ['群里的券码', '只写后四位', 'store.group-codes 王老板 auto→tail'],
          ['群里的券码', '自动', 'store.group-codes 王老板 tail→auto'],
        ] as const
      ).map(
        ([setting, choice, fact]) =>
          [
            `${setting}：${choice}`,
            async () => {
              const [screen] = await bot.ask(wang, '/settings');
              await bot.press(
                wang,
                screen!,
                labels(screen!).find((label) => label.startsWith(setting))!,
              );
              await bot.press(wang, screen!, choice);
            },
            [fact],
          ] as const,
      ),
      ['/report in private', () => bot.ask(wang, '/report'), ['summary.on 王老板']],
      [
        '周报月报：周报',
        async () => {
          const [screen] = await bot.ask(wang, '/settings');
          await bot.press(
            wang,
            screen!,
            labels(screen!).find((label) => label.startsWith('周报月报'))!,
          );
          await bot.press(wang, screen!, '周报');
        },
        ['summary.extras 王老板'],
      ],
      ['/report off in private', () => bot.ask(wang, '/report off'), ['summary.off 王老板']],
      ['/report off', () => bot.ask(wang, '/report off', { in: told }), ['summary.off 王老板']],
      ['/api', async () => bot.press(wang, (await bot.ask(wang, '/api 收银台'))[0]!, '只读'), ['key.made 王老板']],
      [
        '吊销',
        async () => {
          words.push(/hx_\S+/.exec(last(wang).text)![0]);
          const [list] = await bot.ask(wang, '/api');
          await bot.press(
            wang,
            list!,
            labels(list!).find((label) => label.startsWith('吊销'))!,
          );
          await bot.press(wang, last(wang), '确定吊销');
          words.shift();
        },
        ['key.revoked 王老板'],
      ],
      ['邀请员工', async () => words.push(await invite(bot, wang)), ['staff.invited 王老板']],
      ['joining', () => bot.ask(li, words[0]!), ['chat.bound 小李', 'staff.joined 小李']],
      [
        '/store',
        async () => {
          books.shop({ owner: 'owner@example.com', name: SECOND_STORE });
          await bot.ask(wang, '/store');
          await bot.press(wang, last(wang), SECOND_STORE);
        },
        ['store.added 王老板', 'chat.unbound 王老板', 'chat.bound 王老板'],
      ],
      ['inviting to the second store', async () => words.push(await invite(bot, wang)), ['staff.invited 王老板']],
      [
        'refusing to join',
        async () => {
          await bot.ask(li, words[1]!);
          await bot.press(li, last(li), `不换（留在「${STORE}」）`);
        },
        ['staff.declined 小李'],
      ],
      [
        'back to the first store',
        async () => {
          await bot.ask(wang, '/store');
          await bot.press(wang, last(wang), STORE);
        },
        ['chat.unbound 王老板', 'chat.bound 王老板'],
      ],
      [
        'a second account',
        async () => {
          await bot.ask(wang, '/bind');
          await bot.press(wang, last(wang), '使用新账号');
          await bot.press(wang, last(wang), '大众点评');
          await bot.authorises(last(wang));
        },
        ['account.bound 王老板', 'owner.added 王老板'],
      ],
      ['加到这家门店', () => bot.press(wang, last(wang), '同一家（两个平台的券都能核销）'), ['listing.added 王老板']],
      [
        'the removal of that account',
        async () => {
          const [status] = await bot.ask(wang, '/status');
          await bot.press(
            wang,
            status!,
            labels(status!).find((label) => label.includes('移除'))!,
          );
          await bot.press(wang, last(wang), '确定移除');
        },
        ['listing.removed 王老板'],
      ],
      ['a second owner', () => bindWith(bot, partner, 'owner@example.com', 'secret'), ['owner.added 合伙人']],
      ['the second owner chooses a store', () => bot.press(partner, last(partner), STORE), ['chat.bound 合伙人']],
      [
        'a password changed at the platform',
        async () => {
          books.account('owner@example.com', 'pa55-changed');
          bot.umember.endLogins();
          await bot.ask(li, books.coupon());
        },
        ['account.refused platform'],
      ],
      [
        '/bind with the new password',
        () => bindWith(bot, wang, 'owner@example.com', 'pa55-changed'),
        ['account.accepted 王老板', 'account.secret-changed 王老板'],
      ],
      [
        'seven days',
        async () => {
          bot.later(7 * DAY);
          await bot.tick('owners');
        },
        ['owner.lapsed program'],
      ],
      [
        'an answer that was lost, and decided by a person',
        async () => {
          const card = await bot.card(li);
          bot.later(61 * SECOND);
          bot.umember.fail('verify', { kind: 'reset', applied: true });
          await bot.press(li, card, '确认核销');
          // A slow machine may miss the platform's answer to the first question.
          for (let asked = 0; asked < 5 && !labels(card).includes('是本次核销'); asked += 1) {
            bot.later(30 * SECOND);
            await bot.tick();
          }
          await bot.press(li, card, '是本次核销');
        },
        ['verification.decide-yes 小李'],
      ],
      [
        '移除 of staff',
        async () => {
          await bot.press(wang, (await bot.ask(wang, '/staff'))[0]!, '移除 小李');
          await bot.press(wang, last(wang), '确定移除');
        },
        ['staff.removed 王老板'],
      ],
      [
        'a new owner with a group and a report, and 一起移除',
        async () => {
          await bindWith(bot, partner, 'owner@example.com', 'pa55-changed');
          await bot.press(partner, last(partner), STORE);
          words.push(await invite(bot, partner));
          await bot.ask(li, words[2]!);
          await bot.ask(partner, '/report');
          await bot.press(wang, (await bot.ask(wang, '/staff'))[0]!, '移除 合伙人');
          await bot.press(wang, last(wang), '一起移除');
        },
        [
          'owner.added 合伙人',
          'chat.bound 合伙人',
          'staff.invited 合伙人',
          'staff.joined 小李',
          'chat.bound 小李',
          'summary.on 合伙人',
          'owner.removed 王老板',
          'chat.unbound 王老板',
          'chat.unbound 王老板',
          'summary.off 王老板',
          'staff.removed 王老板',
        ],
      ],
      [
        'an owner who leaves',
        async () => {
          await bindWith(bot, partner, 'owner@example.com', 'pa55-changed');
          await bot.press(partner, last(partner), STORE);
          await bot.press(partner, (await bot.ask(partner, '/staff'))[0]!, '我不再当店主');
          await bot.press(partner, last(partner), '都保留，只移除店主');
        },
        ['owner.added 合伙人', 'chat.bound 合伙人', 'owner.left 合伙人'],
      ],
      ['/unbind', async () => bot.press(wang, (await bot.ask(wang, '/unbind'))[0]!, '确定解绑'), ['chat.unbound 王老板']],
    ];

    const seen = new Set<string>();
    for (const [step, act, expected] of steps) {
      await act();
      const left = await since(bot, seen);
      for (const fact of left) walked.add(fact.split(' ', 1)[0]!);
      expect([step, left.toSorted()]).toEqual([step, expected.toSorted()]);
    }

    // They outlive what they tell of: no password, no invitation's word, no code, no token.
    const all = JSON.stringify(await bot.database.db.selectFrom('fact').selectAll().execute());
    const codes = await bot.database.db.selectFrom('verification').select('code').execute();
    const secrets = ['"secret', 'pa55-changed', 'owner@example.com', ...words, ...codes.map(({ code }) => code)];
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);

    await bot.tick('facts');
    expect(await checkChain(bot.database.db, Buffer.alloc(32, 7))).toMatchObject({ kind: 'whole', unsealed: 0 });
  });
});

describe('the endpoints of a merchant’s own system', () => {
  it('leave their facts: added, with another secret, off, on, removed; never the address or the secret', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const seen = new Set<string>();
    await since(bot, seen);
    await bot.ask(owner, '回调 https://shop.example/hook?token=t0p');
    await bot.press(owner, (await bot.ask(owner, '回调'))[0]!, 'shop.example');
    const screen = last(owner);
    for (const label of ['换密钥', '停用', '启用', '移除']) await bot.press(owner, screen, label);
    await bot.press(owner, last(owner), '确认移除');
    const facts = await since(bot, seen);
    expect(facts).toEqual(['added', 'rotated', 'off', 'on', 'removed'].map((kind) => `webhook.${kind} 王老板`));
    for (const fact of facts) walked.add(fact.split(' ')[0]!);
    const written = JSON.stringify(await bot.database.db.selectFrom('fact').selectAll().execute());
    expect(written).not.toMatch(/t0p|whsec_/);
  });
});

describe('what no command does', () => {
  const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;
  const HEIR = { kind: 'person', id: 'telegram:2', name: '小李' } as const;
  const OTHER = { kind: 'person', id: 'wecom-bot:wang', name: 'Wang' } as const;
  let database: Database;
  beforeAll(async () => {
    database = await openSqlite(':memory:');
  });
  afterAll(() => database.close());

  it('leaves facts too: a renewal, a chat that got another id, a group that is lost, a yes that was taken back', async () => {
    const { db } = database;
    const now = () => Date.parse('2026-11-22T18:30:00+08:00');
    let ids = 0;
    const newId = (): string => `id-${(ids += 1)}`;
    const seal = createSeal(Buffer.alloc(32, 7));
    const accounts = createAccounts({ db, seal, now, newId, term: () => undefined, secret: () => undefined });
    const stores = createStores({ db, now, newId, zone: 'Asia/Shanghai' });
    const chats = createChats({ db, now });
    const reports = createReports({ db, ledger: createLedger(db), now });
    const account = await accounts.save({ platform: 'dianping', identity: 'a', credentials: {} }, WANG);
    const store = await stores.save(account.id, { id: '5', name: STORE }, WANG);
    await chats.bind({ id: 'telegram:-1', title: '前台', group: true }, store.id, WANG);
    await reports.subscribe(store, 'telegram:-2', WANG);

    const ownership = createEndOwnership({ db, now });
    const tokens = createPlaceTokens({ seal, random: randomBytes });
    const places = createPlaces({ db, tokens, now, newId });
    const rules = createSelfServiceRules({ db, now });
    const room = (await places.add(store.id, '1 号房', WANG))!;
    walked.add('place.added');
    const shifts = createShifts({ db, now, newId: () => 'shift' });
    const alertSettings = createAlertSettings({ db, now });
    const autoRules = createAutoRules({ db, now, newId: () => 'rule' });
    const { since: shiftStart } = await shifts.running(store);
    const WEEK = Array.from({ length: 7 }, () => []);

    const steps: readonly (readonly [() => Promise<unknown>, object])[] = [
      [() => rules.turn(store.id, true, WANG), { kind: 'self-service.on', subject: store.id }],
      [
        () => rules.setUsual(store.id, () => ({ week: WEEK, holidays: undefined }), WANG),
        { kind: 'self-service.hours', subject: store.id },
      ],
      [
        () => rules.setLimits(store.id, { person: 1, place: undefined }, WANG),
        { kind: 'self-service.limits', subject: store.id },
      ],
      [
        () => rules.setAskClosed(store.id, { customer: true, staff: false }, WANG),
        { kind: 'self-service.ask-closed', subject: store.id },
      ],
      [() => alertSettings.turn(store.id, 'price', false, WANG), { kind: 'alerts.kinds', from_state: '', to_state: 'price' }],
      [() => alertSettings.setQuiet(store.id, '22:00-08:00', WANG), { kind: 'alerts.quiet-hours', to_state: '22:00-08:00' }],
      [() => autoRules.add(store.id, (n) => `自动核销 ${n}`, WANG), { kind: 'rule.added', subject: 'rule' }],
      [() => autoRules.change('rule', { perDay: 3 }, WANG), { kind: 'rule.changed', subject: 'rule' }],
      [() => autoRules.turnOn('rule', 2, WANG), { kind: 'rule.on', subject: 'rule' }],
      [() => autoRules.turnOff('rule', WANG), { kind: 'rule.off', subject: 'rule' }],
      [() => autoRules.remove('rule', WANG), { kind: 'rule.removed', subject: 'rule' }],
      [() => rules.turn(store.id, false, WANG), { kind: 'self-service.off', subject: store.id }],
      [() => places.rename(room.id, '大包', WANG), { kind: 'place.renamed', from_state: '1 号房', to_state: '大包' }],
      [() => places.instruct(room.id, '灯在门边', WANG), { kind: 'place.instructions', subject: room.id }],
      [() => places.rotate(room.id, WANG), { kind: 'place.rotated', subject: room.id }],
      [() => places.remove(room.id, WANG), { kind: 'place.removed', subject: room.id }],
      [() => shifts.handOver(store, shiftStart, WANG), { kind: 'shift.handed-over', subject: 'shift' }],
      [() => shifts.take(store, 'shift', WANG), { kind: 'shift.taken', subject: 'shift' }],
      [() => accounts.renew(account.id, {}), { kind: 'account.renewed', subject: account.id, by_kind: 'program' }],
      [
        () => chats.move('telegram:-1', 'telegram:-100'),
        { kind: 'chat.moved', subject: 'telegram:-100', from_state: 'telegram:-1', by_kind: 'program' },
      ],
      [
        () => reports.drop(store.id, 'telegram:-2', () => Promise.resolve()),
        { kind: 'summary.off', subject: 'telegram:-2', by_kind: 'program' },
      ],
      [
        () => ownership.note(account.id, 'owner.offered', HEIR.id, WANG),
        { kind: 'owner.offered', subject: HEIR.id, by_id: WANG.id },
      ],
      [
        () => ownership.note(account.id, 'owner.declined', HEIR.id, HEIR),
        { kind: 'owner.declined', subject: HEIR.id, by_id: HEIR.id },
      ],
      [
        () => createPeople({ db, now }).rename(account.id, HEIR, '店长', WANG),
        { kind: 'person.renamed', subject: HEIR.id, from_state: HEIR.name, to_state: '店长' },
      ],
      [
        () => accounts.save({ platform: 'dianping', identity: 'a', credentials: {} }, HEIR),
        { kind: 'owner.added', subject: HEIR.id },
      ],
      [
        () => ownership.handOver(account.id, HEIR.id, WANG, () => Promise.resolve()),
        { kind: 'owner.handed-over', subject: HEIR.id },
      ],
      [
        () =>
          createLinkPeople({ db, now }).link(WANG, OTHER, { asked: false, by: { ...WANG, via: OTHER.id } }, () =>
            Promise.resolve(),
          ),
        { kind: 'person.linked', subject: WANG.id, by_id: OTHER.id },
      ],
      [
        () => createLinkPeople({ db, now }).unlink(WANG.id, OTHER.id, WANG),
        { kind: 'person.unlinked', subject: WANG.id, by_id: WANG.id },
      ],
      [
        () => createEndOwnership({ db, now }).takeBack(account.id, WANG.id, TAKER, () => Promise.resolve()),
        { kind: 'owner.taken-back', subject: WANG.id, by_kind: 'platform' },
      ],
    ];
    for (const [act, expected] of steps) {
      const before = await db.selectFrom('fact').select('sequence').execute();
      await act();
      const [fact] = await db.selectFrom('fact').selectAll().orderBy('sequence').offset(before.length).limit(1).execute();
      expect(fact).toMatchObject(expected);
      walked.add(fact!.kind);
    }
  });

  it('and these were all the kinds there are', () => {
    expect(ACCOUNT_FACT_KINDS.filter((kind) => !walked.has(kind))).toEqual([]);
  });
});
