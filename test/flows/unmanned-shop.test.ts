/** The shop of docs/unmanned-shop.md: the page's own program hears of a coupon that a rule verified, and the lamp goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scan } from '../doubles/devices/phone-camera.ts';
import { freePort } from '../free-port.ts';
import { labels, openHarness } from './harness.ts';

const programOf = (page: string): string =>
  /```js\n([^]*?)```/.exec(readFileSync(path.join(import.meta.dirname, '../../docs', page), 'utf8'))![1]!;

it('has one program in both languages, which turns the lamp on once and says so on the customer’s card', async () => {
  const program = programOf('unmanned-shop.md');
  expect(programOf('en/unmanned-shop.md')).toBe(program);
  const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-lamp-'));
  const file = path.join(folder, 'lamp.mjs');
  writeFileSync(file, program);
  let turns = 0;
  const relay = createServer((_, response) => {
    turns += 1;
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const at = relay.address();
  const lamps = { '3 号桌': `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/relay/0?turn=on` };
  const port = await freePort();

  // The program has a clock of its own.
  const bot = await openHarness({ now: Date.now() });
  const owner = await bot.owner();
  const press = async (...path_: readonly string[]) => {
    await bot.ask(owner, '/customers');
    for (const label of path_) {
      const last = owner.chat.messages.at(-1)!;
      await bot.press(owner, last, labels(last).find((one) => one.includes(label)) ?? label);
    }
  };
  const [said] = await bot.ask(owner, `回调 http://127.0.0.1:${port}/`);
  const secret = /whsec_[\w+/=]+/.exec(said!.text)![0];
  const child = spawn(process.execPath, [file], {
    env: { WHSEC: secret, LAMPS: JSON.stringify(lamps), PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill();
    relay.close();
    rmSync(folder, { recursive: true });
  });
  await once(child.stdout, 'data');

  await press('开通自助核销');
  await press('位置和二维码', '添加位置');
  await bot.ask(owner, '3 号桌');
  await press('位置和二维码', '3 号桌', '二维码');
  const [code] = await scan(bot.telegram.files.get(owner.chat.messages.at(-1)!.file!)!);
  await press('自动核销', '新建规则', '谁', '「3 号桌」的顾客');
  await press('自动核销', '自动核销 1', '试算', '开启');

  const lin = bot.telegram.person('林小姐');
  await bot.ask(lin, `/start ${/start=(s_[\w-]+)$/.exec(code!.text)![1]!}`);
  const before = lin.chat.messages.length;
  await bot.ask(lin, bot.umember.books.coupon());
  await expect.poll(() => lin.chat.messages.slice(before).findLast(({ byBot }) => byBot)?.text).toContain('3 号桌已开灯');
  expect(lin.chat.messages.slice(before).filter(({ byBot }) => byBot)).toHaveLength(1);
  expect(turns).toBe(1);
  // What nobody signed is not heard.
  const forged = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: '{"type":"coupon.verified","data":{"place":"3 号桌"}}',
  });
  expect([forged.status, turns]).toEqual([401, 1]);
});
