/** Mends the text of frames before the package parses it: some hold raw line ends and tabs inside their words. */
import type { WSClient } from '@wecom/aibot-node-sdk';
import type { Log } from '../../../services/log.ts';

const STRING = /"(?:[^"\\]|\\[\s\S])*"/g;
// oxlint-disable-next-line no-control-regex -- they are what is to be mended
const CONTROL = /[\u0000-\u001f]/g;

/** Escapes line ends and tabs inside strings and drops other control characters there. Between strings they are blanks. */
const escaped = (text: string): string =>
  text.replaceAll(STRING, (string) =>
    string.replaceAll(CONTROL, (character) => (character === '\n' ? '\\n' : character === '\t' ? '\\t' : '')),
  );

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Gives the frame as JSON; undefined where it is none even so. */
export function mendFrame(text: string): string | undefined {
  return [text, escaped(text)].find(isJson);
}

/**
 * Puts the mending in front of the package's own parser, which drops what is no JSON without a word. For each new socket:
 * call it when the client is `connected`. The package offers no place for it; its version is pinned, and a test sees it work.
 */
export function mendFrames(client: WSClient, log: Log): void {
  const socket = client['wsManager']['ws'];
  for (const parse of socket?.listeners('message') ?? []) {
    socket?.off('message', parse as () => void);
    socket?.on('message', (data: Buffer) => {
      const frame = mendFrame(data.toString('utf8'));
      if (frame === undefined) log.warn('WeCom sent a frame that is no JSON; it was dropped');
      else parse.call(socket, Buffer.from(frame));
    });
  }
}
