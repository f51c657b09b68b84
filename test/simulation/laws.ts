/** What must hold when a simulated world has come to rest, whatever went wrong in it before. */
import { DOUYIN } from './gateways/douyin.ts';
import type { Gateway } from './gateways/gateway.ts';
import type { Coupon } from './people.ts';
import type { Plan, Trouble } from './plan.ts';
import type { Chats } from './world/chats.ts';
import type { SharedDatabase } from './world/shared-database.ts';
import { DAYS, OWNERS_CHAT } from './world/town.ts';

export interface Ended {
  readonly plan: Plan;
  readonly chats: Chats;
  readonly coupons: readonly Coupon[];
  readonly gateways: readonly Gateway[];
  readonly shared: SharedDatabase;
  /** Errors that were logged. */
  readonly alarms: readonly string[];
}

/** States of an outbox row that has ended. */
const OUTBOX_ENDS = ['sent', 'gone', 'dead', 'dropped'];

interface Row {
  readonly id: string;
  readonly store_id: string;
  readonly code: string;
  readonly state: string;
  readonly count: number;
  readonly amount: number | null;
  readonly card: string | null;
  readonly business_day: string | null;
  readonly changed_at: number;
}

export const codeIn = (text: string): string | undefined => /券码：(\d+)/.exec(text)?.[1];

/** One line for each law that is broken. */
export function brokenLaws(ended: Ended): string[] {
  const rows = ended.shared.rows<Row>(
    'select id, store_id, code, state, count, amount, card, business_day, changed_at from verification order by opened_at, id',
  );
  return [
    ...books(ended, rows),
    ...rest(ended, rows),
    ...cards(ended, rows),
    ...answers(ended),
    ...order(ended),
    ...summaries(ended, rows),
    ...directly(ended),
    ...politeness(ended),
    ...queues(ended),
    ...facts(ended, rows),
  ];
}

/** Each coupon is used at most once by us, and the books say what the platform says. */
function books({ coupons }: Ended, rows: readonly Row[]): string[] {
  return coupons.flatMap(({ code, gateway }) => {
    const { ours, others, size } = gateway.standing(code);
    const mine = rows.filter((row) => row.code === code && row.state === 'verified');
    const booked = mine.reduce((sum, { count }) => sum + count, 0);
    return [
      ...(ours + others > size ? [`used twice: ${code} stands ${ours + others} times`] : []),
      ...(booked !== ours ? [`books: ${code} is verified ${booked} times here and ${ours} times at ${gateway.host}`] : []),
    ];
  });
}

/** Nothing is left unsure: the platforms are well, and somebody decides what they cannot tell. */
function rest(_: Ended, rows: readonly Row[]): string[] {
  const open = ['submitting', 'unsure', 'person', 'undoing', 'undo-unsure'];
  return rows.filter(({ state }) => open.includes(state)).map(({ code, state }) => `at rest: ${code} is still ${state}`);
}

/** Titles by state; a question whether to undo may stand over a verified one. */
const TITLES: Readonly<Record<string, readonly string[]>> = { verified: ['核销成功', '撤销这次核销'], undone: ['已撤销'] };
/** The longest way of a message, ms, and the clocks' difference. */
const LATE_MS = 400_000;
const UNFINISHED = ['处理中', '结果待确认', '撤销中', '撤销结果待确认'];

/** No card says what is not so any more. */
function cards({ chats }: Ended, rows: readonly Row[]): string[] {
  const broken: string[] = [];
  for (const row of rows) {
    if (row.card === null) continue;
    const on = JSON.parse(row.card) as { chat: string; message: string };
    const last = chats.messages.find((one) => one.chat === on.chat && one.id === on.message)?.versions.at(-1);
    if (last?.title === undefined) continue;
    const says = (titles: readonly string[]): boolean => titles.some((title) => last.title!.startsWith(title));
    const asks = last.buttons.some(({ verb }) => verb === 'undo-yes');
    if (asks && row.state === 'verified') continue;
    const fits = TITLES[row.state] ? says(TITLES[row.state]!) : !says(['核销成功', ...UNFINISHED]);
    if (!fits) broken.push(`card: ${row.code} is ${row.state}, and its card says ${last.title}`);
  }
  // A copy of a card, made because the first was not acknowledged, is known to nobody: it may keep what was so when it was pressed.
  for (const { versions, chat } of chats.messages) {
    const last = versions.at(-1)!;
    const code = last.title?.startsWith('核销成功') ? codeIn(last.text) : undefined;
    const mine = rows.filter((one) => one.code === code);
    const row = mine.toSorted((a, b) => a.changed_at - b.changed_at).at(-1);
    if (row && !mine.some(({ state }) => state === 'verified') && last.at > row.changed_at + LATE_MS)
      broken.push(`card: ${code} was shown as 核销成功 in ${chat} when it was ${row.state}`);
  }
  return broken;
}

