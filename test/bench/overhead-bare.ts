/** The peer: a bot of grammY alone that makes the same two calls, keeps nothing, and checks nothing. `node overhead-bare.ts '<Bare>'` */
import { createServer } from 'node:http';
import { Bot, InlineKeyboard, webhookCallback } from 'grammy';

export interface Bare {
  readonly token: string;
  readonly port: number;
  /** Telegram and platform alike. */
  readonly url: string;
}

const { token, port, url } = JSON.parse(process.argv[2]!) as Bare;
const secret = 'bare';
const bot = new Bot(token, { client: { apiRoot: url } });

bot.on('message:text', async (ctx) => {
  const code = ctx.message.text;
  const response = await fetch(`${url}/open/user/meituan/coupon/detail?store_id=5&coupon_code=${encodeURIComponent(code)}`, {
    headers: { authorization: 'token', 'content-type': 'application/json' },
  });
  const { data } = (await response.json()) as { data: { sku_name: string; status: string } };
  await ctx.reply(`<b>${data.sku_name}</b>\n券码：${code}\n状态：${data.status}`, {
    parse_mode: 'HTML',
    reply_markup: new InlineKeyboard().text('确认核销', `use:${code}`).text('取消', `drop:${code}`),
  });
});

await bot.init();
const hear = webhookCallback(bot, 'http', { secretToken: secret });
const server = createServer((request, response) => void hear(request, response));
server.listen(port, '127.0.0.1', () => void bot.api.setWebhook(`http://127.0.0.1:${port}/telegram`, { secret_token: secret }));
