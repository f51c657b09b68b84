/** Lists the commands with their own words and their audience, and tells commands from talk. */
import { asksTrail } from '../services/facts/read-trail.ts';
import { beginsMeant } from '../services/ledger/read-search.ts';
import { parseDay } from '../services/time/business-day.ts';
import { readSpan } from '../services/time/read-span.ts';
import { readClock } from '../services/time/read-clock.ts';
import type { Asker } from './handler.ts';

export type CommandName =
  | 'start'
  | 'help'
  | 'bind'
  | 'unbind'
  | 'store'
  | 'undo'
  | 'history'
  | 'export'
  | 'summary'
  | 'report'
  | 'products'
  | 'stats'
  | 'reconcile'
  | 'shift'
  | 'books'
  | 'staff'
  | 'link'
  | 'customers'
  | 'api'
  | 'webhook'
  | 'settings'
  | 'status'
  | 'language'
  | 'cancel';

export type Audience = 'all' | 'staff' | 'owner';

export interface Command {
  readonly name: CommandName;
  readonly words: readonly string[];
  /** The people who see it in menus and in the help, and whom the guard lets through. */
  readonly audience: Audience;
  /**
   * Lets more people through. `owner-group`: everybody in a chat that receives a store's summaries. `handler-decides`: more
   * than the role in the chat's store counts, and the handler checks it.
   */
  readonly exception?: 'owner-group' | 'handler-decides';
  readonly about: `about-${CommandName}`;
}

const TABLE = [
  { name: 'help', words: ['帮助', 'help'], audience: 'all', about: 'about-help' },
  // By binding people become owners; in a group its administrators may.
  { name: 'bind', words: ['绑定'], audience: 'owner', exception: 'handler-decides', about: 'about-bind' },
  // Staff of several stores switch between them, in private.
  { name: 'store', words: ['门店'], audience: 'owner', exception: 'handler-decides', about: 'about-store' },
  { name: 'summary', words: ['日报'], audience: 'staff', exception: 'owner-group', about: 'about-summary' },
  { name: 'history', words: ['记录'], audience: 'staff', exception: 'owner-group', about: 'about-history' },
  { name: 'export', words: ['导出'], audience: 'owner', about: 'about-export' },
  // Of all stores that the person owns, in whatever private chat it is sent.
  { name: 'books', words: ['账本'], audience: 'owner', exception: 'handler-decides', about: 'about-books' },
  { name: 'shift', words: ['交班'], audience: 'staff', about: 'about-shift' },
  { name: 'undo', words: ['撤销'], audience: 'staff', about: 'about-undo' },
  // Concerns the stores that the person owns, in whatever chat it is sent.
  { name: 'report', words: ['绑定日报'], audience: 'owner', exception: 'handler-decides', about: 'about-report' },
  { name: 'products', words: ['商品'], audience: 'staff', about: 'about-products' },
  { name: 'stats', words: ['数据'], audience: 'owner', about: 'about-stats' },
  { name: 'reconcile', words: ['对账'], audience: 'owner', about: 'about-reconcile' },
  { name: 'staff', words: ['员工'], audience: 'owner', about: 'about-staff' },
  // Staff of any store get a link word, and anybody may send one.
  { name: 'link', words: ['关联', 'link'], audience: 'staff', exception: 'handler-decides', about: 'about-link' },
  { name: 'customers', words: ['顾客'], audience: 'owner', about: 'about-customers' },
  { name: 'api', words: ['接口'], audience: 'owner', about: 'about-api' },
  { name: 'webhook', words: ['回调'], audience: 'owner', about: 'about-webhook' },
  { name: 'settings', words: ['设置'], audience: 'owner', about: 'about-settings' },
  { name: 'status', words: ['状态'], audience: 'all', about: 'about-status' },
  { name: 'language', words: ['语言', 'language'], audience: 'all', about: 'about-language' },
  // A group's administrators may too, and everybody in their own private chat: it gives nobody a right.
  { name: 'unbind', words: ['解绑'], audience: 'owner', exception: 'handler-decides', about: 'about-unbind' },
  { name: 'cancel', words: ['取消', 'cancel'], audience: 'all', about: 'about-cancel' },
  { name: 'start', words: ['开始'], audience: 'all', about: 'about-start' },
] as const satisfies readonly Command[];

