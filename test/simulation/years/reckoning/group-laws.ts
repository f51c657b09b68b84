/** What must hold of one store in one group of its owners: every day told, once, in time, right, and corrected where it has changed since. */
import { dateAfter, type Calendar } from './calendar.ts';
import type { Post } from './read-post.ts';
import type { Reckoner, Sums } from './reckon.ts';
import type { YearsStore } from '../town.ts';
import type { Told } from '../watch.ts';

/** A time by the programs' clocks at which none ran, ms: none was there, or the clocks were set over it. */
export interface Unlived {
  readonly from: number;
  readonly to: number;
}

type Heard = ReadonlyMap<string, readonly Post[]>;

/** How late a summary may be made while a program runs, ms. */
const LATE_MS = 10 * 60_000;
/** Posted figures are kept for corrections so many days. */
export const KEPT_DAYS = 55;

const SUMS = ['count', 'total', 'unpriced', 'undone', 'undoneTotal', 'refused', 'unsure'] as const;
type Some = { readonly [Name in keyof Sums]?: number | undefined };
export const same = (one: Some, other: Some): boolean =>
  SUMS.every((name) => one[name] === undefined || other[name] === undefined || one[name] === other[name]);
export const worded = (sums: Some): string => SUMS.flatMap((name) => sums[name] ?? '?').join(' ');

/** One store in one group, from its first day to its last. */
export function createGroup(
  { name }: YearsStore,
  chat: string,
  parts: { calendar: Calendar; reckoner: Reckoner; heard: Heard; unlived: readonly Unlived[] },
) {
  const { calendar, reckoner, heard, unlived } = parts;
  const told = new Map<string, Sums>();
  let last: string | undefined;

  const said = (about: string): readonly Post[] => heard.get(`${chat} ${about}`) ?? [];
  /** Compares what arrived with what is right. */
  const compare = (about: string, right: Sums): string[] => {
    const posts = said(about);
    if (posts.length === 0) return [`${chat}: ${about} never arrived`];
    return posts
      .filter(({ sums }) => !same(sums, right))
      .map(({ sums }) => `${chat}: ${about} says ${worded(sums)} and should say ${worded(right)}`);
  };

  const inTime = ({ day, at }: Told): string[] => {
    const ended = calendar.startOf(dateAfter(day, 1), at);
    let due = ended;
    for (const { from, to } of unlived) if (from <= due + LATE_MS && due < to) due = to;
    const when = `${new Date(at).toISOString()}, and ended at ${new Date(ended).toISOString()}`;
    return at < ended || at > due + LATE_MS ? [`${chat}: ${name} ${day} was made at ${when}`] : [];
  };

  const corrected = ({ day }: Told, rows: readonly Told[]): string[] => {
    const wrong: string[] = [];
    const corrections = new Map(rows.map((row) => [row.day, JSON.parse(row.figures) as Sums]));
    const post = said(`日报 ${name} ${day}`)[0];
    for (let back = 1; back <= KEPT_DAYS; back++) {
      const earlier = dateAfter(day, -back);
      const before = told.get(earlier);
      if (!before) continue;
      const right = reckoner.sums(earlier, earlier);
      const correction = corrections.get(earlier);
      if (!same(before, right) && !correction) wrong.push(`${chat}: ${name} ${day} does not correct ${earlier}`);
      told.set(earlier, right);
      if (!correction) continue;
      if (!same(correction, right))
        wrong.push(`${chat}: ${name} ${day} corrects ${earlier} to ${worded(correction)} and not ${worded(right)}`);
      const line = post?.corrections.find((one) => one.day === earlier);
      if (!line || !same(line.told, before) || !same(line.now, right))
        wrong.push(`${chat}: ${name} ${day} words the correction of ${earlier} wrongly`);
    }
    if (post && post.corrections.length !== corrections.size) wrong.push(`${chat}: ${name} ${day} corrects what is right`);
    return wrong;
  };

  const period = (kind: '周报' | '月报', from: string, to: string, before: string): string[] => {
    const about = `${kind} ${name} ${from} ~ ${to}`;
    const [right, earlier] = [reckoner.sums(from, to), reckoner.sums(before, dateAfter(from, -1))];
    const than = { count: right.count - earlier.count, total: right.total - earlier.total };
    const off = said(about).filter((post) => post.than?.count !== than.count || post.than.total !== than.total);
    return [...compare(about, right), ...off.map(() => `${chat}: ${about} is compared wrongly with the one before`)];
  };

  return {
    tell(one: Told, corrections: readonly Told[]): string[] {
      const { day } = one;
      const wrong: string[] = [];
      if (last !== undefined && day !== dateAfter(last, 1)) wrong.push(`${chat}: ${name} ${day} follows ${last}`);
      last = day;
      const right = reckoner.sums(day, day);
      if (!same(JSON.parse(one.figures) as Sums, right)) wrong.push(`${chat}: ${name} ${day} is kept as ${one.figures}`);
      wrong.push(...inTime(one), ...compare(`日报 ${name} ${day}`, right), ...corrected(one, corrections));
      told.set(day, right);
      told.delete(dateAfter(day, -KEPT_DAYS - 1));
      const date = new Date(day);
      const month = `${day.slice(0, 8)}01`;
      if (date.getUTCDay() === 0) wrong.push(...period('周报', dateAfter(day, -6), day, dateAfter(day, -13)));
      if (dateAfter(day, 1).endsWith('-01')) wrong.push(...period('月报', month, day, `${dateAfter(month, -1).slice(0, 8)}01`));
      return wrong;
    },
    /** Every day before the running one was told, and what was told last of each is right. */
    end(running: string): string[] {
      const wrong = [...told].filter(([day, sums]) => !same(sums, reckoner.sums(day, day)));
      return [
        ...(last === dateAfter(running, -1) ? [] : [`${chat}: ${name} was told up to ${last}, and ${running} runs`]),
        ...wrong.map(([day, sums]) => `${chat}: ${name} ${day} was told as ${worded(sums)} and never corrected`),
      ];
    },
  };
}
