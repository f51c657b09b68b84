import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFen, splitFen } from '../../../services/coupons/money.ts';

const RUNS = { numRuns: 10_000 };
const MOST = 1e12;
const written = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

describe('reading money', () => {
  it.each([
    ['49', 4900],
    ['49.9', 4990],
    ['49.00', 4900],
    ['¥49.00', 4900],
    ['￥59.9', 5990],
    [' 12.5 ', 1250],
    ['0', 0],
    ['0.01', 1],
    ['0.29', 29],
    ['1.15', 115],
    ['0009.90', 990],
    ['3.149', 314],
    ['￥1,299.00', 129_900],
    ['1,299', 129_900],
    ['12,345,678.9', 1_234_567_890],
    ['１２９９', 129_900],
    ['￥１，２９９．５０', 129_950],
    ['¥ 49.00', 4900],
    ['10,000,000,000', MOST],
    ['10000000000', MOST],
    [0, 0],
    [-0, 0],
    [0.29, 29],
    [1.15, 115],
    [19.9, 1990],
    [0.1 + 0.2, 30],
    [19.9 * 3, 5970],
    [0.29 * 100, 2900],
    ['4.3499999999999996', 435],
    ['4.34999', 434],
    [128, 12800],
  ])('%o is %i fen', (value, fen) => expect(parseFen(value)).toBe(fen));

  it.each([
    -1,
    '-1',
    '-0.01',
    '¥-3',
    '',
    ' ',
    '¥',
    '.5',
    '5.',
    '1,23',
    '12,99',
    '1234,567',
    '1,2345',
    '0,299',
    '1,,299',
    '1,299,',
    ',299',
    '1.299,00',
    '49.00,000',
    '5²',
    '①',
    '10,000,000,000.01',
    '1e3',
    '0x10',
    '12元',
    '1.2.3',
    'NaN',
    '¥¥1',
    '10000000000.01',
    '9'.repeat(400),
    Number.NaN,
    Infinity,
    -Infinity,
    1e21,
    1e-7,
    null,
    undefined,
    true,
    [49],
    {},
    49n,
  ])('%o is no amount', (value) => expect(parseFen(value)).toBeUndefined());

  it('gives back every amount that was written with two decimals, as text and as a number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST }), (fen) => {
        expect(parseFen(written(fen))).toBe(fen);
        expect(parseFen(`￥${written(fen)}`)).toBe(fen);
        expect(parseFen(JSON.parse(written(fen)))).toBe(fen);
      }),
      RUNS,
    );
  });

  it('reads thousands in groups, in ASCII or full width, to the same fen', () => {
    const wide = (text: string): string => text.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfe_e0));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST }), (fen) => {
        const grouped = written(fen).replace(/\d(?=(?:\d{3})+\.)/g, '$&,');
        expect(parseFen(grouped)).toBe(fen);
        expect(parseFen(`￥${wide(grouped)}`)).toBe(fen);
      }),
      RUNS,
    );
  });

  it('cuts digits after the second decimal, except for the nines of a double', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST }), fc.stringMatching(/^([0-8]\d{0,20})?$/), (fen, more) => {
        expect(parseFen(`${written(fen)}${more}`)).toBe(fen);
      }),
      RUNS,
    );
  });

  it('is not a fen short for a product of doubles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100 }), (fen, count) => {
        expect(parseFen(Number(written(fen)) * count)).toBe(fen * count);
      }),
      RUNS,
    );
  });

  it('gives undefined or a whole number of fen between 0 and the maximum for any input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double()), (value) => {
        const fen = parseFen(value);
        expect(fen === undefined || (Number.isSafeInteger(fen) && fen >= 0 && fen <= MOST)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('splitting money', () => {
  it('gives the odd fen to the first', () => expect(splitFen(1000, 3)).toEqual([334, 333, 333]));

  it('adds up exactly, in shares that differ by at most a fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MOST, max: MOST }), fc.integer({ min: 1, max: 60 }), (total, parts) => {
        const shares = splitFen(total, parts);
        expect(shares).toHaveLength(parts);
        expect(shares.reduce((sum, share) => sum + share)).toBe(total);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  it.each([
    [100, 0],
    [100, 1.5],
    [0.5, 2],
    [Number.NaN, 1],
  ])('refuses %d in %d', (total, parts) => expect(() => splitFen(total, parts)).toThrow(RangeError));
});
