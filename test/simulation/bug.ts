/** A deliberate bug: a change of the program's text. */

export interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

export interface Bug {
  readonly name: string;
  readonly changes: readonly Change[];
}

export const one = (name: string, file: string, from: string | RegExp, to: string): Bug => ({
  name,
  changes: [{ file, from, to }],
});
