/** Alerts of every kind with two instances: told once, kept in quiet hours over a restart, and over. Every database runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWordAlerts } from '../../../handlers/notify/word-alert.ts';
import type { Outgoing } from '../../../handlers/message.ts';
import { words } from '../../../locales/index.ts';
import { readOwners } from '../../../services/accounts/owners.ts';
import { ALERT_KINDS, ALERT_NAMES, type Alert, type AlertFacts, type AlertKind } from '../../../services/alerts/alert.ts';
import { createAlertSettings } from '../../../services/alerts/alert-settings.ts';
import { createAlerting } from '../../../services/alerts/alerting.ts';
import { createAlerts } from '../../../services/alerts/alerts.ts';
import type { Database } from '../../../services/database/database.ts';
import { createOutbox } from '../../../services/database/queues/outbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { accountRow, storeRow } from '../../fixtures/rows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 2026-11-22 18:30 in Shanghai. */
const EVENING = Date.parse('2026-11-22T18:30:00+08:00');
const BOSS = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;

/** Facts of every kind, and what a person can do about them. */
const KINDS: { readonly [K in AlertKind]: readonly [facts: AlertFacts[K], wayOut: RegExp] } = {
  quota: [{ store: '球馆', quota: 12, days: 2 }, /充值/],
  ending: [{ platform: 'dianping', endsAt: EVENING + 5 * DAY, renewals: null }, /重新发送“\/bind”/],
  ended: [{ of: 'authorisation', name: 'dianping' }, /重新发送“\/bind”/],
  platform: [{ platform: 'umember', since: EVENING - HOUR }, /没有丢/],
  robot: [{ channel: 'wecom-bot' }, /停掉另一个/],
  decision: [{ store: '球馆', verification: 'v', since: EVENING - HOUR }, /卡片上的按钮/],
  guessing: [{ of: 'place', store: '球馆', place: '3号桌', count: 9 }, /换新二维码/],
  undos: [{ store: '球馆', person: '小王', undone: 5, again: 3 }, /发送“记录 今天 小王”/],
  price: [{ store: '球馆', title: '畅打', usual: 4900, amount: 2900 }, /平台后台/],
  summary: [{ store: '球馆', group: '老板群' }, /绑定日报/],
  endpoint: [{ store: '球馆', endpoint: 'e1', host: 'shop.example', why: 'failing' }, /启用/],
  undelivered: [{ chat: 'telegram:-5', group: '前台群', message: 'summary:1' }, /检查机器人/],
  refund: [{ platform: 'douyin', title: '畅打', verification: null }, /不用处理/],
  elsewhere: [{ platform: 'douyin', title: '畅打', at: EVENING, store: null }, /后台核对/],
  holidays: [{ store: '球馆', year: '2027' }, /更新程序/],
};
const alertOf = (kind: AlertKind, key = 'cause'): Alert =>
  ({ kind, key, accountId: 'account', storeIds: ['shop'], facts: KINDS[kind][0] }) as Alert;
const urgent = ALERT_NAMES.filter((kind) => ALERT_KINDS[kind].urgent);
const patient = ALERT_NAMES.filter((kind) => !ALERT_KINDS[kind].urgent);