/** How long a message may be on its way from its words to the chat where nothing is slow, ms. */
const WORDED_MS = 2_000;

/** A card that goes out by itself says what is true in that moment, not what was true when it was put into the outbox. */
export function staleWords(shared: SharedDatabase, code: string, now: number): string[] {
  const rows = shared.rows<Pick<Row, 'state' | 'changed_at'>>(
    `select state, changed_at from verification where code = '${code}'`,
  );
  if (rows.some(({ state, changed_at }) => state === 'verified' || changed_at > now - WORDED_MS)) return [];
  return [`stale: a card of ${code} goes out as 核销成功, and it is ${rows.map(({ state }) => state).join()}`];
}

/** Troubles in which a program may have to say something again. */
const REPEATS = new Set(['crash', 'freeze', 'mishap', 'step', 'slow-database', 'disk', 'slow-chat']);

/** Whether no program has a reason to say something twice. */
export const isCalm = ({ troubles }: Plan): boolean => !troubles.some(({ kind }) => REPEATS.has(kind));

/** Every message is answered, and handled once. */
function answers({ plan, chats, coupons, gateways }: Ended): string[] {
  const broken: string[] = [];
  const calm = isCalm(plan);
  for (const { id, content, chat, at } of chats.events) {
    if (content.kind === 'press') continue;
    const said = chats.deliveries.filter(({ answering }) => answering === id);
    const later = chats.deliveries.some((one) => one.answering === undefined && one.chat === chat && one.at >= at);
    if (said.length === 0 && !later) broken.push(`unanswered: ${id} in ${chat}`);
    const certain = said.filter(({ lost, text }) => !lost && !/排队|前面还有/.test(text)).length;
    if (calm && certain > 1) broken.push(`answered ${certain} times: ${id} in ${chat}`);
  }
  if (!calm) return broken;
  for (const [n, { code, gateway }] of coupons.entries()) {
    if (gateway.host !== 'allinpay.test') continue;
    const asked = chats.events.filter(({ content }) => content.kind === 'text' && content.text === code).length;
    const looked = gateways
      .flatMap(({ arrivals }) => arrivals)
      .filter((one) => one.code === code && one.call === 'prepare').length;
    if (looked > asked * 2) broken.push(`looked up ${looked} times for ${asked} questions: coupon ${n}`);
  }
  return broken;
}

/** The events of a chat are answered in the order in which they were taken. */
function order({ chats }: Ended): string[] {
  const broken: string[] = [];
  const first = new Map<string, number>();
  for (const { answering, at } of chats.deliveries)
    if (answering !== undefined && !first.has(answering)) first.set(answering, at);
  for (const [, events] of Map.groupBy(chats.events, ({ chat }) => chat)) {
    const answered = events.filter(({ id }) => first.has(id) && chats.taken.has(id));
    for (const later of answered) {
      const overtaken = answered.find(({ id }) => chats.taken.get(id)! < later.at && first.get(id)! > first.get(later.id)!);
      if (overtaken) broken.push(`order: ${later.id} was answered before ${overtaken.id} in ${later.chat}`);
    }
  }
  return broken;
}

const REPEAT = '可能是重复消息';
/** An acknowledgement after this time may have come when the message was another program's, ms. */
const PROMPT_MS = 15_000;
/** Troubles in which a program may hear that a message arrived and not write it down. */
const FORGETS = (one: Trouble): boolean =>
  ['disk', 'slow-database', 'crash', 'freeze', 'step'].includes(one.kind) || (one.kind === 'mishap' && one.during !== 'message');

/** Each summary is posted once, and its figures, corrected by the next, are right to the fen. */
function summaries({ plan, chats, shared }: Ended, rows: readonly Row[]): string[] {
  const broken: string[] = [];
  const stores = shared.rows<{ id: string; name: string }>('select id, name from store order by id');
  const posts = chats.deliveries.filter(({ chat, text }) => chat === OWNERS_CHAT && text.includes('日报 ·'));
  for (const { id, name } of stores) {
    const of = (day: string) => posts.filter(({ text }) => text.includes(`日报 · ${name} · ${day}`));
    for (const day of DAYS) {
      const told = of(day);
      const fresh = told.filter(({ text }) => !text.includes(REPEAT)).length;
      if (fresh !== 1) broken.push(`summary: ${name} ${day} was posted ${fresh} times`);
      const heard = told.findIndex(({ at, acknowledgedAt = Infinity }) => acknowledgedAt - at < PROMPT_MS);
      if (heard >= 0 && heard < told.length - 1 && !plan.troubles.some(FORGETS))
        broken.push(`said again: the summary of ${name} ${day}, which had arrived`);
    }
    const [day, next] = DAYS;
    const mine = rows.filter((row) => row.store_id === id && row.business_day === day && row.state === 'verified');
    const right = `${mine.reduce((sum, row) => sum + row.count, 0)} ${mine.reduce((sum, row) => sum + (row.amount ?? 0), 0)}`;
    const said = figuresIn(of(day)[0]?.text ?? '');
    const corrected = correctionIn(of(next)[0]?.text ?? '', day) ?? said;
    if (corrected !== right) broken.push(`summary: ${name} ${day} says ${corrected} and should say ${right}`);
  }
  return broken;
}

