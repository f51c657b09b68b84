/** Checks the bound accounts: whether the platform accepts their logins, and the last success of each. */
import type { Config } from '../config/config.ts';
import { bad, ok, type Check, type Say } from './check.ts';
import { openStorage } from './storage.ts';

/** Lists the accounts. While the program runs on SQLite the database is locked, and `/status` in a chat shows the same. */
export function accountsCheck({ database, timeZone }: Pick<Config, 'database' | 'timeZone'>, say: Say): Check {
  const times = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return {
    name: say('已绑定的账号', 'Bound accounts'),
    async run() {
      const found = await openStorage(database);
      if (found === 'none') return ok(say('还没有', 'none yet'));
      if (found === 'in use')
        return ok(say('程序正在运行：请在聊天里发 /status', 'the program is running: send /status in a chat'));
      if (found instanceof Error) return ok(say('数据库打不开，没有查', 'not checked, the database does not open'));
      const accounts = await found.db
        .selectFrom('account')
        .leftJoin('store', 'store.account_id', 'account.id')
        .leftJoin('listing', (join) => join.onRef('listing.account_id', '=', 'account.id').on('listing.removed_at', 'is', null))
        .select(['account.platform', 'account.identity', 'account.refused_at'])
        .select((e) => [e.fn.max('store.last_success_at').as('succeeded_at'), e.fn.max('listing.name').as('further')])
        .groupBy(['account.id', 'account.platform', 'account.identity', 'account.refused_at', 'account.created_at'])
        .orderBy('account.created_at')
        .execute();
      await found.close();
      if (accounts.length === 0) return ok(say('还没有', 'none yet'));
      const lines = accounts.map(({ platform, identity, refused_at: refused, succeeded_at, further }) => {
        // Successes are recorded per store, not per account.
        const none =
          further === null ? say('还没有成功过', 'has never succeeded') : say(`也用于「${further}」`, `also serves “${further}”`);
        const last =
          succeeded_at === null
            ? none
            : say(`上次成功 ${times.format(succeeded_at)}`, `last succeeded ${times.format(succeeded_at)}`);
        if (refused === null) return `${platform} ${identity}: ${last}`;
        const since = times.format(refused);
        return `${platform} ${identity}: ${say(
          `登录从 ${since} 起被拒绝，${last}；请账号主人重新 /bind`,
          `its login is refused since ${since}, ${last}; its owner should /bind it again`,
        )}`;
      });
      const words = lines.length === 1 ? lines[0]! : ['', ...lines].join('\n    ');
      return accounts.some(({ refused_at: refused }) => refused !== null) ? bad(words) : ok(words);
    },
  };
}
