/** Records the refund of a coupon that was verified here, where the platform was asked about it and said so. */
import type { Accounts } from '../accounts/accounts.ts';
import { createRecordNews, type OutsideNewsParts } from '../verification/outside-news.ts';
import type { Repository } from '../verification/repository/port.ts';

/** `ids`: other numbers of the use, under which a message of the platform may have told the refund before. */
export type RefundFound = (accountId: string, verification: string, ids: readonly string[]) => Promise<void>;

export function createRefundFound(
  parts: Pick<OutsideNewsParts, 'db' | 'now' | 'notifier'> & {
    readonly accounts: Pick<Accounts, 'get'>;
    readonly repository: Pick<Repository, 'get'>;
  },
): RefundFound {
  const { accounts, repository, now } = parts;
  const record = createRecordNews(parts);
  return async (accountId, verification, ids) => {
    const account = await accounts.get(accountId);
    const verified = await repository.get(verification);
    if (!account || verified?.state !== 'verified') return;
    const { id, coupon } = verified;
    const news = { kind: 'coupon.refunded', account, id, coupon, at: now(), verified } as const;
    await record(news, { subjects: [id, ...ids], detail: { verification: id } });
  };
}
