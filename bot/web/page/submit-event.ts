/** Submits a visitor's event to the inbox, idempotently: a repeated POST of the same event has no second effect. */
import type { Hear } from '../../channel/channel.ts';
import type { Incoming } from '../../../handlers/message.ts';
import { heard, type Page } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';

/** The event on the visitor's page: `show` adds it optimistically, `hide` takes it back when submitting failed. */
export interface Shown {
  readonly show: (page: Page) => Page;
  readonly hide: (page: Page) => Page;
}

const nothing: Shown = { show: (page) => page, hide: (page) => page };

/** Resolves when the event is stored, now or earlier. Rejects when it is not; the page may retry then. */
export type SubmitEvent = (visitor: string, event: string, incoming: Incoming, shown?: Shown) => Promise<void>;

/** `hearing` gives undefined while the channel is stopped. */
export function createSubmitEvent({
  pages,
  now,
  hearing,
}: {
  pages: Pages;
  now: () => number;
  hearing: () => Hear | undefined;
}): SubmitEvent {
  /** Events in flight: a retry that arrives meanwhile shares the outcome of the first. */
  const underway = new Map<string, Promise<void>>();

  async function once(visitor: string, event: string, incoming: Incoming, { show, hide }: Shown): Promise<void> {
    const hear = hearing();
    if (!hear) throw new Error('not hearing');
    let known = false;
    await pages.change(visitor, (page) => {
      known = page.heard.includes(event);
      return known ? page : show(page);
    });
    if (known) return;
    try {
      await hear(incoming);
    } catch (error) {
      await pages.change(visitor, hide);
      throw error;
    }
    await pages.change(visitor, (page) => heard(page, event, now()));
  }

  return async (visitor, event, incoming, shown = nothing) => {
    const turn = underway.get(incoming.id) ?? once(visitor, event, incoming, shown).finally(() => underway.delete(incoming.id));
    underway.set(incoming.id, turn);
    await turn;
  };
}
