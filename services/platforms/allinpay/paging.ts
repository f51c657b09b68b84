/** Joins answers that come in parts: the pages of a list, and lists of which a shop may lack some. */
import { PlatformFault, type Refusal } from '../platform.ts';
import { nonsense } from './gateway.ts';

/** The most pages that are read, more than any shop fills; it ends the paging of a gateway that never says it is the last. */
const MOST_PAGES = 10;

/**
 * Reads pages in sequence, until `page` gives no `next`. A refusal of the first page refuses the list; a later one ends it.
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

/** Gives the next page's number. A page that is not full is the last; totals exist for some lists only and are wrong there. */
export const nextPage = (cursor: string | undefined, found: number, size: number): string | undefined =>
  found < size ? undefined : String(Number(cursor ?? '1') + 1);

/**
 * Requests parts in sequence and gives those that were answered. A part that is refused, or not open to this caller, is one that
 * the shop does not have; where it has none, the first fault is thrown.
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
