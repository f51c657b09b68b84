/** Callbacks of the fake WeCom: encrypted, signed, with a deadline, and retried unless acknowledged. */
import { WecomCrypto } from '@wecom/aibot-node-sdk';

/** Result of one try: the status, or the reason for none. */
export type Try = number | 'broken' | 'late';

export interface CallbackOptions {
  readonly corpId: string;
  readonly token: string;
  readonly encodingAesKey: string;
  readonly now: () => number;
  /** WeCom's deadline for an answer, ms: 5,000 in production. */
  readonly deadlineMs?: number;
  /** WeCom's pages disagree whether a status other than 200 makes it call again. A broken or late answer does. */
  readonly againOnStatus?: boolean;
}

/** After the first, WeCom tries three times more: https://developer.work.weixin.qq.com/document/path/90930 */
const TRIES = 4;

export type Callbacks = ReturnType<typeof createCallbacks>;

export function createCallbacks({ corpId, token, encodingAesKey, now, ...options }: CallbackOptions) {
  const crypto = new WecomCrypto(token, encodingAesKey, corpId);
  const deadlineMs = options.deadlineMs ?? 5000;
  const under = new Set<Promise<unknown>>();
  let url = '';
  let count = 0;
  let last = '';

  /** A new nonce, timestamp and sealing each time, as in earnest. */
  const request = (text: string): { address: string; body: string } => {
    count += 1;
    const [timestamp, nonce] = [String(Math.floor(now() / 1000)), String(1_000_000 + count)];
    const { encrypt, signature } = crypto.encrypt(text, timestamp, nonce);
    const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce });
    return {
      address: `${url}?${query.toString()}`,
      body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
    };
  };

  async function once(text: string): Promise<Try> {
    const { address, body } = request(text);
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'text/xml' }, body, signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return signal.aborted ? 'late' : 'broken';
    }
  }

  async function insist(text: string): Promise<Try[]> {
    const tries: Try[] = [];
    for (;;) {
      const result = await once(text);
      tries.push(result);
      const taken = typeof result === 'number' && (result === 200 || !options.againOnStatus);
      if (taken || tries.length === TRIES) return tries;
    }
  }

  const follow = async (calling: Promise<Try[]>): Promise<Try[]> => {
    under.add(calling);
    return await calling.finally(() => under.delete(calling));
  };

  return {
    /** Sets the callback address, as the administrator does. */
    setUrl: (address: string): void => void (url = address),
    get url(): string {
      return url;
    },
    request,
    /** Calls until somebody takes it, four times at most. */
    call(text: string): Promise<Try[]> {
      last = text;
      return follow(insist(text));
    },
    /** The latest call once more: its answer was lost on the way. */
    again: (): Promise<Try[]> => follow(once(last).then((one) => [one])),
    /** Verifies the callback address, as the console does when it is saved; resolves with status and body. */
    async verify(echo: string): Promise<{ status: number; body: string }> {
      count += 1;
      const [timestamp, nonce] = [String(Math.floor(now() / 1000)), String(1_000_000 + count)];
      const { encrypt, signature } = crypto.encrypt(echo, timestamp, nonce);
      const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr: encrypt });
      const response = await fetch(`${url}?${query.toString()}`);
      return { status: response.status, body: await response.text() };
    },
    /** Until no call is under way. */
    async idle(): Promise<void> {
      while (under.size > 0) await Promise.allSettled(under);
    },
  };
}
