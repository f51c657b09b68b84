/** What a chat makes of a reading: codes that are verified as if typed, one card to compare, or questions. */
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';

export interface Said {
  readonly sure: readonly string[];
  /** Printed digits alone, read well: their card is shown at once, and its note says 请核对. */
  readonly shown: string | undefined;
  /** All that is not sure, the shown one too. */
  readonly unsure: readonly string[];
}

export function said(reading: PhotoReading): Said {
  if (reading.kind !== 'read') return { sure: [], shown: undefined, unsure: [] };
  const { sure, unsure } = reading;
  const [only] = sure.length === 0 && unsure.length === 1 ? unsure : [];
  return { sure, shown: only?.why === 'digits' ? only.code : undefined, unsure: unsure.map(({ code }) => code) };
}
