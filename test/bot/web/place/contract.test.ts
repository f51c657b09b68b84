import { channelContract } from '../../../contracts/channel.ts';
import { pageHarness } from '../page-harness.ts';
import { idOf } from '../tab.ts';
import { createPlaces } from './harness.ts';

channelContract(
  'a page of a place',
  async () => {
    const { channel, http, pages, browse } = await createPlaces();
    const browser = await browse();
    await browser.get('/changes');
    await channel.stop();
    const visitor = idOf(browser.cookie);
    return pageHarness({ channel, chat: `web-place:${visitor}`, visitor, pages, ...browser, close: () => http.stop() });
  },
  { can: ['leave'], carries: { picture: 10 * 1024 * 1024, file: 10 * 1024 * 1024, refuses: false } },
);
