/** The platform Allinpay shopoint (通联), a gateway to coupons of Meituan, Dianping and Douyin: thirteen calls. */
import { chinaTime, parseTime } from '../../time/platform-time.ts';
import type { Coupon } from '../../coupons/coupon.ts';
import { readLink } from '../../coupons/read-link.ts';
import type { Fields } from '../../fields.ts';
import { judgeLostCall } from '../judge-lost-call.ts';
import { refuse, refuseRead } from '../refuse.ts';
import { PlatformFault, type Session, type Platform, type Refusal, type Undone } from '../platform.ts';
import { accountIn, accountOf, identityOf, tokenOf, type Account } from './account.ts';
import { CONSUMED_MARKS, consumption, itemHandle, readReceipt } from './consume.ts';
import { COUPON_MARKS, readCoupon, couponHandle } from './coupon.ts';
import { dealsOf } from './deals.ts';
import { createGateway, nonsense, type GatewayParts } from './gateway.ts';
import { consumeHistory, isEmpty, readEntries, verifyHistory, type Entry } from './history.ts';
import { kindOf, type Kind } from './kinds.ts';
import { recordsOn } from './records.ts';
import {
  asksList,
  hasSeveral,
  receiptIn,
  seenInLeft,
  seenInList,
  seenInState,
  undoSeenInList,
  undoSeenInState,
  undoneCode,
  UNTOLD,
  usesAround,
} from './query.ts';
import { hasAny, recordsOf } from './tolerant-shapes.ts';
import { SIGNERS } from './signing/sign.ts';
import { STATE_MARKS, stateOf, type State } from './state.ts';
import { statsOf } from './stats.ts';

const DAY_MS = 86_400_000;
const SIGNATURE = /签名|验签|\bsign/i;
/** The fields that mark an answer as a cancellation. */
const CANCELLED_MARKS = ['tranNo', 'sysno', 'createTime'] as const;

