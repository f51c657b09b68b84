/**
 * Learns under which names a platform lists our operators, once each, from uses that it has said yes to: no platform documents
 * whether it repeats the name that was sent. A query about a lost answer then knows our own entry.
 */
import type { Collection } from '../collection.ts';
import type { PlatformClient } from './client.ts';
import { PlatformFault, type OperatorName, type Receipt, type VerifyRequest } from './platform.ts';

/** How long a name is kept, ms. */
export const OPERATOR_NAME_MS = 180 * 86_400_000;

export interface OperatorNamesParts {
  /** The client's account: names of one account tell nothing about another's. */
  readonly account: string;
  readonly names: Collection<OperatorName>;
  readonly onDefect: (error: unknown) => void;
}

/** Wraps a client: `verify` learns after a yes, in the background, and `query` uses what was learnt. */
export function withOperatorNames(client: PlatformClient, { account, names, onDefect }: OperatorNamesParts): PlatformClient {
  const ofOperator = ({ operator }: Pick<VerifyRequest, 'operator'>): string => `${account}/by ${operator}`;
  const ofListed = (listed: string): string => `${account}/as ${listed}`;

  const learn = async (request: VerifyRequest, receipt: Receipt): Promise<void> => {
    if (await names.get(ofOperator(request))) return;
    const found = await client.operatorName({ ...request, receipt });
    if (!found) return;
    const { sent, listed } = found;
    const before = await names.get(ofListed(listed));
    // Two operators of one name, as where names are masked: it tells neither.
    await names.set(ofListed(listed), { sent: before === undefined || before.sent === sent ? sent : '', listed });
    await names.set(ofOperator(request), found);
  };

  const learnt = async (request: VerifyRequest): Promise<{ readonly listedAs?: string }> => {
    const found = await names.get(ofOperator(request));
    if (!found || (await names.get(ofListed(found.listed)))?.sent !== found.sent) return {};
    return { listedAs: found.listed };
  };

  return {
    ...client,
    async verify(request, waiting) {
      const answer = await client.verify(request, waiting);
      if (answer.kind === 'verified')
        learn(request, answer).catch((error: unknown) => {
          if (!(error instanceof PlatformFault)) onDefect(error);
        });
      return answer;
    },
    query: async (lost, waiting) => await client.query({ ...lost, ...(await learnt(lost)) }, waiting),
  };
}
