/** Screens and slips, drawn: with a printed code whose digits stand in known places, or with other numbers only. */
import type { Chance } from './chance.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly code: string | undefined;
  /** Where the digits of the code are, one by one. */
  readonly digits: readonly Place[];
  /** The paper around the code, as CSS writes it. */
  readonly paper: string;
  /** The page, and what may still be drawn onto it. */
  svg(more?: string): string;
}

const WIDTH = 720;

/** Fonts of test/fixtures/fonts, and how far a digit moves the pen, in its size. */
const FONTS = [
  { family: 'Noto Sans CJK SC', advance: 0.555 },
  { family: 'Roboto', advance: 0.562 },
  { family: 'Slip Mono', advance: 0.6 },
] as const;
type Font = (typeof FONTS)[number];
const [SANS] = FONTS;

const LABELS = ['券码', '券号', '核销码', '验证码', '团购券码', '消费码'];
const SHOPS = ['老街牛肉面', '麦田烘焙', '青木日式料理', '海岸线烤肉', '云上棋牌室', '一杆台球'];
const DEALS = ['双人套餐', '畅玩4小时', '下午茶双人', '自助单人', '单人洗剪吹', '100元代金券'];
/** How apps print codes: Meituan in fours, others in one piece or wide apart. */
const GROUPS = [[4, 4, 4, 4], [15], [5, 5, 5], [4, 4, 4, 4]] as const;

interface Ink {
  readonly page: string;
  readonly paper: string;
  readonly text: string;
  readonly pale: string;
}

const LIGHT: readonly Ink[] = [
  { page: '#f2f2f4', paper: '#ffffff', text: '#222222', pale: '#777777' },
  { page: '#ffffff', paper: '#ffffff', text: '#000000', pale: '#555555' },
  { page: '#fff6e8', paper: '#fffdf8', text: '#33261a', pale: '#8a7a66' },
];
const DARK: Ink = { page: '#101114', paper: '#1c1d21', text: '#f0f0f0', pale: '#9a9a9f' };

const words = (x: number, y: number, size: number, text: string, fill: string, family: string = SANS.family): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" font-family="${family}" xml:space="preserve">${text}</text>`;

/** A page with a code on it, in one of the ways that apps, messages and slips have; so often with other numbers below. */
export function couponScreen(chance: Chance, length: number, others = 0.7): Screen {
  const ink = chance.often(0.15) ? DARK : chance.pick(LIGHT);
  const font = chance.pick(FONTS);
  const size = chance.whole(30, 46);
  const code = chance.digits(length);
  const groups = chance.pick(GROUPS);
  const apart = chance.often(0.3) ? chance.between(0.05, 0.3) * size : 0;
  const wide = measure(length, groups, font, size, apart);
  const label = chance.pick(LABELS);
  const way = chance.pick(['above', 'before', 'row', 'bare', 'message'] as const);
  const top = chance.whole(260, 420);
  const before = `${label}：`;
  const start = {
    above: 48,
    before: 60 + before.length * 26,
    row: WIDTH - 60 - wide,
    bare: (WIDTH - wide) / 2,
    message: 48,
  }[way];
  const x = Math.max(48, Math.min(start, WIDTH - wide - 30));
  const around = {
    above: words(48, top - size - 16, 24, label, ink.pale),
    before: words(48, top, 26, before, ink.pale),
    row: words(48, top, 24, label, ink.pale),
    bare: '',
    message:
      words(48, top - 60, 26, `【${chance.pick(SHOPS)}】您已购买${chance.pick(DEALS)}，${label}：`, ink.text) +
      words(48, top + 60, 26, '请到店出示，过期作废。客服电话见订单', ink.text),
  }[way];
  const drawn = printed(code, groups, { x, y: top, size, font, apart, fill: ink.text });
  const rows = chance.often(others) ? otherRows(chance, top + 150, ink) : '';
  return page(ink, chance, around + drawn.svg + rows, { code, digits: drawn.places });
}

