import { channelContract } from '../../contracts/channel.ts';
import { createPractice } from './harness.ts';
import { pageHarness } from './page-harness.ts';

channelContract(
  'the practice page',
  async () => {
    const { channel, http, pages, opened } = await createPractice();
    await channel.stop();
    const cookie = (await http.app.request('/')).headers.get('set-cookie')!.split(';')[0]!;
    await (await http.app.request('/events', { headers: { cookie } })).body?.cancel();
    const visitor = opened[0]!.slice('web:'.length);
    return pageHarness({
      channel,
      chat: `web:${visitor}`,
      visitor,
      pages,
      get: (path) => http.app.request(path, { headers: { cookie } }),
      post: (path, body) =>
        http.app.request(path, {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      close: () => http.stop(),
    });
  },
  { can: ['leave'], carries: { picture: 10 * 1024 * 1024, file: 10 * 1024 * 1024, refuses: false } },
);
