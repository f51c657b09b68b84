/** Fetches a file that was sent to the bot. Its address holds the token: it is never shown, nor what undici says of it. */
import { Agent, request } from 'undici';
import { TooLarge } from '../channel/channel.ts';
import { TelegramFault } from './calls.ts';

/** Telegram gives bots files up to 20 MB. */
const MOST_BYTES = 20 * 1024 * 1024;

export interface FilesParts {
  /** `getFile`: where the file lies, and its size where Telegram knows it. */
  readonly locate: (file: string) => Promise<{ readonly file_path?: string; readonly file_size?: number }>;
  readonly apiRoot: string;
  readonly token: string;
  readonly timeoutMs: number;
}

/** Rejects with a `TelegramFault`, or with `TooLarge`. */
export function createFiles({ locate, apiRoot, token, timeoutMs }: FilesParts): (file: string) => Promise<Uint8Array> {
  const dispatcher = new Agent({ connectTimeout: timeoutMs });

  return async (file) => {
    const { file_path: path, file_size: size = 0 } = await locate(file).catch((error: unknown) => {
      throw error instanceof TelegramFault && /file is too big/i.test(error.description)
        ? new TooLarge(error.description)
        : error;
    });
    if (size > MOST_BYTES) throw new TooLarge('the file is larger than 20 MB');
    if (path === undefined || !/^[\w./-]+$/.test(path) || path.includes('..')) throw fault('the file has no path');
    try {
      const { statusCode, headers, body } = await request(`${apiRoot}/file/bot${token}/${path}`, {
        dispatcher,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'accept-encoding': 'identity' },
      });
      const encoding = headers['content-encoding'];
      const why = statusCode !== 200 ? `status ${statusCode}` : encoding && encoding !== 'identity' ? 'compressed' : undefined;
      const chunks: Buffer[] = [];
      let read = 0;
      for await (const chunk of body) {
        if (why !== undefined) throw fault(why);
        const part = Buffer.from(chunk);
        if ((read += part.length) > MOST_BYTES) throw new TooLarge('the file is larger than 20 MB');
        chunks.push(part);
      }
      if (why !== undefined) throw fault(why);
      return Buffer.concat(chunks);
    } catch (error) {
      throw error instanceof TelegramFault || error instanceof TooLarge ? error : fault('no answer');
    }
  };
}

const fault = (description: string): TelegramFault => new TelegramFault('file', 'no', description);
