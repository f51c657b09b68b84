/**
 * Adapts a reply to the channel's capabilities before the channel renders it: plain words instead of slash commands, no silent
 * edits where messages cannot be edited, and a warning before a secret is typed where it cannot be deleted.
 */
import { COMMANDS } from '../../handlers/commands.ts';
import type { Card, Reply } from '../../handlers/message.ts';
import type { Channel } from './channel.ts';

/** The reply as the channel is to send it; undefined for a silent edit where messages cannot be edited. */
export function adaptReply(channel: Pick<Channel, 'edits' | 'slash' | 'deletes'>, reply: Reply): Reply | undefined {
  if (reply.kind === 'replace' && reply.silent && !channel.edits) return undefined;
  const told = reply.kind === 'say' && reply.secrecy ? withSecrecy(reply, channel) : reply;
  return channel.slash ? told : inWords(told);
}

function withSecrecy({ secrecy, ...say }: Extract<Reply, { kind: 'say' }>, { deletes }: Pick<Channel, 'deletes'>): Reply {
  return secrecy ? { ...say, text: `${say.text}\n${deletes ? secrecy.deleted : secrecy.kept}` } : say;
}

function inWords(reply: Reply): Reply {
  switch (reply.kind) {
    case 'say':
    case 'whisper':
      return { ...reply, text: plain(reply.text) };
    case 'card':
    case 'replace':
      return { ...reply, card: cardInWords(reply.card) };
    case 'picture':
    case 'file':
      return { ...reply, caption: plain(reply.caption), sorry: plain(reply.sorry) };
    case 'forget':
      return { ...reply, sorry: plain(reply.sorry) };
  }
}

function cardInWords({ note, ...card }: Card): Card {
  const fields = card.fields.map(({ label, value }) => ({ label, value: plain(value) }));
  return { ...card, fields, ...(note !== undefined && { note: plain(note) }) };
}

const WORDS = new Map<string, readonly string[]>(COMMANDS.map(({ name, words }) => [name, words]));

/**
 * Replaces slash commands by their Chinese words. Chinese sentences quote a command that is to be typed (`发送“/report 05:00”`),
 * and a line of the help begins with both (`/report 绑定日报 · …`): there the word alone stays. An English sentence keeps its
 * command, which is understood everywhere: its quotation marks follow a space.
 */
export function plain(text: string): string {
  return text
    .replace(/(?<=(?:^|[^\s(])“)\/([a-z]+)/g, (command, name: string) => WORDS.get(name)?.[0] ?? command)
    .replace(/^\/([a-z]+) (?=(\S+) · )/gm, (command, name: string, word: string) =>
      WORDS.get(name)?.includes(word) ? '' : command,
    );
}
