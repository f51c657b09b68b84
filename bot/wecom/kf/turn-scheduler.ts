/** Schedules one delivery at a time per chat, after a pause that gathers replies. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Log } from '../../../services/log.ts';

export interface TurnScheduler {
  /** Schedules a turn after `ms`, in place of one that has not begun. */
  soon(chat: ChatId, ms: number): void;
  /** Schedules a retry after `ms`, unless a turn is scheduled anyway. `tries`: failures so far. */
  again(chat: ChatId, ms: number, tries: number): void;
  /** Tells whether a turn is scheduled. */
  has(chat: ChatId): boolean;
  /** Ends the pauses that are no retries, and resolves when no turn is running. */
  settled(): Promise<void>;
  /** Stops all pauses and retries. */
  hurry(): void;
}

export function createTurnScheduler({
  run,
  wait,
  log,
}: {
  run: (chat: ChatId, tries: number) => Promise<void>;
  /** Ends early, either way, when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  log: Log;
}): TurnScheduler {
  const pausing = new Map<ChatId, { readonly cut: AbortController; readonly tries: number }>();
  const running = new Map<ChatId, Promise<void>>();
  let hurried = false;

  async function turn(chat: ChatId, tries: number, before: Promise<void> | undefined): Promise<void> {
    await before;
    await run(chat, tries).catch((error: unknown) => log.error('微信客服: cannot deliver', { error }));
  }

  function begin(chat: ChatId, tries: number): void {
    const mine: Promise<void> = turn(chat, tries, running.get(chat)).finally(() => {
      if (running.get(chat) === mine) running.delete(chat);
    });
    running.set(chat, mine);
  }

  function pause(chat: ChatId, ms: number, tries: number): void {
    pausing.get(chat)?.cut.abort();
    const cut = new AbortController();
    pausing.set(chat, { cut, tries });
    void (async () => {
      await wait(ms, cut.signal).catch(() => undefined);
      if (pausing.get(chat)?.cut !== cut) return;
      pausing.delete(chat);
      begin(chat, tries);
    })();
  }

  /** Ends pauses; pauses of retries end without a turn. */
  function cutShort(failed: boolean): void {
    for (const [chat, { cut, tries }] of pausing) {
      if (tries > 0 && !failed) continue;
      pausing.delete(chat);
      cut.abort();
      if (tries === 0) begin(chat, 0);
    }
  }

  return {
    soon: (chat, ms) => (hurried ? begin(chat, 0) : pause(chat, ms, 0)),
    again(chat, ms, tries) {
      if (!hurried && !pausing.has(chat)) pause(chat, ms, tries);
    },
    has: (chat) => pausing.has(chat),
    async settled() {
      for (cutShort(false); running.size > 0; cutShort(false)) await Promise.all(running.values());
    },
    hurry() {
      hurried = true;
      cutShort(true);
    },
  };
}
