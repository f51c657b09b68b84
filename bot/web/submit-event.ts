/** Hands what a visitor did over to the one who hears: each event once, however often the page sends it. */
import type { Hear } from '../channel/channel.ts';
import type { Incoming } from '../../handlers/message.ts';
import { heard, type Page } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';

/** What the visitor sees of an event: `show` when it is taken up, `hide` when it could not be handed over. */
export interface Shown {
  readonly show: (page: Page) => Page;
  readonly hide: (page: Page) => Page;
}

const nothing: Shown = { show: (page) => page, hide: (page) => page };

/** Resolves once the event is stored, or was before. Rejects when it is not: then the page may send it again. */
export type SubmitEvent = (visitor: string, event: string, incoming: Incoming, shown?: Shown) => Promise<void>;

/** `hearing` gives undefined while the channel does not hear. */
export function createSubmitEvent({
  pages,
  now,
  hearing,
}: {
  pages: Pages;
  now: () => number;
  hearing: () => Hear | undefined;
}): SubmitEvent {
  /** Events being handed over: the same one sent again meanwhile waits for the same end. */
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
