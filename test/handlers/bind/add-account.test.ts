/** Another account for the chat's store: offered once, in its chat, to an owner of both. */
import { expect, it } from 'vitest';
import { loginPlatform } from '../../doubles/login-platform.ts';
import { buttonsOf, openHandlers, textOf, WANG, type At } from '../harness.ts';

/** 王老板 owns two real accounts, and is asked whether the second goes with the first one's store. */
async function offered() {
  const [first, second] = [loginPlatform(), loginPlatform()];
  const bot = await openHandlers({ platforms: [first.platform, { ...second.platform, name: 'dianping' }] });
  const bind = async (label: string, at: At = {}) => {
    const [choice] = [await bot.ask(WANG, '/bind', at)];
    const fresh = textOf(choice).includes('使用') || buttonsOf(choice[0]!).some((one) => one.label === '使用新账号');
    await bot.pressed(WANG, fresh ? await bot.pressed(WANG, choice, '使用新账号', at) : choice, label, at);
    await bot.ask(WANG, `${label.length}@example.com`, at);
    return await bot.ask(WANG, first.password, at);
  };
  await bind('美团 · umember');
  const asked = await bind('大众点评');
  const button = asked.flatMap(buttonsOf).find(({ verb }) => verb === 'listing-add')!;
  const listed = async () => await bot.database.db.selectFrom('listing').selectAll().execute();
  return { bot, button, listed };
}

it('is offered in its own chat: a press from elsewhere finds nothing', async () => {
  const { bot, button, listed } = await offered();
  const elsewhere = { chat: 'telegram:-300', group: true };
  for (const verb of ['listing-add', 'listing-instead'] as const)
    expect(await bot.press(WANG, verb, button.id, elsewhere)).toMatchObject([{ kind: 'whisper' }]);
  expect(await listed()).toEqual([]);
  await bot.press(WANG, 'listing-add', button.id);
  expect(await listed()).toHaveLength(1);
});

it.each(['listing-add', 'listing-instead'] as const)(
  '%s takes ownership of the account that is offered, at the press',
  async (verb) => {
    const { bot, button, listed } = await offered();
    await bot.database.db
      .deleteFrom('owner')
      .where('account_id', '=', (e) => e.selectFrom('account').select('id').where('platform', '=', 'dianping'))
      .execute();
    expect(textOf(await bot.press(WANG, verb, button.id))).toContain('只有店主');
    expect(await listed()).toEqual([]);
  },
);
