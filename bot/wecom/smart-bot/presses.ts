/**
 * The card that was pressed: WeCom takes one new look for it within 5 s of the press, and then never again. If nothing else
 * gives it one, it says 处理中 to the one who pressed.
 */
import type { TemplateCard } from '@wecom/aibot-node-sdk';
import type { Card, Incoming } from '../../../handlers/message.ts';
import { fitCard, MOST_BUTTONS } from '../template-cards.ts';
import { nativeId, requestOf } from './reading.ts';

/** WeCom's 5 s, less the way there: https://developer.work.weixin.qq.com/document/path/101027 */
const IN_TIME_MS = 4500;
/** So long a handler has to say it better. */
const PATIENCE_MS = 3000;
/** Presses remembered; those of the last seconds are all that matter. */
const REMEMBERED = 10_000;

interface Press {
  /** Whether the one new look is still to be given. */
  open: boolean;
  /** What the card shows since, when WeCom has said so. */
  shown: Promise<Card | undefined>;
  readonly settled: AbortController;
}

export interface Presses {
  /** A press came. Hearing it again changes nothing. */
  heard(press: Incoming): void;
  /** Gives the pressed card its new look. False when it cannot have it any more: then it is to be said anew. */
  show(press: Incoming, card: Card): Promise<boolean>;
  /** The card stays as it is: the answer stands elsewhere. */
  leave(press: Incoming): void;
}

export function createPresses(options: {
  /** Rejects when WeCom does not take it. `userids`: only for them; else for all who see the card. */
  readonly update: (request: string, card: TemplateCard, userids?: string[]) => Promise<void>;
  /** 处理中, in the chat's language. */
  readonly busy: (press: Incoming) => Promise<Card>;
  /** What is added to a card that promises a result. */
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

  /** The card, where WeCom took it, whole, for the new look; failures are no matter: what is important is said anew. */
  async function look(press: Incoming, card: Card, only: string[] | undefined): Promise<Card | undefined> {
    const request = requestOf(press);
    if (request?.kind !== 'press' || press.content.kind !== 'press' || now() - press.at > IN_TIME_MS) return undefined;
    const buttons = card.buttons.flat().length;
    if (buttons > MOST_BUTTONS) return undefined;
    try {
      const passing = card.tone === 'busy' && buttons === 0;
      const adaptReply = fitCard(card, press.content.on.message, passing ? [await options.below(press)] : []);
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
      // One that was never heard here was heard before a restart.
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

/** Whether the one card tells what the other would; a store's mark before the same title is no news. */
const says = (shown: Card, card: Card): boolean =>
  JSON.stringify(shown) === JSON.stringify(card) ||
  (shown.tone === 'busy' && card.tone === 'busy' && card.title.endsWith(shown.title) && card.buttons.flat().length === 0);
