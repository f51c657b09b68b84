/** The app's menu of the commands that people type most. */
import { COMMANDS, type CommandName } from '../../../handlers/commands.ts';
import type { Words } from '../../../locales/index.ts';
import type { Api } from '../api.ts';
import { clip } from '../bytes.ts';
import { hasCode } from '../fault.ts';

/** Bytes of a name at the top, and of one below it: https://developer.work.weixin.qq.com/document/path/90231 */
const TOP_LIMIT = 16;
const SUB_LIMIT = 40;
/** WeCom's errcode for an app without a menu. */
const NONE = 46003;

type Entry = { readonly name: string } & (
  { readonly type: 'click' | 'scancode_waitmsg'; readonly key: string } | { readonly sub_button: readonly Entry[] }
);

/** At most three entries at the top, five under each. */
export function appMenu(words: Words): { readonly button: readonly Entry[] } {
  const click = (name: CommandName): Entry => ({
    type: 'click',
    name: clip(COMMANDS.find((command) => command.name === name)?.words[0] ?? name, SUB_LIMIT),
    key: name,
  });
  const top = (name: string, entries: readonly CommandName[]): Entry => ({
    name: clip(name, TOP_LIMIT),
    sub_button: entries.map(click),
  });
  return {
    button: [
      { type: 'scancode_waitmsg', name: clip(words.say('wecom-menu-scan'), TOP_LIMIT), key: 'scan' },
      top(words.say('wecom-menu-books'), ['summary', 'history', 'undo']),
      top(words.say('wecom-menu-more'), ['help', 'status', 'bind', 'store', 'staff']),
    ],
  };
}

export const createMenu = async (api: Api, agentId: string, words: Words): Promise<void> => {
  await api.call('/menu/create', { query: { agentid: agentId }, body: appMenu(words) });
};

/** Tells whether the app has a menu, ours or an administrator's, which is left alone. */
export async function hasMenu(api: Api, agentId: string): Promise<boolean> {
  try {
    await api.call('/menu/get', { query: { agentid: agentId } });
    return true;
  } catch (error) {
    if (hasCode(error, NONE)) return false;
    throw error;
  }
}
