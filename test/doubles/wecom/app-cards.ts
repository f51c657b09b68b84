/** Validates cards for the fake WeCom, and renders them as a member sees them. */

export interface Shown {
  readonly text: string;
  /** Only those that can be pressed. */
  readonly buttons: readonly { readonly label: string; readonly key: string }[];
}

export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined),
    value,
  );
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Longer texts are not refused; people see their beginning. Characters: https://developer.work.weixin.qq.com/document/path/90236 */
const cut = (value: unknown, limit: number): string => Array.from(text(value)).slice(0, limit).join('');

/** The errcode a card is refused with, 0 when it is right. `task`: whether it must carry a new task id. */
export function judgeCard(card: unknown, task: 'new' | 'none', used: ReadonlySet<string>): number {
  if (at(card, 'card_type') !== 'button_interaction') return 42030;
  if (text(at(card, 'main_title', 'title')) === '') return 42031;
  const id = text(at(card, 'task_id'));
  if (task === 'new' && (!/^[\w@-]{1,128}$/.test(id) || used.has(id))) return 42014;
  if (task === 'none' && at(card, 'task_id') !== undefined) return 42014;
  const fields = list(at(card, 'horizontal_content_list'));
  if (fields.length > 6) return 42033;
  if (fields.some((field) => text(at(field, 'keyname')) === '')) return 42027;
  const buttons = list(at(card, 'button_list'));
  if (buttons.length === 0 || buttons.length > 6) return 42035;
  if (buttons.some((button) => text(at(button, 'text')) === '')) return 42036;
  const keys = buttons.map((button) => text(at(button, 'key')));
  if (keys.some((key) => key === '' || Buffer.byteLength(key) > 1024) || new Set(keys).size < keys.length) return 42037;
  return 0;
}

/** The card as it reads; once `replace_text` is set its buttons are one grey line. */
export function showCard(card: unknown): Shown {
  const grey = text(at(card, 'replace_text'));
  return {
    text: [
      cut(at(card, 'main_title', 'title'), 36),
      cut(at(card, 'main_title', 'desc'), 44),
      ...list(at(card, 'horizontal_content_list')).map(
        (field) => `${cut(at(field, 'keyname'), 5)}：${cut(at(field, 'value'), 30)}`,
      ),
      cut(at(card, 'quote_area', 'quote_text'), 400),
      cut(at(card, 'sub_title_text'), 160),
      grey && `[${cut(grey, 10)}]`,
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: grey
      ? []
      : list(at(card, 'button_list')).map((button) => ({
          label: cut(at(button, 'text'), 10),
          key: text(at(button, 'key')),
        })),
  };
}

/** A text as it reads: what is longer than 2,048 bytes is cut, links show their words. */
export function showText(content: string): string {
  const bytes = Buffer.from(content).subarray(0, 2048).toString('utf8');
  return bytes.replaceAll(/<a(?:\s[^>]*)?>([\s\S]*?)<\/a>/gi, '$1');
}
