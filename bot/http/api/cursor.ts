/** The cursor of a page: an opaque text that says where the next one begins. */
import { z } from '@hono/zod-openapi';
import type { Position } from '../../../services/ledger/pages.ts';

const Parts = z.tuple([z.iso.date(), z.int().min(0), z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)]);

export const writeCursor = ({ day, at, id }: Position): string =>
  Buffer.from(JSON.stringify([day, at, id])).toString('base64url');

/** Undefined for a text that is no cursor. */
export function readCursor(text: string): Position | undefined {
  try {
    const [day, at, id] = Parts.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { day, at, id };
  } catch {
    return undefined;
  }
}
