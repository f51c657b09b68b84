/** The robot's one connection: comes back for ever, but makes way for another that takes its place. */
import { WSClient, type WsFrame } from '@wecom/aibot-node-sdk';
import type { Log } from '../../../services/log.ts';
import { BotFault, NOT_SUBSCRIBED, toFault, WRONG_SECRET } from './fault.ts';

export interface LinkOptions {
  readonly id: string;
  readonly secret: string;
  /** The package's own when undefined: wss://openws.work.weixin.qq.com */
  readonly wsUrl: string | undefined;
  readonly log: Log;
  /** The first pause before coming back; it doubles up to 30 s. A second unless told. */
  readonly reconnectMs?: number | undefined;
  /** A beat each; two unanswered ones end the connection. 30 s unless told, as WeCom asks. */
  readonly heartbeatMs?: number | undefined;
}

export interface Link {
  /** Resolves when WeCom took id and secret, or when `close` was called; rejects with a sentence when it refuses them. */
  open(heard: { message(frame: unknown): void; event(frame: unknown): void }): Promise<void>;
  /** The connection is not mended any more; it lasts as long as it does. */
  letGo(): void;
  close(): void;
  /** Makes one call; rejects with a `BotFault`. */
  call(make: (client: WSClient) => Promise<WsFrame>): Promise<void>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The errcode in the package's words for a refused login. */
const refusalCode = (error: Error): number | undefined => {
  const match = /^Authentication failed: .*\(code: (-?\d+)\)$/s.exec(error.message);
  return match ? Number(match[1]) : undefined;
};

const WRONG =
  "WeCom does not accept the robot's id and secret: copy WECOM_BOT_ID and WECOM_BOT_SECRET again from its page (API mode, 使用长连接); a new Secret makes the old one invalid";

export function createLink({ id, secret, wsUrl, log, reconnectMs, heartbeatMs }: LinkOptions): Link {
  let client: WSClient | undefined;
  /** `down` comes back by itself; `replaced` and `closed` do not. */
  let state: 'closed' | 'down' | 'ready' | 'replaced' = 'closed';
  let mending = true;
  let opened: () => void = () => undefined;

  const end = (as: 'closed' | 'replaced'): void => {
    state = as;
    client?.disconnect();
    opened();
  };

  return {
    async open(heard) {
      client?.removeAllListeners();
      client?.disconnect();
      const mine = new WSClient({
        botId: id,
        secret,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(reconnectMs === undefined ? {} : { reconnectInterval: reconnectMs }),
        ...(heartbeatMs === undefined ? {} : { heartbeatInterval: heartbeatMs }),
        // A refusal while we run may pass, and a restart would do no more; at the start it is told at once.
        maxReconnectAttempts: -1,
        maxAuthFailureAttempts: -1,
        // It writes whole messages.
        logger: silent,
      });
      client = mine;
      state = 'down';
      mending = true;
      let told = false;
      await new Promise<void>((resolve, reject) => {
        let waiting = true;
        opened = () => {
          waiting = false;
          resolve();
        };
        mine.on('authenticated', () => {
          state = 'ready';
          told = false;
          log.info('listening on WeCom', { robot: id });
          opened();
        });
        mine.on('error', (error) => {
          const code = refusalCode(error);
          if (code === WRONG_SECRET && waiting) {
            reject(new Error(WRONG));
            return end('closed');
          }
          if (code === WRONG_SECRET && !told) log.error(WRONG);
          else if (code !== undefined) log.warn('WeCom refuses the robot for now', { code });
          else log.warn('WeCom cannot be reached', { error });
          told = code === WRONG_SECRET;
        });
        mine.on('disconnected', (reason) => {
          if (state !== 'ready') return;
          state = 'down';
          if (!mending) return end('closed');
          log.warn('the connection to WeCom is gone; it will be made again', { reason });
        });
        mine.on('event.disconnected_event', () => {
          // The package ends this connection itself and does not come back.
          state = 'replaced';
          opened();
          if (mending)
            log.error(
              'another program has connected with the same WECOM_BOT_ID, and WeCom allows one connection: this program hears and says nothing there any more. Stop the other one, then start this one again',
              { robot: id },
            );
        });
        mine.on('message', (frame) => heard.message(frame));
        mine.on('event', (frame) => heard.event(frame));
        mine.connect();
      });
    },
    letGo() {
      mending = false;
      if (state === 'down') end('closed');
    },
    close: () => end('closed'),
    async call(make) {
      if (!client || state !== 'ready') {
        throw new BotFault(
          state === 'replaced' ? 'another connection has taken this robot over' : 'there is no connection to WeCom now',
          'no',
        );
      }
      try {
        await make(client);
      } catch (error) {
        const fault = toFault(error);
        if (fault.code === NOT_SUBSCRIBED && state === 'ready' && mending) {
          // WeCom has forgotten us, and the package does not notice.
          state = 'down';
          client.disconnect();
          client.connect();
        }
        throw fault;
      }
    },
  };
}
