/** A page of chats as the channel contract takes it: what its scripts send and fetch, and what its visitor sees. */
import type { Channel } from '../../../bot/channel/channel.ts';
import type { Message, Page } from '../../../bot/web/page/visitor-page.ts';
import type { Collection } from '../../../services/collection.ts';
import type { ChannelHarness, Seen } from '../../contracts/channel.ts';

/** As the page draws it. */
function seen(message: Message): Seen {
  if (message.kind !== 'card') {
    const rows = message.kind === 'said' ? (message.buttons ?? []) : [];
    return { text: message.text, buttons: rows.flat().map(({ label }) => label) };
  }
  const { title, fields, note, buttons } = message.card;
  const lines = [title, ...fields.map(({ label, value }) => `${label} ${value}`), ...(note ? [note] : [])];
  return { text: lines.join('\n'), buttons: buttons.flat().map(({ label }) => label) };
}

export function pageHarness(page: {
  channel: Channel;
  chat: string;
  visitor: string;
  pages: Collection<Page>;
  get: (path: string) => Response | Promise<Response>;
  post: (path: string, body: object) => Response | Promise<Response>;
  close: () => Promise<void>;
}): ChannelHarness {
  const { channel, chat, visitor, pages, close } = page;
  const messages = async () => (await pages.get(visitor))?.chats.store.messages ?? [];
  let posted = 0;
  let latest = { path: '', body: {} };
  const event = () => `event-${(posted += 1)}-of-the-page`;

  /** What the page does: the same event once more when it was not taken. */
  async function post(path: string, body: object): Promise<void> {
    latest = { path, body };
    for (let tries = 0; tries < 4; tries += 1) if ((await page.post(path, body)).ok) return;
    throw new Error('not taken');
  }

  /** What the browser fetches for a message. */
  async function brought(message: Message) {
    if (message.kind !== 'picture' && message.kind !== 'file') return {};
    const bytes = new Uint8Array(await (await page.get(`/attachment/${message.id}`)).arrayBuffer());
    return message.kind === 'picture' ? { picture: bytes } : { file: { name: message.name, bytes } };
  }

  return {
    channel,
    chat,
    says: (text) => post('/say', { chat: 'store', text, id: event() }),
    async presses(label) {
      const shown = (await messages()).filter((message) => seen(message).buttons.includes(label)).at(-1)!;
      const rows = shown.kind === 'card' ? shown.card.buttons : shown.kind === 'said' ? shown.buttons : [];
      const { verb, id } = rows!.flat().find((button) => button.label === label)!;
      await post('/press', { chat: 'store', message: shown.id, action: `${verb}:${id}`, id: event() });
    },
    again: () => post(latest.path, latest.body),
    screen: async () =>
      await Promise.all((await messages()).map(async (message) => ({ ...seen(message), ...(await brought(message)) }))),
    asides: () => [],
    leave: () => pages.delete(visitor),
    close,
  };
}
