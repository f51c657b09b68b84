/** Each failure of each operation at each gateway: its class, its outcome, and the sentence that people read. */
import { describe, expect, it } from 'vitest';
import { faultText, refusalText } from '../../../handlers/cards/refusal.ts';
import { verificationCard } from '../../../handlers/cards/verification-card.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import {
  PLATFORM_NAMES,
  PlatformFault,
  type Asked,
  type PlatformName,
  type Refusal,
} from '../../../services/platforms/platform.ts';
import { attempt, type Ended } from '../../../services/verification/outcome.ts';
import type { State, Verification } from '../../../services/verification/verification.ts';
import type { Fault } from '../../doubles/faults.ts';
import { cardOf, lostCall, lostUndo, OPERATIONS, SITES, undoRequest, type Operation } from './matrix.ts';

const FAILURES = {
  'late, applied': { kind: 'late' },
  'late, not applied': { kind: 'late', applied: false },
  'reset, applied': { kind: 'reset' },
  'reset, not applied': { kind: 'reset', applied: false },
  'HTTP 502': { kind: 'gateway' },
  'HTTP 500': { kind: 'error' },
  'cut JSON': { kind: 'cut' },
  'a page instead': { kind: 'html' },
  'sent elsewhere': { kind: 'redirect' },
  'a yes without data': { kind: 'no-data' },
  'a no nobody has seen': { kind: 'no', words: '此券处于蓝色状态' },
  'too fast': { kind: 'busy' },
  'login over': { kind: 'login-over' },
} as const satisfies Record<string, Fault>;
type Failure = keyof typeof FAILURES;

/**
 * `none`: there is no such call. `fine`: the rest is told without it. `unreachable`, `nonsense`, `busy`, `unauthorised`: a read
 * brought nothing. `other`: refused in the platform's words. `lost`: nobody knows; the platform is asked. `again`: it was
 * asked, told nothing, and will be asked again. `undone`: done, as it said.
 */
type Class =
  'none' | 'unusable' | 'fine' | 'unreachable' | 'nonsense' | 'busy' | 'unauthorised' | 'other' | 'lost' | 'again' | 'undone';

interface Cell {
  readonly class: Class;
  readonly sentence?: string;
  /** Uses that stand in the platform's books afterwards; of writes. */
  readonly standing?: number;
}

const words = wordsIn('zh-CN');
const ZONE = 'Asia/Shanghai';

/** The reads that people wait for say this; lists say the first half. */
const READ: Readonly<Record<string, string>> = {
  unreachable: '连不上平台 · 没有核销，请稍后再试；一直这样，请检查网络，或问问平台是不是出了故障。',
  nonsense: '平台没有正常答复，请稍后再试。',
  busy: '平台繁忙 · 没有核销，请稍等几秒再试。',
  unauthorised: '授权已过期 · 请店主重新绑定（发送“/bind”）或在平台后台重新授权。',
  unusable: '现在不能用 · 没有可用的券：可能已核销、已退款、未付款或正在转赠。请顾客打开券看状态，或到平台商家后台查看。',
  other: '平台没有明确答复 · 平台答复「此券处于蓝色状态」。不代表券不能用，请稍后再试，或到平台商家后台查看。',
};
const VERIFY: Readonly<Record<string, string>> = {
  lost: '结果待确认 · 平台没有及时答复。请勿重复操作，有结果会自动告知。',
  busy: '平台繁忙 · 没有核销，请稍等几秒再试。',
  unauthorised: '授权已过期 · 请店主重新绑定（发送“/bind”）或在平台后台重新授权。',
  said: '结果待确认 · 平台答复「此券处于蓝色状态」。结果还不确定。请勿重复操作，有结果会自动告知。',
};
const UNDO: Readonly<Record<string, string>> = {
  undone: '已撤销 · 平台在撤销后会更换券码：请刷新券，用新的券码。',
  lost: '撤销结果待确认 · 平台没有及时答复。请勿重复操作，有结果会自动告知。',
  busy: '核销成功 · 撤销未成功：平台没有执行，券仍是已核销。可以再试一次。',
  unauthorised: '核销成功 · 撤销未成功：授权已过期 请店主重新绑定（发送“/bind”）或在平台后台重新授权。',
  said: '撤销结果待确认 · 平台答复「此券处于蓝色状态」。结果还不确定。请勿重复操作，有结果会自动告知。',
};