/** Creates the platform. Allinpay tells `gatewayUrl`, `signer` and `body` to each integrator; none of them is published. */
export function createAllinpay(parts: GatewayParts): Platform {
  const { now } = parts;
  const signer = SIGNERS[parts.signer];
  const gateway = createGateway(parts);
  const { ask, change } = gateway;

  /** Searches the list of uses; undefined where it is refused, empty where the refusal says that there is nothing. */
  const entriesOf = async (account: Account, search: Fields): Promise<readonly Entry[] | undefined> => {
    const answer = await ask(account, consumeHistory({ pageNo: 1, pageSize: 200, ...search }));
    if (answer.kind === 'refused') return isEmpty(answer) ? [] : undefined;
    return readEntries(answer.data);
  };
  const stateIn = async (account: Account, kind: Kind, code: string): Promise<State> => {
    const business = { type: kind, couponNo: code };
    return stateOf(await ask(account, { method: 'thirdCouponService.queryById', business, marks: STATE_MARKS }));
  };

  const prepare = async (session: Session, kind: Kind, code: string): Promise<Coupon | Refusal> => {
    const business = { type: kind, couponNo: code };
    const answer = await ask(accountIn(session), { method: 'thirdCouponService.prepare', business, marks: COUPON_MARKS });
    return answer.kind === 'refused' ? answer : readCoupon(answer.data, kind, code);
  };

  return {
    name: 'allinpay',
    perSecond: undefined,
    questions: [
      { name: 'app-id', secret: false },
      { name: signer.secret, secret: true },
      { name: 'shop-id', secret: false },
      { name: 'shop-name', secret: false },
      { name: 'operator', secret: false },
    ],
    rank: 30,
    markets: ['meituan', 'dianping', 'dining', 'douyin'],
    plainHttp: new URL(parts.gatewayUrl).protocol === 'http:',
    undoes: true,

    identity: identityOf,

    /** Proves the key by a harmless read, as Allinpay has no login. */
    async login(credentials) {
      const account = accountOf(credentials, signer);
      if (!account) return refuse('unauthorised');
      const yesterday = chinaTime(now() - DAY_MS).slice(0, 10);
      const answer = await gateway.send(account, verifyHistory(yesterday, 1, 1)).catch(atTheDoor);
      if ('kind' in answer) return answer;
      const { code, words } = answer;
      // A no to the read accepts the caller, unless it is about the signature.
      if (code === '0' || (code === '3' && !SIGNATURE.test(words))) return { token: tokenOf(account), expiresAt: now() + DAY_MS };
      refuseRead(answer);
      return refuse('unauthorised', `${code} ${words}`);
    },

    async stores(session) {
      const { shopId, shopName } = accountIn(session);
      return [{ id: shopId, name: shopName }];
    },

    deals: (session) => dealsOf(gateway, accountIn(session), now()),

    lookup: (session, _store, code, market) => prepare(session, kindOf(market), code),

    /**
     * Looks up the coupon behind a QR code of Douyin, which holds a short link. Douyin's own interface takes the id in the link's
     * target in place of the digits; whether Allinpay passes it on as `couponNo` is not documented.
     */
    async scan(session, _store, scanned) {
      if (!readLink(scanned).douyin) return refuse('not-found');
      const link = await parts.follow(scanned);
      if (link.kind === 'none' && link.why === 'unreachable')
        throw new PlatformFault('unreachable', 'not-done', 'the short link leads nowhere just now');
      if (link.kind !== 'coupon') return refuse('not-found');
      const coupon = await prepare(session, 'tiktok', link.objectId);
      return coupon.kind === 'refused' ? coupon : [coupon];
    },

    async verify(session, request) {
      const account = accountIn(session);
      const business = consumption(request, account.operator);
      if (!business) return refuse('count');
      const sentAt = now();
      const call = { method: 'thirdCouponService.consume', business, marks: CONSUMED_MARKS };
      const answer = await change('verify', account, call);
      if (answer.kind === 'refused') return answer;
      if (!hasAny(answer.data, CONSUMED_MARKS)) throw nonsense(true, 'consumed without saying what');
      return readReceipt(answer.data, request, sentAt, now());
    },

    async query(session, lost, at) {
      const account = accountIn(session);
      const { kind } = couponHandle(lost.handle, lost.code);
      const entries = () => entriesOf(account, { type: kind, ...usesAround(lost, at) });
      const { seen, own } = asksList(lost)
        ? seenInList(await entries(), lost, account.operator)
        : hasSeveral(lost)
          ? await seenInLeft(await prepare(session, kind, lost.code), lost, entries, account.operator)
          : { seen: seenInState(await stateIn(account, kind, lost.code), lost, at), own: [] };
      return judgeLostCall(seen, lost, at, (certainty) => ({ ...receiptIn(own, lost), certainty }));
    },

    async undo(session, { receiptHandle, requestId }) {
      const account = accountIn(session);
      const item = itemHandle(receiptHandle);
      // Without the number of the use it cannot be undone.
      if (!item) return refuse('undo-late');
      const { kind, ...rest } = item;
      const business = { type: kind, ...rest, operUserId: account.operator, remark: requestId };
      const call = { method: 'thirdCouponService.cancel', business, marks: CANCELLED_MARKS };
      const answer = await change('undo', account, call);
      if (answer.kind === 'refused') return answer;
      if (!hasAny(answer.data, CANCELLED_MARKS)) throw nonsense(true, 'cancelled without saying what');
      // 到综 and 大众点评 give the coupon a new code, which the answer does not have.
      return { kind: 'undone', at: parseTime(recordsOf(answer.data)[0]?.['createTime']) ?? now() };
    },

    async queryUndo(session, lost, at) {
      const account = accountIn(session);
      const item = itemHandle(lost.receiptHandle);
      // Nothing was sent.
      if (!item) return { result: { kind: 'not-done' }, note: 'no number' };
      const code = undoneCode(lost, item);
      if (!asksList(lost) && code !== undefined) {
        const seen = undoSeenInState(await stateIn(account, item.kind, code), item);
        return judgeLostCall(seen, lost, at, (): Undone => ({ kind: 'undone', at: lost.submittedAt, certainty: 'inferred' }));
      }
      const entries = await entriesOf(account, { type: item.kind, searchStr: item.tranNo });
      const { seen, own } = entries ? undoSeenInList(entries, lost, item) : UNTOLD;
      return judgeLostCall(seen, lost, at, (certainty): Undone => ({
        kind: 'undone',
        at: own[0]?.at ?? lost.submittedAt,
        certainty,
      }));
    },

    async operatorName(session, { code, handle, receipt }) {
      const { tranNo } = itemHandle(receipt.items[0]?.handle) ?? {};
      if (tranNo === undefined) return undefined;
      const account = accountIn(session);
      const entries = await entriesOf(account, { type: couponHandle(handle, code).kind, searchStr: tranNo });
      const listed = entries?.find((entry) => entry.kind === 'use' && entry.tranNo === tranNo)?.login;
      return listed === undefined ? undefined : { sent: account.operator, listed };
    },

    records: (session, _store, day, inTurn) => recordsOn(gateway, accountIn(session), day, inTurn),
    recordIds(receiptHandle) {
      const { tranNo, couponNo } = itemHandle(receiptHandle) ?? {};
      return [tranNo, couponNo].filter((id) => id !== undefined);
    },

    stats: (session, _store, days, at) => statsOf(gateway, accountIn(session), days, at),
  };
}

/** Turns HTTP's refusal of the caller into the refusal of the login. */
function atTheDoor(error: unknown): Refusal<'unauthorised'> {
  if (error instanceof PlatformFault && error.kind === 'unauthorised') return refuse('unauthorised');
  throw error;
}
