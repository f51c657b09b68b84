/** The meaning of the practice platform's codes: the first four of ten digits tell it, the rest is free. */
import type { Fen } from '../../coupons/coupon.ts';

/** A family of codes. `key` names it for texts and pages. */
export interface PracticeSample {
  readonly family: string;
  readonly key: SampleKey;
}

export type SampleKey =
  'unused' | 'used' | 'expired' | 'wrong-store' | 'several' | 'slow' | 'lost-before' | 'lost-after' | 'busy' | 'refunded';

/** All families, in the order they are best tried. */
export const practiceSamples: readonly PracticeSample[] = [
  { family: '1000', key: 'unused' },
  { family: '2000', key: 'used' },
  { family: '3000', key: 'expired' },
  { family: '4100', key: 'wrong-store' },
  { family: '5000', key: 'several' },
  { family: '6000', key: 'slow' },
  { family: '7000', key: 'lost-before' },
  { family: '7100', key: 'lost-after' },
  { family: '8000', key: 'busy' },
  { family: '9000', key: 'refunded' },
];

/** Gives the first four digits of codes with this meaning. */
export const familyOf = (key: SampleKey): string => practiceSamples.find((sample) => sample.key === key)?.family ?? '';

/** Gives the meaning of a code; undefined for codes that do not exist. */
export function sampleOf(code: string): SampleKey | undefined {
  return /^\d{10}$/.test(code) ? practiceSamples.find(({ family }) => code.startsWith(family))?.key : undefined;
}

export interface PracticeDeal {
  readonly id: string;
  readonly title: string;
  readonly price: Fen;
  readonly marketPrice: Fen;
}

export const practiceDeals: readonly [PracticeDeal, PracticeDeal, PracticeDeal] = [
  { id: '1206941234', title: '畅玩4小时', price: 4900, marketPrice: 6800 },
  { id: '1206941235', title: '通宵8小时', price: 7800, marketPrice: 9800 },
  { id: '1206941236', title: '双人撸猫', price: 5990, marketPrice: 7990 },
];

/** Gives the deal of a code: those that end in 7 or 8 are of another deal than the rest. */
export function dealOf(code: string): PracticeDeal {
  const [usual, night, cats] = practiceDeals;
  return code.endsWith('7') ? night : code.endsWith('8') ? cats : usual;
}

export const practiceStores = [
  { id: 'practice-1', name: '练习棋牌室（人民路店）', address: '人民路 18 号', authorised: 'yes' },
  { id: 'practice-2', name: '练习棋牌室（大学城店）', address: '大学城北路 6 号', authorised: 'yes' },
] as const;
