/** The port of a check, and its findings. */

/** The result of a check. */
export interface Finding {
  /** `warn`: works, with a caveat. `bad`: does not work until it is fixed. */
  readonly kind: 'ok' | 'warn' | 'bad';
  /** The finding as a sentence, with the fix unless it is fine. */
  readonly words: string;
}

/** One check, with a name for its line. */
export interface Check {
  readonly name: string;
  /** May be slow or reject: the caller applies a timeout and turns a rejection into a finding. */
  run(): Promise<Finding>;
}

/** Picks the text in the operator's language. */
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
