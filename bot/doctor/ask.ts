/** One plain request over HTTP, to see whether somebody is there and what he says. */
import { Agent, request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The other side's clock, ms; NaN where it does not say. */
  readonly date: number;
}

/** Rejects when there is no answer within 5 s. Nothing is decompressed and no redirect followed. */
export type Ask = (url: string, method?: 'GET' | 'POST') => Promise<Answer>;

export const ask: Ask = async (url, method = 'GET') => {
  const dispatcher = new Agent({ connectTimeout: 5_000, pipelining: 0 });
  try {
    const signal = AbortSignal.timeout(5_000);
    const { statusCode, headers, body } = await request(url, {
      method,
      dispatcher,
      signal,
      headers: { 'accept-encoding': 'identity' },
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk));
      // Enough to know who is there.
      if ((size += chunk.length) > 65_536) break;
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString('utf8'), date: Date.parse(String(headers['date'])) };
  } finally {
    await dispatcher.destroy();
  }
};
