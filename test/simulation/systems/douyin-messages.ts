/** Douyin's messages: posted until the program takes them, out of order and more than once, beside forged and untrue ones. */
import type { DouyinGateway } from '../gateways/douyin.ts';
import type { Chance } from '../world/chance.ts';
import type { Scheduler } from '../world/scheduler.ts';
import type { Reach } from './reach.ts';

export type Action = 'verify' | 'refund_success';

/** How a post was answered. */
export interface Posted {
  readonly id: string;
  readonly forged: boolean;
  readonly status: number;
}

export interface DouyinMessages {
  readonly posted: readonly Posted[];
  /** Tells what happened to a coupon; `forged`: somebody else does, who does not have the secret. */
  tell(code: string, action: Action, forged?: 'forged'): void;
}

/** The longest time after which a message is posted, ms: messages overtake each other. */
const LATE_MS = 4_000;
/** The waits after posts without a 200, ms; the last one for ever. */
const AGAIN_MS = [1_000, 5_000, 30_000, 300_000] as const;

export function createDouyinMessages(parts: {
  gateway: Pick<DouyinGateway, 'message'>;
  scheduler: Scheduler;
  chance: Chance;
  reach: Reach;
  tell: (line: string) => void;
}): DouyinMessages {
  const { gateway, scheduler, chance, reach } = parts;
  const posted: Posted[] = [];
  let count = 0;
  return {
    posted,
    tell(code, action, forged) {
      const id = `message-${(count += 1)}`;
      const post = gateway.message(code, action, id);
      const headers = forged ? { ...post.headers, 'x-douyin-signature': '0'.repeat(64) } : post.headers;
      const send = (tries: number): void =>
        reach({ method: 'POST', path: '/douyin/webhook', headers, body: post.body }, (answered) => {
          parts.tell(`douyin ⇒ ${id} ${action} ${code}${forged ? ' [forged]' : ''}: ${answered?.status ?? 'no answer'}`);
          if (answered) posted.push({ id, forged: forged !== undefined, status: answered.status });
          if (answered?.status === 200 || (forged && answered)) return;
          scheduler.after(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]!, () => send(tries + 1));
        });
      for (let times = chance.often(0.2) ? 2 : 1; times > 0; times--) scheduler.after(chance.between(20, LATE_MS), () => send(0));
    },
  };
}
