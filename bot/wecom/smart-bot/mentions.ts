/**
 * Removes mentions from texts in groups. Every text to the bot there names it, but WeCom tells neither its name nor the
 * mention's place: each client puts it elsewhere, glued to words or not, and names may have blanks in them.
 */
import { restIsMeant } from '../../../handlers/commands.ts';
import { readCommand } from '../../../handlers/spoken/read-command.ts';
import { readCodes } from '../../../services/coupons/read-text.ts';

export interface Mentions {
  /** Gives a message without mentions. The bot's name is learnt from commands, so that later not even a password is cut. */
  without(text: string): string;
  /** Gives a quoted message without mentions. It need not name anybody: only what makes sense without it is removed. */
  withoutIn(quoted: string): string;
}

/** One way to read a message: its remaining text, and the bot's name in that case. */
interface Reading {
  readonly left: string;
  readonly name?: string;
}

const AT = '[@＠]';
const GAP = '[\\s\\u200B\\u2060]';
/** Matches a name: it ends at a blank, at a comma or colon, at the next mention, or at a code written right behind it. */
const WORD = '[^\\s\\u200B\\u2060@＠,，:：]{1,64}?';
const END = `(?=${GAP}|[,，:：@＠]|\\d{6,40}(?:${GAP}|$)|$)`;
/** Matches a further word of a name: letters, no code. */
const MORE = `[^\\S\\n]{1,4}(?=[^\\s@＠]*\\p{L})(?![^\\s@＠]*\\d{6})${WORD}(?=\\s|$)`;
const NAMES = [0, 1, 2].map((more) => new RegExp(`^${AT}(${WORD}${END}(?:${MORE}){${more}})(?:[,，:：]|${GAP})*`, 'u'));
const EACH = new RegExp(`${GAP}*${AT}(${WORD})${END}[,，:：]?${GAP}*`, 'gu');
const EACH_WORD = new RegExp(`(?:^|${GAP})${AT}(${WORD})${END}(?=${GAP}|$)`, 'gu');
const LAST = new RegExp(`^([\\s\\S]*\\S)${GAP}*${AT}([^@＠\\n]{1,64})$`, 'u');
const FIRST = new RegExp(`^([^@＠]*[^@＠\\s])${GAP}*${AT}([^\\n]{1,128})$`, 'u');

/** Forms of mentions seen in clients, the likelier first. The first that makes the best sense wins. */
const FORMS: readonly ((text: string) => readonly Reading[])[] = [
  // `me@example.com`
  (text) => [{ left: text }],
  // `@核销助手 日报`, `@核销助手0332808512`, `@Coupon Bot 日报`, `@张三 @核销助手 日报`
  behind,
  // `日报 @核销助手 昨天`, `日报@核销助手 昨天`, `日报 @张三 @核销助手`, `@张三 日报@核销助手`
  (text) => {
    const [name = ''] = [...text.matchAll(EACH)].map((match) => match[1] ?? '');
    return [{ left: text.replace(EACH, ' ').trim(), name }];
  },
  // `日报@核销助手`, `日报 @Coupon Bot`, `@张三 日报 @Coupon Bot`
  (text) => [...before(LAST, text), ...before(LAST, text).flatMap(({ left }) => behind(left)), ...before(FIRST, text)],
];

function behind(text: string): Reading[] {
  const at = Math.max(0, ...[...text.matchAll(EACH_WORD)].map(({ index, 0: word }) => index + word.search(/[@＠]/)));
  if (!/^[@＠]/.test(text)) return [];
  return NAMES.flatMap((pattern) => {
    const [mention, name] = pattern.exec(text.slice(at)) ?? [];
    return mention === undefined || name === undefined ? [] : [{ left: text.slice(at + mention.length), name }];
  });
}

function before(pattern: RegExp, text: string): Reading[] {
  const [, left, name] = pattern.exec(text) ?? [];
  return left === undefined || name === undefined ? [] : [{ left, name }];
}

