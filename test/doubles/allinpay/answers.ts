/** Answers of the fake Allinpay, in every form that its documentation and its examples allow. */
import type { Books, Part, Ticket, Use } from './state.ts';
import { chinaTime } from '../china-time.ts';

/** Variants of the answers; tests change them at run time. */
export interface Shape {
  /** A yes: as the examples have it (`"0"` from prepare, none from verifyHistory, else 0), or always one way. */
  code: 'examples' | 'number' | 'text' | 'absent';
  /** Whether the data stand in `data`, or in the answer itself. */
  wrapped: boolean;
  /** 到综's part: an object from prepare and a list from consume, or always one. */
  parts: 'examples' | 'object' | 'list';
  /** `table`: meiTuan, dianPing, tikTok, mtdz. `type`: as in requests. `shared`: 到综's is called dianPing. */
  names: 'table' | 'type' | 'shared';
  dates: 'full' | 'empty';
  /** Numbers, or the same as text. */
  values: 'number' | 'text';
  /** A list of one as the object itself. */
  rows: 'list' | 'object';
  /** consume's market price: as in the table, or as in the example. */
  price: 'couponValue' | 'couponPrice';
  /** Whether consume says one by one what was used. */
  receipts: boolean;
  /** Place of a use's number in the list of uses: the coupon's own, or the use's in its place. */
  numbers: 'coupon' | 'tranNo';
  /** Whether the list shows remarks, and undoings. */
  remarks: boolean;
  undoings: boolean;
  /** The rate limit's refusal. */
  busy: 'http' | 'code' | 'three';
}

export const shapeOfExamples = (): Shape => ({
  code: 'examples',
  wrapped: true,
  parts: 'examples',
  names: 'table',
  dates: 'full',
  values: 'text',
  rows: 'list',
  price: 'couponPrice',
  receipts: true,
  numbers: 'coupon',
  remarks: true,
  undoings: true,
  busy: 'http',
});

export const no = (code: number | string, msg: string) => ({ code, msg });

/** A yes in the form of the day. `example`: how the example of this call has it. */
export function yes(shape: Shape, data: unknown, example: { code?: '0' | 0; wrapped?: boolean } = {}) {
  const { code = 0, wrapped = true } = example;
  const codes = { examples: wrapped ? { code } : {}, number: { code: 0 }, text: { code: '0' }, absent: {} };
  const asIs = (!wrapped && shape.code === 'examples') || !shape.wrapped;
  const root = codes[shape.code];
  return asIs && !Array.isArray(data) ? { ...root, ...(data as object) } : { ...root, data };
}

const NAMES = { meituan: 'meiTuan', tiktok: 'tikTok', dianping: 'dianPing', mtdz: 'mtdz' } as const;

function nameOf(ticket: Ticket, shape: Shape): string {
  if (shape.names === 'type') return ticket.type;
  return shape.names === 'shared' && ticket.type === 'mtdz' ? 'dianPing' : NAMES[ticket.type];
}

export const asValue = (shape: Shape, value: number): number | string => (shape.values === 'text' ? String(value) : value);
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };
/** Text, or a number of 19 digits as it is. */
const idOf = (shape: Shape, digits: string): unknown => (shape.values === 'text' ? digits : rawJson(digits));
const timeOr = (shape: Shape, ms: number | null): string => (shape.dates === 'empty' || ms === null ? '' : chinaTime(ms));

export function prepared(ticket: Ticket, books: Books, shape: Shape) {
  const left = books.leftOf(ticket);
  const { title, yuan, marketYuan, deal, until } = ticket;
  return {
    couponName: title,
    couponType: '',
    couponValue: marketYuan,
    couponBuyPrice: yuan,
    initAmount: asValue(shape, left),
    validityBeginDate: timeOr(shape, (until ?? 0) - 60 * 86_400_000),
    validityEndDate: timeOr(shape, until),
    couponTemplateList: [{ templateId: '5582', couponType: '1' }],
    [nameOf(ticket, shape)]: partsOf(ticket, left, shape, { title, yuan, marketYuan, deal }),
  };
}

function partsOf(
  ticket: Ticket,
  left: number,
  shape: Shape,
  { title, yuan, marketYuan, deal }: Pick<Ticket, 'title' | 'yuan' | 'marketYuan' | 'deal'>,
): unknown {
  const [dealPrice, market] = [Number(yuan), Number(marketYuan)];
  const asList = (part: object) => (shape.parts === 'list' ? [part] : part);
  switch (ticket.type) {
    case 'meituan':
      return asList({
        dealBeginTime: '2018-03-18',
        dealId: Number(deal),
        dealValue: market,
        dealTitle: title,
        count: left,
        dealPrice,
      });
    case 'tiktok': {
      const tiktokCertificateList = ticket.units
        .filter((unit) => unit.left > 0)
        .map((unit) => ({ certificateId: idOf(shape, unit.no), ...(ticket.card ? { num: unit.left } : {}) }));
      const sku = {
        skuId: '1786543210987654321',
        title,
        accountId: '7102345678901234567',
        marketPrice: String(Math.round(market * 100)),
        soldStartTime: '1749275574',
        thirdSkuId: '',
      };
      return asList({ tiktokCertificateList, sku });
    }
    default:
      return asList({
        dealId: deal,
        dealTitle: title,
        dealPrice,
        dealMarketPrice: market,
        dealGroupId: '1081740947',
        ...(left > 1 ? { count: left } : {}),
      });
  }
}

export function consumed({ ticket, tranNo, remark, at, parts, source }: Use, code: string, shape: Shape) {
  const listed = shape.receipts ? listedParts(ticket, parts, shape) : {};
  return {
    tranNo,
    couponNo: code,
    couponName: ticket.title,
    changeSource: asValue(shape, source),
    [shape.price]: ticket.marketYuan,
    couponBuyPrice: shape.values === 'text' ? ticket.yuan : Number(ticket.yuan),
    remark,
    consumeTime: timeOr(shape, at),
    ...listed,
  };
}

function listedParts(ticket: Ticket, parts: readonly Part[], shape: Shape): object {
  if (ticket.type === 'meituan') return {};
  if (ticket.type === 'tiktok') {
    return {
      tiktokCertificateList: parts.map(({ no: id, count }) => ({
        certificateId: idOf(shape, id),
        ...(ticket.card ? { num: count } : {}),
      })),
    };
  }
  const rows = parts.map(({ no: receiptCode }) => ({ receiptCode, platformAmount: 0, merchantAmount: 0.5 }));
  return { [nameOf(ticket, shape)]: shape.parts === 'object' && rows.length === 1 ? rows[0] : rows };
}

export const cancelled = ({ ticket, tranNo, parts }: Use, remark: string, shape: Shape) => ({
  tranNo,
  sysno: '1584',
  shopId: shape.values === 'text' ? String(ticket.shop) : ticket.shop,
  changeSource: asValue(shape, 312),
  remark,
  createTime: chinaTime(parts.find(({ undone }) => undone)!.undone!.at),
  createUserName: 'baowei',
  couponName: ticket.title,
});

/** A coupon's state; its number is Allinpay's own. */
export const state = (ticket: Ticket, used: Use | undefined) => ({
  templateId: '1303',
  couponName: ticket.title,
  couponNo: '000000248531847767',
  initAmount: String(Math.round(Number(ticket.yuan) * 100)),
  couponType: '套餐券',
  couponStatus: used ? '已核销' : (ticket.fate ?? ''),
  consumeTime: used ? chinaTime(used.at) : '',
});