/** What failures are to reads. */
const OF_READS: Readonly<Record<Failure, Class>> = {
  'late, applied': 'unreachable',
  'late, not applied': 'unreachable',
  'reset, applied': 'unreachable',
  'reset, not applied': 'unreachable',
  'HTTP 502': 'unreachable',
  'HTTP 500': 'unreachable',
  'cut JSON': 'nonsense',
  'a page instead': 'nonsense',
  'sent elsewhere': 'nonsense',
  'a yes without data': 'nonsense',
  'a no nobody has seen': 'nonsense',
  'too fast': 'busy',
  'login over': 'unauthorised',
};
/** To what changes something over there, `lost` is all that may have happened: a no is believed only where it is known. */
const ofWrites = (failure: Failure): Class =>
  failure === 'too fast' ? 'busy' : failure === 'login over' ? 'unauthorised' : 'lost';

/** Where a gateway differs from the rule, and why. */
function exception(gateway: PlatformName, operation: Operation, failure: Failure): Class | undefined {
  const odd = failure === 'a no nobody has seen';
  const empty = failure === 'a yes without data';
  switch (gateway) {
    case 'umember':
      if (operation === 'undo' || operation === 'queryUndo') return 'none';
      // Any no at the door is about who asked; no stores and no deals are none at all.
      if (operation === 'login') return odd ? 'unauthorised' : undefined;
      if (operation === 'stores' || operation === 'deals') return empty ? 'fine' : undefined;
      if (operation === 'query') return odd ? 'again' : undefined;
      return operation === 'lookup' && odd ? 'other' : undefined;
    case 'allinpay':
      // The shop is part of the credentials.
      if (operation === 'stores') return 'none';
      // A harmless question that is answered proves the key, whatever the answer.
      if (operation === 'login') return empty ? 'fine' : odd ? 'unauthorised' : undefined;
      // One of three lists: what is not open to this shop is left out.
      if (operation === 'deals') return ['unreachable', 'busy'].includes(OF_READS[failure]) ? undefined : 'fine';
      return (operation === 'query' || operation === 'queryUndo') && empty ? 'again' : undefined;
    case 'dianping':
    case 'meituan':
      // Who authorised one shop has it in the token.
      if (operation === 'stores') return gateway === 'meituan' ? 'none' : empty ? 'fine' : undefined;
      if (operation === 'deals') return empty ? 'fine' : undefined;
      if (operation === 'query' || operation === 'queryUndo') return odd || empty ? 'again' : undefined;
      // A yes is a yes: what was taken back is not told by it anyway.
      if (operation === 'undo') return empty ? 'undone' : undefined;
      if (operation === 'login') return renewal(gateway, failure);
      return operation === 'lookup' && odd ? 'other' : undefined;
    case 'douyin':
      // Any no at the door is about the account; and what is missing is none at all.
      if (operation === 'login') return empty ? 'fine' : odd ? 'unauthorised' : undefined;
      if (operation === 'stores' || operation === 'deals') return empty ? 'fine' : undefined;
      if (operation === 'lookup') return empty ? 'unusable' : odd ? 'other' : undefined;
      if (operation === 'query' || operation === 'queryUndo') return odd || empty ? 'again' : undefined;
      return operation === 'undo' && empty ? 'undone' : undefined;
    case 'practice':
      // Its failures are in the codes: 7000… loses answers, 8000… is busy at once.
      if (operation === 'verify' && FAILURES[failure].kind === 'late') return 'lost';
      return operation === 'lookup' && failure === 'too fast' ? 'busy' : 'none';
  }
}

/**
 * Renewing an authorisation. 北极星's has to be renewed while it holds, so its former token serves on whatever happens; the
 * successor's can be renewed after its end, and then any no is final, in a dress that is not the token's own as well.
 */
function renewal(gateway: 'dianping' | 'meituan', failure: Failure): Class | undefined {
  if (gateway === 'dianping') return 'fine';
  return ['a no nobody has seen', 'a yes without data', 'login over'].includes(failure) ? 'unauthorised' : undefined;
}

const isWrite = (operation: Operation): boolean => operation === 'verify' || operation === 'undo';

function expected(gateway: PlatformName, operation: Operation, failure: Failure): Cell {
  const writes = isWrite(operation);
  const cls = exception(gateway, operation, failure) ?? (writes ? ofWrites(failure) : OF_READS[failure]);
  if (cls === 'none') return { class: cls };
  if (!writes) {
    const sentence = READ[cls];
    return sentence === undefined ? { class: cls } : { class: cls, sentence };
  }
  const fault: Fault = FAILURES[failure];
  const applied = ['lost', 'undone'].includes(cls) && fault.applied !== false && fault.kind !== 'no';
  const standing = operation === 'verify' ? Number(applied) : Number(!applied);
  const said = failure === 'a no nobody has seen' ? 'said' : cls;
  return { class: cls, standing, sentence: (operation === 'verify' ? VERIFY : UNDO)[said]! };
}

