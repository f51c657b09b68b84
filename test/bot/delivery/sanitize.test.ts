import { describe, expect, it } from 'vitest';
import { sanitize } from '../../../bot/delivery/sanitize.ts';
import type { Content, Incoming } from '../../../handlers/message.ts';

const heard = (content: Content, changes: Partial<Incoming> = {}): Incoming => ({
  id: 'telegram:update:1',
  chat: 'telegram:1',
  group: false,
  title: '王\0老板\u202E',
  from: { id: 'telegram:1', name: '\u2067王老板\0' },
  at: 0,
  content,
  addressed: false,
  ...changes,
});

describe('an event of any channel', () => {
  it('has names, titles, texts and captions without null and bidi characters', () => {
    const event = sanitize(heard({ kind: 'text', text: '\u202E12\x0034\u202C 👩‍👩‍👧 <b>' }));
    expect(event.title).toBe('王老板');
    expect(event.from.name).toBe('王老板');
    expect(event.content).toEqual({ kind: 'text', text: '1234 👩‍👩‍👧 <b>' });
    expect(sanitize(heard({ kind: 'photo', file: 'f', caption: '\u200F1234\0' })).content).toEqual({
      kind: 'photo',
      file: 'f',
      caption: '1234',
    });
  });

  it('keeps everything else, a press too', () => {
    const press = heard(
      { kind: 'press', action: { verb: 'use', id: '1-1' }, on: { chat: 'telegram:1', message: '7' } },
      { title: '前台群', from: { id: 'telegram:1', name: '小李', anonymous: true }, viaStoreLink: 's1' },
    );
    expect(sanitize(press)).toEqual(press);
  });

  it('is cut to 4,096 characters before anybody reads it', () => {
    const content = sanitize(heard({ kind: 'text', text: '7'.repeat(1_000_000) })).content;
    expect(content.kind === 'text' && content.text.length).toBe(4096);
  });
});
