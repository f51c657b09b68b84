/** Shows a typed text on the visitor's page and submits it as an event; a secret is shown as dots. */
import type { Incoming } from '../../../handlers/message.ts';
import type { SubmitEvent } from './submit-event.ts';
import { asking, find, put, remove, type Page, type Side } from './visitor-page.ts';

/** Stands in the chat in place of a secret. */
const HIDDEN = '••••••';

/** Resolves when the text is stored, now or earlier; rejects when it is not, and then the page does not show it. */
export type SayText = (visitor: string, side: Side, event: string, text: string, incoming: Incoming) => Promise<void>;

export function createSayText({ submitEvent, now }: { submitEvent: SubmitEvent; now: () => number }): SayText {
  return async (visitor, side, event, text, incoming) => {
    const message = `me-${event}`;
    let ask: 'text' | 'secret' | undefined;
    const show = (page: Page): Page => {
      if (find(page, side, message)) return page;
      ask = page.chats[side].ask;
      const shown = ask === 'secret' ? HIDDEN : text;
      return asking(put(page, side, message, { kind: 'mine', text: shown }, now()), side, undefined);
    };
    const hide = (page: Page): Page => asking(remove(page, side, message), side, page.chats[side].ask ?? ask);
    await submitEvent(visitor, event, incoming, { show, hide });
  };
}
