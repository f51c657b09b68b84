/** Sends one plain HTTP request, to see whether a server answers and what it says. */
import { createHttp, HttpFault } from '../../services/http.ts';

export interface Answer {
  readonly status: number;
  /** Empty where the answer is compressed or larger than 64 KB. */
  readonly text: string;
  /** The other side's clock, ms; NaN where it does not say. */
  readonly date: number;
}

/** Rejects when there is no answer within 5 s. Nothing is decompressed and no redirect followed. */
export type Ask = (url: string, method?: 'GET' | 'POST') => Promise<Answer>;

const http = createHttp({ timeoutMs: 5_000, maxBytes: 65_536 });

export const ask: Ask = async (url, method = 'GET') => {
  const { status, headers, bytes } = await http({ url: new URL(url), method, newConnection: true }).catch((error: unknown) => {
    // Its headers are enough to know who is there.
    if (error instanceof HttpFault && error.head) return { ...error.head, bytes: Buffer.alloc(0) };
    throw error;
  });
  return { status, text: bytes.toString('utf8'), date: Date.parse(String(headers['date'])) };
};
