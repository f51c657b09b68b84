/** Customers verify within their owner's limits, and learn nothing of anybody else. */
import { CUSTOMERS, LIMITS, OWNER, STAFF } from '../world/town.ts';
import { type Ended } from './ended.ts';
import { codeIn } from '../world/chats.ts';

interface Use {
  readonly code: string;
  readonly person: string;
  readonly place_id: string | null;
  readonly business_day: string;
  readonly count: number;
  readonly state: string;
}

export function guests({ chats, shared }: Ended): string[] {
  const uses = shared.rows<Use>(
    `select code, coalesce(sender, person) as person, place_id, business_day, count, state from verification
     where 'customer' in (by_kind, sender_kind) and business_day is not null`,
  );
  const standing = uses.filter(({ state }) => !['refused', 'dropped', 'undone'].includes(state));
  return [
    ...over(standing, LIMITS.person, ({ person, business_day: day }) => `${person} on ${day}`),
    ...over(standing, LIMITS.place, ({ place_id: place, business_day: day }) => `place ${place} on ${day}`),
    ...CUSTOMERS.flatMap((chat) => learned(chat.id, { chats, uses })),
  ];
}

const over = (uses: readonly Use[], most: number, key: (use: Use) => string): string[] =>
  [...Map.groupBy(uses, key)].flatMap(([whose, theirs]) => {
    const all = theirs.reduce((sum, { count }) => sum + count, 0);
    return all > most ? [`guests: ${whose} used ${all}, and ${most} are allowed`] : [];
  });

/** What a customer reads: no names of others, and 核销成功 of his own uses alone. */
function learned(chat: string, { chats, uses }: Pick<Ended, 'chats'> & { readonly uses: readonly Use[] }): string[] {
  const own = CUSTOMERS.find(({ id }) => id === chat)!.people[0]!.name;
  const names = [OWNER, ...STAFF, ...CUSTOMERS.flatMap(({ people }) => people)]
    .map(({ name }) => name)
    .filter((name) => name !== own);
  return chats.messages
    .filter((message) => message.chat === chat)
    .flatMap(({ versions }) => versions)
    .flatMap(({ text, title }) => {
      const code = title?.startsWith('核销成功') ? codeIn(text) : undefined;
      const his = code === undefined || uses.some((use) => use.code === code && use.person === chat);
      return [
        ...names.filter((name) => text.includes(name)).map((name) => `guests: ${own} read of ${name}`),
        ...(his ? [] : [`guests: ${own} read 核销成功 of ${code}, which was not his`]),
      ];
    });
}
