/** The smart bot's WebSocket connection: reconnects for ever, and waits long where another has taken its place. */
import { WSClient } from '@wecom/aibot-node-sdk';
import { backoff } from '../../../services/backoff.ts';
import type { Log } from '../../../services/log.ts';
import { BotFault, NOT_SUBSCRIBED, toFault, WRONG_SECRET } from './fault.ts';
import { mendFrames } from './frames.ts';

export interface ConnectionOptions {
  readonly id: string;
  readonly secret: string;
  /** Address; the package's own by default: wss://openws.work.weixin.qq.com */
  readonly wsUrl: string | undefined;
  readonly log: Log;
  /** First delay before a reconnect; it doubles up to 30 s. By default 1 s. */
  readonly reconnectMs?: number | undefined;
  /** Heartbeat interval; two unanswered heartbeats end the connection. By default 30 s, as WeCom asks. */
  readonly heartbeatMs?: number | undefined;
  /** Hears each time that another connection takes the place of this one. */
  readonly replaced?: (() => void) | undefined;
  /** The clock, ms since the epoch. */
  readonly now: () => number;
  /** Resolves after `ms`; settles early, either way, when `signal` aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The pauses before this connection takes its place back, ms: two programs that did so at once would end each other for ever.
 * A connection that lasted for longer than the longest pause begins with the first again.
 */
export const RETURN_MS = { first: 5 * 60_000, longest: 60 * 60_000 } as const;

/** Time limits of connecting and of logging in: the package has none. */
const HANDSHAKE_MS = 10_000;
const LOGIN_MS = 20_000;
/** Largest frame in bytes; WeCom's are far smaller. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Receives each frame that is a message or an event. */
export interface Heard {
  message(frame: unknown): void;
  event(frame: unknown): void;
}

export interface Connection {
  /** Resolves when WeCom accepts id and secret, or when `close` is called; rejects with a sentence when WeCom refuses them. */
  open(heard: Heard): Promise<void>;
  /** Stops reconnecting; the open connection stays. */
  letGo(): void;
  close(): void;
  /** When another connection took the place of this one, ms; undefined unless it holds it still. */
  replacedAt(): number | undefined;
  /** Makes one call; rejects with a `BotFault`. */
  call<T>(make: (client: WSClient) => Promise<T>): Promise<T>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Reads the errcode from the package's words for a refused login. */
const refusalCode = (error: Error): number | undefined => {
  const match = /^Authentication failed: .*\(code: (-?\d+)\)$/s.exec(error.message);
  return match ? Number(match[1]) : undefined;
};

const WRONG =
  "WeCom does not accept the robot's id and secret: copy WECOM_BOT_ID and WECOM_BOT_SECRET again from its page (API mode, 使用长连接); a new Secret makes the old one invalid · 企业微信不认这两项：请从机器人页面重新复制，新的 Secret 会使旧的失效";

export function createConnection({
  id,
  secret,
  wsUrl,
  log,
  reconnectMs,
  heartbeatMs,
  wait,
  now,
  ...on
}: ConnectionOptions): Connection {
  let client: WSClient | undefined;
  /** `down` reconnects by itself, `replaced` after a long pause, `closed` not at all. */
  let state: 'closed' | 'down' | 'ready' | 'replaced' = 'closed';
  let mending = true;
  let listener: Heard | undefined;
  let toldWrong = false;
  /** When the connection was ready last, and taken over last, ms; and the takeovers in a row. */
  let readySince = 0;
  let takenAt = 0;
  let takeovers = 0;
  let returning = new AbortController();
  /** Callers that wait for the first login. */
  let opening: { resolve(): void; reject(reason: Error): void } | undefined;

  const opened = (): void => {
    opening?.resolve();
    opening = undefined;
  };
  const drop = (): void => {
    returning.abort();
    client?.removeAllListeners();
    client?.disconnect();
    client = undefined;
  };
  const end = (): void => {
    state = 'closed';
    drop();
    opened();
  };

  function refused(error: Error): void {
    const code = refusalCode(error);
    if (code === undefined) return log.warn('WeCom cannot be reached', { error });
    if (code !== WRONG_SECRET) return log.warn('WeCom refuses the robot for now', { code });
    if (opening) {
      opening.reject(new Error(WRONG));
      opening = undefined;
      return end();
    }
    if (!toldWrong) log.error(WRONG);
    toldWrong = true;
  }

  function replaced(heard: Heard): void {
    state = 'replaced';
    opened();
    if (!mending) return;
    const lasted = now() - readySince;
    takeovers = lasted > RETURN_MS.longest ? 1 : takeovers + 1;
    takenAt = now();
    const pauseMs = backoff(takeovers, { firstMs: RETURN_MS.first, longestMs: RETURN_MS.longest });
    log.error(
      'another program has connected with the same WECOM_BOT_ID, and WeCom allows one connection: this program hears and says nothing there until it tries again. Stop the other one',
      { robot: id, pauseMs },
    );
    on.replaced?.();
    void comeBack(heard, pauseMs);
  }

  /** Takes the place back after the pause, unless this ends or is started anew before. */
  async function comeBack(heard: Heard, pauseMs: number): Promise<void> {
    returning = new AbortController();
    const { signal } = returning;
    await wait(pauseMs, signal).catch(() => undefined);
    if (!signal.aborted && state === 'replaced' && mending) connect(heard);
  }

  /** Restarts a login without an answer. */
  async function giveUp(mine: WSClient, heard: Heard, answered: AbortSignal): Promise<void> {
    await wait(LOGIN_MS, answered).catch(() => undefined);
    if (answered.aborted || client !== mine || state !== 'down') return;
    log.warn('WeCom does not answer the login; it is tried again');
    connect(heard);
  }

  /** Creates a new client: one that was disconnected and connected again trips over its own old socket. */
  function connect(heard: Heard): void {
    drop();
    state = 'down';
    const mine = new WSClient({
      botId: id,
      secret,
      ...(wsUrl === undefined ? {} : { wsUrl }),
      ...(reconnectMs === undefined ? {} : { reconnectInterval: reconnectMs }),
      ...(heartbeatMs === undefined ? {} : { heartbeatInterval: heartbeatMs }),
      // A refusal at run time may pass, and a restart would not help; at the start it is reported at once.
      maxReconnectAttempts: -1,
      maxAuthFailureAttempts: -1,
      wsOptions: { handshakeTimeout: HANDSHAKE_MS, maxPayload: MOST_BYTES },
      // The package logs whole messages.
      logger: silent,
    });
    client = mine;
    let login = new AbortController();
    mine.on('connected', () => {
      mendFrames(mine, log);
      login = new AbortController();
      void giveUp(mine, heard, login.signal);
    });
    mine.on('authenticated', () => {
      login.abort();
      state = 'ready';
      readySince = now();
      toldWrong = false;
      log.info('listening on WeCom', { robot: id });
      opened();
    });
    mine.on('error', refused);
    mine.on('disconnected', (reason) => {
      login.abort();
      if (state !== 'ready') return;
      state = 'down';
      if (!mending) return end();
      log.warn('the connection to WeCom is gone; it will be made again', { reason });
    });
    // The package ends this connection itself and does not reconnect.
    mine.on('event.disconnected_event', () => replaced(heard));
    mine.on('message', (frame) => heard.message(frame));
    mine.on('event', (frame) => heard.event(frame));
    mine.connect();
  }

  return {
    async open(heard) {
      opened();
      mending = true;
      toldWrong = false;
      listener = heard;
      await new Promise<void>((resolve, reject) => {
        opening = { resolve, reject };
        connect(heard);
      });
    },
    letGo() {
      mending = false;
      if (state === 'down' || state === 'replaced') end();
    },
    close: end,
    replacedAt: () => (state === 'replaced' ? takenAt : undefined),
    async call(make) {
      if (!client || state !== 'ready') {
        throw new BotFault(
          state === 'replaced' ? 'another connection has taken this robot over' : 'there is no connection to WeCom now',
          'no',
        );
      }
      try {
        return await make(client);
      } catch (error) {
        const fault = toFault(error);
        // WeCom has forgotten the subscription, and the package does not notice.
        if (fault.code === NOT_SUBSCRIBED && state === 'ready' && mending && listener) connect(listener);
        throw fault;
      }
    },
  };
}
