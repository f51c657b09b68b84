/** The rules by which a number in a message is a code, is asked about, or is left alone: one table, the first rule that fits decides. */
import { CALLED_ELSE, CALLED_ELSE_AFTER, CALLED_VAGUELY, NAMED, SPEAKS_OF_ELSE } from './code-labels.ts';
import {
  arePrices,
  isDate,
  isDeviceOrCard,
  isIdentityNumber,
  isPaymentCode,
  isPhone,
  isProduct,
  isRepeated,
  isSequence,
  mayBeIdentity,
  mayBePhone,
} from './look-alikes.ts';

/** Lengths of real codes: Meituan and Dianping 10, 11, 12, 13; Douyin 12, 15; Allinpay 14, 18. */
export const LENGTHS: ReadonlySet<number> = new Set([10, 11, 12, 13, 14, 15, 18]);

/** A number of a code's length, as it stands in a message. */
export interface NumberInText {
  readonly digits: string;
  /** The digits as written: `0332 8085 12` are three groups. */
  readonly groups: readonly string[];
  /** The number as written, with its separators and with letters or Chinese numerals where there are any. */
  readonly written: string;
  /** Characters of the message before and behind it, up to 24 each. */
  readonly before: string;
  readonly after: string;
  /** The line around it, up to 40 characters to each side. */
  readonly line: string;
  /** It became a number only by reading letters or words as digits, or by joining groups in a way that no app prints. */
  readonly spelled: boolean;
  /** It comes from a link. `own`: a platform's own link calls it a code. */
  readonly link?: 'own' | 'other';
}

/** Why a number is asked about; the question says it. */
export type Doubt = 'phone' | 'date' | 'hidden' | 'link' | 'payment' | 'product' | 'length' | 'other' | 'spelling';

/**
 * `code`: looked up at once. `ask`: asked about with one button. `ask-if-addressed`: the same, but left alone in a group where
 * it was not said to the bot. `none`: left alone everywhere.
 */
export type Verdict = 'code' | 'ask' | 'ask-if-addressed' | 'none';

export interface Rule {
  readonly name: string;
  readonly when: (number: NumberInText) => boolean;
  readonly verdict: Verdict;
  readonly why?: Doubt;
  /** A message in which this rule decides. */
  readonly example: string;
}

/** Matches around a number that is part of a word, an address, a price or a masked number. A count may follow a code: `x2`, `*2`. */
const PART_BEFORE = /[A-Za-z_@]$|[A-Za-z]\/$|[¥$€£] ?$|\d\*{2,}$/;
const PART_AFTER = /^(?:(?![xX]\d{1,2}(?!\d))[A-Za-z_@]|\*{2,}\d| ?[元块万亿%])/;
/** A letter that often begins a serial number stands for a digit less often than O or l does. */
const SERIAL = /^[a-hj-km-np-z]/i;

const named = ({ before, link }: NumberInText): boolean => (link === undefined ? NAMED.test(before) : link === 'own');

// prettier-ignore
export const RULES: readonly Rule[] = [
  // What the words around it say.
  { name: 'part of something', verdict: 'none', when: ({ before, after }) => PART_BEFORE.test(before) || PART_AFTER.test(after), example: '¥1234567809' },
  { name: 'called something else', verdict: 'none', when: ({ before }) => CALLED_ELSE.test(before), example: '快递 773123456789012' },
  { name: 'called something else behind', verdict: 'none', when: ({ after }) => CALLED_ELSE_AFTER.test(after), example: '0332808512 是wifi密码' },
  // What is never a code, whatever it is called.
  { name: 'identity number', verdict: 'none', when: ({ digits }) => isIdentityNumber(digits), example: '券码 110101199003077571' },
  { name: 'one digit repeated', verdict: 'ask-if-addressed', why: 'hidden', when: ({ digits }) => isRepeated(digits), example: '0000 0000 0000' },
  // What is called a code is one, as long as its digits were digits.
  { name: 'called a code', verdict: 'code', when: (number) => named(number) && !number.spelled, example: '券码 13812345678' },
  { name: 'called a code, spelled', verdict: 'ask', why: 'spelling', when: (number) => named(number), example: '券码是零三三二八零八五一二' },
  // What its digits look like.
  { name: 'identity number, mistyped', verdict: 'none', when: ({ digits }) => mayBeIdentity(digits), example: '330102199003071234' },
  { name: 'telephone', verdict: 'ask-if-addressed', why: 'phone', when: ({ digits, written }) => isPhone(digits, written), example: '138 1234 5678' },
  { name: 'telephone abroad', verdict: 'ask-if-addressed', why: 'phone', when: ({ before }) => /\+(?:\d{1,3} )?$/.test(before), example: '+852 9123 4567' },
  { name: 'date in groups', verdict: 'none', when: ({ digits, spelled }) => spelled && isDate(digits), example: '2026-11-22 18' },
  { name: 'date', verdict: 'ask-if-addressed', why: 'date', when: ({ digits }) => isDate(digits), example: '2026112819' },
  { name: 'payment code', verdict: 'ask-if-addressed', why: 'payment', when: ({ digits }) => isPaymentCode(digits), example: '134567890123456780' },
  { name: 'product', verdict: 'ask-if-addressed', why: 'product', when: ({ digits, groups }) => isProduct(digits, groups), example: '6901234567892' },
  { name: 'digits in order', verdict: 'ask-if-addressed', why: 'other', when: ({ digits }) => isSequence(digits), example: '1234567890' },
  { name: 'prices', verdict: 'ask-if-addressed', why: 'other', when: ({ groups }) => arePrices(groups), example: '188 288 388 488' },
  { name: 'amount', verdict: 'ask-if-addressed', why: 'spelling', when: ({ written }) => /^\d{1,3}(?:,\d{3})+$/.test(written), example: '1,046,861,262' },
  { name: 'vaguely called', verdict: 'ask-if-addressed', why: 'other', when: ({ before }) => CALLED_VAGUELY.test(before), example: '编号 1000123456' },
  { name: 'beside other matters', verdict: 'ask-if-addressed', why: 'other', when: ({ line }) => SPEAKS_OF_ELSE.test(line), example: '我的快递到了，773123456789012 帮我拿' },
  { name: 'link', verdict: 'ask', why: 'link', when: ({ link }) => link !== undefined, example: 'https://m.example.com/?code=0332808512' },
  { name: 'spelled like a serial number', verdict: 'ask-if-addressed', why: 'spelling', when: ({ spelled, written }) => spelled && SERIAL.test(written), example: 'S332808512' },
  { name: 'spelled', verdict: 'ask', why: 'spelling', when: ({ spelled }) => spelled, example: 'O332808512' },
  // Codes are written so as well: to ask costs one press.
  { name: 'may be a telephone', verdict: 'ask', why: 'phone', when: ({ digits }) => mayBePhone(digits), example: '057188881234' },
  { name: 'device or card', verdict: 'ask', why: 'other', when: ({ digits }) => isDeviceOrCard(digits), example: '864394010123455' },
  { name: 'one digit too many', verdict: 'ask', why: 'length', when: ({ digits }) => /^0\d{10}$/.test(digits), example: '03328085123' },
  { name: 'anything else', verdict: 'code', when: () => true, example: '0332808512' },
];

/** Decides about a number: by the first rule that fits. */
export function judge(number: NumberInText): Rule {
  return RULES.find(({ when }) => when(number))!;
}

/** Decides about digits alone, as a picture shows them. */
export const judgeDigits = (digits: string, groups: readonly string[]): Rule =>
  judge({ digits, groups, written: groups.join(' '), before: '', after: '', line: '', spelled: false });
