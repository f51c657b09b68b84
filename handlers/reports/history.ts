/** 记录: lists verifications with time and person, refused and unsure ones too. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Store, Stores } from '../../services/accounts/stores.ts';
import { maskCode, shownCode } from '../../services/coupons/mask.ts';
import { businessDay, parseDay, previousDay } from '../../services/time/business-day.ts';
import type { Ledger, Search } from '../../services/ledger/ledger.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { marked } from '../cards/practice-mark.ts';
import type { Button } from '../message.ts';
import { wordRefusal } from '../cards/refusal.ts';
import { mayVerify, type Rights } from '../rights.ts';
import type { Handler } from '../handler.ts';

const MOST = 15;
/** How far back a name is searched. */
const NAME_DAYS = 92;

/** Makes the handler of `/history [code, name or date]`: of the chat's store, or of an owner group's stores. */
export function createHistory(parts: {
  ledger: Ledger;
  reports: Reports;
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  rights: Pick<Rights, 'at'>;
  now: () => number;
}): Handler {
  const { ledger, reports, rights, now } = parts;
  /** Makes a button for the platform's own list of the day, where it has one. */
  const listButton = async (store: Store, rest: string, words: Words): Promise<readonly Button[][]> => {
    const today = businessDay(now(), store.zone, store.dayEnd);
    const day = rest === '' ? today : parseDay(rest, today);
    if (day === undefined) return [];
    for (const storeAccount of await parts.stores.storeAccounts(store))
      if ((await parts.client(storeAccount)).hasRecords)
        return [[{ verb: 'records', id: day, label: words.say('button-records', { day }) }]];
    return [];
  };
  const ofStore = async (store: Store, rest: string, words: Words, shown: (code: string) => string): Promise<string> => {
    const search = readSearch(rest, businessDay(now(), store.zone, store.dayEnd));
    const found = await ledger.history(store.id, search, MOST + 1);
    if (found.length === 0)
      return words.say(rest === '' ? 'history-none' : 'history-none-such', { store: store.name, asked: rest });
    const lines = found.slice(0, MOST).map((v) => line(v, store, words, shown));
    const more = found.length > MOST ? [words.say('history-more', { count: MOST })] : [];
    return [marked(words.say('history-title', { store: store.name }), store, words), ...lines, ...more].join('\n');
  };
  return async function* history(_, asker, rest) {
    const { words, store, role } = asker;
    const own = store && mayVerify(role) ? store : undefined;
    for (const one of own ? [own] : await reports.storesOf(asker.chat.id)) {
      const buttons = one === own ? await listButton(one, rest, words) : [];
      // Anybody in an owner group may read, and a refused or unsure use left its coupon as good as it was.
      const mayUse = one === own || mayVerify((await rights.at(one.id, asker))?.role ?? 'stranger');
      yield {
        kind: 'say',
        text: await ofStore(one, rest, words, mayUse ? shownCode : maskCode),
        ...(buttons.length > 0 && { buttons }),
      };
    }
  };
}

/** Reads a search: a date, else digits of a code, else a name. */
function readSearch(rest: string, today: string): Search {
  if (rest === '') return {};
  const day = parseDay(rest, today);
  if (day !== undefined) return { day };
  const digits = rest.replaceAll(/\s/g, '');
  if (/^\d{4,20}$/.test(digits)) return { code: digits };
  let since = today;
  for (let back = 0; back < NAME_DAYS; back++) since = previousDay(since);
  return { name: { part: rest, since } };
}

/** Words one verification: `11-22 18:30 核销成功 畅玩4小时 · 0332808512 · ¥49.00 · 小王`. */
function line(v: Verification, store: Store, words: Words, shown: (code: string) => string): string {
  const state =
    v.state === 'refused' && v.refusal ? wordRefusal(v.refusal, words, store.zone).title : words.say(`history-${v.state}`);
  const facts = [
    v.coupon.title,
    shown(v.code),
    ...(v.amount === undefined ? [] : [words.money(v.amount)]),
    ...(v.by?.name ? [v.by.name] : []),
    ...(v.note === undefined ? [] : [v.note]),
    ...(v.decided ? [words.say('history-decided')] : []),
  ];
  return `${words.moment(v.submittedAt ?? v.openedAt, store.zone).slice(5)} ${state}\n　${facts.join(' · ')}`;
}
