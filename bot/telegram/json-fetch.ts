/** Carries grammY's calls without files by the program's own HTTP client: node-fetch takes twice the processor time. */
import type { ApiClientOptions } from 'grammy';
import { createHttp } from '../../services/http.ts';

type Fetch = NonNullable<ApiClientOptions['fetch']>;
/** Names the parts of an answer that grammY reads. */
type Answer = Pick<Response, 'json'>;

/** How long an idle connection is kept, ms: a new one takes several round trips. Telegram keeps its own longer. */
const IDLE_MS = 60_000;

/** Creates a `fetch` for calls whose body is JSON. A failure is an `HttpFault`. */
export function createJsonFetch(timeoutMs: number): Fetch {
  const http = createHttp({ timeoutMs, idleMs: IDLE_MS });
  const fetch = async (url: string, { method, headers, body, signal }: RequestInit): Promise<Answer> => {
    const { bytes } = await http({
      method: method as 'POST',
      url: new URL(url),
      headers: headers as Readonly<Record<string, string>>,
      body: body as string,
      ...(signal && { signal }),
    });
    return { json: async () => JSON.parse(bytes.toString('utf8')) as unknown };
  };
  return fetch;
}
