/** Faults of calls to a fake platform. Each is ordered once and happens once. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * `applied`: whether the call took effect although it went wrong (default: it did).
 * `late`: the answer comes after `ms` (never, without). `reset`: the connection breaks instead of an answer. `gateway`: HTTP
 * 502 with a page. `cut`: half of the JSON. `busy`: the limiter steps in. `login-over`: the login is refused. `html`: HTTP 200
 * with a login page. `error`: HTTP 500. `drip`: the body comes byte by byte, one each `ms`. `redirect`: sent elsewhere.
 * `no-data`: a yes without data. `no`: a no in `words`, by `code` (default: one of no published meaning) and with HTTP
 * `status` (default: 200); what is so refused did not take effect, unless `applied`. `words`: HTTP 200 with `words` and nothing
 * else. `used`: a write is answered with 已核销, of its own use where it took effect; `yes`: a yes to a write that did not take
 * effect. `Own`: kinds of one double alone.
 */
export interface Fault<Own extends string = never> {
  readonly kind:
    | 'late'
    | 'reset'
    | 'gateway'
    | 'cut'
    | 'busy'
    | 'login-over'
    | 'html'
    | 'error'
    | 'drip'
    | 'redirect'
    | 'no-data'
    | 'no'
    | 'words'
    | 'used'
    | 'yes'
    | Own;
  readonly applied?: boolean;
  readonly ms?: number;
  /** Delay before the call takes effect. */
  readonly heldMs?: number;
  readonly words?: string;
  readonly code?: number | string;
  readonly status?: number;
}

/** The ways an answer gets lost, whichever call it answers: each leaves what it did unknown. */
export const LOSSES: readonly (readonly [string, Fault])[] = [
  ['committed, the answer too late', { kind: 'late' }],
  ['not committed, the answer too late', { kind: 'late', applied: false }],
  ['reset after it was committed', { kind: 'reset' }],
  ['reset before it was committed', { kind: 'reset', applied: false }],
  ['a gateway in between', { kind: 'gateway' }],
  ['cut JSON', { kind: 'cut' }],
  ['a login page', { kind: 'html' }],
  ['HTTP 500', { kind: 'error' }],
  ['a dripping body', { kind: 'drip' }],
  ['a redirect', { kind: 'redirect', applied: false }],
  ['a yes without data', { kind: 'no-data' }],
];

export function createFaults<CallName extends string, Own extends string = never>() {
  const told: { readonly call: CallName; left: number; readonly fault: Fault<Own> }[] = [];
  const often: { readonly call: CallName; readonly fault: Fault<Own>; readonly chance: number; readonly random: () => number }[] =
    [];
  return {
    /** Each call of this kind goes wrong with this probability; `random` gives 0 to 1, from the seed of a simulation. */
    failOften: (call: CallName, fault: Fault<Own>, chance: number, random: () => number): void => {
      often.push({ call, fault, chance, random });
    },
    /** The next call of this kind goes wrong, or the `nth` from now. */
    fail: (call: CallName, fault: Fault<Own>, nth = 1): void => {
      told.push({ call, left: nth, fault });
    },
    /** Drops ordered faults that have not happened yet, and those that happen often. */
    forgetFaults: (): void => {
      told.splice(0);
      often.splice(0);
    },
    /** Counts a call and gives the fault that is due. */
    due: (call: CallName): Fault<Own> | undefined => {
      const mine = told.filter((entry) => entry.call === call);
      for (const entry of mine) entry.left -= 1;
      const now = mine.find((entry) => entry.left <= 0);
      if (now) told.splice(told.indexOf(now), 1);
      return (now ?? often.find((entry) => entry.call === call && entry.random() < entry.chance))?.fault;
    },
  };
}

const PAGE = '<!doctype html><html><head><title>登录</title></head><body>请登录</body></html>';

/** Sends an answer the way a fault leaves it. */
export function answer(request: IncomingMessage, response: ServerResponse, body: unknown, fault?: Fault<string>): void {
  const text = JSON.stringify(body);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  switch (fault?.kind) {
    case 'late':
      if (fault.ms !== undefined) setTimeout(() => response.end(text), fault.ms).unref();
      return;
    case 'reset':
      return void request.socket.resetAndDestroy();
    case 'gateway':
      return void response.writeHead(502, { 'content-type': 'text/html' }).end(PAGE);
    case 'html':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    case 'error':
      return void response.writeHead(500).end('{"code":500,"msg":"Internal Server Error"}');
    case 'words':
      return void response.end(fault.words);
    case 'redirect':
      return void response.writeHead(302, { location: '/elsewhere' }).end();
    case 'cut':
      return void response.end(text.slice(0, text.length / 2));
    case 'drip':
      return drip(response, text, fault.ms ?? 5);
    default:
      if (fault?.status !== undefined) response.writeHead(fault.status);
      return void response.end(text);
  }
}

function drip(response: ServerResponse, text: string, ms: number): void {
  const bytes = Buffer.from(text);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent >= bytes.length) response.end();
    if (sent >= bytes.length || response.destroyed) clearInterval(timer);
  }, ms);
  timer.unref();
}
