/**
 * The pressed card: WeCom accepts one update of it within 5 s of the press, and none later. If nothing else updates it in
 * time, it shows 处理中 to the person who pressed.
 */
import type { TemplateCard } from '@wecom/aibot-node-sdk';
import type { Card, Incoming } from '../../../handlers/message.ts';
import { BOT_CARD, fitCard, MOST_BUTTONS } from '../template-cards.ts';
import { nativeId, requestOf } from './reading.ts';

/** WeCom's 5 s, less the latency: https://developer.work.weixin.qq.com/document/path/101027 */
const IN_TIME_MS = 4500;
/** Time for a handler to answer before 处理中 is shown. */
const PATIENCE_MS = 3000;
/** Presses remembered; only those of the last seconds matter. */
const REMEMBERED = 10_000;

interface Press {
  /** The one update is still available. */
  open: boolean;
  /** The card as shown since, once WeCom accepted it. */
  shown: Promise<Card | undefined>;
  readonly settled: AbortController;
}

export interface Presses {
  /** Records a press. Repeats change nothing. */
  heard(press: Incoming): void;
  /** Updates the pressed card. False when it cannot be updated any more: send the answer as a message. */
  show(press: Incoming, card: Card): Promise<boolean>;
  /** Leaves the card as it is: the answer is shown elsewhere. */
  leave(press: Incoming): void;
}

export function createPresses(options: {
  /** Rejects when WeCom refuses it. `userids`: shown to them alone; else to all who see the card. */
  readonly update: (request: string, card: TemplateCard, userids?: string[]) => Promise<void>;
  /** 处理中, in the chat's language. */
  readonly busy: (press: Incoming) => Promise<Card>;
  /** The line added to a card that promises an outcome. */
  readonly below: (press: Incoming) => Promise<string>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
}): Presses {
  const { update, now } = options;
  const known = new Map<string, Press>();

  function remember(press: Incoming): Press {
    const mine: Press = { open: true, shown: Promise.resolve(undefined), settled: new AbortController() };
    known.set(press.id, mine);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return mine;
  }

  /**
   * Updates the card; gives it whole where WeCom accepted it. Failures do not matter: an important answer is sent as a message.
   */
  async function look(press: Incoming, card: Card, only: string[] | undefined): Promise<Card | undefined> {
    const request = requestOf(press);
    if (request?.kind !== 'press' || press.content.kind !== 'press' || now() - press.at > IN_TIME_MS) return undefined;
    const buttons = card.buttons.flat().length;
    if (buttons > MOST_BUTTONS) return undefined;
    try {
      const passing = card.tone === 'busy' && buttons === 0;
      const adaptReply = fitCard(BOT_CARD, card, press.content.on.message, passing ? [await options.below(press)] : []);
      await update(request.id, adaptReply.card, only);
      return passing || adaptReply.rest === undefined ? card : undefined;
    } catch {
      return undefined;
    }
  }

  function give(mine: Press, press: Incoming, card: Card, only?: string[]): void {
    mine.open = false;
    mine.settled.abort();
    mine.shown = look(press, card, only);
  }

  async function inTime(mine: Press, press: Incoming): Promise<void> {
    await options.wait(PATIENCE_MS, mine.settled.signal).catch(() => undefined);
    const [person, card] = [nativeId(press.from.id), await options.busy(press)];
    if (mine.open && person !== undefined) give(mine, press, card, [person]);
  }

  return {
    heard(press) {
      if (!known.has(press.id)) void inTime(remember(press), press).catch(() => undefined);
    },
    async show(press, card) {
      // A press not recorded here came before a restart.
      const mine = known.get(press.id) ?? remember(press);
      if (mine.open) give(mine, press, card);
      const shown = await mine.shown;
      return shown !== undefined && says(shown, card);
    },
    leave(press) {
      const mine = known.get(press.id);
      if (!mine) return;
      mine.open = false;
      mine.settled.abort();
    },
  };
}

/** Tells whether one card says all that the other would; a store's mark before the same title is no news. */
const says = (shown: Card, card: Card): boolean =>
  JSON.stringify(shown) === JSON.stringify(card) ||
  (shown.tone === 'busy' && card.tone === 'busy' && card.title.endsWith(shown.title) && card.buttons.flat().length === 0);
