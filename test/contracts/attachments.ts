/** The contract of pictures and files, as a suite that every channel runs, also one that never hears. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Channel } from '../../bot/channel/channel.ts';
import type { ChatId, Incoming, Reply } from '../../handlers/message.ts';
import { madeUpFor } from '../fixtures/replies.ts';

/** A message as a person sees it: text without markup, buttons by label, attachment byte for byte. */
export interface Seen {
  readonly text: string;
  readonly buttons: readonly string[];
  readonly picture?: Uint8Array | undefined;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

export interface AttachmentHarness {
  /** Not started yet. */
  readonly channel: Channel;
  readonly chat: ChatId;
  /** Types a text as the person; left out where nobody is ever heard. */
  readonly says?: (text: string) => unknown;
  /** Gives the chat's messages, the person's own too, oldest first. May wait for sent messages to arrive. */
  readonly screen: () => readonly Seen[] | Promise<readonly Seen[]>;
  /** Makes the service refuse pictures and files. Left out where none can refuse. */
  readonly refuse?: () => unknown;
  /** Stops everything but the channel. */
  readonly close: () => Promise<void>;
}

/** Limits of a channel's attachments. */
export interface Carries {
  /** The largest picture shown as a picture, and the largest file, in bytes. */
  readonly picture: number;
  readonly file: number;
  /** The service may refuse attachments; true by default. */
  readonly refuses?: boolean;
}

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/photos/${name}`, import.meta.url));
const PNG = fixture('one-code.png');
const JPEG = fixture('sideways.jpg');
const CSV = Buffer.from('\uFEFF券码,金额\r\n0123456789,49.00\r\n');

type Picture = Extract<Reply, { kind: 'picture' }>;
type File = Extract<Reply, { kind: 'file' }>;
const picture = (bytes: Buffer, caption = '「大声發」<入口> & *二维码*'): Picture => ({
  kind: 'picture',
  bytes: bytes.toString('base64'),
  caption,
  sorry: '图片发不出来，请用链接。',
});
const file = (bytes: Buffer, caption = '11 月的核销记录', name = '核销记录 2026-11.csv'): File => ({
  kind: 'file',
  name,
  type: 'text/csv',
  bytes: bytes.toString('base64'),
  caption,
  sorry: '文件发不出来，请到网页下载。',
});
/** Makes bytes that begin like a picture, of any length. */
const long = (bytes: number): Buffer => Buffer.concat([JPEG, Buffer.alloc(bytes - JPEG.length)]);

export function attachmentContract(
  name: string,
  openHarness: () => Promise<AttachmentHarness>,
  { picture: mostOfPicture, file: mostOfFile, refuses = true }: Carries,
): void {
  /** Sends a reply, as an answer where the person can write, and gives the messages it added to the chat. */
  async function open() {
    const harness = await openHarness();
    const heard: Incoming[] = [];
    onTestFinished(async () => {
      await harness.channel.stop();
      await harness.close();
    });
    await harness.channel.start((incoming) => Promise.resolve(void heard.push(incoming)));
    await harness.says?.('hi');
    if (harness.says) await expect.poll(() => heard.length).toBe(1);
    const channels = madeUpFor(harness.channel);
    return {
      ...harness,
      async shows(reply: Reply): Promise<readonly Seen[]> {
        const before = (await harness.screen()).length;
        // Serialised as in the outbox.
        const stored = JSON.parse(JSON.stringify(reply)) as Reply;
        expect(await channels.send(harness.chat, stored, heard[0])).toMatchObject({ kind: 'sent' });
        return (await harness.screen()).slice(before);
      },
    };
  }
  const words = (seen: readonly Seen[]): string => seen.map(({ text }) => text).join('\n');

  describe(`${name} carries pictures and files`, () => {
    it.each([
      ['a PNG', PNG],
      ['a JPEG', JPEG],
    ])('shows %s byte for byte, once, with its caption', async (_, bytes) => {
      const { shows } = await open();
      const seen = await shows(picture(bytes));
      const pictures = seen.flatMap((one) => one.picture ?? []);
      expect(pictures).toHaveLength(1);
      expect(Buffer.from(pictures[0]!).equals(bytes)).toBe(true);
      expect(words(seen).trim()).toContain('「大声發」<入口> & *二维码*');
      expect(words(seen)).not.toContain('图片发不出来');
    });

    it('hands a file over under its name, byte for byte, with its caption', async () => {
      const { shows } = await open();
      const seen = await shows(file(CSV));
      const files = seen.flatMap((one) => one.file ?? []);
      expect(files.map((one) => one.name)).toEqual(['核销记录 2026-11.csv']);
      expect(Buffer.from(files[0]!.bytes).equals(CSV)).toBe(true);
      expect(words(seen)).toContain('11 月的核销记录');
      expect(words(seen)).not.toContain('文件发不出来');
    });

    it('needs no caption, and adds no words of its own', async () => {
      const { shows } = await open();
      for (const reply of [picture(PNG, ''), file(CSV, '')]) {
        const seen = await shows(reply);
        expect(seen).toHaveLength(1);
        expect(seen[0]!.text).toBe('');
      }
    });

    it('brings a long caption over whole', async () => {
      const { shows } = await open();
      const lines = Array.from({ length: 80 }, (_, n) => `第 ${n + 1} 行 <核销> & 撤销，一共八十行`);
      const seen = await shows(picture(PNG, lines.join('\n')));
      expect(seen.flatMap((one) => one.picture ?? [])).toHaveLength(1);
      expect(words(seen).split('\n').filter(Boolean)).toEqual(lines);
    });

    it('gives a file a name that means nothing in a path or a header', async () => {
      const { shows } = await open();
      const [seen] = (await shows(file(CSV, '', '../a"b;c\r\nd: e/f.csv'))).flatMap((one) => one.file ?? []);
      expect(seen!.name).toMatch(/^[^\r\n"/\\;:]*f\.csv$/);
      expect(Buffer.from(seen!.bytes).equals(CSV)).toBe(true);
    });

    if (mostOfPicture < mostOfFile) {
      it('hands a picture over as a file that is too large for one', async () => {
        const { shows } = await open();
        const bytes = long(mostOfPicture + 1);
        const seen = await shows(picture(bytes));
        expect(seen.flatMap((one) => one.picture ?? [])).toEqual([]);
        const files = seen.flatMap((one) => one.file ?? []);
        expect(files.map((one) => one.name)).toEqual(['picture.jpg']);
        expect(Buffer.from(files[0]!.bytes).equals(bytes)).toBe(true);
        expect(words(seen)).toContain('「大声發」');
      });
    }

    it.each([
      ['a file that is too large', () => file(Buffer.alloc(mostOfFile + 1, 7)), '文件发不出来'],
      ['an empty file', () => file(Buffer.alloc(0)), '文件发不出来'],
      ['a picture that is none', () => picture(Buffer.from('<svg onload="alert(1)"/>')), '图片发不出来'],
    ])('says in words that it cannot carry %s, below the caption', async (_, make, sorry) => {
      const { shows } = await open();
      const reply = make();
      const seen = await shows(reply);
      expect(seen.flatMap((one) => one.picture ?? one.file ?? [])).toEqual([]);
      expect(words(seen)).toContain(reply.caption);
      expect(words(seen)).toContain(sorry);
      // Later messages are not blocked.
      expect(words(await shows({ kind: 'say', text: '下一条' }))).toContain('下一条');
    });

    if (refuses)
      it('says in words that the other side takes none', async () => {
        const { refuse, shows } = await open();
        await refuse!();
        for (const reply of [picture(PNG), file(CSV)]) {
          const seen = await shows(reply);
          expect(seen.flatMap((one) => one.picture ?? one.file ?? [])).toEqual([]);
          expect(words(seen)).toContain(reply.caption);
          expect(words(seen)).toContain(reply.sorry);
        }
      });
  });
}
