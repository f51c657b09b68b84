/**
 * The platform 抖音来客, directly: Douyin's open platform for local life (developer.open-douyin.com), known from its public pages, its
 * own SDKs and public code. One application and one token serve all merchants; a merchant is named by the root account at 来客.
 */
import type { FollowDouyinLink } from '../../coupons/douyin-link.ts';
import { readLink } from '../../coupons/read-link.ts';
import type { Collection } from '../../collection.ts';
import type { Mutex } from '../../database/locks/mutex.ts';
import { textOf, type Fields } from '../../fields.ts';
import type { Log } from '../../log.ts';
import type { JsonHttp } from '../json-http.ts';
import { judgeLostCall } from '../judge-lost-call.ts';
import { PlatformFault, type Platform, type Refusal, type RefusalReason, type Session } from '../platform.ts';
import { refuse } from '../refuse.ts';
import { certificatesIn, readCoupon } from './coupon.ts';
import { refused, refusedWrite, rowsIn } from './envelope.ts';
import { createGateway, type Query } from './gateway.ts';
import { readCouponHandle, readItemHandle, taken } from './handles.ts';
import { askShop, dealsOf, recordsOn, shopsOf, useOf } from './lists.ts';
import { createMessages } from './message.ts';
import { laterReceipt, sightOfUndo, sightOfUse, stateIn, subjectOf } from './query.ts';
import { readResults, receiptOf } from './receipt.ts';
import { createAppToken, type AppToken } from './token.ts';
import { withCodes } from './plain-codes.ts';