export function alertingSuite(name: string, openDatabase: () => Promise<Database>): void {
  describe(`alerts on ${name}`, () => {
    let database: Database;
    let at: number;
    beforeEach(async () => {
      at = EVENING;
      database = await openDatabase();
      const { db } = database;
      await db.insertInto('account').values(accountRow('account', 'umember')).execute();
      await db.insertInto('store').values(storeRow('shop')).execute();
      const owner = { account_id: 'account', since: 0, proved_epoch: 0 };
      await db
        .insertInto('owner')
        .values([
          { ...owner, person: 'telegram:1', name: '王老板' },
          { ...owner, person: 'wecom-kf:a:b', name: '李老板' },
        ])
        .execute();
    });
    afterEach(() => database.close());

    /** One instance, as it is after a start. */
    const start = () => {
      const { db } = database;
      const now = (): number => at;
      let ids = 0;
      const instance = Math.random().toString(36).slice(2, 10);
      const newId = (): string => `${instance}${(ids += 1)}`.padEnd(16, 'x');
      const outbox = createOutbox<Pick<Outgoing, 'reply'>>(db, createSeal(Buffer.alloc(32, 7)), now, newId);
      const settings = createAlertSettings({ db, now });
      const alerting = createAlerting({
        db,
        alerts: createAlerts({ db, now }),
        settings,
        now,
        word: createWordAlerts({
          accounts: { owners: (id) => readOwners(db, id) },
          operators: [],
          wordsOf: () => Promise.resolve(words('zh-CN')),
          verification: () => Promise.resolve(undefined),
          undelivered: (message) => Promise.resolve(`日报 ${message}`),
          now,
          newId,
        }),
        async put(tx, messages) {
          for (const { key, chat, reply } of messages) await outbox.put(tx, key, chat, { reply });
        },
        attention: () => Promise.resolve(() => Promise.resolve()),
      });
      /** What goes out, by whom it is for. */
      const delivered = async (): Promise<readonly { chat: string; text: string; buttons: readonly string[] }[]> => {
        const all = [];
        for (let due = await outbox.claim(50); due.length > 0; due = await outbox.claim(50))
          for (const row of due) {
            const { reply } = row.message;
            if (reply.kind !== 'say') throw new Error(reply.kind);
            all.push({
              chat: row.chat,
              text: reply.text,
              buttons: (reply.buttons ?? []).flat().map(({ verb, id }) => `${verb}:${id}`),
            });
            await outbox.sent(row);
          }
        return all;
      };
      return { alerting, settings, delivered };
    };

    it.each(ALERT_NAMES)(
      '%s: two instances see the cause, every owner is told once with the way out, and again once it is over',
      async (kind) => {
        const [one, two] = [start(), start()];
        const raise = (): Promise<unknown> => Promise.all([one.alerting.raise(alertOf(kind)), two.alerting.raise(alertOf(kind))]);
        await raise();
        const told = await one.delivered();
        expect(told.map(({ chat }) => chat).toSorted()).toEqual(['telegram:1', 'wecom-kf:a:b']);
        for (const { text } of told) expect(text).toMatch(KINDS[kind][1]);
        expect(told[0]!.buttons).toEqual(kind === 'endpoint' ? ['hook:e1'] : []);
        await raise();
        await one.alerting.tell();
        at += HOUR;
        await raise();
        expect(await two.delivered()).toEqual([]);
        await one.alerting.over(alertOf(kind));
        await Promise.all([one.alerting.tell(), two.alerting.tell()]);
        expect(await one.delivered()).toEqual([]);
        at += 100 * DAY;
        await raise();
        // What is named by its message is told once for all.
        expect(await two.delivered()).toHaveLength(kind === 'undelivered' ? 0 : 2);
      },
    );

    it('are kept in quiet hours by two instances and over a restart, and told once at their end, in one message each', async () => {
      const [one, two] = [start(), start()];
      await one.settings.setQuiet('shop', '22:00-08:00', BOSS);
      at = Date.parse('2026-11-22T23:00:00+08:00');
      for (const kind of patient) await Promise.all([one.alerting.raise(alertOf(kind)), two.alerting.raise(alertOf(kind))]);
      await Promise.all([one.alerting.tell(), two.alerting.tell()]);
      expect(await one.delivered()).toEqual([]);
      at = Date.parse('2026-11-23T07:59:59+08:00');
      const [next, other] = [start(), start()];
      for (const kind of patient) await next.alerting.raise(alertOf(kind));
      await Promise.all([next.alerting.tell(), other.alerting.tell()]);
      expect(await next.delivered()).toEqual([]);
      at += 1000;
      await Promise.all([next.alerting.tell(), other.alerting.tell(), two.alerting.tell()]);
      const told = await other.delivered();
      expect(told.map(({ chat }) => chat).toSorted()).toEqual(['telegram:1', 'wecom-kf:a:b']);
      for (const { text } of told) {
        expect(text).toContain(`有 ${patient.length} 条提醒`);
        for (const kind of patient) expect(text).toMatch(KINDS[kind][1]);
        expect(text).toContain('日报 summary:1');
      }
      await Promise.all([next.alerting.tell(), other.alerting.tell()]);
      expect(await next.delivered()).toEqual([]);
    });

    it('that are over at the end of quiet hours are not told', async () => {
      const { alerting, settings, delivered } = start();
      await settings.setQuiet('shop', '18:00-20:00', BOSS);
      for (const kind of patient) await alerting.raise(alertOf(kind));
      for (const kind of patient) await alerting.over(alertOf(kind));
      at += 2 * HOUR;
      await start().alerting.tell();
      expect(await delivered()).toEqual([]);
    });

    it.each(urgent)('%s is told in quiet hours too, and cannot be turned off', async (kind) => {
      const { alerting, settings, delivered } = start();
      await settings.setQuiet('shop', '18:00-20:00', BOSS);
      await settings.turn('shop', kind, false, BOSS);
      await alerting.raise(alertOf(kind));
      expect(await delivered()).toHaveLength(2);
    });
  });
}
