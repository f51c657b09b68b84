/** The lookup of group administrators. */
import { describe, expect, it } from 'vitest';
import { startChannel } from './harness.ts';

describe('the administrator check', () => {
  it('asks for the rank in a group; in a private chat the person is an administrator', async () => {
    const { telegram, channel } = await startChannel();
    const [boss, deputy, staff, stranger] = ['老板', '店长', '店员', '路人'].map((name) => telegram.person(name)) as [P, P, P, P];
    const group = telegram.group('店员群', { admins: [boss, deputy], members: [staff] });
    const answers = await Promise.all([boss, deputy, staff, stranger].map((one) => channel.administers(group.ref, one.ref)));
    expect(answers).toEqual([true, true, false, false]);
    expect(await channel.administers(staff.chat.ref, staff.ref)).toBe(true);
    expect(await channel.administers('web:1', staff.ref)).toBe(false);
    expect(await channel.administers(group.ref, 'telegram:1')).toBe(false);
  });

  it('is no when Telegram answers with an error', async () => {
    const { telegram, channel } = await startChannel();
    const boss = telegram.person('老板');
    const group = telegram.group('店员群', { admins: [boss] });
    telegram.fault('getChatMember', { kind: 'error', code: 500, description: 'Internal Server Error' });
    expect(await channel.administers(group.ref, boss.ref)).toBe(false);
    expect(await channel.administers(group.ref, boss.ref)).toBe(true);
  });

  it('is asked anew each time: a demoted administrator is none at once', async () => {
    const { telegram, channel } = await startChannel();
    const boss = telegram.person('老板');
    const group = telegram.group('店员群', { admins: [boss] });
    expect(await channel.administers(group.ref, boss.ref)).toBe(true);
    group.members.set(boss.id, 'member');
    expect(await channel.administers(group.ref, boss.ref)).toBe(false);
    group.members.set(boss.id, 'administrator');
    expect(await channel.administers(group.ref, boss.ref)).toBe(true);
  });
});

type P = ReturnType<Awaited<ReturnType<typeof startChannel>>['telegram']['person']>;
