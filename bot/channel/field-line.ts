/** A field of a card as a line of text: `券码：1234`, `Code: 1234`. */
import type { Field } from '../../handlers/message.ts';

/** The colon of the language in which the label is written. */
export const colonAfter = (label: string): string => (/\p{Script=Han}$/u.test(label) ? '：' : ': ');

export const fieldLine = ({ label, value }: Field): string => `${label}${colonAfter(label)}${value}`;
