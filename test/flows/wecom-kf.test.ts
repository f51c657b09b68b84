import { describe, expect, it } from 'vitest';
import { openKfHarness as openShop } from './wecom-kf-harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('binding by typing', () => {
  it('leads from the word to the bound store by numbers, the password’s message named for deletion', async () => {
    const shop = await openShop();
    const owner = shop.wecom.customer('王老板');
    const [platforms] = await shop.ask(owner, '绑定');
    expect(platforms).toContain('选择平台');
    expect(owner.messages.at(-1)!.items.map(({ label }) => label)).toContain('美团 · umember');
    expect((await shop.ask(owner, '1')).join()).toContain('邮箱');
    const question = (await shop.ask(owner, 'owner@example.com')).join();
    expect(question).toContain('请发送密码');
    expect(question).toContain('我删不掉你发的消息');
    const done = await shop.ask(owner, 'secret');
    expect(done).toHaveLength(1);
    expect(done[0]).toContain('手动删除');
    expect(done[0]).toContain('已绑定「大声發24小时自助棋牌室5」');
    expect(owner.sent).toBeLessThanOrEqual(5);
    expect(shop.faults).toEqual([]);
  });

  it('a refused password is simply typed again, and the menu below it answers to numbers', async () => {
    const shop = await openShop();
    const owner = shop.wecom.customer('王老板');
    for (const text of ['绑定', '1', 'owner@example.com']) await shop.ask(owner, text);
    expect((await shop.ask(owner, 'wrong')).join()).toContain('邮箱或密码不正确');
    expect(owner.messages.at(-1)!.items.map(({ label }) => label)).toEqual(['重新输入', '取消', '换邮箱']);
    expect((await shop.ask(owner, '3')).join()).toContain('请发送登录邮箱');
    await shop.ask(owner, 'owner@example.com');
    await shop.ask(owner, 'wrong');
    expect((await shop.ask(owner, 'secret')).join()).toContain('已绑定');
  });

  it('a password typed when the dialogue is over is warned of', async () => {
    const shop = await openShop();
    const owner = shop.wecom.customer('王老板');
    for (const text of ['绑定', '1', 'owner@example.com', '取消']) await shop.ask(owner, text);
    const said = (await shop.ask(owner, 'secret')).join();
    expect(said).toContain('手动删除');
    expect(said).toContain('没有使用');
    expect(shop.umember.calls('login')).toBe(0);
  });
});

describe('an invited member of staff', () => {
  it('joins by the eight digits', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    expect(staff.messages.at(-1)!.text).toContain('你已成为「大声發24小时自助棋牌室5」的员工');
  });

  it('sends a code, gets a menu, confirms, and is told 核销成功: one message each time', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    const card = await shop.ask(staff, code);
    expect(card).toHaveLength(1);
    for (const words of ['开业特惠通用畅玩4小时', code, '¥49.00', '未使用']) expect(card[0]).toContain(words);
    expect(staff.messages.at(-1)!.items.map(({ label }) => label)).toEqual(['确认核销', '取消']);

    const result = await shop.click(staff, '确认核销');
    expect(result).toHaveLength(1);
    expect(result[0]).toContain('核销成功');
    expect(result[0]).toContain('小李');
    expect(result[0]).toContain('2026-11-22 18:30');
    expect(shop.umember.books.used(code)).toHaveLength(1);
    expect(shop.faults).toEqual([]);
  });

  it('may type the number instead', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    expect((await shop.ask(staff, '1')).join()).toContain('核销成功');
    expect(shop.umember.books.used(code)).toHaveLength(1);
  });

  it('may take the other one: nothing is verified', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    expect((await shop.click(staff, '取消')).join()).toContain('已取消');
    expect((await shop.click(staff, '确认核销')).join()).not.toContain('成功');
    expect(shop.umember.books.used(code)).toEqual([]);
  });

  it('clicks twice, and a third time a day later: one use', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    const both = await shop.after(staff, () => {
      const menu = staff.messages.at(-1)!;
      staff.clicks('确认核销', menu);
      staff.clicks('确认核销', menu);
    });
    expect(both.join()).toContain('核销成功');
    shop.later(DAY);
    expect((await shop.click(staff, '确认核销')).join()).toContain('核销成功');
    expect(shop.umember.books.used(code)).toHaveLength(1);
    expect(shop.umember.calls('verify')).toBe(1);
  });

  it('is told 处理中 when the platform is slow, and how it ended after that', async () => {
    const shop = await openShop({ timeoutMs: 500 });
    const staff = await shop.staff(await shop.owner());
    await shop.ask(staff, shop.umember.books.coupon());
    shop.umember.fail('verify', { kind: 'late', applied: true });
    staff.clicks('确认核销');
    await expect.poll(() => shop.patience.open(), { interval: 5 }).toContain(3000);
    await shop.patience.elapse(3000);
    await expect.poll(() => staff.messages.at(-1)!.text, { interval: 5 }).toContain('处理中');
    await shop.quiet();
    expect(staff.messages.at(-1)!.text).toContain('结果待确认');
    expect(shop.umember.calls('verify')).toBe(1);
  });

  it('is refused for a used coupon, and for none', async () => {
    const shop = await openShop();
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    await shop.click(staff, '确认核销');
    expect((await shop.ask(staff, code)).join()).toContain('已核销');
    expect((await shop.ask(staff, '4827193056')).join()).toContain('券码不存在');
  });

  it('hears later what became of a lost answer', async () => {
    const shop = await openShop({ timeoutMs: 150 });
    const staff = await shop.staff(await shop.owner());
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    shop.umember.fail('verify', { kind: 'reset', applied: true });
    const unsure = await shop.click(staff, '确认核销');
    expect(unsure).toHaveLength(1);
    expect(unsure[0]).toContain('结果待确认');
    expect(unsure[0]).not.toContain('成功');
    const before = staff.messages.length;
    shop.later(1000);
    await shop.tick();
    const told = staff.messages.slice(before);
    expect(told).toHaveLength(1);
    expect(told[0]!.text).toContain('核销成功');
    expect(staff.sent).toBeLessThanOrEqual(5);
    expect(shop.umember.books.used(code)).toHaveLength(1);
    expect(shop.faults).toEqual([]);
  });

  it('who was removed clicks in vain', async () => {
    const shop = await openShop();
    const owner = await shop.owner();
    const staff = await shop.staff(owner);
    const code = shop.umember.books.coupon();
    await shop.ask(staff, code);
    await shop.ask(owner, '员工');
    await shop.click(owner, '移除 小李');
    await shop.click(owner, '确定移除');
    expect((await shop.click(staff, '确认核销')).join()).toContain('你没有核销权限');
    expect(shop.umember.books.used(code)).toEqual([]);
  });

  it('never needs more than five messages for anything he does', async () => {
    const shop = await openShop();
    const owner = await shop.owner();
    const staff = await shop.staff(owner);
    for (let n = 0; n < 12; n += 1) {
      await shop.ask(staff, shop.umember.books.coupon());
      await shop.click(staff, '确认核销');
    }
    for (const text of ['日报', '记录', '状态', '帮助', '撤销', '语言']) {
      expect((await shop.ask(staff, text)).length, text).toBeGreaterThan(0);
      expect(staff.sent, text).toBeLessThanOrEqual(5);
    }
    expect(shop.wecom.asked('/kf/send_msg').length).toBeGreaterThan(30);
    expect(shop.lines.filter((line) => line.includes('9500'))).toEqual([]);
  });
});

