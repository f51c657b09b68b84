/** Every kind of fact has its sentence in the audit trail, in every language, and says no more than what was changed. */
import { describe, expect, it } from 'vitest';
import { trailText } from '../../../handlers/history/trail-words.ts';
import { LOCALES, words as wordsIn } from '../../../locales/index.ts';
import { ACCOUNT_FACT_KINDS } from '../../../services/accounts/account-facts.ts';
import type { Fact } from '../../../services/facts/facts.ts';
import { DECISION_KINDS } from '../../../services/facts/trail.ts';

const KINDS = [...ACCOUNT_FACT_KINDS, ...DECISION_KINDS];
const fact = (kind: string, changes: Partial<Fact> = {}): Fact => ({
  kind,
  stream: 'account:a',
  sequence: 1,
  subject: 'telegram:5551',
  by: { kind: 'person', id: 'telegram:1', name: 'Wang' },
  at: 0,
  detail: {},
  ...changes,
});
const zh = wordsIn('zh-CN');
const told = (kind: string, changes: Partial<Fact> = {}, tail?: string): string =>
  trailText({ fact: fact(kind, changes), tail }, zh);

describe.each(LOCALES)('in %s', (locale) => {
  const words = wordsIn(locale);
  const other = trailText({ fact: fact('from.later') }, words);

  it.each(KINDS)('%s is told', (kind) => {
    for (const from of [undefined, 'undo-unsure', ''] as const) {
      const text = trailText({ fact: fact(kind, { from }) }, words);
      expect(text).toMatch(/^Wang \S/);
      expect(text).not.toBe(other);
      expect(text).not.toMatch(/undefined|null|[{}\n]/);
    }
  });

  it('a kind of a later version is told without its name, whoever did it', () => {
    expect(other).toMatch(/^Wang \S/);
    expect(other).not.toContain('later');
    for (const kind of ['constructor', '__proto__', '']) expect(trailText({ fact: fact(kind) }, words)).toBe(other);
    const by = (['platform', 'program', 'key', 'rule', 'customer'] as const).map((kind) => ({ kind, id: '9', name: '' }));
    for (const one of [...by, undefined])
      expect(trailText({ fact: fact('staff.invited', { by: one }) }, words)).toMatch(/^\S.* \S/);
  });
});

it('no id, no identity, and no field but those of the sentence is told', () => {
  const detail = { secret: 's3cret', scopes: 'read', heir: 'telegram:5552', 'invited-by': 'telegram:5553', store: 'store-1' };
  for (const kind of KINDS) {
    const text = told(kind, { from: undefined, detail: { ...detail, identity: 'telegram:5554', account: 'account-1' } });
    expect(text).not.toMatch(/555|s3cret|store-1|account-1/);
  }
});

it('no name forges a line', () => {
  const name = '小李\n11-22 18:30 王老板 移除了员工';
  for (const kind of KINDS) {
    const by = { kind: 'person', id: 'telegram:1', name } as const;
    expect(told(kind, { by, from: name, to: name, detail: { name, title: name, host: name, 'asked-name': name } })).not.toMatch(
      /[\r\n\u2028]/,
    );
  }
});

it('a field of another type than it should have is as good as none', () => {
  for (const kind of KINDS)
    expect(told(kind, { detail: { name: 5, title: null, host: true, platform: 7, identity: 8, 'last-four': 9 } })).toBe(
      told(kind),
    );
});

it.each([
  ['staff.removed', { detail: { name: '小李' } }, '移除了员工 小李'],
  ['store.day-end', { from: '00:00', to: '05:00' }, '设置「营业日截止」：次日 05:00（原 00:00）'],
  ['store.zone', { from: 'Asia/Shanghai', to: 'Europe/Paris' }, '设置「时区」：Europe/Paris（原 北京时间）'],
  ['store.may-undo', { from: 'verifier', to: 'staff' }, '设置「谁能撤销」：所有员工（原 店主和核销人）'],
  ['store.group-codes', { from: 'auto', to: 'tail' }, '设置「群里的券码」：只写后四位（原 自动）'],
  ['alerts.quiet-hours', { to: '22:00-08:00' }, '设置「安静时段」：22:00-08:00（原 关）'],
  ['alerts.kinds', { from: 'price', to: 'undos price' }, '关了提醒：撤销异常'],
  ['alerts.kinds', { from: 'price', to: '' }, '开了提醒：价格变动'],
  ['summary.extras', { detail: { picture: 'dark', periods: 'both' } }, '设置日报：图片 深色，周报月报 都要'],
  ['chat.who-may', { from: 'owner', to: 'everyone' }, '设置谁可以核销：群内所有人'],
  ['chat.bound', { detail: { title: '前台群' } }, '绑定了聊天「前台群」'],
  ['chat.bound', { subject: 'telegram:1', detail: { title: 'Wang' } }, '绑定了自己的私聊'],
  ['summary.off', { subject: 'telegram:1' }, '停了自己私聊的日报'],
  ['chat.language', { to: 'en' }, '设置聊天的语言：English'],
  ['account.bound', { detail: { platform: 'dianping' } }, '绑定了大众点评的账号'],
  ['owner.added', { subject: 'telegram:1', detail: { name: 'Wang' } }, '绑定成功，成为店主'],
  ['owner.added', { detail: { name: '小李' } }, '让 小李 成为店主'],
  ['person.linked', { detail: { identity: 'wecom-bot:x', name: '王' } }, '关联了企业微信的「王」'],
  ['key.revoked', { detail: { name: '收银台', 'last-four': 'ab12' } }, '吊销了接口密钥「收银台」…ab12'],
  ['webhook.added', { detail: { host: 'shop.example' } }, '添加了回调 shop.example'],
  ['verification.decide-yes', { from: 'person' }, '判断 …8512：已核销'],
  ['verification.decide-no', { from: 'undo-unsure' }, '判断 …8512：没有撤销'],
  ['approval.agreed', { detail: { 'asked-name': '小李' } }, '同意 小李 撤销 …8512'],
  ['approval.declined', { detail: { 'asked-name': '小李', wanted: 'verify' } }, '不同意 小李 在打烊时核销 …8512'],
] as const)('%s %j: %s', (kind, changes, text) => {
  expect(told(kind, changes, '8512')).toBe(`Wang ${text}`);
});
