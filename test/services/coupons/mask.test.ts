import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupCode, maskCode } from '../../../services/coupons/mask.ts';

describe('masking', () => {
  it.each([
    ['7992697494', '****7494'],
    ['013541450619', '****0619'],
    ['12345', '****2345'],
    ['1234', '****'],
    ['', '****'],
  ])('%s is shown as %s', (code, shown) => expect(maskCode(code)).toBe(shown));
});

describe('grouping', () => {
  it.each([
    ['7992697494', '7992 6974 94'],
    ['13565635289', '1356 563 5289'],
    ['013541450619', '0135 4145 0619'],
    ['0109760017002', '0109 7600 1700 2'],
    ['104686126200130', '1046 8612 6200 130'],
    ['000000248531847767', '0000 0024 8531 8477 67'],
    ['12345678', '1234 5678'],
    ['1234567', '1234567'],
    ['AB12345678', 'AB12345678'],
  ])('%s is printed as %s', (code, shown) => expect(groupCode(code)).toBe(shown));

  it('changes nothing but blanks, and leaves none at the ends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^\d{0,20}$/), fc.string()), (code) => {
        const grouped = groupCode(code);
        if (/^\d+$/.test(code)) expect(grouped.replaceAll(' ', '')).toBe(code);
        else expect(grouped).toBe(code);
        if (/^\d+$/.test(code)) expect(grouped.trim()).toBe(grouped);
      }),
    );
  });
});
