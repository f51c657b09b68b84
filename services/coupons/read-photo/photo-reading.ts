/** The result of reading a picture: its codes, nothing, or a refusal. */

/** The reason for a person to check a code before its lookup. */
export type Uncertain =
  /** Printed digits, read well; a hidden digit would still go unnoticed. */
  | 'digits'
  /** Printed digits that were hard to read, or have no label. */
  | 'unclear'
  /** The barcode and the digits beside it differ. */
  | 'conflict'
  /** A barcode with a number that could also be a mobile number or a payment, in other text, or in a link that cannot be trusted. */
  | 'doubtful';

export interface UnsureCode {
  readonly code: string;
  readonly why: Uncertain;
}

/** The reason why a picture was not read, or not to the end. */
export type PhotoRefusal =
  /** No JPEG, PNG, WebP, GIF, HEIC or AVIF. */
  | 'not-a-picture'
  | 'too-large'
  /** Also for a picture that exceeds the memory limit. */
  | 'too-many-pixels'
  /** Its long side is many times its short side. */
  | 'too-long'
  | 'broken'
  /** Another picture of the same person is in the queue. */
  | 'one-waits'
  | 'busy'
  | 'failed';

interface Scanned {
  /** The text of a QR code without a coupon code: a Douyin link, or a text only its gateway can read. At most 200 characters. */
  readonly scanned?: string;
}

export type PhotoReading =
  /** Digits only, leading zeros kept, without repeats. One of the two lists at least is not empty. */
  | ({ readonly kind: 'read'; readonly sure: readonly string[]; readonly unsure: readonly UnsureCode[] } & Scanned)
  | ({ readonly kind: 'none' } & Scanned)
  | { readonly kind: 'refused'; readonly why: PhotoRefusal };
