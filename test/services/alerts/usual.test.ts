import { describe, expect, it } from 'vitest';
import { isMuchForPerson, isMuchForStore, judgePrice } from '../../../services/alerts/usual.ts';

const uses = (price: number, times: number): number[] => Array.from({ length: times }, () => price);

describe('the usual price of a deal', () => {
  it('is the median of its last 30 uses, and unknown before there are five', () => {
    expect(judgePrice(100, uses(4990, 4))).toBeUndefined();
    expect(judgePrice(100, uses(4990, 5))).toEqual({ usual: 4990, near: false });
    expect(judgePrice(2990, [...uses(2990, 16), ...uses(4990, 14)])).toEqual({ usual: 2990, near: true });
    expect(judgePrice(4990, [...uses(2990, 30), ...uses(4990, 300)])).toEqual({ usual: 2990, near: false });
  });

  it('is near within a tenth, and what three of the uses have paid is usual as well', () => {
    expect(judgePrice(4500, uses(4990, 10))?.near).toBe(true);
    expect(judgePrice(4490, uses(4990, 10))?.near).toBe(false);
    expect(judgePrice(2990, [...uses(4990, 10), ...uses(2990, 2)])?.near).toBe(false);
    expect(judgePrice(2990, [...uses(4990, 10), ...uses(2990, 3)])?.near).toBe(true);
  });
});

describe('undoing', () => {
  it('is much for a person with five a day, or three verified again', () => {
    expect(isMuchForPerson({ undone: 4, again: 2 })).toBe(false);
    expect(isMuchForPerson({ undone: 5, again: 0 })).toBe(true);
    expect(isMuchForPerson({ undone: 3, again: 3 })).toBe(true);
  });

  it('is much for a busy store from one in twenty of its uses on', () => {
    expect(isMuchForStore({ undone: 5, again: 0 }, 100)).toBe(true);
    expect(isMuchForStore({ undone: 5, again: 0 }, 101)).toBe(false);
    expect(isMuchForStore({ undone: 24, again: 24 }, 500)).toBe(false);
    expect(isMuchForStore({ undone: 25, again: 0 }, 500)).toBe(true);
  });
});
