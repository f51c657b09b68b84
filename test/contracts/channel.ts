/** The contract of every channel, as a suite that each channel runs. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Hear } from '../../bot/channel/channel.ts';
import type { Card, Incoming } from '../../handlers/message.ts';
import { attachmentContract, type AttachmentHarness, type Carries, type Seen } from './attachments.ts';

export type { Seen } from './attachments.ts';

/** One channel, and one person who has a chat with the bot. Made fresh for every test. */
export interface ChannelHarness extends AttachmentHarness {
  /** Types a text into the chat as the person. */
  readonly says: (text: string) => unknown;
  /** Presses the button with this label, in the last message that has one. */
  readonly presses: (label: string) => unknown;
  /** Redelivers the latest event, as a service does that missed the acknowledgement. */
  readonly again: () => unknown;
  /** Gives notices shown to this person alone outside the chat's messages, where the channel has such a place. */
  readonly asides: () => readonly string[] | Promise<readonly string[]>;
  /** Lines of text that can be sent before the person writes again; 900 by default. */
  readonly lines?: number;
  /** Makes posted messages uneditable. Left out where that never happens. */
  readonly lock?: () => unknown;
  /** Makes the person's messages undeletable. Left out where that never happens. */
  readonly keep?: () => unknown;
  /** Removes the person for good, so that the chat cannot be reached. Left out where that never happens. */
  readonly leave?: () => unknown;
}

const CARD: Card = {
  title: '双人下午茶套餐',
  fields: [
    { label: '券码', value: '1234 5678 90' },
    { label: '售价', value: '¥49.00' },
  ],
  note: '请核对后确认',
  tone: 'open',
  buttons: [
    [
      { verb: 'use', id: 'card-1', label: '确认核销', style: 'primary' },
      { verb: 'drop', id: 'card-1', label: '取消' },
    ],
  ],
};
const SETTLED: Card = { title: '核销成功', fields: [{ label: '券码', value: '1234 5678 90' }], tone: 'good', buttons: [] };