const EMAIL = /[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w.])/gi;
/** Stands for the `@` of an e-mail address during the search; a noncharacter, so that nobody types it. */
const ADDRESS = '\uFDD0';
const hideAddresses = (text: string): string => text.replace(EMAIL, (address) => address.replace('@', ADDRESS));
const showAddresses = (text: string): string => text.replaceAll(ADDRESS, '@');

/** A word that is a request about a quoted message; the eight digits of an invitation. */
const SHORT = /^(?:核销|验券|查券|验|查|(?:join-|加入\s*|join\s+)?\d{8})$/i;

/** Ranks how well the bot would understand a text: 0 is best. */
function sense(left: string): number | undefined {
  if (/[@＠]/.test(left)) return undefined;
  const text = showAddresses(left);
  const command = readCommand(text);
  if (command && command.name !== 'unknown' && restIsMeant(command)) return command.spoken ? 1 : 0;
  const { codes, doubtful, linked } = readCodes(text);
  if (codes.length + doubtful.length > 0 || linked || SHORT.test(text)) return 1;
  if (/^[^\s\uFDD0]+\uFDD0\S+$/.test(left)) return 1;
  return command ? 2 : undefined;
}

function best(readings: readonly Reading[]): (Reading & { readonly sense: number }) | undefined {
  const made = readings.flatMap((reading) => {
    const how = sense(reading.left);
    return how === undefined ? [] : [{ ...reading, sense: how }];
  });
  return made.toSorted((a, b) => a.sense - b.sense)[0];
}

/** Characters; of longer texts only a mention at an end is removed, since the forms take quadratic time. */
const LONGEST = 1000;
/** The most names remembered: a bot may be renamed. */
const MOST_NAMES = 8;

export function createMentions(): Mentions {
  /** The latest first. */
  let names: readonly string[] = [];

  function learn(name: string): void {
    names = [name, ...names.filter((other) => other !== name)].slice(0, MOST_NAMES);
  }

  /** Removes the known name, wherever it stands; undefined where it does not. */
  function withoutName(text: string): string | undefined {
    for (const name of names.toSorted((a, b) => b.length - a.length)) {
      const exact = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      const left = text.replace(new RegExp(`${GAP}*${AT}${exact}${END}[,，:：]?${GAP}*`, 'gu'), ' ').trim();
      if (left !== text) return left;
      // `@核销助手日报`
      const glued = new RegExp(`^${AT}${exact}`, 'u').exec(text)?.[0];
      if (glued !== undefined && sense(text.slice(glued.length)) !== undefined) return text.slice(glued.length);
    }
    return undefined;
  }

  return {
    without(said) {
      if (said.length > LONGEST) return withoutOne(said.trim());
      const text = hideAddresses(said.trim());
      const mentions = text.split(/[@＠]/).length - 1;
      if (mentions === 0) return said.trim();
      const unnamed = withoutName(text);
      // Only the bot is removed then, unless others are mentioned apart and the rest makes sense: `@张三 日报`.
      if (unnamed !== undefined)
        return showAddresses(best([{ left: unnamed }, { left: unnamed.replace(EACH_WORD, ' ').trim() }])?.left ?? unnamed);
      const found = best(FORMS.flatMap((form) => form(text)));
      if (found?.sense === 0 && mentions === 1 && found.name) learn(found.name.trim());
      return showAddresses(found?.left ?? withoutOne(text));
    },
    withoutIn(quoted) {
      if (quoted.length > LONGEST) return quoted.trim();
      const text = hideAddresses(quoted.trim());
      return showAddresses(best(FORMS.flatMap((form) => form(text)))?.left ?? text);
    },
  };
}

/** Removes one mention from a text that makes no sense to us, perhaps an answer to a question: the first word, else the end. */
function withoutOne(text: string): string {
  const [front] = NAMES[0]!.exec(text.slice(0, 300)) ?? [];
  if (front !== undefined) return text.slice(front.length);
  const last = Math.max(text.lastIndexOf('@'), text.lastIndexOf('＠'));
  const tail = text.slice(last + 1);
  return last > 0 && tail.length > 0 && tail.length <= 64 && !/\s/.test(tail) ? text.slice(0, last).trimEnd() : text;
}
