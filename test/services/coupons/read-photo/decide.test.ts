import { describe, expect, it } from 'vitest';
import type { Barcode } from '../../../../services/coupons/read-photo/barcodes.ts';
import { decide } from '../../../../services/coupons/read-photo/decide.ts';
import type { Printed } from '../../../../services/coupons/read-photo/printed.ts';

const BARCODE: Barcode = { text: '665447174473', product: false, x: 400, y: 650, reach: 250 };

/** Without a word that says what it is, two hundred pixels above the barcode. */
const above = (digits: string, sureness: number): Printed => ({
  digits,
  box: { x: 400, y: 450, width: 300, height: 35, ux: 1, uy: 0 },
  called: 'nothing',
  whole: true,
  inside: true,
  twice: true,
  spread: { centres: [], room: Infinity },
  intact: true,
  least: sureness,
  mean: sureness,
});

const sureBeside = (printed: Printed): readonly string[] => {
  const reading = decide({ barcodes: [BARCODE], printed: [printed] });
  return reading.kind === 'read' ? reading.sure : [];
};

describe('digits beside a barcode', () => {
  it('that are another number, as long or not, read well or not, leave neither sure', () => {
    for (const digits of ['538430919140', '5384309140', '951883779539067'])
      for (const sureness of [0.99, 0.8]) expect(sureBeside(above(digits, sureness)), `${digits}, ${sureness}`).toEqual([]);
  });

  it('that were hard to read and are nearly the same, or a part of it, leave the barcode sure', () => {
    for (const digits of ['665447174413', '6654471744', '5447174473', '65447174413'])
      expect(sureBeside(above(digits, 0.8)), digits).toEqual(['665447174473']);
  });

  it('that are noise leave the barcode sure', () => {
    expect(sureBeside(above('5384309140', 0.4))).toEqual(['665447174473']);
  });
});
