/** Reads variables one by one and collects what is wrong with them, so that one run tells all. */

/** What to do about a mistake, in English and in Chinese: who reads it has not been asked yet. */
export type Mend = readonly [en: string, zh: string];

/** Variables by name; one that is empty counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type EnvReader = ReturnType<typeof createEnvReader>;

/**
 * A reader of `env`. Every method gives undefined for what is not set or not right; what is not right is added to `mistakes`
 * as `NAME: mend · 中文`, one line. Values are never repeated there: one of them may be a secret, put into the wrong variable.
 */
export function createEnvReader(env: Environment) {
  const mistakes: string[] = [];
  const secrets: string[] = [];
  const asked = new Set<string>();
  const text = (name: string): string | undefined => {
    asked.add(name);
    return env[name]?.trim() || undefined;
  };
  const mistake = (name: string, [en, zh]: Mend): void => {
    mistakes.push(`${name}: ${en} · ${zh}`);
  };
  const checked = <T>(name: string, parse: (text: string) => T | undefined, mend: Mend): T | undefined => {
    const given = text(name);
    const value = given === undefined ? undefined : parse(given);
    if (given !== undefined && value === undefined) mistake(name, mend);
    return value;
  };
  return {
    mistakes,
    secrets,
    text,
    mistake,
    /** Variables of these names that are set, and that nobody has asked for. */
    unread: (names: RegExp): readonly string[] =>
      Object.keys(env).filter((name) => names.test(name) && !asked.has(name) && env[name]?.trim()),
    /** A group that is set whole or not at all; a half-set one is a mistake for each that is missing. True when it is whole. */
    whole(names: readonly string[], [en, zh]: Mend): boolean {
      const missing = names.filter((name) => !text(name));
      if (missing.length === names.length) return false;
      for (const name of missing)
        mistake(name, [`is not set, but others of its group are: ${en}`, `同组的变量已设置，缺这一个：${zh}`]);
      return missing.length === 0;
    },
    checked,
    /** As `checked`; the text is masked wherever it turns up. */
    secret<T>(name: string, parse: (text: string) => T | undefined, mend: Mend): T | undefined {
      const given = text(name);
      if (given) secrets.push(given);
      return checked(name, parse, mend);
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

/** An http(s) address without its last slash; nothing with a password, a query or a fragment in it. */
function parseWebAddress(text: string): string | undefined {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return undefined;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? text.replace(/\/+$/, '') : undefined;
}
