/** Runs the whole program with 微信客服: callbacks signed and sealed, and WeCom's API, over real HTTP. */
import { onTestFinished, vi } from 'vitest';
import { mountWecomApp } from '../../bot/app/channels.ts';
import { createPatience } from '../bot/wecom/kf/harness.ts';
import { createCallbacks } from '../doubles/wecom/app-callbacks.ts';
import { startKf, type FakeCustomer } from '../doubles/wecom-kf.ts';
import { openProgram, type ProgramOptions } from './program-harness.ts';

export async function openKfHarness(options: ProgramOptions = {}) {
  const now = (): number => Date.now();
  const wecom = await startKf({ now });
  const patience = createPatience();
  const keys = { token: 'TESTTOKEN', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
  let kf!: ReturnType<typeof mountWecomApp>[1]['channel'];
  const program = await openProgram(
    (parts) => {
      const app = { ...keys, corpId: wecom.corpId, agentId: '1000002', secret: wecom.secret, apiBase: wecom.url };
      const [{ routes }, customers] = mountWecomApp(app, { ...parts, sleep: patience.wait });
      kf = customers.channel;
      return [{ channel: kf, routes }];
    },
    { port: 0, practice: 'off', ...options },
  );
  const calls = createCallbacks({ corpId: wecom.corpId, ...keys, now, againOnStatus: false });
  calls.setUrl(`${program.url}/wecom/callback`);
  wecom.called = ({ openKfid, token }) =>
    calls.call(
      `<xml><ToUserName><![CDATA[${wecom.corpId}]]></ToUserName><CreateTime>${Math.floor(now() / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[${token}]]></Token><OpenKfId><![CDATA[${openKfid}]]></OpenKfId></xml>`,
    );
  onTestFinished(async () => {
    await program.close();
    await wecom.close();
    vi.useRealTimers();
  });

  const shop = {
    ...program,
    wecom,
    kf,
    patience,
    /** Until everything that was said is answered. */
    async quiet(): Promise<void> {
      await calls.idle();
      await kf.fetched();
      await program.answered();
      await kf.settled();
    },
    /** What the bot says after the customer did something. */
    async after(customer: FakeCustomer, did: () => void): Promise<string[]> {
      const before = customer.messages.length;
      did();
      await shop.quiet();
      return customer.messages
        .slice(before)
        .filter(({ byBot }) => byBot)
        .map(({ text }) => text);
    },
    ask: (customer: FakeCustomer, text: string) => shop.after(customer, () => customer.says(text)),
    click: (customer: FakeCustomer, label: string) => shop.after(customer, () => customer.clicks(label)),
    async tick(): Promise<void> {
      await program.tick();
      await kf.settled();
    },
    /** Somebody who bound his store by typing. */
    async owner(name = '王老板'): Promise<FakeCustomer> {
      const owner = wecom.customer(name);
      for (const text of ['绑定', '1', 'owner@example.com', 'secret']) await shop.ask(owner, text);
      return owner;
    },
    /** Somebody the owner invited by word. */
    async staff(owner: FakeCustomer, name = '小李'): Promise<FakeCustomer> {
      await shop.ask(owner, '员工');
      const [invitation] = await shop.click(owner, '邀请员工');
      const staff = wecom.customer(name);
      await shop.ask(staff, /\b\d{8}\b/.exec(invitation!)![0]);
      return staff;
    },
  };
  return shop;
}
