/** A practice page with an HTTP listener on a free port, collections in memory, and a scripted bot. */
import { randomBytes } from 'node:crypto';
import { createHttp, type Http } from '../../../bot/http/server.ts';
import type { Hear } from '../../../bot/channel/channel.ts';
import {
  ATTACHMENT_MS,
  createWeb,
  KEPT_MS,
  PHOTO_MS,
  type KeptAttachment,
  type Page,
  type Web,
} from '../../../bot/web/practice/web.ts';
import type { Card, Incoming, Reply } from '../../../handlers/message.ts';
import { createCollections, type Collection } from '../../../services/database/collections.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { systemTime } from '../../../services/time/time.ts';

export interface Practice extends Web {
  readonly http: Http;
  readonly pages: Collection<Page>;
  /** All events of the channel, in order. */
  readonly heard: Incoming[];
  readonly opened: string[];
  /** The languages chosen on the page. */
  readonly spoken: object[];
  readonly warnings: object[];
  /** Moves the channel's clock, ms. */
  pass(ms: number): void;
}

export async function memoryPages(): Promise<Collection<Page>> {
  const { db } = await openSqlite(':memory:');
  return createCollections(db, createSeal(randomBytes(32)), () => Date.now())<Page>('web-page', KEPT_MS);
}

async function memoryMedia() {
  const { db } = await openSqlite(':memory:');
  const collections = createCollections(db, createSeal(randomBytes(32)), () => Date.now());
  return {
    photos: collections<string>('photo', PHOTO_MS),
    attachments: collections<KeptAttachment>('attachment', ATTACHMENT_MS),
  };
}

/** Not listening yet: tests without a port use `http.app.request`. `hear` is called after the event is in `heard`. */
export async function createPractice({
  hear = () => Promise.resolve(),
  pages,
  port = 0,
  secure = false,
}: {
  hear?: (incoming: Incoming, web: Web) => Promise<void>;
  pages?: Collection<Page>;
  port?: number;
  secure?: boolean;
} = {}): Promise<Practice> {
  const kept = pages ?? (await memoryPages());
  let passed = 0;
  const heard: Incoming[] = [];
  const opened: string[] = [];
  const spoken: object[] = [];
  const warnings: object[] = [];
  const web = createWeb({
    pages: kept,
    ...(await memoryMedia()),
    secure,
    newId: () => randomBytes(16).toString('base64url'),
    now: () => Date.now() + passed,
    sleep: systemTime.sleep,
    log: { warn: (_message, facts) => void warnings.push(facts ?? {}) },
    samples: (locale) =>
      locale === 'zh-CN'
        ? [
            { code: '0101000001', label: '未使用' },
            { code: '0102000001', label: '已核销' },
            { code: '0103000001', label: '已过期' },
            { code: '0104000001', label: '非本店' },
            { code: '0105000001', label: '三次卡' },
            { code: '0106000001', label: '平台很慢' },
            { code: '0107000001', label: '答复丢失（未核销）' },
            { code: '0108000001', label: '答复丢失（已核销）' },
            { code: '0109000001', label: '平台繁忙' },
            { code: '0110000001', label: '已退款' },
          ]
        : [
            { code: '0101000001', label: 'Unused' },
            { code: '0109000001', label: 'Answer lost, settles by itself' },
          ],
    speak: ({ name }, chats, locale) => {
      spoken.push({ name, ...chats, locale });
      return Promise.resolve();
    },
    open(person, _chats, locale) {
      opened.push(person.id);
      const text = locale === 'zh-CN' ? '这是练习店。发一个券码试试。' : 'This is the practice store. Send a code to try.';
      const summary = locale === 'zh-CN' ? '每天的日报会发到这里。' : 'The daily summary comes here.';
      return Promise.resolve({ chat: [{ kind: 'say', text }], owners: [{ kind: 'say', text: summary }] });
    },
  });
  const http = createHttp({
    port,
    host: '127.0.0.1',
    health: () => Promise.resolve([]),
    metrics: () => Promise.resolve(''),
    time: systemTime,
    log: { info: () => undefined, error: (_message, facts) => void warnings.push(facts ?? {}) },
  });
  http.mount(web.app);
  const listen: Hear = async (incoming) => {
    heard.push(incoming);
    await hear(incoming, web);
  };
  await web.channel.start(listen);
  return { ...web, http, pages: kept, heard, opened, spoken, warnings, pass: (ms) => void (passed += ms) };
}

function coupon(code: string): Card {
  return {
    title: '4 小时畅玩（含茶水）',
    tone: 'open',
    fields: [
      { label: '券码', value: code },
      { label: '售价', value: '¥49.00' },
      { label: '门店', value: '练习棋牌室（人民广场店）' },
      { label: '状态', value: '未使用' },
      { label: '有效期', value: '2026-12-31' },
      { label: '手机号', value: '178****1807' },
    ],
    buttons: [
      [
        { label: '确认核销', verb: 'use', id: 'v1', style: 'primary' },
        { label: '取消', verb: 'drop', id: 'v1' },
      ],
    ],
  };
}

/** Replies like the bot, asynchronously and some ms later: a card to a code, a replaced card to a press, an echo to other texts. */
export async function scripted(incoming: Incoming, { channel }: Web): Promise<void> {
  const { content, chat } = incoming;
  const send = (reply: Reply) => channel.send(chat, reply, incoming);
  const later = (work: () => Promise<unknown>): void => void setTimeout(() => void work(), 20);
  if (content.kind === 'text' && /^\d{10}$/.test(content.text)) {
    later(() => send({ kind: 'card', card: coupon(content.text) }));
  } else if (content.kind === 'text' && content.text === '绑定') {
    later(() => send({ kind: 'say', text: '请发送密码。', ask: 'secret' }));
  } else if (content.kind === 'text' && content.text.startsWith('pass')) {
    later(async () => {
      await send({ kind: 'forget', sorry: '' });
      await send({ kind: 'say', text: '已绑定' });
    });
  } else if (content.kind === 'text' && content.text === '悄悄话') {
    later(() => send({ kind: 'whisper', text: '只有老板可以这样做' }));
  } else if (content.kind === 'text' && content.text === '日报') {
    later(() => channel.send(`${incoming.from.id}/owners`, { kind: 'card', card: summary }));
  } else if (content.kind === 'text') {
    later(() => send({ kind: 'say', text: `收到：${content.text}` }));
  } else if (content.kind === 'press' && content.action.verb === 'use') {
    later(async () => {
      await send({ kind: 'replace', card: { ...coupon('0101000001'), title: '处理中', tone: 'busy', buttons: [] } });
      await send({
        kind: 'replace',
        card: {
          ...coupon('0101000001'),
          title: '核销成功',
          tone: 'good',
          note: '4 小时畅玩（含茶水）· 可在 9:58 内撤销',
          buttons: [[{ label: '撤销', verb: 'undo', id: 'v1', style: 'danger' }]],
        },
      });
    });
  } else if (content.kind === 'press') {
    later(() => send({ kind: 'replace', card: { title: '已取消', fields: [], tone: 'bad', buttons: [] } }));
  }
  await Promise.resolve();
}

const summary: Card = {
  title: '日报 · 练习棋牌室 · 11月22日',
  fields: [
    { label: '核销', value: '12 张' },
    { label: '合计', value: '¥588.00' },
    { label: '撤销', value: '1 张' },
    { label: '待确认', value: '0 张' },
  ],
  note: '4 小时畅玩 8 张 ¥392.00\n下午茶双人 4 张 ¥196.00',
  buttons: [],
};
