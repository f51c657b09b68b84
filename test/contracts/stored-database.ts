/** What today's program must make of a database that an earlier version left: run on a dump of each (test/fixtures/databases). */
import { describe, expect, it } from 'vitest';
import type { Database } from '../../services/database/database.ts';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, MINUTE, openHarness, SECOND, texts, type HarnessOptions } from '../flows/harness.ts';

/** 2026-11-23 20:30 in Shanghai: the last thing the earlier version did. */
const LEFT = 1_795_437_000_000;
/** Its invitation and its list of staff were made a day and more before, and are good for a day. */
const INVITED = LEFT - 26 * HOUR;

const [OWNER, STAFF, CUSTOMER, PASSER] = [5_000_101, 5_000_113, 888_001, 888_002];
const KNOWN: readonly (readonly [number, string])[] = [
  [OWNER, '王老板'],
  [STAFF, '小李'],
  [CUSTOMER, '顾客'],
  [PASSER, '路人'],
  ...[777_001, 777_002, 777_003, 777_004].map((id) => [id, '甲'] as const),
];

/** `restore` opens a fresh copy of the dump, and removes it when the test is over. */
export function storedDatabaseContract(name: string, restore: () => Promise<Database>): void {
  describe(name, () => {
    /** The program of today on the database, with the people and chats it knows; its process has just started. */
    const restart = async (options: Pick<HarnessOptions, 'now'> = {}) => {
      const database = await restore();
      const people = new Map<number, FakePerson>();
      const chats: FakeChat[] = [];
      const bot = await openHarness({
        database,
        now: LEFT + 2 * MINUTE,
        last: 5000,
        people(telegram) {
          for (const [id, named] of KNOWN) {
            const made = telegram.person(named, { id });
            made.chat.members.set(telegram.bot.id, 'member');
            people.set(id, made);
          }
          chats.push(telegram.group('老板群', { id: -120, admins: [people.get(OWNER)!] }));
        },
        ...options,
      });
      const person = (id: number): FakePerson => people.get(id)!;
      const [owner, staff, group] = [person(OWNER), person(STAFF), chats[0]!];
      return { bot, db: database.db, owner, staff, group, person };
    };
    type Restarted = Awaited<ReturnType<typeof restart>>;

    /** A message of the bot that stands in a chat from before. */
    const standing = ({ bot }: Restarted, chat: FakeChat, id: number, button?: { label: string; data: string }): FakeMessage => {
      const message: FakeMessage = {
        id,
        chat,
        from: bot.telegram.bot,
        byBot: true,
        text: `message ${id}`,
        entities: [],
        buttons: button ? [[button]] : [],
        replyTo: undefined,
        topic: undefined,
        forceReply: false,
        file: undefined,
        edits: 0,
        deleted: false,
        locked: false,
        date: LEFT / 1000,
        extra: {},
      };
      chat.written.push(message);
      return message;
    };
    /** The start takes up what waited in the inbox. */
    const takenUp = async ({ bot }: Restarted): Promise<void> => {
      await bot.quiet();
    };

    it('answers everything that waited in the inbox, and what was being answered', async () => {
      const here = await restart();
      const customer = here.person(CUSTOMER);
      const passer = here.person(PASSER);
      await takenUp(here);
      const told = texts(here.owner.chat);
      expect(told).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/券码：1000000012[\s\S]*状态：未使用/),
          expect.stringContaining('看不懂'),
          expect.stringContaining('练习棋牌室（人民路店）'),
        ]),
      );
      // He came by the store's link: it is named to him, and nothing is asked of him.
      expect(texts(customer.chat)).toEqual([expect.stringContaining('练习棋牌室（人民路店）')]);
      expect(texts(passer.chat)).toHaveLength(1);
      const states = await here.db.selectFrom('inbox').select('state').distinct().execute();
      expect(states).toEqual([{ state: 'done' }]);
      expect(here.bot.faults).toEqual([]);
    });

    it('delivers what waited in the outbox, in the words of today', async () => {
      const here = await restart();
      const { bot, group } = here;
      const card = standing(here, here.owner.chat, 1);
      const [sending, uncertain, sent, gone] = [777_001, 777_002, 777_003, 777_004].map((id) => here.person(id).chat);
      await takenUp(here);
      await bot.tick();
      await bot.tick();
      const [say, ask, own, picture, file] = group.written;
      expect([say?.text, labels(say!)]).toEqual(['你好', ['重新查券']]);
      expect(ask?.text).toBe('请回答');
      expect(own?.text).toMatch(/核销成功[\s\S]*1000 0000 06/);
      expect(labels(own!)).toEqual(['撤销']);
      expect([picture?.text, bot.telegram.files.get(picture!.file!)?.length]).toEqual(['图', 70]);
      // Its four bytes are fewer than every channel takes: it is told in words.
      expect(file?.text).toBe('表\n\n没有表');
      expect(group.written).toHaveLength(5);
      // The card was replaced twice, the second time silently: it says the same.
      expect(card.text).toMatch(/核销成功[\s\S]*1000 0000 06/);
      const edits = bot.telegram.callsOf('editMessageText').filter(({ payload }) => String(payload['message_id']) === '1');
      expect(edits).toHaveLength(2);
      expect(texts(sending!)).toEqual([expect.stringMatching(/可能是重复消息[\s\S]*sending/)]);
      expect(texts(uncertain!)).toEqual([expect.stringMatching(/可能是重复消息[\s\S]*uncertain/)]);
      expect([...texts(sent!), ...texts(gone!)]).toEqual([]);
      const left = await here.db.selectFrom('outbox').select(['dedupe_key', 'state']).where('state', '<>', 'sent').execute();
      expect(left).toEqual([{ dedupe_key: 'old:gone', state: 'gone' }]);
      expect(bot.faults).toEqual([]);
    });

    it('settles what was unsure or interrupted, and lets a person decide what the platform cannot', async () => {
      const here = await restart();
      const { bot, owner } = here;
      const lostBefore = standing(here, owner.chat, 144);
      const lostAfter = standing(here, owner.chat, 147);
      const undecided = standing(here, owner.chat, 154, { label: '是我们核销的', data: 'was-us:old1000000008xxx' });
      await takenUp(here);
      await bot.press(owner, undecided, '是我们核销的');
      for (let round = 0; round < 5; round++) {
        await bot.tick();
        bot.later(3 * SECOND);
      }
      const rows = await here.db
        .selectFrom('verification')
        .select(['code', 'state', 'amount', 'refusal', 'undo_refusal'])
        .execute();
      const of = (code: string) => {
        const { state, amount, refusal, undo_refusal: undoRefusal } = rows.find((row) => row.code === code)!;
        const said = refusal ?? undoRefusal;
        return [state, amount, said && (JSON.parse(said) as { reason: string }).reason];
      };
      expect({
        lostBefore: of('7000000001'),
        lostAfter: of('7100000001'),
        submitting: of('7100000002'),
        person: of('1000000008'),
        undoing: of('1000000009'),
        undoUnsure: of('1000000010'),
        refused: of('1000000011'),
        undone: of('1000000003'),
        dropped: of('1000000004'),
      }).toEqual({
        lostBefore: ['refused', null, 'lost'],
        lostAfter: ['verified', 4900, null],
        submitting: ['refused', null, 'lost'],
        person: ['verified', 4900, null],
        undoing: ['verified', 4900, 'lost'],
        undoUnsure: ['verified', 4900, 'lost'],
        refused: ['refused', null, 'used'],
        undone: ['undone', 4900, null],
        dropped: ['dropped', null, null],
      });
      expect(lostBefore.text).toContain('未核销');
      expect(lostAfter.text).toContain('核销成功');
      expect(texts(owner.chat)).toEqual(expect.arrayContaining([expect.stringMatching(/^核销成功.*0001|0001.*核销成功/)]));
      expect(bot.faults).toEqual([]);
    });

    it('lets every card that stands open be pressed, and a use of before be taken back', async () => {
      const here = await restart();
      const { bot, owner, staff } = here;
      const open = standing(here, owner.chat, 150, { label: '确认核销', data: 'use:000022xxxxxxxxxx-1' });
      const several = standing(here, staff.chat, 152, { label: '核销 2 张', data: 'use:000023xxxxxxxxxx-2' });
      const verified = standing(here, owner.chat, 154, { label: '撤销', data: 'undo:000024xxxxxxxxxx' });
      const dropped = standing(here, owner.chat, 136, { label: '确认核销', data: 'use:000017xxxxxxxxxx-1' });
      await takenUp(here);
      await bot.press(owner, open, '确认核销');
      expect(open.text).toMatch(/核销成功[\s\S]*1000000005/);
      await bot.press(staff, several, '核销 2 张');
      expect(several.text).toMatch(/核销成功[\s\S]*¥98\.00/);
      await bot.press(owner, dropped, '确认核销');
      expect(dropped.text).toContain('已取消');
      await bot.press(owner, verified, '撤销');
      await bot.press(owner, verified, '确认撤销');
      expect(verified.text).toContain('已撤销');
      expect(bot.faults).toEqual([]);
    });

    it('has the same history and the same figures, and posts the next summary without a correction', async () => {
      const here = await restart();
      const { bot, owner, group } = here;
      await takenUp(here);
      const first = async (text: string): Promise<string[]> => (await bot.ask(owner, text))[0]!.text.split('\n');
      const figures = ['核销 6 张', '合计 ¥294.00', '撤销 1 张（¥49.00） · 待确认 4 张 · 未通过 1 次（平台没有核销）'];
      const parts = ['· 畅玩4小时 × 6　¥294.00', '· 王老板 × 5　¥245.00', '· 小李 × 1　¥49.00'];
      expect(await first('/summary')).toEqual(expect.arrayContaining([...figures, ...parts]));
      expect(await first('/summary 昨天')).toEqual(expect.arrayContaining(['核销 1 张', '合计 ¥49.00', '· 王老板 × 1　¥49.00']));
      // All were confirmed in the same millisecond, so their order says nothing.
      const rowsIn = (lines: readonly string[]): string[] =>
        lines
          .slice(1)
          .join('\n')
          .split(/\n(?=11-23)/);
      const newest = await first('/history 今天');
      await bot.press(owner, owner.chat.messages.at(-1)!, '更早的');
      const history = [...rowsIn(newest), ...rowsIn(owner.chat.messages.at(-1)!.text.split('\n'))];
      expect(new Set(history)).toEqual(
        new Set([
          '11-23 20:30 核销成功\n　畅玩4小时 · 1000000002 · ¥49.00 · 小李',
          '11-23 20:30 核销成功\n　畅玩4小时 · 5000000001 · ¥98.00 · 王老板',
          '11-23 20:30 已撤销\n　畅玩4小时 · 1000000003 · ¥49.00 · 王老板',
          '11-23 20:30 待确认\n　畅玩4小时 · 7000000001 · 王老板',
          '11-23 20:30 待确认\n　畅玩4小时 · 7100000001 · 王老板',
          '11-23 20:30 核销成功\n　畅玩4小时 · 1000000006 · ¥49.00 · 王老板',
          '11-23 20:30 处理中\n　畅玩4小时 · 7100000002 · 王老板',
          '11-23 20:30 待人工判断\n　畅玩4小时 · 1000000008 · 王老板',
          '11-23 20:30 撤销中\n　畅玩4小时 · 1000000009 · ¥49.00 · 王老板',
          '11-23 20:30 撤销待确认\n　畅玩4小时 · 1000000010 · ¥49.00 · 王老板',
          '11-23 20:30 已核销\n　畅玩4小时 · 1000000011 · 王老板',
        ]),
      );
      expect(history).toHaveLength(11);
      bot.later(6 * HOUR);
      await bot.tick();
      await bot.tick();
      const summary = await group.shows('2026-11-23');
      expect(summary.text).toContain('日报');
      expect(summary.text).not.toContain('更正');
      expect(bot.faults).toEqual([]);
    });

    it('takes an invitation of before once, also after an owner tried it, and forgets it when its time is over', async () => {
      const here = await restart({ now: INVITED + HOUR });
      const { bot, db, owner } = here;
      await takenUp(here);
      const invitation = () => db.selectFrom('kv').select(['k', 'expires']).where('ns', '=', 'invitation').execute();
      const [before] = await invitation();
      const link = `https://t.me/HexiaoBot?start=join-${before!.k}`;
      owner.opens(link);
      await bot.quiet();
      // It was given back as today's program keeps it: its word is no key any more.
      expect(await invitation()).toEqual([{ k: expect.stringMatching(/^h\./), expires: before!.expires }]);
      const newcomer = bot.telegram.person('小陈');
      newcomer.opens(link);
      await bot.quiet();
      expect(texts(newcomer.chat)).toEqual([expect.stringContaining('练习棋牌室（人民路店）')]);
      const people = await db.selectFrom('staff').select('name').orderBy('since').execute();
      expect(people).toEqual([{ name: '小李' }, { name: '小陈' }]);
      expect(await invitation()).toEqual([]);
      expect(bot.faults).toEqual([]);
    });

    it('removes staff by a button of before', async () => {
      const here = await restart({ now: INVITED + HOUR });
      const { bot, db, owner } = here;
      const list = standing(here, owner.chat, 118, { label: '移除 小李', data: 'staff-remove:000005xxxxxxxxxx' });
      await takenUp(here);
      await bot.press(owner, list, '移除 小李');
      await bot.press(owner, owner.chat.messages.at(-1)!, '确定移除');
      expect(await db.selectFrom('staff').select('name').execute()).toEqual([]);
      expect(bot.faults).toEqual([]);
    });
  });
}
