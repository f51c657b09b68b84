/** Reads lists by pages as gateways give them: shorter than asked for, with rows again that have moved, without a sure end. */
import { PlatformFault } from '../fault.ts';
import type { TakeTurn } from '../platform.ts';

/** Makes each request at once: those of a call whose turn has come. */
export const atOnce: TakeTurn = (request) => request();

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The rows of the whole list, where the platform counts them; it may be wrong. */
  readonly total?: number | undefined;
}

/** What was read so far: pages, rows (those that came again too), and the last row. */
export interface SoFar<Row> {
  readonly pages: number;
  readonly rows: number;
  readonly last: Row | undefined;
}

/**
 * Reads pages in sequence to the end of the list: a page without any new row, or one that is not full where the total is
 * reached. A row of an earlier page that comes again is given once; rows that are alike within a page are several. `ask` gives
 * nothing where there is no further page. Throws where the list has more than `most` pages: half a list would be taken for all
 * of it.
 */
export async function readPages<Row>(
  ask: (soFar: SoFar<Row>) => Promise<Page<Row> | undefined>,
  { size, most, nameOf }: { readonly size: number; readonly most: number; readonly nameOf: (row: Row) => string },
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const names = new Set<string>();
  let rows = 0;
  for (let pages = 0; pages < most; pages += 1) {
    const page = await ask({ pages, rows, last: found.at(-1) });
    const fresh = page?.rows.filter((row) => !names.has(nameOf(row))) ?? [];
    if (!page || fresh.length === 0) return found;
    rows += page.rows.length;
    found.push(...fresh);
    for (const row of fresh) names.add(nameOf(row));
    if (page.rows.length < size && page.total !== undefined && found.length >= page.total) return found;
  }
  throw new PlatformFault('nonsense', 'not-done', `a list of more than ${most} pages`);
}