export interface DouyinParts {
  readonly http: JsonHttp;
  /** For tokens: gives up within the lease of `mutex`. */
  readonly tokenHttp: JsonHttp;
  readonly follow: FollowDouyinLink;
  /** The public one is `https://open.douyin.com`. */
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly tokens: Collection<AppToken>;
  readonly mutex: Mutex;
  readonly log: Pick<Log, 'warn'>;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const CERTIFICATE = '/goodlife/v1/fulfilment/certificate';
/** The refusals that a used coupon may get. */
const MAYBE_USED: ReadonlySet<RefusalReason> = new Set(['not-found', 'unusable', 'used']);

export function createDouyin(parts: DouyinParts): Platform {
  const { http, baseUrl, follow, log, now } = parts;
  const gateway = createGateway({ http, baseUrl, token: createAppToken({ ...parts, http: parts.tokenHttp }), log });
  const { read, write } = gateway;

  const prepare = async (account: string, store: string, by: Query, code?: string) => {
    const answer = await read(account, `${CERTIFICATE}/prepare/`, { ...by, poi_id: store });
    return answer.success ? readCoupon(answer.data, code, now()) : refused(answer);
  };

  /** Looks at coupons as they are now; the refusal where there is one. Throws where it may be asked again. */
  const lookOrNo = async (account: string, subject: Query) => {
    const answer = await read(account, `${CERTIFICATE}/query/`, subject);
    if (answer.success) return certificatesIn(answer.data);
    const no = refused(answer);
    if (no.reason === 'unauthorised')
      throw new PlatformFault('unauthorised', 'not-done', 'a token was refused', undefined, no.words);
    return no;
  };
  /** The same; nothing where it is refused, which tells nothing of a call. */
  const look = async (account: string, subject: Query): Promise<readonly Fields[]> => {
    const rows = await lookOrNo(account, subject);
    return 'kind' in rows ? [] : rows;
  };

  return {
    name: 'douyin',
    perSecond: undefined,
    questions: [{ name: 'account-id', secret: false }],
    rank: 25,
    markets: ['douyin'],
    exclusive: true,
    plainHttp: new URL(baseUrl).protocol === 'http:',
    undoes: true,

    identity: (credentials) => credentials['account-id'] ?? '',

    /** Proves by a harmless read that the merchant has authorised this application. */
    async login(credentials) {
      const account = credentials['account-id'] ?? '';
      if (!/^\d{1,20}$/.test(account)) return refuse('unauthorised');
      const answer = await askShop(gateway, account).catch(atTheDoor);
      if ('kind' in answer) return answer;
      if (!answer.success) return refuse('unauthorised', refused(answer).words ?? answer.code);
      return { token: account, expiresAt: now() + DAY_MS };
    },

    stores: ({ token }) => shopsOf(gateway, token),

    deals: ({ token }) => dealsOf(gateway, token),

    async lookup({ token }, store, code) {
      const found = await prepare(token, store, { code }, code);
      if (found.kind === 'coupon' || !MAYBE_USED.has(found.reason)) return found;
      return (await useOf(gateway, token, code, now())) ?? found;
    },

    async scan({ token }, store, scanned) {
      if (!readLink(scanned).douyin) return refuse('not-found');
      const link = await follow(scanned);
      if (link.kind === 'none' && link.why === 'unreachable')
        throw new PlatformFault('unreachable', 'not-done', 'the short link leads nowhere just now');
      // A mini-app's coupons have an interface of their own.
      if (link.kind !== 'coupon') return refuse('not-found');
      const found = await prepare(token, store, { encrypted_data: link.objectId });
      return found.kind === 'coupon' ? [found] : found;
    },

    async verify({ token }: Session, request) {
      const handle = readCouponHandle(request.handle);
      if (!handle) return refuse('not-found');
      const certificates = taken(handle, request.count);
      if (!certificates) return refuse('count');
      const sentAt = now();
      const answer = await write(token, `${CERTIFICATE}/verify/`, {
        verify_token: handle.token,
        poi_id: request.store,
        encrypted_codes: certificates.map(({ sealed }) => sealed),
        ...(handle.order !== undefined && { order_id: handle.order }),
      });
      if (!answer.success) return refusedWrite('verify', answer);
      const { uses, refusals } = readResults(answer.data, request, handle, certificates);
      const [no] = refusals;
      return uses.length === 0 && no ? no : receiptOf(uses, refusals, handle.order, now(), sentAt);
    },

    async query({ token }, lost, at) {
      const handle = readCouponHandle(lost.handle);
      // Nothing was sent.
      if (!handle) return { result: { kind: 'not-done' }, note: 'no handle' };
      const subject = subjectOf({ ...handle, sealed: handle.certificates[0]?.sealed });
      const seen = sightOfUse(await look(token, subject), lost, handle, at);
      const sight = { ...seen, uses: await withCodes(gateway, token, seen.uses, handle, lost, at) };
      return judgeLostCall(sight.seen, lost, at, (certainty) => ({ ...laterReceipt(sight, lost, handle.order), certainty }));
    },

    async undo({ token }, { receiptHandle }) {
      const item = readItemHandle(receiptHandle);
      // Without the numbers of the use it cannot be undone.
      if (!item) return refuse('undo-late');
      const body = { verify_id: item.verification, certificate_id: item.certificate };
      const answer = await write(token, `${CERTIFICATE}/cancel/`, body);
      if (!answer.success) return refusedWrite('undo', answer);
      const own = rowsIn(answer.data['cancel_results']).find((row) => textOf(row['verify_id']) === item.verification);
      const code = textOf(own?.['result_code']) ?? '0';
      if (code !== '0') return refusedWrite('undo', { ...NO, code, words: textOf(own?.['result_msg']) ?? '' });
      return { kind: 'undone', at: now() };
    },

    async queryUndo({ token }, lost, at) {
      const item = readItemHandle(lost.receiptHandle);
      if (!item) return { result: { kind: 'not-done' }, note: 'no number' };
      const seen = sightOfUndo(await look(token, subjectOf(item)), item);
      return judgeLostCall(seen, lost, at, () => ({ kind: 'undone', at: lost.submittedAt, certainty: 'inferred' }));
    },

    messages: createMessages(parts),

    async state({ token }, { order, coupon }) {
      const rows = await lookOrNo(token, { order_id: order });
      if ('kind' in rows && rows.reason !== 'not-found')
        throw new PlatformFault('nonsense', 'not-done', `an order is not shown: ${rows.reason}`, undefined, rows.words);
      const row = 'kind' in rows ? undefined : rows.find((one) => textOf(one['certificate_id']) === coupon);
      return row && stateIn(row);
    },

    records: ({ token: account }, store, day, inTurn) => recordsOn(gateway, { account, store, day }, inTurn),
    recordIds(receiptHandle) {
      const item = readItemHandle(receiptHandle);
      return item ? [item.verification, item.certificate] : [];
    },
  };
}

/** Turns the missing authorisation into the refusal of the login. */
function atTheDoor(error: unknown): Refusal<'unauthorised'> {
  if (error instanceof PlatformFault && error.kind === 'unauthorised') return refuse('unauthorised', error.words);
  throw error;
}

const NO = { success: false, subCode: undefined, logId: undefined } as const;
