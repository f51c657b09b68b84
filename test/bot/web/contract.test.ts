import { channelContract, type Seen } from '../../contracts/channel.ts';
import type { Message } from '../../../bot/web/page/visitor-page.ts';
import { createPractice } from './harness.ts';

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

channelContract(
  'the practice page',
  async () => {
    const { channel, http, pages, opened } = await createPractice();
    await channel.stop();
    const cookie = (await http.app.request('/')).headers.get('set-cookie')!.split(';')[0]!;
    await (await http.app.request('/events', { headers: { cookie } })).body?.cancel();
    const visitor = opened[0]!.slice('web:'.length);
    const messages = async () => (await pages.get(visitor))?.chats.store.messages ?? [];
    let posted = 0;
    let latest = { path: '', body: {} };

    /** What the page does: the same event once more when it was not taken. */
    async function post(path: string, body: object): Promise<void> {
      latest = { path, body };
      for (let tries = 0; tries < 4; tries += 1) {
        const answer = await http.app.request(path, {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        if (answer.ok) return;
      }
      throw new Error('not taken');
    }
    /** What the browser fetches for a message. */
    async function brought(message: Message) {
      if (message.kind !== 'picture' && message.kind !== 'file') return {};
      const answer = await http.app.request(`/attachment/${message.id}`, { headers: { cookie } });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return message.kind === 'picture' ? { picture: bytes } : { file: { name: message.name, bytes } };
    }
    const event = () => `event-${(posted += 1)}-of-the-page`;

    return {
      channel,
      chat: `web:${visitor}`,
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
      close: () => http.stop(),
    };
  },
  { can: ['leave'], carries: { picture: 10 * 1024 * 1024, file: 10 * 1024 * 1024, refuses: false } },
);
