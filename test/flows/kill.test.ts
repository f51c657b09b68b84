/** Kills the bot at some steps of its work; KILL=1 tries all of them. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { killAt, killPosting } from './kill-sweep.ts';
import { openKillHarness } from './kill-harness.ts';

describe.concurrent('killed', { timeout: 60_000 }, () => {
  it.each([
    ['answered', [5, 13]],
    ['lost after', [16, 38]],
    ['lost before', [48]],
  ] as const)(
    'while a coupon is confirmed, the call %s, at %j: used once at most, and the chat knows how it ended',
    async (...[fate, moments]) => {
      expect(await killAt(fate, moments)).toBe(moments.length);
    },
  );

  it('while a summary is posted: it comes once, or a second time with a mark', async () => {
    expect((await killPosting([9])).kills).toBe(1);
  });
});

describe('told to stop', { timeout: 60_000 }, () => {
  it('in the middle of a picture that would take too long, it leaves with 0; the picture is answered once it runs again', async () => {
    // The ten seconds for work under way are over in two and a half.
    const killable = await openKillHarness({ times: 4 });
    try {
      await killable.start();
      const owner = await killable.owner();
      const from = owner.chat.written.length;
      const page = sharp({ create: { width: 1000, height: 16_000, channels: 3, background: 'white' } });
      owner.shows(await page.png().toBuffer());
      await killable.until('fetched', () => killable.telegram.callsOf('getFile').length > 0);
      killable.signal('SIGTERM');
      expect(await killable.ended(), killable.said).toEqual({ code: 0, signal: null });
      await killable.start();
      expect(await killable.rest(), killable.said).toBe(true);
      const answers = owner.chat.written.slice(from).filter(({ byBot }) => byBot);
      expect(answers.length).toBeGreaterThan(0);
    } finally {
      await killable.close();
    }
  });

  it('finishes what is being done, and leaves with 0', async () => {
    const killable = await openKillHarness({ times: 1 });
    try {
      await killable.start();
      const owner = await killable.owner();
      const code = killable.umember.books.coupon();
      const card = await killable.card(owner, code);
      killable.umember.fail('verify', { kind: 'late', ms: 700 });
      owner.presses(card, '确认核销');
      await killable.until('sent', () => killable.umember.calls('verify') === 1);
      const toldAt = Date.now();
      killable.signal('SIGTERM');
      expect(await killable.ended()).toEqual({ code: 0, signal: null });
      expect(Date.now() - toldAt).toBeLessThan(10_000);
      expect(card.text).toContain('核销成功');
      expect(killable.quiet()).toBe(true);
    } finally {
      await killable.close();
    }
  });
});
