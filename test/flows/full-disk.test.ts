/** The disk is full: nothing is acknowledged that could not be stored, and nothing is lost. */
import { expect, it } from 'vitest';
import { openKillHarness } from './kill-harness.ts';

it(
  'a full disk: what cannot be stored stays with Telegram, the log says why, and all is answered once there is room',
  { timeout: 40_000 },
  async () => {
    const killable = await openKillHarness({ times: 1 });
    try {
      await killable.start();
      const owner = await killable.owner();
      const code = killable.umember.books.coupon();
      const before = owner.chat.written.length;
      await killable.disk('full');
      const told = Array.from({ length: 5 }, (_, n) => owner.says(`${n} ${'满'.repeat(4000)}`));
      owner.says(code);
      await killable.until('says that it could not be stored', () =>
        /could not be stored; Telegram will be asked for it again/.test(killable.said),
      );
      expect(killable.said).toContain('disk is full');
      expect(killable.telegram.waiting).toBeGreaterThan(0);
      expect(killable.alive).toBe(true);
      const heard = killable.read<{ n: number }>('select count(*) as n from inbox')[0]!.n;

      await killable.disk('roomy');
      const card = await owner.chat.shows((one) => one.text.includes(code) && one.buttons.length > 0);
      owner.presses(card, '确认核销');
      await owner.chat.shows('核销成功');
      expect(await killable.rest()).toBe(true);
      expect(killable.read<{ n: number }>('select count(*) as n from inbox')[0]!.n).toBeGreaterThan(heard);
      expect(owner.chat.written.slice(before).filter(({ byBot }) => byBot)).toHaveLength(told.length + 1);
      expect(killable.umember.books.used(code)).toHaveLength(1);
    } finally {
      await killable.close();
    }
  },
);
