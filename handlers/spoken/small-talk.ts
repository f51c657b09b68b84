/** Recognises small talk and answers it in one line, with the buttons that are of use in this chat to this person. */
import type { Reports } from '../../services/ledger/reports.ts';
import type { CommandName } from '../commands.ts';
import type { Asker } from '../handler.ts';
import type { Button, Incoming, Reply } from '../message.ts';
import { mayVerify } from '../rights.ts';
import { plainWords } from './plain-words.ts';

const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

/** What people say when they want nothing: one table, in simplified characters and lower case. */
const TALK = {
  greeting: list(`
    你好, 您好, 你好啊, 嗨, 哈喽, 哈啰, 喂, 早, 早上好, 早安, 上午好, 中午好, 下午好, 晚上好, 大家好, 老板好, hi, hii, hello, hey,
    good morning, good afternoon, good evening, hi there, hello there
  `),
  here: list(`
    在吗, 在么, 在不在, 在嘛, 在没, 有人吗, 有人在吗, 人呢, 在线吗, 测试, test, testing, ping, anyone there, anybody there,
    are you there, you there
  `),
  thanks: list(`
    谢谢, 谢谢你, 谢谢您, 谢谢啦, 多谢, 感谢, 谢了, 谢啦, 辛苦了, 辛苦, thanks, thanks a lot, thank you, thank you very much,
    thank you so much, thx, ty, cheers
  `),
  ok: list(`
    ok, okay, okk, k, 好, 好的, 好滴, 好嘞, 好哒, 嗯, 嗯嗯, 哦, 哦哦, 噢, 行, 可以, 收到, 知道了, 明白, 明白了, 没事, 了解, 是, 是的, 对,
    yes, yep, yeah, sure, fine, great, good, nice, got it, alright, all right, cool
  `),
  confirm: list('确认, 确定, 确认核销, 核销, 核销吧, 验券, confirm, verify, redeem'),
  bye: list('再见, 拜拜, 拜, 晚安, 明天见, bye, goodbye, good night, see you'),
} as const;

export type Talk = keyof typeof TALK;

const KINDS = new Map<string, Talk>(
  (Object.keys(TALK) as Talk[]).flatMap((kind) => TALK[kind].map((word) => [word, kind] as const)),
);
const OF_TALK = [...KINDS.keys()].toSorted((a, b) => b.length - a.length);

/** Characters of small talk. */
const LONGEST = 40;
const EMOJI: readonly (readonly [RegExp, Talk])[] = [
  [/[🙏❤🌹💐]/u, 'thanks'],
  [/[👋🤝]/u, 'greeting'],
  [/[👍👌💪👏😊😄😁🎉✅🆗]/u, 'ok'],
];

/** Reads small talk, alone or one after another: 好的谢谢. Undefined for all else. */
export function readTalk(text: string): Talk | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  const said = plainWords(trimmed);
  if (said === '') return EMOJI.find(([pattern]) => pattern.test(trimmed))?.[1];
  return ofWords(said);
}

function ofWords(said: string): Talk | undefined {
  let talk: Talk | undefined;
  // What comes last is what is meant: 好的谢谢.
  for (let rest = said; rest !== '';) {
    const left = rest;
    const word = KINDS.has(left) ? left : OF_TALK.find((one) => begins(left, one));
    if (word === undefined) return talk && /^[啊呀哈吧哦呢啦了嘛]+$/u.test(left) ? talk : undefined;
    talk = KINDS.get(word);
    rest = plainWords(left.slice(word.length));
  }
  return talk;
}

/** A Latin word ends where no letter follows: `hi` does not begin `history`. */
const begins = (said: string, word: string): boolean =>
  said.startsWith(word) && !(/[a-z]$/.test(word) && /^[a-z0-9]/.test(said.slice(word.length)));

/** Said by a customer or a guest, it wants nothing: the answer is as short. */
const CLOSING: ReadonlySet<Talk> = new Set(['thanks', 'ok', 'bye']);
export const isClosing = (talk: Talk | undefined): talk is 'thanks' | 'ok' | 'bye' => talk !== undefined && CLOSING.has(talk);

/** The commands that small talk and the settings offer as buttons. */
const OFFERED = [
  'bind',
  'summary',
  'history',
  'help',
  'staff',
  'customers',
  'language',
  'report',
  'api',
  'webhook',
] as const satisfies readonly CommandName[];
export type OfferedCommand = (typeof OFFERED)[number];

export const isOffered = (name: string): name is OfferedCommand => OFFERED.some((one) => one === name);

/** Answers small talk; `undefined` is anything else that is understood in no way. */
export type AnswerTalk = (talk: Talk | undefined, incoming: Incoming, asker: Asker) => AsyncIterable<Reply>;

export function createAnswerTalk({ reports }: { reports: Pick<Reports, 'storesOf'> }): AnswerTalk {
  return async function* answerTalk(talk, incoming, asker) {
    const { words, store, role, visitedStore } = asker;
    const offer = (...names: OfferedCommand[]): readonly Button[][] => [
      names.map((name) => ({ verb: 'run', id: name, label: words.say(`button-run-${name}`) })),
    ];
    const told = store || visitedStore ? [] : await reports.storesOf(asker.chat.id);
    const reply = (said: string, ...names: OfferedCommand[]): Reply => {
      const text = talk && talk !== 'confirm' ? words.say('talk', { said: words.say(`talk-${talk}`), next: said }) : said;
      return { kind: 'say', text, ...(names.length > 0 && { buttons: offer(...names) }) };
    };
    const { visit } = asker;
    if ((visitedStore || (visit && role === 'customer')) && isClosing(talk))
      yield { kind: 'say', text: words.say(`talk-${talk}`) };
    else if (visit && role === 'customer')
      yield reply(words.say('place-answer', { store: visit.store.name, place: visit.place.name }));
    else if (visitedStore) yield reply(words.say('customer-answer', { store: visitedStore.name }));
    else if (store && mayVerify(role))
      yield reply(words.say(talk === 'confirm' || talk === 'ok' ? 'talk-press' : 'small-talk'), 'summary', 'history', 'help');
    else if (store) yield reply(words.say(incoming.group ? 'stranger-group' : 'stranger'), 'help');
    else if (told.length > 0)
      yield reply(
        words.say('help-reports', { stores: told.map(({ name }) => name).join(words.say('list-comma')) }),
        'summary',
        'history',
        'help',
      );
    else yield reply(words.say('unbound'), 'bind', 'help');
  };
}
