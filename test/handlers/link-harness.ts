/** 王老板 and 小李, known on several channels, and how they link what is theirs. */
import { buttonsOf, openHandlers, textOf, type Harness } from './harness.ts';
import type { Person, Reply } from '../../handlers/message.ts';

/** 王老板 in WeCom, and in WeChat. */
export const WANG_THERE: Person = { id: 'wecom-bot:wang', name: 'Wang' };
export const WANG_IN_WECHAT: Person = { id: 'wecom-kf:wk1:wm1', name: '老王' };
export const LI_THERE: Person = { id: 'wecom-app:li', name: 'Li' };
/** Owner of the same store, by an account of his own. */
export const PARTNER: Person = { id: 'telegram:7', name: '合伙人' };

export const MINUTE = 60_000;
let last = 1_000_300_000;
export const code = (): string => String((last += 10));

export type LinkHarness = Awaited<ReturnType<typeof openLinking>>;

export async function openLinking() {
  const bot = await openHandlers({ beside: ['wecom-bot', 'wecom-app', 'wecom-kf', 'web', 'web-place'] });
  await bot.bind();
  return { ...bot, ...linking(bot) };
}

function linking(bot: Harness) {
  const { db } = bot.database;
  /** A word, as the bot says it. */
  const wordOf = async (person: Person): Promise<string> => {
    const said = await bot.pressed(person, await bot.ask(person, '/link'), '关联另一个账号');
    return textOf(said.slice(-1));
  };
  /** The last message to somebody that nobody asked for. */
  const newsOf = async (person: Person): Promise<Reply[]> => (await bot.told(person.id)).slice(-1);
  const agree = async (person: Person): Promise<Reply[]> => await bot.pressed(person, await newsOf(person), '同意');
  return {
    wordOf,
    newsOf,
    agree,
    async link(first: Person, second: Person): Promise<void> {
      await bot.ask(second, await wordOf(first));
      if (!textOf(await agree(first)).includes('已关联')) throw new Error('not linked');
    },
    factsOf: async (kind: string) =>
      (await db.selectFrom('fact').selectAll().where('kind', '=', kind).execute()).map(({ subject, by_id: by, detail }) => ({
        subject,
        by,
        detail: JSON.parse(detail) as unknown,
      })),
    identities: async () =>
      (await db.selectFrom('identity').select(['id', 'person']).orderBy('id').execute()).map(
        ({ id, person }) => `${id} ${person}`,
      ),
    owners: async () => (await db.selectFrom('owner').select('person').orderBy('person').execute()).map(({ person }) => person),
    /** 合伙人 owns the store too. */
    async partner(): Promise<void> {
      const { id } = await db.selectFrom('account').select('id').executeTakeFirstOrThrow();
      const { store_id: store } = await db.selectFrom('chat').select('store_id').executeTakeFirstOrThrow();
      await db.insertInto('owner').values({ account_id: id, person: PARTNER.id, name: PARTNER.name, since: 1 }).execute();
      const chat = { id: PARTNER.id, title: '', is_group: 0, store_id: store, who_may: 'owner', locale: null } as const;
      await db
        .insertInto('chat')
        .values({ ...chat, bound_by: PARTNER.id, updated_at: 0 })
        .execute();
    },
    /** The button with this verb, pressed by its id: its label may be a part of another's. */
    async pressedBy(person: Person, replies: readonly Reply[], verb: string): Promise<Reply[]> {
      const button = replies.flatMap(buttonsOf).find((one) => one.verb === verb)!;
      return await bot.press(person, button.verb, button.id);
    },
  };
}
