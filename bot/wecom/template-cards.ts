/**
 * Builds template cards within WeCom's sizes: https://developer.work.weixin.qq.com/document/path/101032. Text beyond them goes
 * into `rest`.
 */
import type { TemplateCard } from '@wecom/aibot-node-sdk';
import { encodeAction, type Button, type Card } from '../../handlers/message.ts';
import { fieldLine } from '../channel/field-line.ts';

/** Limits of a kind of cards, in characters as people count them. */
export interface CardLimits {
  readonly title: number;
  readonly text: number;
  readonly value: number;
}
/** The smart bot's cards hold less than the app's: https://developer.work.weixin.qq.com/document/path/90236 */
export const BOT_CARD: CardLimits = { title: 26, text: 112, value: 26 };
export const APP_CARD: CardLimits = { title: 36, text: 160, value: 30 };
/** Of every card. */
const LABEL = 5;
export const BUTTON = 10;
/** Limits in number. */
const FIELDS = 6;
export const MOST_BUTTONS = 6;

/** Address behind a tap on a card without buttons, which WeCom requires. */
const NOWHERE = 'https://work.weixin.qq.com/';

const size = (text: string): number => Array.from(text).length;
const clip = (text: string, limit: number): string =>
  size(text) <= limit
    ? text
    : `${Array.from(text)
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** `card` is ready to send; `rest` is the whole of a text that was clipped in it. `numbered`: its buttons have numbers. */
export interface Fitted {
  readonly card: TemplateCard;
  readonly rest?: string;
  readonly numbered: boolean;
}

const STYLES = { primary: 1, danger: 3, plain: 2 } as const;

/**
 * Shortens a label that a button does not hold: `撤销` of `撤销（还剩 10 分钟）`, `美团` of `美团 · umember`, `通联Allinpay`,
 * `✓Hong Kong`, `改为绑定` of `改为绑定「大声」`; else clips it.
 */
export function shortLabel(label: string): string {
  if (size(label) <= BUTTON) return label;
  const shorter = [
    label.replace(/[（(][^（）()]*[）)]$/, '').trimEnd(),
    label.split(' · ', 1)[0] ?? '',
    label.replaceAll(/(?<=\p{Script=Han}|^✓) (?=\w)|(?<=\w) (?=\p{Script=Han})/gu, ''),
    label.replace(/ ?(?:「.*」|“.*”)$/u, ''),
  ].find((one) => one !== '' && size(one) <= BUTTON);
  return shorter ?? clip(label, BUTTON);
}

/** Whether the button's shortened label leaves something open that the text above does not say. */
function isLost(label: string, shortened: string, above: string): boolean {
  if (label === shortened) return false;
  const name = /[「“](.*)[」”]$/u.exec(label)?.[1];
  if (name !== undefined && above.includes(name)) return false;
  if (!shortened.endsWith('…')) return /[@*…\d]/.test(label.slice(shortened.length));
  return !above.includes(label.slice(label.indexOf(' ') + 1));
}

/** Words the buttons, and lines with the full text of shortened labels; numbered where two would look alike. */
function buttonTexts(
  buttons: readonly Button[],
  above: string,
): Pick<Fitted, 'numbered'> & { texts: readonly string[]; lines: readonly string[] } {
  const labels = buttons.map(({ label }) => oneLine(label) || '…');
  const shorts = labels.map(shortLabel);
  if (new Set(shorts).size === new Set(labels).size)
    return { texts: shorts, lines: labels.filter((label, n) => isLost(label, shorts[n]!, above)), numbered: false };
  const lines = labels.map((label, n) => `${n + 1}. ${label}`);
  return { texts: lines.map((label) => clip(label, BUTTON)), lines, numbered: true };
}

/** A heading that no title holds, in two at its last mark within the title's length: nothing is said twice. */
const broken = (heading: string, { title }: CardLimits): readonly string[] | undefined =>
  new RegExp(String.raw`^(.{6,${title}})(?: · |，|；|, )(.+)$`, 'u').exec(heading)?.slice(1);

function assemble(
  limits: CardLimits,
  title: string,
  fields: readonly { readonly label: string; readonly value: string }[],
  lines: readonly string[],
  buttons: readonly Button[],
  task: string,
): Fitted {
  const heading = oneLine(title) || '…';
  const said = [heading, ...fields.map(({ value }) => value), ...lines].join('\n');
  const { texts, lines: labels, numbered } = buttonTexts(buttons, said);
  const [head = heading, tail] = broken(heading, limits) ?? [];
  const above = size(heading) <= limits.title ? [] : [tail ?? heading];
  const fits = fields.filter(
    ({ label, value }) => size(label) <= LABEL && size(value) <= limits.value && value !== '' && !value.includes('\n'),
  );
  const inside = fits.slice(0, FIELDS);
  const outside = fields.filter((field) => !inside.includes(field)).map(fieldLine);
  const below = [...outside, ...lines, ...labels];
  const text = [...above, ...below].join('\n');
  const room = size(text) <= limits.text;
  return {
    card: {
      card_type: buttons.length > 0 ? 'button_interaction' : 'text_notice',
      main_title: { title: size(heading) <= limits.title ? heading : clip(head, limits.title) },
      ...(text === '' ? {} : { sub_title_text: clip(text, limits.text) }),
      ...(inside.length > 0 ? { horizontal_content_list: inside.map(({ label, value }) => ({ keyname: label, value })) } : {}),
      ...(buttons.length > 0
        ? {
            button_list: buttons.map((button, n) => ({
              text: texts[n]!,
              style: STYLES[button.style ?? 'plain'],
              key: encodeAction(button),
            })),
          }
        : { card_action: { type: 1, url: NOWHERE } }),
      task_id: task,
    },
    ...(room ? {} : { rest: [...(above.length > 0 ? [heading] : []), ...below].join('\n') }),
    numbered,
  };
}

/** Fits a card; `more` are lines to add. */
export const fitCard = (limits: CardLimits, card: Card, task: string, more: readonly string[] = []): Fitted =>
  assemble(limits, card.title, card.fields, [...(card.note ? [card.note] : []), ...more], card.buttons.flat(), task);

/**
 * Fits a sentence with buttons; its first line, or the first sentence of it, becomes the title if it can. Where no card holds
 * it, its whole text stands in a message right above: the card does not begin it a second time, and `choose` is its title.
 */
export function fitQuestion(limits: CardLimits, text: string, buttons: readonly Button[], task: string, choose: string): Fitted {
  const [line = '', ...others] = text.trim().split('\n');
  const [first = '', ...after] = size(line) <= limits.title ? [line] : (firstSentence(line, limits) ?? [line]);
  const below = [...after, ...others].join('\n').trim();
  const { card, ...fitted } = assemble(limits, first, [], below === '' ? [] : [below], buttons, task);
  if (fitted.rest === undefined) return { card, ...fitted };
  const { sub_title_text: _, ...bare } = card;
  const whole = size(first) <= limits.title;
  const [head = ''] = whole ? [first] : (broken(first, limits) ?? []);
  const rest = whole ? `${first}\n${fitted.rest}` : fitted.rest;
  return { card: { ...bare, main_title: { title: size(head) < TELLING ? choose : head } }, ...fitted, rest };
}

/** The shortest beginning of a heading that still says what it is about, characters. */
const TELLING = 10;

/** A first sentence that a title holds, and the rest of its line. */
const firstSentence = (line: string, { title }: CardLimits): readonly string[] | undefined =>
  new RegExp(String.raw`^(.{1,${title - 1}}(?:[。？！：]|[.?!:](?= ))) *(.+)$`, 'u').exec(line)?.slice(1);
