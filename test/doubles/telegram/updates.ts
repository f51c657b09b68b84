/** Delivers updates to the bot: held for long polls, or posted to its webhook until it answers 200. */
import type { Update } from 'grammy/types';
import { realSetTimeout, refuse, type Watch } from './answers.ts';

interface Queued {
  readonly update: Update;
  /** Sent again although its id may be confirmed already. */
  again: boolean;
}

export interface WebhookInfo {
  url: string;
  secret?: string;
  allowed?: readonly string[];
}

export type Delivery = ReturnType<typeof createDelivery>;

/** Updates in the order they happened, numbered after `last`. A webhook that does not answer 200 gets the update again after `retryMs`. */
export function createDelivery(watch: Watch, last = 1000, retryMs = 5) {
  let queue: Queued[] = [];
  const all: Update[] = [];
  let nextId = last;
  let webhook: WebhookInfo | undefined;
  let allowed: readonly string[] | undefined;
  let poll: { end(conflict: boolean): void } | undefined;
  let held: Update[] | undefined;
  let closed = false;
  const lines = new Map<number, Promise<void>>();
  const failures: number[] = [];

  const wanted = (update: Update): boolean => !allowed || Object.keys(update).some((key) => allowed!.includes(key));

  function enqueue(update: Update, again = false): void {
    if (held) return void held.push(update);
    if (!wanted(update)) return;
    const item = { update, again };
    queue.push(item);
    if (webhook) postInLine(item);
    else poll?.end(false);
  }

  /** One chat's updates one after another, chats side by side, as Telegram does. */
  function postInLine(item: Queued): void {
    const { message, callback_query: query, my_chat_member: change } = item.update;
    const chat = message?.chat?.id ?? query?.message?.chat?.id ?? change?.chat?.id ?? 0;
    lines.set(
      chat,
      (lines.get(chat) ?? Promise.resolve()).then(() => post(item)),
    );
  }

  async function post(item: Queued): Promise<void> {
    for (;;) {
      if (closed || !webhook || !queue.includes(item)) return;
      try {
        const response = await fetch(webhook.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(webhook.secret !== undefined && { 'x-telegram-bot-api-secret-token': webhook.secret }),
          },
          body: JSON.stringify(item.update),
        });
        await response.arrayBuffer();
        if (response.ok) {
          queue = queue.filter((one) => one !== item);
          return watch.changed();
        }
        failures.push(response.status);
      } catch {
        failures.push(0);
      }
      watch.changed();
      await new Promise((resolve) => {
        realSetTimeout(resolve, retryMs);
      });
    }
  }

  return {
    /** Every update there was. */
    all,
    /** Statuses other than 200 that the webhook answered; 0 for no answer. */
    failures,
    get webhook() {
      return webhook;
    },
    /** Updates not yet acknowledged. */
    get waiting() {
      return queue.length + (held?.length ?? 0);
    },
    happen(what: Omit<Update, 'update_id'>): Update {
      const update = { update_id: (nextId += 1), ...structuredClone(what) };
      all.push(update);
      enqueue(update);
      return update;
    },
    repeat: (update: Update) => enqueue(update, true),
    hold: () => void (held ??= []),
    release(order: 'as-happened' | 'reversed'): void {
      const updates = held ?? [];
      held = undefined;
      for (const update of order === 'reversed' ? updates.toReversed() : updates) enqueue(update);
    },
    setWebhook(info: WebhookInfo | undefined): void {
      webhook = info;
      if (info?.allowed) allowed = info.allowed;
      if (webhook) poll?.end(true);
      if (webhook) for (const item of queue) postInLine(item);
    },
    async getUpdates(
      options: { offset?: number; timeout?: number; limit?: number; allowed_updates?: string[] },
      gone: AbortSignal,
    ): Promise<Update[]> {
      if (webhook) {
        refuse(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
      }
      poll?.end(true);
      if (options.allowed_updates) allowed = options.allowed_updates;
      const offset = options.offset ?? 0;
      queue = queue.filter((item) => item.again || item.update.update_id >= offset);
      watch.changed();
      const take = (): Update[] => {
        const items = queue.slice(0, options.limit ?? 100);
        for (const item of items) item.again = false;
        return items.map((item) => item.update);
      };
      if (queue.length > 0 || !options.timeout) return take();
      const conflict = await new Promise<boolean>((resolve) => {
        const late = realSetTimeout(() => mine.end(false), options.timeout! * 1000);
        late.unref();
        const mine = {
          end(lost: boolean): void {
            clearTimeout(late);
            if (poll === mine) poll = undefined;
            resolve(lost);
          },
        };
        poll = mine;
        gone.addEventListener('abort', () => mine.end(false));
      });
      if (conflict)
        refuse(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
      return gone.aborted ? [] : take();
    },
    close(): void {
      closed = true;
      poll?.end(false);
    },
  };
}