/** A recording inbox: keeps all events, gives them out one by one, and fails on order. */
function recordingHear() {
  const all: Incoming[] = [];
  let taken = 0;
  let failures = 0;
  let wake: () => void = () => undefined;
  const hear: Hear = (incoming) => {
    if (failures > 0) {
      failures -= 1;
      return Promise.reject(new Error('the disk is full'));
    }
    all.push(incoming);
    wake();
    return Promise.resolve();
  };
  return {
    hear,
    all,
    fail: (times: number) => void (failures = times),
    async next(): Promise<Incoming> {
      while (all.length <= taken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return all[taken - 1]!;
    },
  };
}

/** Traits of a channel that decide which cases of the contract apply. */
export interface Particular {
  readonly carries: Carries;
  /** Editable messages: all by default; only the card of a press, at once; none. */
  readonly edits?: 'anything' | 'pressed' | 'nothing';
  /** Optional functions of its harness. */
  readonly can?: readonly ('lock' | 'keep' | 'leave')[];
}

/** Runs a channel through the contract of `bot/channel/channel.ts` and `handlers/message.ts`. */
export function channelContract(
  name: string,
  openHarness: () => Promise<ChannelHarness>,
  { carries, edits = 'anything', can = [] }: Particular,
): void {
  async function open(): Promise<ChannelHarness & { recorded: ReturnType<typeof recordingHear> }> {
    const harness = await openHarness();
    const recorded = recordingHear();
    onTestFinished(async () => {
      await harness.channel.stop();
      await harness.close();
    });
    await harness.channel.start(recorded.hear);
    return { ...harness, recorded };
  }
  attachmentContract(name, openHarness, carries);
  const shown = async (harness: Pick<ChannelHarness, 'screen'>, text: string): Promise<readonly Seen[]> =>
    (await harness.screen()).filter((message) => message.text.includes(text));

  describe(`${name} keeps the contract of a channel`, () => {
    it('hands over a person’s text verbatim', async () => {
      const { recorded, channel, chat, says } = await open();
      await says('核销 0123 4567 89 😀 <b>&amp;');
      const heard = await recorded.next();
      expect(heard).toMatchObject({
        chat,
        group: false,
        addressed: true,
        content: { kind: 'text', text: '核销 0123 4567 89 😀 <b>&amp;' },
      });
      expect(heard.chat.startsWith(`${channel.name}:`)).toBe(true);
      expect(heard.id.startsWith(`${channel.name}:`)).toBe(true);
      expect(JSON.parse(JSON.stringify(heard))).toEqual(heard);
    });

    it('gives two equal messages two ids, and one message the same id however often it comes', async () => {
      const { recorded, says, again } = await open();
      await says('123456');
      const first = await recorded.next();
      await says('123456');
      const second = await recorded.next();
      expect(second.id).not.toBe(first.id);
      await again();
      // A channel may drop the repetition itself; a repetition that reaches the handler has the same id.
      await says('the end');
      let next = await recorded.next();
      if (next.content.kind === 'text' && next.content.text === '123456') {
        expect(next.id).toBe(second.id);
        next = await recorded.next();
      }
      expect(next.content).toEqual({ kind: 'text', text: 'the end' });
    });

    it('hears an event again that could not be stored', async () => {
      const { recorded, says } = await open();
      recorded.fail(2);
      await says('keep this');
      expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'keep this' });
      expect(recorded.all).toHaveLength(1);
    });

    it('keeps the order of one chat', async () => {
      const { recorded, says } = await open();
      for (const text of ['一', '二', '三']) await says(text);
      const heard = [await recorded.next(), await recorded.next(), await recorded.next()];
      expect(heard.map(({ content }) => content.kind === 'text' && content.text)).toEqual(['一', '二', '三']);
    });

    it('hears nothing after it has stopped, but still sends', async () => {
      const { recorded, channel, chat, says, screen } = await open();
      await says('hello');
      await recorded.next();
      await channel.stop();
      await Promise.resolve(says('anybody there?')).catch(() => undefined);
      expect(await channel.send(chat, { kind: 'say', text: 'closing for today' })).toMatchObject({ kind: 'sent' });
      expect(await shown({ screen }, 'closing for today')).toHaveLength(1);
      expect(recorded.all).toHaveLength(1);
    });

    it('sends a text literally, markup and all', async () => {
      const harness = await open();
      await harness.says('hi');
      const heard = await harness.recorded.next();
      const text = '<b>1 < 2 & 3 > 2</b> "q" &amp; <script>alert(1)</script> *_`[x](y)';
      expect(await harness.channel.send(harness.chat, { kind: 'say', text }, heard)).toMatchObject({ kind: 'sent' });
      expect((await harness.screen()).at(-1)!.text).toBe(text);
    });

    it('delivers a long text whole', async () => {
      const harness = await open();
      await harness.says('hi');
      const heard = await harness.recorded.next();
      const lines = Array.from({ length: harness.lines ?? 900 }, (_, index) => `第 ${index + 1} 行 <核销> & 撤销`);
      const before = (await harness.screen()).length;
      await harness.channel.send(harness.chat, { kind: 'say', text: lines.join('\n') }, heard);
      const after = (await harness.screen()).slice(before);
      expect(after.flatMap((message) => message.text.split('\n'))).toEqual(lines);
    });

    it('shows a card with everything on it, literally', async () => {
      const harness = await open();
      await harness.says('1234567890');
      const heard = await harness.recorded.next();
      const fields = [...CARD.fields, { label: '商品 <1>', value: '<a href="x">下午茶</a> & 甜点' }];
      const sent = await harness.channel.send(harness.chat, { kind: 'card', card: { ...CARD, fields }, tag: 'card-1' }, heard);
      expect(sent).toMatchObject({ kind: 'sent', ref: { chat: harness.chat } });
      const card = (await harness.screen()).at(-1)!;
      for (const text of [CARD.title, CARD.note!, ...fields.flatMap(({ label, value }) => [label, value])]) {
        expect(card.text).toContain(text);
      }
      expect(card.buttons).toEqual(['确认核销', '取消']);
    });

    it('brings a pressed button back as the action it stood for, on the message that carried it', async () => {
      const harness = await open();
      await harness.says('1234567890');
      const sent = await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
      await harness.presses('确认核销');
      const press = await harness.recorded.next();
      expect(press.content).toEqual({
        kind: 'press',
        action: { verb: 'use', id: 'card-1' },
        on: sent.kind === 'sent' && sent.ref,
      });
      expect(press.chat).toBe(harness.chat);
    });

    if (edits !== 'nothing') {
      it('replaces a pressed card in place, however often', async () => {
        const harness = await open();
        await harness.says('1234567890');
        await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
        const before = (await harness.screen()).length;
        await harness.presses('确认核销');
        const press = await harness.recorded.next();
        for (let times = 0; times < 3; times += 1) {
          expect(await harness.channel.send(harness.chat, { kind: 'replace', card: SETTLED }, press)).toMatchObject({
            kind: 'sent',
          });
        }
        const after = await harness.screen();
        expect(after).toHaveLength(before);
        expect(after.at(-1)).toMatchObject({ buttons: [] });
        expect(after.at(-1)!.text).toContain('核销成功');
      });
    }

    if (edits === 'anything') {
      it('replaces a card by its reference, without a press', async () => {
        const harness = await open();
        await harness.says('1234567890');
        const sent = await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
        const on = sent.kind === 'sent' ? sent.ref : undefined;
        expect(await harness.channel.send(harness.chat, { kind: 'replace', card: SETTLED, on: on! })).toMatchObject({
          kind: 'sent',
        });
        expect(await shown(harness, CARD.title)).toHaveLength(0);
        expect(await shown(harness, '核销成功')).toHaveLength(1);
      });
    }

    if (can.includes('lock')) {
      it('posts the replacement as a new message where the card cannot be edited any more', async () => {
        const harness = await open();
        await harness.says('1234567890');
        await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
        await harness.presses('确认核销');
        const press = await harness.recorded.next();
        await harness.lock!();
        expect(await harness.channel.send(harness.chat, { kind: 'replace', card: SETTLED }, press)).toMatchObject({
          kind: 'sent',
        });
        expect(await shown(harness, '核销成功')).toHaveLength(1);
      });
    }

    if (edits !== 'anything') {
      it('posts the replacement of a card nobody pressed as a new message, where cards cannot be edited', async () => {
        const harness = await open();
        await harness.says('1234567890');
        const sent = await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
        const on = sent.kind === 'sent' ? sent.ref : undefined;
        expect(await harness.channel.send(harness.chat, { kind: 'replace', card: SETTLED, on: on! })).toMatchObject({
          kind: 'sent',
        });
        expect(await shown(harness, '核销成功')).toHaveLength(1);
      });
    }

    it('shows a whisper to the person who pressed', async () => {
      const harness = await open();
      await harness.says('1234567890');
      await harness.channel.send(harness.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
      await harness.presses('取消');
      const press = await harness.recorded.next();
      expect(await harness.channel.send(harness.chat, { kind: 'whisper', text: '只有店员可以 <取消>' }, press)).toMatchObject({
        kind: 'sent',
      });
      const seen = [...(await harness.asides()), ...(await harness.screen()).map(({ text }) => text)];
      expect(seen.filter((text) => text.includes('只有店员可以 <取消>'))).toHaveLength(1);
    });

    it('deletes a message with a secret, or says that it cannot', async () => {
      const harness = await open();
      await harness.says('my password: hunter2');
      await harness.channel.send(
        harness.chat,
        { kind: 'forget', sorry: 'please delete it yourself' },
        await harness.recorded.next(),
      );
      const forgotten = (await shown(harness, 'hunter2')).length === 0;
      expect(await shown(harness, 'please delete it yourself')).toHaveLength(forgotten ? 0 : 1);
      expect(forgotten, 'it says beforehand whether it deletes').toBe(harness.channel.deletes === true);
    });

    if (can.includes('keep')) {
      it('says so where it cannot delete', async () => {
        const harness = await open();
        await harness.says('my password: hunter2');
        const heard = await harness.recorded.next();
        await harness.keep!();
        await harness.channel.send(harness.chat, { kind: 'forget', sorry: 'please delete it yourself' }, heard);
        expect(await shown(harness, 'please delete it yourself')).toHaveLength(1);
      });
    }

    if (can.includes('leave')) {
      it('reports a chat that is gone', async () => {
        const harness = await open();
        await harness.says('hi');
        const heard = await harness.recorded.next();
        await harness.leave!();
        expect(await harness.channel.send(harness.chat, { kind: 'say', text: 'still there?' }, heard)).toEqual({ kind: 'gone' });
      });
    }

    it('counts a person as administrator of the own chat', async () => {
      const harness = await open();
      await harness.says('hi');
      const { from } = await harness.recorded.next();
      expect(await harness.channel.administers(harness.chat, from.id)).toBe(true);
    });
  });
}