/** A read, as a chat would tell it. */
async function read(call: () => Promise<unknown>): Promise<Cell> {
  try {
    const answer = (await call()) as Refusal | Asked<unknown> | object;
    if ('kind' in answer && answer.kind === 'refused')
      return { class: answer.reason as Class, sentence: refusalText(answer, words, ZONE) };
    return { class: 'result' in answer ? ((answer.result as { kind: string }).kind as Class) : 'fine' };
  } catch (error) {
    if (!(error instanceof PlatformFault) || error.outcome !== 'not-done') throw error;
    return { class: error.kind, sentence: faultText(error, words, ZONE) };
  }
}

/** A write, as its card tells it. */
async function write(
  operation: 'verify' | 'undo',
  call: () => Promise<Ended<{ readonly kind: 'verified' | 'undone' }>>,
): Promise<Cell> {
  const ended = await attempt<{ readonly kind: 'verified' | 'undone' }>(
    call as () => Promise<{ readonly kind: 'verified' } | Refusal>,
    (error) => {
      throw error;
    },
  );
  const refusal: Refusal | undefined = ended.kind === 'refused' ? ended : undefined;
  const said: Refusal | undefined =
    ended.kind === 'lost' && ended.words !== undefined ? { kind: 'refused', reason: 'other', words: ended.words } : undefined;
  const states = { verify: { lost: 'unsure', refused: 'refused' }, undo: { lost: 'undo-unsure', refused: 'verified' } } as const;
  const state: State = ended.kind === 'lost' || ended.kind === 'refused' ? states[operation][ended.kind] : ended.kind;
  const kept = operation === 'verify' ? 'refusal' : 'undoRefusal';
  const { title, note } = verificationCard([{ ...CARD, state, [kept]: refusal ?? said }], STORE, words, 0);
  return { class: (refusal?.reason ?? ended.kind) as Class, sentence: `${title} · ${note}` };
}

const STORE = {
  id: 'st',
  accountId: 'ac',
  externalId: '5',
  name: '人民路店',
  zone: ZONE,
  dayEnd: '24:00',
  lastSuccessAt: undefined,
  mayUndo: 'verifier',
  groupCodes: 'auto',
} as const;
const CARD = {
  id: 'v',
  items: 1,
  code: '1',
  coupon: { kind: 'coupon', code: '1', title: '双人餐', remaining: 1 },
  count: 1,
  checking: true,
  decided: false,
} as unknown as Verification;

const CARDLESS: ReadonlySet<Operation> = new Set(['login', 'stores', 'deals', 'lookup']);

/** One cell, seen: a gateway of its own, a coupon of its own. */
async function seen(gateway: PlatformName, operation: Operation, failure: Failure): Promise<Cell> {
  const fault = FAILURES[failure];
  const site = await SITES[gateway]();
  const { platform, session, store, market, credentials } = site;
  try {
    const code = site.coupon(operation, fault);
    if (code === undefined) return { class: 'none' };
    const request = CARDLESS.has(operation) ? undefined : await cardOf(site, code);
    const used = request && operation !== 'verify' ? await platform.verify(session, request) : undefined;
    const undo = request && platform.undo && used?.kind === 'verified' ? undoRequest(request, used) : undefined;
    if (operation === 'queryUndo' && undo) await platform.undo!(session, undo);
    if (operation === 'login') site.toRenew?.();
    if (!site.fail(operation, fault)) return { class: 'none' };
    switch (operation) {
      case 'login':
        return await read(() => platform.login(credentials));
      case 'stores':
        return await read(() => platform.stores(session));
      case 'deals':
        return await read(() => platform.deals(session, store));
      case 'lookup':
        return await read(() => platform.lookup(session, store, code, market));
      case 'verify':
        return { ...(await write('verify', () => platform.verify(session, request!))), standing: await site.standing(code) };
      case 'undo':
        return { ...(await write('undo', () => platform.undo!(session, undo!))), standing: await site.standing(code) };
      case 'query':
        return await read(() => platform.query(session, lostCall(site, request!), site.now()));
      case 'queryUndo':
        return await read(() => platform.queryUndo!(session, lostUndo(site, undo!), site.now()));
    }
  } finally {
    await site.close();
  }
}

describe.each(PLATFORM_NAMES)('at %s every failure', (gateway) => {
  it.each(OPERATIONS)('of %s has its class, outcome and sentence', async (operation) => {
    const failures = Object.keys(FAILURES) as Failure[];
    const cells = await Promise.all(failures.map(async (failure) => [failure, await seen(gateway, operation, failure)] as const));
    expect(Object.fromEntries(cells)).toEqual(
      Object.fromEntries(failures.map((failure) => [failure, expected(gateway, operation, failure)])),
    );
  });
});
