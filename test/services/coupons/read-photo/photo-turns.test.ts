import { describe, expect, it } from 'vitest';
import { createPhotoTurns } from '../../../../services/coupons/read-photo/photo-turns.ts';

const picture = (person: string, { practice = false, size = 1 } = {}) => ({ person, practice, bytes: new Uint8Array(size) });

const open = ({ waiting = 10, waitingBytes = 100 } = {}) => {
  const displaced: string[] = [];
  const turns = createPhotoTurns<ReturnType<typeof picture>>({
    waiting,
    waitingBytes,
    displaced: ({ person }) => void displaced.push(person),
  });
  return { ...turns, displaced };
};

describe('the queue of pictures', () => {
  it('is first in, first out', () => {
    const { join, next } = open();
    for (const person of ['王', '李', '张']) expect(join(picture(person))).toBeUndefined();
    expect([next()?.person, next()?.person, next()?.person, next()]).toEqual(['王', '李', '张', undefined]);
  });

  it('gives every second turn to a person who sends picture after picture, not all', () => {
    const { join, next } = open();
    join(picture('王'));
    expect(next()?.person).toBe('王');
    join(picture('王'));
    join(picture('李'));
    expect([next()?.person, next()?.person]).toEqual(['李', '王']);
  });

  it('holds one picture per person; a second is refused, from any chat', () => {
    const { join, next } = open();
    join(picture('王'));
    expect(join(picture('王'))).toBe('one-waits');
    next();
    expect(join(picture('王'))).toBeUndefined();
  });

  it('puts pictures of practice stores after all others', () => {
    const { join, next } = open();
    for (const person of ['甲', '乙']) join(picture(person, { practice: true }));
    join(picture('王'));
    expect([next()?.person, next()?.person, next()?.person]).toEqual(['王', '甲', '乙']);
  });

  it('gives a picture that was put back before the others of its kind', () => {
    const { join, next, back } = open();
    for (const person of ['甲', '乙']) join(picture(person, { practice: true }));
    const first = next()!;
    join(picture('甲', { practice: true }));
    join(picture('王'));
    back(first);
    expect([next()?.person, next()]).toEqual(['王', first]);
  });

  it('drops the newest picture of practice stores for a merchant’s when full, and no other', () => {
    const { join, displaced } = open({ waiting: 2 });
    for (const person of ['甲', '乙']) join(picture(person, { practice: true }));
    expect(join(picture('丙', { practice: true }))).toBe('busy');
    expect(join(picture('王'))).toBeUndefined();
    expect(displaced).toEqual(['乙']);
    join(picture('李'));
    expect(join(picture('张'))).toBe('busy');
    expect(displaced).toEqual(['乙', '甲']);
  });

  it('does the same when its bytes are full', () => {
    const { join, displaced } = open({ waitingBytes: 100 });
    join(picture('甲', { practice: true, size: 60 }));
    expect(join(picture('乙', { practice: true, size: 60 }))).toBe('busy');
    expect(join(picture('王', { size: 60 }))).toBeUndefined();
    expect(displaced).toEqual(['甲']);
    expect(join(picture('李', { size: 60 }))).toBe('busy');
  });
});