/** All commands, in the order of menus. */
export const COMMANDS: readonly Command[] = TABLE;

/** Commands that only a chat with a store has: the guard lets no others through. */
export type StoreCommand = Extract<(typeof TABLE)[number], { audience: 'staff' | 'owner'; exception?: never }>['name'];

const BY_NAME = new Map<string, Command>(COMMANDS.map((command) => [command.name, command]));

export function commandOf(name: CommandName): Command {
  const command = BY_NAME.get(name);
  if (!command) throw new Error(`no command ${name}`);
  return command;
}

export function isStoreCommand(name: CommandName): name is StoreCommand {
  const { audience, exception } = commandOf(name);
  return audience !== 'all' && exception === undefined;
}

export interface Typed {
  readonly name: CommandName | 'unknown';
  readonly rest: string;
  /** It was written with a slash, so it is certainly meant for a bot. */
  readonly slash: boolean;
  /** It was said in other words than the command's own, or as a question: talk where it was not said to the bot. */
  readonly spoken?: true;
}

/** Commands whose words are everyday speech: ignored when they are overheard in a group. */
const EVERYDAY: ReadonlySet<string> = new Set<CommandName>([
  'start',
  'help',
  'status',
  'language',
  'products',
  'stats',
  'customers',
  'api',
  'webhook',
  'settings',
  'books',
  'link',
]);
/** Commands for a person who came by a store's link for customers. */
export const FOR_VISITORS: ReadonlySet<string> = new Set<CommandName>(['start', 'help', 'language', 'bind', 'link', 'cancel']);
/** Commands that take an argument. */
const LONGER: ReadonlySet<string> = new Set<CommandName>([
  'summary',
  'history',
  'undo',
  'report',
  'reconcile',
  'webhook',
  'books',
  'link',
]);
/** Commands that search the records: a time, an outcome or a code first, and then any words. */
const SEARCHES: ReadonlySet<string> = new Set<CommandName>(['history', 'export']);
/** Commands of use in a group without a store: binding, summaries, and leaving a dialogue. */
const WITHOUT_STORE: ReadonlySet<string> = new Set<CommandName>(['bind', 'report', 'summary', 'history', 'cancel']);

/**
 * Tells small talk from a command where a group's message does not name the bot: 开始, 员工 来了吗, 撤销 吧. Of a person without
 * a role every word is small talk.
 */
export function mayBeTalk({ name, rest, slash, spoken }: Typed, { store, role }: Pick<Asker, 'store' | 'role'>): boolean {
  if (slash) return false;
  if (spoken || EVERYDAY.has(name) || !restIsMeant({ name, rest })) return true;
  if (!store) return !WITHOUT_STORE.has(name);
  return role === 'stranger' && name !== 'cancel';
}

/** Tells whether the argument is empty or certainly meant for the command. */
export const restIsMeant = ({ name, rest }: Pick<Typed, 'name' | 'rest'>): boolean =>
  rest === '' ||
  (LONGER.has(name) && isMeant(rest)) ||
  (SEARCHES.has(name) && beginsMeant(rest, LEAP_DAY)) ||
  (name === 'history' && asksTrail(rest));

/** Matches a code or a part of it, a time, an address, off, a day of the calendar, or several. */
const isMeant = (rest: string): boolean => {
  const span = readSpan(rest, LEAP_DAY);
  return (
    MEANT.test(rest) ||
    parseDay(rest, LEAP_DAY) !== undefined ||
    readClock(rest) !== undefined ||
    (span !== undefined && !span.clock)
  );
};
const MEANT = /^(?:\d[\d\s-]{3,30}$|[<「“"]?https?:|(?:off|关闭|关|关掉|停)$)/i;
/** Any reference day tells a date from other words; this one makes 02-29 a date too. */
const LEAP_DAY = '2024-02-29';
