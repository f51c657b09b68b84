/** Draws chats as HTML in the look of Telegram and of WeCom, from what stands in their doubles. */
import type { MessageEntity } from 'grammy/types';
import type { FakeBotMessage } from '../doubles/wecom-smart-bot.ts';
import type { FakeMessage } from '../doubles/telegram.ts';

/** Signs in front of titles: each client draws them its own way, and a machine may have no font for them. */
const SIGNS: Readonly<Record<string, string>> = { '✅': '✓', '❌': '✕', '⏳': '…', '🎫': '券' };

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[✅❌⏳🎫]/gu, (sign) => `<i>${SIGNS[sign]}</i>`);

const TAGS: Readonly<Record<string, string>> = { bold: 'b', italic: 'i', code: 'code', pre: 'code', strikethrough: 's' };

/** A text with its marks. Nested marks are not drawn: the bot sends none. */
function marked(text: string, entities: readonly MessageEntity[]): string {
  let html = '';
  let at = 0;
  for (const { type, offset, length } of entities.toSorted((a, b) => a.offset - b.offset)) {
    const tag = TAGS[type];
    if (tag === undefined || offset < at) continue;
    html += `${escaped(text.slice(at, offset))}<${tag}>${escaped(text.slice(offset, offset + length))}</${tag}>`;
    at = offset + length;
  }
  return html + escaped(text.slice(at));
}

/** `title` stands at the top of the chat, `about` below it in small. */
function page(look: string, { title, about }: { title: string; about: string }, messages: readonly string[]): string {
  return `<!doctype html><html><head><meta charset="utf-8"><style>
  * { box-sizing: border-box; margin: 0; }
  body { font: 15px/1.45 'Noto Sans CJK SC', sans-serif; width: 400px; color: #111; }
  header { padding: 10px 16px; } header p { font-size: 12px; opacity: .65; }
  h1 { font-size: 16px; font-weight: 600; }
  main { display: flex; flex-direction: column; gap: 8px; padding: 14px 12px 18px; }
  article { white-space: pre-wrap; overflow-wrap: anywhere; }
  i { display: inline-block; width: 1.4em; text-align: center; border-radius: 4px; background: #1f8f4e; color: #fff; font: inherit;
    font-size: .8em; }
  .mine { align-self: flex-end; } .bot { align-self: flex-start; width: 88%; }
  .rows { display: grid; gap: 4px; } .row { display: flex; gap: 4px; } .row span { flex: 1; text-align: center; }
  ${look}</style></head><body><header><h1>${escaped(title)}</h1><p>${escaped(about)}</p></header>
  <main>${messages.join('\n')}</main></body></html>`;
}

const TELEGRAM = `
  body { background: #c9dbb7; } header { background: #fff; }
  .text { background: #fff; border-radius: 14px; padding: 8px 12px; }
  .mine .text { background: #e1fec6; } .bot { display: grid; gap: 4px; }
  .row span { background: #6b8f5db8; color: #fff; border-radius: 10px; padding: 7px 4px; font-weight: 500; }`;

export function telegramChat(top: { title: string; about: string }, messages: readonly FakeMessage[]): string {
  const drawn = messages.map(({ byBot, text, entities, buttons }) => {
    const rows = buttons.map(
      (row) => `<div class="row">${row.map(({ label }) => `<span>${escaped(label)}</span>`).join('')}</div>`,
    );
    const under = rows.length > 0 ? `<div class="rows">${rows.join('')}</div>` : '';
    return `<article class="${byBot ? 'bot' : 'mine'}"><div class="text">${marked(text, entities)}</div>${under}</article>`;
  });
  return page(TELEGRAM, top, drawn);
}

const WECOM = `
  body { background: #ededed; } header { background: #f7f7f7; border-bottom: 1px solid #ddd; text-align: center; }
  .text { background: #fff; border-radius: 8px; padding: 10px 14px; } .mine .text { background: #c9e7ff; }
  h2 { font-size: 17px; font-weight: 600; margin-bottom: 6px; } dl { display: grid; grid-template-columns: 5.5em 1fr; gap: 3px 0; }
  dt, .note { color: #888; } .note { margin-top: 6px; font-size: 13px; }
  .row { border-top: 1px solid #eee; margin: 10px -14px -10px; padding: 10px 14px; gap: 10px; }
  .row span { border-radius: 6px; padding: 7px 4px; background: #f2f2f2; }
  .row .style1 { background: #2d6be6; color: #fff; } .row .style3 { background: #fff; color: #d33; border: 1px solid #eab8b8; }`;

/** A card's own lines: its title, then what WeCom shows as name and value, then notes. */
function card({ look: { text, buttons } }: FakeBotMessage): string {
  const [title = '', ...lines] = text.split('\n');
  const fields = lines.map((line) => /^(\S{1,5}) (.+)$/.exec(line));
  const rows = fields.flatMap((found) => (found ? [`<dt>${escaped(found[1]!)}</dt><dd>${escaped(found[2]!)}</dd>`] : []));
  const notes = lines.filter((_, n) => !fields[n]).map((line) => `<p class="note">${escaped(line)}</p>`);
  const pressed = buttons.map(({ label, style }) => `<span class="style${style}">${escaped(label)}</span>`).join('');
  return `<h2>${escaped(title)}</h2><dl>${rows.join('')}</dl>${notes.join('')}${pressed && `<div class="row">${pressed}</div>`}`;
}

export function wecomChat(top: { title: string; about: string }, messages: readonly FakeBotMessage[]): string {
  const drawn = messages.map((message) => {
    const inside = message.look.kind === 'card' ? card(message) : escaped(message.look.text);
    return `<article class="${message.byBot ? 'bot' : 'mine'}"><div class="text">${inside}</div></article>`;
  });
  return page(WECOM, top, drawn);
}
