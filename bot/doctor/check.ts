/** One thing the doctor looks at, and how it puts it into words. */

export interface Finding {
  /** `warn`: works, but somebody should know. `bad`: does not work until it is mended. */
  readonly kind: 'ok' | 'warn' | 'bad';
  /** What was found, and unless it is fine, the mend. */
  readonly words: string;
}

export interface Check {
  readonly name: string;
  /** May take its time or reject: whoever calls it sets a limit and makes a finding of it. */
  run(): Promise<Finding>;
}

/** Says it in the operator's language. */
export type Say = (zh: string, en: string) => string;

export const ok = (words: string): Finding => ({ kind: 'ok', words });
export const warn = (words: string): Finding => ({ kind: 'warn', words });
export const bad = (words: string): Finding => ({ kind: 'bad', words });

/** The innermost code of an error (`ECONNREFUSED`), else its name: short, and never a secret. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? codeOf(error.cause) : error.name;
}
