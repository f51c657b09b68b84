/** The program's version, from package.json. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Semantic version, such as `0.1.0`. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