const fen = (yuan: string): number => Math.round(Number(yuan.replaceAll(/[^\d.]/g, '')) * 100);
const figuresIn = (text: string): string => {
  const count = /核销 (\d+) 张/.exec(text)?.[1] ?? '?';
  return `${count} ${fen(/合计 (\S+)/.exec(text)?.[1] ?? '')}`;
};
const correctionIn = (text: string, day: string): string | undefined => {
  const match = new RegExp(`更正 ${day}：核销 (?:\\d+ → )?(\\d+) 张，合计 (?:\\S+ → )?([^，]+)，`).exec(text);
  return match ? `${match[1]} ${fen(match[2]!)}` : undefined;
};

/** Nobody else is asked about a coupon of Douyin's where the store has Douyin itself. */
function directly({ coupons, gateways }: Ended): string[] {
  const others = gateways.filter(({ host }) => host !== DOUYIN.host).flatMap(({ arrivals }) => arrivals);
  return coupons
    .filter(({ code, gateway }) => gateway.host === DOUYIN.host && others.some((one) => one.code === code))
    .map(({ code }) => `not directly: another platform was asked about ${code}`);
}

/** umember sees two calls in any second of its own, never three. */
function politeness({ gateways }: Ended): string[] {
  const seen = gateways
    .find(({ host }) => host === 'umember.test')!
    .arrivals.map(({ at }) => at)
    .toSorted((a, b) => a - b);
  const over = seen.filter((at, n) => (seen[n + 2] ?? Infinity) - at < 1_000).length;
  return over > 0 ? [`politeness: ${over} windows of a second with three calls`] : [];
}

/** Nothing waits for ever; what was given up rang an alarm. */
function queues({ shared, alarms }: Ended): string[] {
  const inbox = shared.rows<{ id: string; state: string; attempts: number }>(
    "select id, state, attempts from inbox where state <> 'done'",
  );
  const outbox = shared.rows<{ dedupe_key: string; state: string; attempts: number }>(
    `select dedupe_key, state, attempts from outbox where state not in (${OUTBOX_ENDS.map((one) => `'${one}'`).join()})`,
  );
  const dead = shared.rows<{ n: number }>("select count(*) as n from outbox where state = 'dead'")[0]!.n;
  return [
    ...inbox.map(({ id, state, attempts }) => `inbox: ${id} is ${state} after ${attempts} tries`),
    ...outbox.map(({ dedupe_key, state, attempts }) => `outbox: ${dedupe_key} is ${state} after ${attempts} tries`),
    // In no world is a message undeliverable for good.
    ...(dead > 0 ? [`outbox: ${dead} messages are dead`] : []),
    ...(dead > 0 && !alarms.some((alarm) => alarm.startsWith('outbox:')) ? [`outbox: ${dead} dead without an alarm`] : []),
  ];
}

/** Every move has its fact, in order and without gaps. */
function facts({ shared }: Ended, rows: readonly Row[]): string[] {
  const all = shared.rows<{
    stream: string;
    sequence: number;
    subject: string;
    kind: string;
    from_state: string | null;
    to_state: string | null;
  }>('select stream, sequence, subject, kind, from_state, to_state from fact order by stream, sequence');
  const broken: string[] = [];
  const last = new Map<string, number>();
  for (const { stream, sequence } of all) {
    if (sequence !== (last.get(stream) ?? 0) + 1) broken.push(`facts: ${stream} jumps to ${sequence}`);
    last.set(stream, sequence);
  }
  for (const { id, code, state } of rows) {
    const mine = all.filter(({ subject, to_state }) => subject === id && to_state !== null);
    mine.forEach(({ from_state }, n) => {
      const before = mine[n - 1]?.to_state;
      if (before !== undefined && from_state !== before) broken.push(`facts: ${code} moved from ${from_state} after ${before}`);
    });
    if (mine.at(-1)?.to_state !== state)
      broken.push(`facts: ${code} is ${state}, and its last fact says ${mine.at(-1)?.to_state}`);
  }
  return broken;
}
