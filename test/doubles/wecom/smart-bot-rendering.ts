/** Renders the smart bot's messages as people see them: markdown as drawn, cards with their sizes validated as WeCom does. */

/** WeCom's refusal: an errcode and its words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;
  constructor(code: number, words: string) {
    super(words);
    this.code = code;
  }
}

export interface FakeButton {
  readonly label: string;
  readonly key: string;
  readonly style: number;
}

/** One message as it looks. */
export interface Look {
  readonly kind: 'markdown' | 'card' | 'text' | 'image' | 'file';
  readonly text: string;
  readonly buttons: readonly FakeButton[];
  readonly picture?: Buffer;
  readonly file?: { readonly name: string; readonly bytes: Buffer };
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const json = (value: unknown): Json => (isJson(value) ? value : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(json) : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const HIDDEN = 0xe000;

/** Markdown as it is read: marks do what they do, what stands behind a backslash stays. */
export function drawn(markdown: string): string {
  const kept = markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => String.fromCharCode(HIDDEN + mark.charCodeAt(0)));
  const shown = kept
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(#{1,6}\s+|>\s?)/, '')
        .replace(/^\s*[-+*]\s+/, '• ')
        .replace(/^(=+|-{2,})$/, '')
        .replaceAll(/<[^>\n]*>/g, '')
        .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/\*\*(.+?)\*\*/g, '$1')
        .replaceAll(/\*(.+?)\*/g, '$1')
        .replaceAll(/(?<![\w/])_(.+?)_(?!\w)/g, '$1')
        .replaceAll(/~~(.+?)~~/g, '$1')
        .replaceAll(/`([^`]*)`/g, '$1')
        .replaceAll('|', '')
        .replaceAll(/&lt;/g, '<')
        .replaceAll(/&gt;/g, '>')
        .replaceAll(/&amp;/g, '&'),
    )
    .join('\n');
  return shown.replaceAll(/[\uE000-\uE0FF]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - HIDDEN));
}

function longest(value: unknown, most: number, code: number, what: string): string {
  const found = text(value);
  if (Array.from(found).length > most) throw new Refused(code, `${what} is too long: ${found}`);
  return found;
}

/** A template card as it looks; refuses what WeCom's own rules refuse. `update`: a new look for a card that is there. */
export function cardLook(card: unknown, update = false): Look {
  const { card_type, main_title, sub_title_text, horizontal_content_list, button_list, card_action, task_id } = json(card);
  const title = longest(json(main_title)['title'], 26, 42033, 'title');
  const desc = longest(json(main_title)['desc'], 30, 42033, 'desc');
  const sub = longest(sub_title_text, 112, 42033, 'sub_title_text');
  if (title === '' && sub === '') throw new Refused(42033, 'neither title nor text');
  if (list(horizontal_content_list).length > 6) throw new Refused(42035, 'too many fields');
  const fields = list(horizontal_content_list).map(({ keyname, value }) => {
    if (text(keyname) === '') throw new Refused(42027, 'a field without a name');
    return `${longest(keyname, 5, 42027, 'keyname')} ${longest(value, 26, 42027, 'value')}`;
  });
  const buttons = list(button_list).map((button) => {
    const key = text(button['key']);
    const label = longest(button['text'], 10, 42037, 'button');
    if (label === '') throw new Refused(42037, 'a button without a text');
    if (key === '' || Buffer.byteLength(key) > 1024) throw new Refused(42038, 'a key that is none');
    return { label, key, style: Number(button['style'] ?? 1) };
  });
  if (new Set(buttons.map(({ key }) => key)).size < buttons.length) throw new Refused(42018, 'two buttons with one key');
  if (buttons.length > 6) throw new Refused(42036, 'too many buttons');
  if (card_type === 'button_interaction') {
    if (buttons.length === 0) throw new Refused(42036, 'no buttons');
    if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(text(task_id))) throw new Refused(42014, 'invalid task_id');
  } else if (card_type === 'text_notice') {
    if (json(card_action)['type'] !== 1 || text(json(card_action)['url']) === '') throw new Refused(42045, 'card_action');
    if (!update && buttons.length > 0) throw new Refused(40058, 'buttons on a notice');
  } else throw new Refused(42032, 'invalid card_type');
  return { kind: 'card', text: [title, desc, ...fields, sub].filter((line) => line !== '').join('\n'), buttons };
}
