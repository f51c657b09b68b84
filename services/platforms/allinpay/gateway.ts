/**
 * Calls Allinpay's gateway: one address, the method in one parameter, the business part as JSON in another. Transport and
 * signature are published (prodoc.allinpay.com/doc/1580); the value of `signType` and the encryption of single fields are not.
 */
import { randomInt } from 'node:crypto';
import { chinaTime } from '../../time/platform-time.ts';
import type { FollowDouyinLink } from '../../coupons/douyin-link.ts';
import { textOf, type Fields } from '../../fields.ts';
import { meaningOf } from '../phrases.ts';
import { PlatformFault, type FinalNo, type Refusal, type Write } from '../platform.ts';
import { cleanWords, hideCodes, refuseRead, refuseWrite, unknownNo } from '../refuse.ts';
import type { JsonHttp } from '../json-http.ts';
import type { Account } from './account.ts';
import { openAnswer, type Verifies } from './answer.ts';
import { hasAny } from './tolerant-shapes.ts';
import { SIGNERS, type SignerName } from './signing/sign.ts';

/** The encoding of parameters: a form, or a JSON object. */
export type BodyName = 'form' | 'json';

export interface Answer {
  /** `0` is a yes, `3` a no with its reason in `words`; the list of others is not published. */
  readonly code: string;
  /** `msg`, without the key should it be echoed. */
  readonly words: string;
  /** The whole answer where it comes without `data`. */
  readonly data: unknown;
}

export interface Call {
  /** Without the common prefix. */
  readonly method: string;
  /** Undefined fields are left out. */
  readonly business: Fields;
  /** The fields that mark an answer without a code as a yes: the example of `verifyHistory` has neither code nor `data`. */
  readonly marks: readonly string[];
}

export interface Yes {
  readonly kind: 'yes';
  readonly data: unknown;
}

export interface Gateway {
  /** Makes a read: a yes with its data, or a refusal; throws for anything else. */
  ask(account: Account, call: Call): Promise<Refusal | Yes>;
  /** Makes a write: a yes with its data, or a final no; throws for anything else. */
  change<W extends Write>(write: W, account: Account, call: Call): Promise<Refusal<FinalNo<W>> | Yes>;
  /** Makes a read and gives any answer. */
  send(account: Account, call: Call): Promise<Answer>;
}

export interface GatewayParts {
  /** Follows Douyin's short links, which stand in the QR codes of its coupons. */
  readonly follow: FollowDouyinLink;
  readonly http: JsonHttp;
  readonly gatewayUrl: string;
  readonly signer: SignerName;
  readonly body: BodyName;
  /** Allinpay's public key. Without it answers are believed unsigned. */
  readonly publicKey?: string | undefined;
  /** The value of `signType`, where it is not the signer's own. */
  readonly signType?: string | undefined;
  /** SM2's id of both signers, where it is not the usual one of each. */
  readonly sm2Id?: string | undefined;
  readonly now: () => number;
}

const CONTENT_TYPES: Readonly<Record<BodyName, string>> = {
  form: 'application/x-www-form-urlencoded; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

export function createGateway(parts: Omit<GatewayParts, 'follow'>): Gateway {
  const { http, gatewayUrl, signer: name, body, publicKey, sm2Id, now } = parts;
  const signer = SIGNERS[name];
  const { verifies: check } = signer;
  const verifies: Verifies | undefined =
    check && publicKey !== undefined ? (text, signature) => check(text, signature, publicKey, sm2Id) : undefined;
  const url = new URL(gatewayUrl);

  const send = async (account: Account, { method, business, marks }: Call, writes = false): Promise<Answer> => {
    const parameters = {
      appId: account.appId,
      method: `allinpay.shopoint.${method}`,
      version: '1.0',
      charset: 'UTF-8',
      format: 'JSON',
      signType: parts.signType ?? signer.type,
      // 16 digits, as in the published example.
      reqSeq: `${now()}${randomInt(1_000).toString().padStart(3, '0')}`,
      timestamp: chinaTime(now()),
      // `shopId` is an Integer there, and never too long for one.
      bizContent: JSON.stringify({ ...business, shopId: Number(account.shopId) }),
    };
    const sign = signer.sign(parameters, account.key, sm2Id);
    if (sign === undefined) throw new PlatformFault('unauthorised', 'not-done', `the key is none for ${name}`);
    const signed = { ...parameters, sign };
    const answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': CONTENT_TYPES[body] },
      body: body === 'form' ? new URLSearchParams(signed).toString() : JSON.stringify(signed),
      writes,
    });
    const { status } = answer;
    const opened = openAnswer(answer, parameters.reqSeq, verifies);
    if (opened.kind === 'not-believed') throw nonsense(writes, `an answer that is not believed: ${opened.why} (HTTP ${status})`);
    const root = opened.fields;
    const data = root['data'] ?? root;
    const code = textOf(root['code']) ?? (hasAny(data, marks) ? '0' : undefined);
    const good = status >= 200 && status < 300;
    if (code === undefined || (code === '0' && !good)) throw nonsense(writes, `not an answer of it (HTTP ${status})`);
    return { code, words: (textOf(root['msg']) ?? '').replaceAll(account.key, '…'), data };
  };
  return {
    send: (account, call) => send(account, call),
    async ask(account, call) {
      const answer = await send(account, call);
      if (answer.code === '0') return { kind: 'yes', data: answer.data };
      const refusal = refuseRead(answer);
      if (answer.code === '3') return refusal;
      throw aboutCaller(answer, AT_THE_DOOR) ?? nonsense(false, shown(answer));
    },
    async change(write, account, call) {
      const answer = await send(account, call, true);
      if (answer.code === '0') return { kind: 'yes', data: answer.data };
      if (answer.code === '3') return refuseWrite(write, answer);
      const meaning = meaningOf(answer.words);
      if (meaning === 'busy' || meaning === 'temporary') return refuseWrite(write, answer);
      throw aboutCaller(answer) ?? unknownNo('nonsense', shown(answer), answer.words);
    },
  };
}

const CALLER = '签名|密钥|时间戳|app_?id|(?<![a-z])sign(ature)?|timestamp';
const WRONG = '错误|无效|失败|过期|超时|不(正确|存在|合法|匹配|一致)|error|invalid|illegal|fail|expired|mismatch';
/** Words of a read that was refused at authentication; merely naming a parameter is not enough. */
const AT_THE_DOOR = new RegExp(
  `(${CALLER}).{0,8}(${WRONG})|(invalid|illegal|wrong|expired).{0,8}(${CALLER})|验签|鉴权失败|无.{0,4}权限|未开通`,
  'i',
);

/**
 * Gives the fault where a code other than 0 and 3 refuses the caller. The words of a write must say that and nothing else, as the
 * write is repeated; those of a read may match `loosely`.
 */
function aboutCaller(answer: Answer, loosely?: RegExp): PlatformFault | undefined {
  const { code, words } = answer;
  const meaning = meaningOf(words);
  const away = meaning === 'unauthorised' || meaning === 'config' || loosely?.test(`${code} ${words}`);
  return away ? new PlatformFault('unauthorised', 'not-done', shown(answer)) : undefined;
}

const shown = ({ code, words }: Answer): string => hideCodes(cleanWords(`code ${code} ${words}`));

/** The fault of an answer without a meaning. */
export const nonsense = (writes: boolean, what: string): PlatformFault => new PlatformFault('nonsense', lost(writes), what);

const lost = (writes: boolean): PlatformFault['outcome'] => (writes ? 'unknown' : 'not-done');
