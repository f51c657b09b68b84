/** Answers that come in parts: pages of a list, and lists of which a shop may have some. */
import { PlatformFault, type Refusal } from '../platform.ts';
import { nonsense } from './gateway.ts';

/** More pages than any shop fills; a gateway that never says it is the last one is asked no further. */
const MOST_PAGES = 10;

/**
 * Pages one after another, until `page` says by nothing that there is no other. Where the first is refused the list is; a later
 * refusal ends it.
 */
export async function paged<Row>(
  page: (cursor: string | undefined) => Promise<Refusal | { readonly rows: readonly Row[]; readonly next?: string | undefined }>,
): Promise<readonly Row[] | Refusal> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const answer = await page(cursor);
    if ('kind' in answer) return read === 0 ? answer : rows;
    rows.push(...answer.rows);
    if (answer.next === undefined || answer.next === cursor) break;
    cursor = answer.next;
  }
  return rows;
}

/** Numbered pages: a page that is not full is the last, as totals are told of some lists only and are wrong there. */
export const nextPage = (cursor: string | undefined, found: number, size: number): string | undefined =>
  found < size ? undefined : String(Number(cursor ?? '1') + 1);

/**
 * What is made of the parts that can be had, asked for one after another. A part that is refused, or not open to this caller,
 * is one that the shop does not have; where it has none, the first fault is thrown.
 */
export async function gathered<Part>(parts: readonly (() => Promise<Part | Refusal>)[]): Promise<readonly Part[]> {
  const had: Part[] = [];
  let first: PlatformFault | undefined;
  for (const part of parts) {
    try {
      const answer = await part();
      if (isRefusal(answer)) first ??= nonsense(false, `refused: ${answer.reason}`);
      else had.push(answer);
    } catch (error) {
      if (!(error instanceof PlatformFault) || error.kind === 'busy' || error.kind === 'unreachable') throw error;
      first ??= error;
    }
  }
  if (had.length === 0 && first) throw first;
  return had;
}

const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'refused';
