/** What a picture can turn out to be. */

/** Why a read code has to be looked at by a person before a platform is asked. */
export type Uncertain =
  /** Printed digits, read well, but a hidden digit would not be noticed. */
  | 'digits'
  /** Printed digits that were hard to read, or stand without a word that says what they are. */
  | 'unclear'
  /** The barcode says one thing and the digits beside it another. */
  | 'conflict'
  /** A barcode with a number that could also be a mobile number or a payment, in other text, or in a link that is not to be relied on. */
  | 'doubtful';

export interface UnsureCode {
  readonly code: string;
  readonly why: Uncertain;
}

/** Why a picture was not looked at, or not to the end. */
export type PhotoRefusal =
  /** No JPEG, PNG, WebP, GIF, HEIC or AVIF. */
  | 'not-a-picture'
  | 'too-large'
  /** Also where it took more memory than one may. */
  | 'too-many-pixels'
  /** Many times as long as it is wide, or as wide as it is high. */
  | 'too-long'
  | 'broken'
  /** Another picture of the same person waits for its turn. */
  | 'one-waits'
  | 'busy'
  | 'failed';

interface Scanned {
  /** What a QR code says that is no code: a link of Douyin's, or what only its gateway can read. At most 200 characters. */
  readonly scanned?: string;
}

export type PhotoReading =
  /** Digits only, leading zeros kept, each once. At least one of the two lists has something in it. */
  | ({ readonly kind: 'read'; readonly sure: readonly string[]; readonly unsure: readonly UnsureCode[] } & Scanned)
  | ({ readonly kind: 'none' } & Scanned)
  | { readonly kind: 'refused'; readonly why: PhotoRefusal };
