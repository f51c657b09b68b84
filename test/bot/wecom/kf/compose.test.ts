import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { body, compose, type MenuWords, type Part } from '../../../../bot/wecom/kf/compose.ts';
import { clickId, readClick } from '../../../../bot/wecom/kf/ids.ts';
import type { Button } from '../../../../handlers/message.ts';

const words: MenuWords = { choose: (n) => `1–${n}`, chooseNumber: (n) => `1–${n}?`, more: '（还有内容，回复任意文字继续）' };
const name = () => 'n';
const part = (ref: string, text: string, rest: Partial<Part> = {}): Part => ({ ref, text, buttons: [], ...rest });
const button = (label: string): Button => ({ verb: 'use', id: `${'x'.repeat(16)}-1`, label });

describe('parts', () => {
  it('are joined up to a menu, which ends a message', () => {
    const messages = compose([part('a', '一'), part('b', '二', { buttons: [button('好')] }), part('c', '三')], name);
    expect(messages.map(({ ref, text }) => [ref, text])).toEqual([
      ['b', '一\n\n二'],
      ['c', '三'],
    ]);
  });

  it('that may have arrived are sent again unchanged and alone', () => {
    const messages = compose([part('a', '一'), part('b', '二', { doubtful: true }), part('c', '三')], name);
    expect(messages.map(({ ref, text }) => [ref, text])).toEqual([
      ['a', '一'],
      ['b', '二'],
      ['c', '三'],
    ]);
  });

  it('do not change when composed again', () => {
    const text = Array.from({ length: 500 }, (_, n) => `第 ${n} 行`).join('\n');
    const once = compose([part('a', text), part('b', '二', { buttons: [button('好')] })], name);
    expect(compose(once, name)).toEqual(once);
  });

  it('with more choices than a menu shows list them once, however often they are composed', () => {
    const stores = Array.from({ length: 12 }, (_, n) => button(`${n + 1} 号店`));
    const once = compose([part('a', '选择门店', { buttons: stores })], name);
    expect(once[0]!.text.match(/1\. 1 号店/g)).toHaveLength(1);
    expect(compose(once, name)).toEqual(once);
    const content = JSON.stringify(body(compose(compose(once, name), name)[0]!, words, false));
    expect(content.match(/1\. 1 号店/g)).toHaveLength(1);
  });

  it('always fit: no message is longer than WeCom takes, and no text is lost', () => {
    const anything = fc.array(
      fc.record({
        text: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.string({ maxLength: 80 })),
        labels: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), { maxLength: 14 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (given, more) => {
        const parts = given.map(({ text, labels }, n) => part(`r${n}`, text, { buttons: labels.map(button) }));
        const messages = compose(parts, name);
        for (const message of messages) {
          const { msgtype, text, msgmenu } = body(message, words, more) as {
            msgtype: string;
            text?: { content: string };
            msgmenu?: { head_content: string; tail_content: string; list: { click: { id: string; content: string } }[] };
          };
          if (msgtype === 'text') {
            expect(text!.content).not.toBe('');
            expect(Buffer.byteLength(text!.content)).toBeLessThanOrEqual(2048);
            continue;
          }
          expect(Buffer.byteLength(msgmenu!.head_content)).toBeLessThanOrEqual(1024);
          expect(Buffer.byteLength(msgmenu!.tail_content)).toBeLessThanOrEqual(1024);
          expect(msgmenu!.list.length).toBeLessThanOrEqual(10);
          for (const { click } of msgmenu!.list) {
            expect(Buffer.byteLength(click.content)).toBeLessThanOrEqual(128);
            expect(Buffer.byteLength(click.id)).toBeLessThanOrEqual(64);
          }
        }
        const bare = (all: readonly { text: string }[]): string =>
          all
            .map(({ text }) => text)
            .join('')
            .replaceAll(/\s|…/g, '');
        const numbered = given.some(({ labels }) => labels.length > 10);
        if (!numbered) expect(bare(messages)).toBe(bare(given));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a menu item', () => {
  it('carries its action in at most 64 bytes', () => {
    const action = { verb: 'bind-platform-xx', id: 'A'.repeat(23) };
    const id = clickId(action, 'x'.repeat(16));
    expect(Buffer.byteLength(id)).toBeLessThanOrEqual(64);
    expect(readClick(id)).toEqual({ action, message: 'x'.repeat(16) });
  });

  it.each(['', '@', 'use:1', 'use:1@', 'use:1@A B', 'USE:1@x', `use:${'1'.repeat(60)}@x`, 'use:<>@x'])(
    'with a foreign id is ignored: %s',
    (id) => {
      expect(readClick(id)).toBeUndefined();
    },
  );
});
