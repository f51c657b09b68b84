/** Reads environment variables one by one and collects all mistakes, so that one run reports them all. */

/** How to fix a mistake, in English and in Chinese: the reader's language is not known yet. */
export type Fix = readonly [en: string, zh: string];

/** Variables by name; an empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A reader with the mistakes so far. */
export type EnvReader = ReturnType<typeof createEnvReader>;

/**
 * Creates a reader of `env`. Every method gives undefined for a missing or invalid value; an invalid one is added to
 * `mistakes` as one line, `NAME: fix · 中文`. Values are never repeated: one may be a secret, set in the wrong variable.
 */
export function createEnvReader(env: Environment) {
  const mistakes: string[] = [];
  const secrets: string[] = [];
  const asked = new Set<string>();
  const text = (name: string): string | undefined => {
    asked.add(name);
    return env[name]?.trim() || undefined;
  };
  const mistake = (name: string, [en, zh]: Fix): void => {
    mistakes.push(`${name}: ${en} · ${zh}`);
  };
  const checked = <T>(name: string, parse: (text: string) => T | undefined, fix: Fix): T | undefined => {
    const given = text(name);
    const value = given === undefined ? undefined : parse(given);
    if (given !== undefined && value === undefined) mistake(name, fix);
    return value;
  };
  return {
    mistakes,
    secrets,
    text,
    mistake,
    /** Names of variables that match, are set, and have not been read. */
    unread: (names: RegExp): readonly string[] =>
      Object.keys(env).filter((name) => names.test(name) && !asked.has(name) && env[name]?.trim()),
    /** The variable that has been read and is spelled most like this name; undefined where none is near. */
    resembling: (name: string): string | undefined =>
      [...asked]
        .map((one) => ({ one, far: editDistance(one, name) }))
        .filter(({ one, far }) => far <= MOST_EDITS && one !== name)
        .toSorted((a, b) => a.far - b.far)[0]?.one,
    /** True when all variables of a group are set. A half-set group is a mistake for each missing one. */
    whole(names: readonly string[], [en, zh]: Fix): boolean {
      const missing = names.filter((name) => !text(name));
      if (missing.length === names.length) return false;
      for (const name of missing)
        mistake(name, [`is not set, but others of its group are: ${en}`, `同组的变量已设置，缺这一个：${zh}`]);
      return missing.length === 0;
    },
    checked,
    /** Like `checked`; the log masks the text. */
    secret<T>(name: string, parse: (text: string) => T | undefined, fix: Fix): T | undefined {
      const given = text(name);
      if (given) secrets.push(given);
      return checked(name, parse, fix);
    },
    oneOf: <const T extends string>(name: string, words: readonly T[]): T | undefined =>
      checked(name, (given) => words.find((word) => word === given), [
        `write one of ${words.join(', ')}`,
        `请写其中一个：${words.join('、')}`,
      ]),
    webAddress: (name: string, example: string): string | undefined =>
      checked(name, parseWebAddress, [
        `is not a web address; write it like ${example}, with http:// or https:// and no user name, ? or #`,
        `不是网址：请写成 ${example} 这样，以 http:// 或 https:// 开头，不带用户名、? 和 #`,
      ]),
  };
}

/** Letters that a misspelt name may lack or have too many: `TELEGRAM_TOKEN` lacks `BOT_`, `UMEMBER_URL` lacks `BASE_`. */
const MOST_EDITS = 5;

/** Counts the letters to insert and to drop that make one text of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === to[j] ? 0 : 2)));
    row = next;
  }
  return row.at(-1)!;
}

/** Parses an http(s) address without credentials, query or fragment; drops trailing slashes. */
function parseWebAddress(text: string): string | undefined {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return undefined;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? text.replace(/\/+$/, '') : undefined;
}
