/** Downloads a file that was sent to the bot. Its address holds the token, so faults name neither address nor cause. */
import { createHttp, HttpFault } from '../../services/http.ts';
import { TooLarge } from '../channel/channel.ts';
import { TelegramFault } from './calls.ts';

/** The largest file that Telegram gives to bots. */
const MOST_BYTES = 20 * 1024 * 1024;

export interface FilesParts {
  /** Calls `getFile`: the file's path, and its size where Telegram knows it. */
  readonly locate: (file: string) => Promise<{ readonly file_path?: string; readonly file_size?: number }>;
  readonly apiRoot: string;
  readonly token: string;
  readonly timeoutMs: number;
}

/** Rejects with a `TelegramFault`, or with `TooLarge`. */
export function createFiles({ locate, apiRoot, token, timeoutMs }: FilesParts): (file: string) => Promise<Uint8Array> {
  const http = createHttp({ timeoutMs, maxBytes: MOST_BYTES });

  return async (file) => {
    const { file_path: path, file_size: size = 0 } = await locate(file).catch((error: unknown) => {
      throw error instanceof TelegramFault && /file is too big/i.test(error.description)
        ? new TooLarge(error.description)
        : error;
    });
    if (size > MOST_BYTES) throw new TooLarge('the file is larger than 20 MB');
    if (path === undefined || !/^[\w./-]+$/.test(path) || path.includes('..')) throw fault('the file has no path');
    const url = new URL(`${apiRoot}/file/bot${token}/${path}`);
    const { status, bytes } = await http({ url, readsBody: (code) => code === 200 }).catch((error: unknown) => {
      if (!(error instanceof HttpFault)) throw error;
      if (error.kind === 'too-large') throw new TooLarge('the file is larger than 20 MB');
      throw fault(error.kind === 'compressed' ? 'compressed' : 'no answer');
    });
    if (status !== 200) throw fault(`status ${status}`);
    return bytes;
  };
}

const fault = (description: string): TelegramFault => new TelegramFault('file', 'no', description);
