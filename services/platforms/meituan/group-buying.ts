/**
 * The platform of Meituan's group-buying of services (到综, 服务零售), over either of two dialects: coupons sold by Meituan and
 * Dianping. A coupon used through one gateway is used for both.
 */
import { countOf, textOf, type Fields } from '../../fields.ts';
import { atOnce, readPages } from '../lists/read-pages.ts';
import type { Deal } from '../platform-lists.ts';
import { judgeLostCall } from '../judge-lost-call.ts';
import { refuse } from '../refuse.ts';
import type { Session, Platform } from '../platform.ts';
import { listed, nonsense, refused, refusedWrite } from './envelope.ts';
import { createAuthorisation } from './authorisation.ts';
import { readCoupon, readDeal, readRecord, verifierOf } from './coupon.ts';
import type { Dialect } from './dialect.ts';
import { itemOf, readHandle, readItemHandle } from './handles.ts';
import { accountOf, operatorOf } from './operator.ts';
import { laterReceipt, readReceipt } from './receipt.ts';
import { dayOfOthers, sightOfCoupon, sightOfUndo, sightOfUse, withOthers } from './query.ts';
import { rowsOf, fieldName } from './field-names.ts';

/** The rows on a page, and the most pages that are read: no store has more deals, or uses a day. */
const PAGE = 100;
const PAGES = 100;

export function createGroupBuying(dialect: Dialect, now: () => number): Platform {
  const { name, rank, plainHttp, call, stores } = dialect;
  const { authorisation, login } = createAuthorisation(dialect.permission, now);

  /** Lists the uses of a day; `offset` counts rows from 0. */
  const usesOn = (session: Session, store: string, date: string, inTurn = atOnce): Promise<readonly Fields[]> =>
    readPages(
      async ({ rows: offset }) => {
        const page = { date, offset, limit: PAGE, type: 0 };
        const answer = await inTurn(() => call(session, store, 'querylistbydate', page));
        return { rows: listed(answer), total: countOf(fieldName(answer.data)?.['totalcount']) };
      },
      { size: PAGE, most: PAGES, nameOf: JSON.stringify },
    );

  return {
    name,
    perSecond: undefined,
    questions: [],
    authorisation,
    rank,
    // Coupons sold on Dianping are of the same system and have the same codes.
    markets: ['meituan'],
    plainHttp,
    undoes: true,

    identity: ({ merchant = '' }) => merchant,
    login,
    stores,

    async deals(session, store) {
      const deals = new Map<string, Deal>();
      // Here `offset` is the number of a page, from 1.
      for (let page = 1; page <= PAGES; page += 1) {
        const rows = listed(await call(session, store, 'queryshopdeal', { offset: page, limit: PAGE }));
        const before = deals.size;
        for (const deal of rows.flatMap(readDeal)) deals.set(deal.id, deal);
        if (rows.length < PAGE || deals.size === before) break;
      }
      return [...deals.values()];
    },

    async lookup(session, store, code) {
      const answer = await call(session, store, 'prepare', { receiptCode: code });
      if (!answer.success) return refused(answer);
      const row = fieldName(answer.data);
      if (!row) throw nonsense(false, 'a coupon without data');
      return readCoupon(row, code);
    },

    ...(dialect.scans && {
      async scan(session: Session, store: string, scanned: string) {
        // A code or a customer's number; the platform gets no addresses of other pages.
        if (!/^[\w:-]{1,64}$/.test(scanned)) return refuse('not-found');
        const answer = await call(session, store, 'scanprepare', { qrCode: scanned });
        if (!answer.success) return refused(answer);
        const coupons = listed(answer).flatMap((row) => {
          const code = textOf(row['receiptcode']);
          return code === undefined ? [] : readCoupon(row, code);
        });
        return coupons.length === 0 ? refuse('not-found') : coupons;
      },
    }),

    /**
     * Verifies by `consume`, one code at a time. The call for several codes of 次卡, `batchconsume`, takes `receipt_code_infos`,
     * which are not published.
     */
    async verify(session, request) {
      const { store, code: receiptCode, count, requestId } = request;
      const sentAt = now();
      const answer = await call(session, store, 'consume', { receiptCode, count, requestId, ...operatorOf(request) });
      return answer.success ? readReceipt(rowsOf(answer.data) ?? [], request, sentAt) : refusedWrite('verify', answer);
    },

    async query(session, lost, at) {
      const { store, code: receiptCode, handle, asked } = lost;
      // For a 次卡 only the uses left can tell: an earlier use shows under the same code.
      const byUse = asked % 2 === 0 && !readHandle(handle).timesCard;
      const answer = await call(session, store, byUse ? 'getconsumed' : 'prepare', { receiptCode });
      const sight = byUse ? sightOfUse(answer, lost, at) : sightOfCoupon(answer, lost, at);
      const { result, note } = judgeLostCall(sight.seen, lost, at, (certainty) => ({
        ...laterReceipt(lost, sight.row, sight.at),
        certainty,
      }));
      const day = result.kind === 'verified' ? dayOfOthers(result) : undefined;
      if (result.kind !== 'verified' || day === undefined) return { result, note };
      return { result: withOthers(result, await usesOn(session, store, day), lost), note };
    },

    async undo(session, request) {
      const { code: receiptCode, dealId } = itemOf(request);
      // Nothing is sent: without code and deal no use can be undone.
      if (receiptCode === undefined || dealId === undefined) return refuse('undo-late');
      const answer = await call(session, request.store, 'reverseconsume', { receiptCode, dealId, ...operatorOf(request) });
      // Whether the code in the answer is the new one is not documented.
      return answer.success ? { kind: 'undone', at: now() } : refusedWrite('undo', answer);
    },

    async queryUndo(session, lost, at) {
      const { code: receiptCode = lost.code } = itemOf(lost);
      const answer = await call(session, lost.store, 'prepare', { receiptCode });
      return judgeLostCall(sightOfUndo(answer, lost), lost, at, () => ({
        kind: 'undone',
        at: lost.submittedAt,
        certainty: 'inferred',
      }));
    },

    async operatorName(session, { store, code: receiptCode, handle, operator }) {
      // Under a 次卡's code the latest use is listed, which may be another.
      if (readHandle(handle).timesCard) return undefined;
      const answer = await call(session, store, 'getconsumed', { receiptCode });
      const by = answer.success ? verifierOf(fieldName(answer.data) ?? {}) : undefined;
      return by === undefined ? undefined : { sent: accountOf(operator), listed: by };
    },

    async records(session, store, day, inTurn) {
      const uses = (await usesOn(session, store, day, inTurn)).flatMap(readRecord);
      return uses.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
    },
    recordIds(receiptHandle) {
      const { flow } = readItemHandle(receiptHandle);
      return flow === undefined ? [] : [flow];
    },
  };
}
