/**
 * Builds template cards within WeCom's sizes: https://developer.work.weixin.qq.com/document/path/101032. Text beyond them goes
 * into `rest`.
 */
import type { TemplateCard } from '@wecom/aibot-node-sdk';
import { encodeAction, type Button, type Card } from '../../handlers/message.ts';

/** Limits in characters as people count them. */
const TITLE = 26;
const TEXT = 112;
const LABEL = 5;
const VALUE = 26;
const BUTTON = 10;
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

/** Shortens a label: `撤销` of `撤销（还剩 10 分钟）`, `美团` of `美团 · umember`, `通联Allinpay`; else clips it. */
function short(label: string): string {
  if (size(label) <= BUTTON) return label;
  const shorter = [
    label.replace(/[（(][^（）()]*[）)]$/, '').trimEnd(),
    label.split(' · ', 1)[0] ?? '',
    label.replaceAll(/(?<=\p{Script=Han}) (?=\w)|(?<=\w) (?=\p{Script=Han})/gu, ''),
  ].find((one) => one !== '' && size(one) <= BUTTON);
  return shorter ?? clip(label, BUTTON);
}

/** Whether the button's shortened label leaves something open that the text above does not say. */
function isLost(label: string, shortened: string, above: string): boolean {
  if (label === shortened) return false;
  if (!shortened.endsWith('…')) return /[@*…\d]/.test(label.slice(shortened.length));
  return !above.includes(label.slice(label.indexOf(' ') + 1));
}

/** Words the buttons, and lines with the full text of shortened labels; numbered where two would look alike. */
function buttonTexts(
  buttons: readonly Button[],
  above: string,
): Pick<Fitted, 'numbered'> & { texts: readonly string[]; lines: readonly string[] } {
  const labels = buttons.map(({ label }) => oneLine(label) || '…');
  const shorts = labels.map(short);
  if (new Set(shorts).size === new Set(labels).size)
    return { texts: shorts, lines: labels.filter((label, n) => isLost(label, shorts[n]!, above)), numbered: false };
  const lines = labels.map((label, n) => `${n + 1}. ${label}`);
  return { texts: lines.map((label) => clip(label, BUTTON)), lines, numbered: true };
}

/** A heading that no title holds, in two at its last mark within the title's length: nothing is said twice. */
const BREAK = new RegExp(String.raw`^(.{6,${TITLE}})(?: · |，|；|, )(.+)$`, 'u');

function assemble(
  title: string,
  fields: readonly { readonly label: string; readonly value: string }[],
  lines: readonly string[],
  buttons: readonly Button[],
  task: string,
): Fitted {
  const heading = oneLine(title) || '…';
  const said = [heading, ...fields.map(({ value }) => value), ...lines].join('\n');
  const { texts, lines: labels, numbered } = buttonTexts(buttons, said);
  const [head = heading, tail] = BREAK.exec(heading)?.slice(1) ?? [];
  const above = size(heading) <= TITLE ? [] : [tail ?? heading];
  const fits = fields.filter(
    ({ label, value }) => size(label) <= LABEL && size(value) <= VALUE && value !== '' && !value.includes('\n'),
  );
  const inside = fits.slice(0, FIELDS);
  const outside = fields.filter((field) => !inside.includes(field)).map(({ label, value }) => `${label}：${value}`);
  const below = [...outside, ...lines, ...labels];
  const text = [...above, ...below].join('\n');
  const room = size(text) <= TEXT;
  return {
    card: {
      card_type: buttons.length > 0 ? 'button_interaction' : 'text_notice',
      main_title: { title: size(heading) <= TITLE ? heading : clip(head, TITLE) },
      ...(text === '' ? {} : { sub_title_text: clip(text, TEXT) }),
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
export const fitCard = (card: Card, task: string, more: readonly string[] = []): Fitted =>
  assemble(card.title, card.fields, [...(card.note ? [card.note] : []), ...more], card.buttons.flat(), task);

/** Fits a sentence with buttons; its first line, or the first sentence of it, becomes the title if it can. */
export function fitQuestion(text: string, buttons: readonly Button[], task: string): Fitted {
  const [line = '', ...others] = text.trim().split('\n');
  const [first, ...after] = size(line) <= TITLE ? [line] : (SENTENCES.exec(line)?.slice(1) ?? [line]);
  const below = [...after, ...others].join('\n').trim();
  const { card, ...fitted } = assemble(first ?? '', [], below === '' ? [] : [below], buttons, task);
  if (fitted.rest === undefined) return { card, ...fitted };
  // The whole text stands in a message right above: its beginning need not be read a second time.
  const { sub_title_text: _, ...bare } = card;
  return { card: bare, ...fitted };
}

/** A first sentence that a title holds, and the rest of its line. */
const SENTENCES = new RegExp(String.raw`^(.{1,${TITLE - 1}}(?:[。？！：]|[.?!:](?= ))) *(.+)$`, 'u');
