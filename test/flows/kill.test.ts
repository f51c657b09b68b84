/** Some of the moments at which the bot may be killed; KILL=1 tries all of them. */
import { describe, expect, it } from 'vitest';
import { killAt, killPosting } from './kills.ts';
import { openMortal } from './mortal.ts';

describe.concurrent('killed', { timeout: 60_000 }, () => {
  it.each([
    ['answered', [5, 13]],
    ['lost after', [16, 38]],
    ['lost before', [48]],
  ] as const)(
    'while a coupon is confirmed, the call %s, at %j: used once at most, and the chat knows how it ended',
    async (...[wire, moments]) => {
      expect(await killAt(wire, moments)).toBe(moments.length);
    },
  );

  it('while a summary is posted: it comes once, or a second time with a mark', async () => {
    expect((await killPosting([9])).kills).toBe(1);
  });
});

describe('told to stop', { timeout: 30_000 }, () => {
  it('finishes what is being done, and leaves with 0', async () => {
    const mortal = await openMortal({ times: 1 });
    try {
      await mortal.start();
      const owner = await mortal.owner();
      const code = mortal.umember.books.coupon();
      const card = await mortal.card(owner, code);
      mortal.umember.fail('verify', { kind: 'late', ms: 700 });
      owner.presses(card, '确认核销');
      await mortal.until('sent', () => mortal.umember.calls('verify') === 1);
      const toldAt = Date.now();
      mortal.signal('SIGTERM');
      expect(await mortal.ended()).toEqual({ code: 0, signal: null });
      expect(Date.now() - toldAt).toBeLessThan(10_000);
      expect(card.text).toContain('核销成功');
      expect(mortal.quiet()).toBe(true);
    } finally {
      await mortal.close();
    }
  });
});
