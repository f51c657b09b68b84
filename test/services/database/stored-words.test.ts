/** Stored JSON of every version is read in the words of today, wherever it lies. */
import { describe, expect, it } from 'vitest';
import { readStoredEvent, readStoredMessage, readStoredValue } from '../../../services/database/stored-words.ts';

const card = { title: '核销成功', fields: [], buttons: [] };
const on = { chat: 'telegram:1', message: '2' };
const heard = { id: '1', chat: 'telegram:1', content: { kind: 'text', text: '你好' } };
const messageOf = (stored: object): unknown => readStoredMessage(JSON.stringify(stored));
const eventOf = (stored: object): unknown => readStoredEvent(JSON.stringify(stored));

describe('what an earlier version stored', () => {
  it('a bare reply is a message with that reply', () => {
    expect(messageOf({ kind: 'say', text: '日报' })).toEqual({ reply: { kind: 'say', text: '日报' } });
  });

  it('a reply that settles a card replaces it', () => {
    const reply = { kind: 'replace', card, on, silent: true };
    expect(messageOf({ ...reply, kind: 'settle' })).toEqual({ reply });
    expect(messageOf({ reply: { ...reply, kind: 'settle' }, answering: heard })).toEqual({ reply, answering: heard });
  });

  it('an event that came for a store came by the link of that store', () => {
    expect(eventOf({ ...heard, cameFor: 'store' })).toEqual({ ...heard, viaStoreLink: 'store' });
  });

  it("a platform's answer belongs to no grant", () => {
    const content = { kind: 'authorised', platform: 'meituan', answer: 'a', dialogue: 'd' };
    expect(eventOf({ ...heard, content })).toEqual({ ...heard, content: { ...content, grant: '' } });
  });

  it('an invitation is good until it is forgotten', () => {
    const stored = { storeId: 'store', by: 'telegram:1' };
    expect(readStoredValue('invitation', stored, 1234)).toEqual({ ...stored, until: 1234 });
  });

  it('who can be removed is staff', () => {
    const stored = { storeId: 'store', person: 'telegram:1', name: '小李' };
    expect(readStoredValue('removal', stored, 1234)).toEqual({ ...stored, kind: 'staff' });
  });
});

describe('what is stored today stays as it is', () => {
  it.each([
    { reply: { kind: 'replace', card, on } },
    { reply: { kind: 'say', text: 'settle' }, answering: heard },
    { text: 'no reply' },
  ])('message %j', (stored) => expect(messageOf(stored)).toEqual(stored));

  it.each([
    heard,
    { ...heard, viaStoreLink: 'store' },
    { ...heard, content: { kind: 'authorised', platform: 'meituan', answer: 'a', dialogue: 'd', grant: 'g' } },
  ])('event %j', (stored) => expect(eventOf(stored)).toEqual(stored));

  it.each([
    ['invitation', { storeId: 'store', by: 'telegram:1', until: 99 }],
    ['removal', { kind: 'owner', accountId: 'a', person: 'telegram:1', name: '小李' }],
    ['card', { id: 'c' }],
    ['told', true],
    ['photo', 'bytes'],
  ])('value of %s: %j', (collection, stored) => expect(readStoredValue(collection, stored, 1234)).toEqual(stored));
});