/** A page with numbers and no code: an order, a parcel, a profile, a chat, a bill. */
export function otherScreen(chance: Chance): Screen {
  const ink = chance.often(0.15) ? DARK : chance.pick(LIGHT);
  const big = chance.often(0.4)
    ? words(48, 250, 24, chance.pick(['订单号', '手机号码', '运单号', '客服电话', '会员卡号', '下单时间']), ink.pale) +
      words(48, 310, 40, aNumber(chance), ink.text)
    : '';
  return page(ink, chance, big + otherRows(chance, big ? 400 : 240, ink), { code: undefined, digits: [] });
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
const aDate = (chance: Chance): string =>
  `2026-${twoDigits(chance.whole(1, 12))}-${twoDigits(chance.whole(1, 28))} ${twoDigits(chance.whole(8, 23))}:${twoDigits(chance.whole(0, 59))}`;
const aNumber = (chance: Chance): string =>
  chance.pick([
    () => chance.digits(12),
    () => chance.digits(16),
    () => `1${chance.pick(['38', '59', '77'])}${chance.digits(8)}`,
    () => aDate(chance),
  ])();

function otherRows(chance: Chance, top: number, ink: Ink): string {
  const rows = [
    ['订单号', chance.often(0.5) ? chance.digits(12) : chance.digits(18)],
    ['交易流水号', chance.digits(chance.pick([15, 20, 28]))],
    ['手机号码', `1${chance.pick(['38', '59', '77'])}${chance.digits(8)}`],
    ['下单时间', aDate(chance)],
    ['运单号', chance.digits(chance.pick([12, 13, 15]))],
    ['客服电话', `400-${chance.digits(3)}-${chance.digits(4)}`],
    ['金额', `¥${chance.digits(2)}.${chance.digits(2)}`],
  ] as const;
  const shown = rows.filter(() => chance.often(0.6));
  const right = chance.often(0.5);
  return shown
    .map(([name, value], n) => {
      const y = top + n * 52;
      const x = right ? WIDTH - 48 - value.length * 13.5 : 250;
      return words(48, y, 24, name, ink.pale) + words(x, y, 24, value, ink.text);
    })
    .join('');
}

function page(ink: Ink, chance: Chance, inner: string, says: Pick<Screen, 'code' | 'digits'>): Screen {
  const height = chance.whole(1000, 1300);
  const head =
    words(28, 40, 20, `${chance.whole(8, 23)}:${twoDigits(chance.whole(0, 59))}`, ink.text) +
    words(WIDTH / 2 - 52, 92, 26, chance.pick(['订单详情', '待使用', '我的券包']), ink.text) +
    words(48, 176, 28, chance.pick(SHOPS), ink.text);
  return {
    ...says,
    width: WIDTH,
    height,
    paper: ink.paper,
    svg: (more = '') =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}">`,
        `<rect width="100%" height="100%" fill="${ink.page}"/>`,
        `<rect x="20" y="120" width="${WIDTH - 40}" height="${height - 160}" rx="14" fill="${ink.paper}"/>`,
        head,
        inner,
        more,
        '</svg>',
      ].join(''),
  };
}

/** Group after group, with what is left over in a last one. */
function* pens(length: number, groups: readonly number[], font: Font, size: number, apart: number): Generator<number> {
  let [pen, left, group] = [0, groups[0] ?? length, 0];
  for (let n = 0; n < length; n++) {
    if (left === 0) {
      pen += 0.3 * size + 2 * apart;
      left = groups[++group] ?? length;
    }
    yield pen;
    pen += font.advance * size + apart;
    left--;
  }
  yield pen;
}

const measure = (...[length, groups, font, size, apart]: Parameters<typeof pens>): number =>
  [...pens(length, groups, font, size, apart)].at(-1)!;

function printed(
  code: string,
  groups: readonly number[],
  { x, y, size, font, apart, fill }: { x: number; y: number; size: number; font: Font; apart: number; fill: string },
): { readonly svg: string; readonly places: readonly Place[] } {
  const at = [...pens(code.length, groups, font, size, apart)];
  const digits = code.split('');
  return {
    svg: digits.map((digit, n) => words(x + at[n]!, y, size, digit, fill, font.family)).join(''),
    // Digits of all three fonts are about 0.73 of the size high.
    places: digits.map((_, n) => ({ x: x + at[n]!, y: y - 0.73 * size, width: font.advance * size, height: 0.73 * size })),
  };
}
