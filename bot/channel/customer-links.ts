/** Asks every channel that has links for customers. */
import type { CustomerLinks } from '../../handlers/customers.ts';
import type { Log } from '../../services/log.ts';
import type { Channel } from './channel.ts';

export function createCustomerLinks({
  channels,
  log,
}: {
  readonly channels: () => Iterable<Channel>;
  readonly log: Log;
}): CustomerLinks {
  return async (storeId) => {
    const asked = [...channels()].map(async (channel) => {
      try {
        return (await channel.customerLinks?.(storeId)) ?? [];
      } catch (error) {
        log.warn('links for customers cannot be had', { error, channel: channel.name });
        return undefined;
      }
    });
    const answers = await Promise.all(asked);
    const links = answers.flatMap((answer) => answer ?? []);
    return links.length === 0 && answers.includes(undefined) ? 'unavailable' : links;
  };
}