describe('a customer', () => {
  it('without a store is sent to the staff, whatever he says: no word of binding, which is the owners’', async () => {
    const shop = await openShop();
    await shop.owner();
    const guest = shop.wecom.customer('路人');
    const greeting = await shop.after(guest, () => guest.enters('store12'));
    expect(greeting.join()).toContain('出示给店员');
    expect(guest.messages[0]).toMatchObject({ greeting: true });
    const code = shop.umember.books.coupon();
    for (const text of [code, '你好', '帮助', '记录', '状态', '怎么用？', '在吗']) {
      const said = (await shop.ask(guest, text)).join();
      expect(said, text).toContain('出示给店员');
      expect(said, text).not.toMatch(/绑定|bind/);
    }
    expect(shop.umember.calls('detail')).toBe(0);
    expect(shop.umember.books.used(code)).toEqual([]);
  });

  it('who says 绑定 may be an owner, and an owner’s own chat without a store tells how to bind', async () => {
    const shop = await openShop();
    expect((await shop.ask(shop.wecom.customer('陈老板'), '绑定')).join()).toContain('选择平台');
    const owner = await shop.owner();
    await shop.ask(owner, '解绑');
    await shop.click(owner, '确定解绑');
    expect((await shop.ask(owner, '帮助')).join()).toContain('绑定');
  });
});

describe('the daily summary', () => {
  it('comes to an owner who wrote within two days', async () => {
    const shop = await openShop();
    const owner = await shop.owner();
    await shop.ask(owner, shop.umember.books.coupon());
    await shop.click(owner, '确认核销');
    expect((await shop.ask(owner, '绑定日报')).join()).toContain('本聊天将收到');
    shop.later(6 * HOUR);
    await shop.tick();
    expect(owner.messages.at(-1)!.text).toMatch(/日报[^]*核销 1 张[^]*¥49.00/);
  });

  it('waits for an owner who did not, and comes with the first answer', async () => {
    const shop = await openShop();
    const owner = await shop.owner();
    await shop.ask(owner, '绑定日报');
    shop.later(3 * DAY);
    const before = owner.messages.length;
    await shop.tick();
    expect(owner.messages).toHaveLength(before);
    const said = await shop.ask(owner, '状态');
    expect(said.join('\n').match(/日报 · /g)).toHaveLength(3);
    expect(owner.sent).toBeLessThanOrEqual(5);
  });
});

describe('a guest of a store that verifies for its customers', () => {
  it('hears once where to show the coupon, and his thanks are answered as shortly', async () => {
    const shop = await openShop();
    const lin = shop.wecom.customer('林小姐');
    expect((await shop.ask(lin, '你好')).join()).toContain('请把券码或券的二维码出示给店员');
    expect(await shop.ask(lin, '谢谢')).toEqual(['不客气。']);
    expect(await shop.ask(lin, '再见')).toEqual(['再见！']);
  });
});
