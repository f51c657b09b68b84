/** Makes a call safe to repeat: carried out once, and answered the same again, also after a crash and at another instance. */
import { createHash } from 'node:crypto';
import { byKey } from '../../services/accounts/api-keys.ts';
import type { Desk } from '../../services/verification/desk.ts';
import { TakenOver, type Idempotency, type Request } from '../../services/verification/idempotency.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { problem, UNDER_WAY, type Answer, type Caller, type Problem, type ProblemCode } from './answer.ts';

export interface Call<T> {
  readonly caller: Caller;
  /** The Idempotency-Key. */
  readonly key: string;
  /** Everything that it asks: with another one, the key stands for another call. */
  readonly asks: unknown;
  /** Carries it out; what it begins is linked to the request. */
  carryOut(request: Request): Promise<Answer<T>>;
  /** The answer by what it began, as that stands now; undefined while it is under way. */
  tells(began: Verification): Promise<Answer<T> | undefined>;
}

export interface Repeated<T> {
  readonly answer: Answer<T>;
  /** An earlier request was carried out, and this one was not. */
  readonly replayed: boolean;
}

export type Repeatable = <T>(call: Call<T>) => Promise<Repeated<T>>;

/** Nothing was begun, or it certainly did nothing: the same call may be made again. */
const RETRIED: ReadonlySet<ProblemCode> = new Set(['platform', 'rate_limit', 'in_progress', 'not_found', 'overloaded']);

export function createRepeatable({ idempotency, desk }: { idempotency: Idempotency; desk: Pick<Desk, 'get'> }): Repeatable {
  /**
   * Keeps an answer that is final. One that is pending is told anew each time, until it is. `began`: what the request itself began;
   * a problem may name the verification of another, which is in its way.
   */
  const keep = async (request: Request, answer: Answer<unknown>, began: string | undefined): Promise<void> => {
    if (answer.kind === 'pending') return;
    if (answer.kind === 'problem' && RETRIED.has(answer.code)) await idempotency.forget(request, began);
    else await idempotency.end(request, JSON.stringify(answer), began);
  };

  return async <T>({ caller, key, asks, carryOut, tells }: Call<T>) => {
    const hash = createHash('sha256').update(JSON.stringify(asks)).digest('hex');
    const request: Request = { principal: byKey(caller.key), key, hash };
    const attempt = await idempotency.begin(request);
    switch (attempt.kind) {
      case 'mismatch': {
        const detail = 'This Idempotency-Key was used for another request: use a new one for each.';
        return { answer: problem('idempotency_mismatch', detail), replayed: false };
      }
      case 'replay':
        // Written by `keep`, of the same call.
        return { answer: JSON.parse(attempt.response) as Answer<T>, replayed: true };
      case 'in-progress': {
        const began = attempt.verification === undefined ? undefined : await desk.get(attempt.verification);
        const answer = began && (await tells(began));
        if (!answer) return { answer: UNDER_WAY, replayed: false };
        await keep(request, answer, began.id);
        return { answer, replayed: true };
      }
      case 'new': {
        const claimed = { ...request, claim: attempt.claim };
        const answer = await carryOut(claimed).catch(async (error: unknown): Promise<Problem> => {
          if (error instanceof TakenOver) return UNDER_WAY;
          await idempotency.forget(claimed);
          throw error;
        });
        if (answer !== UNDER_WAY) await keep(claimed, answer, await idempotency.began(claimed));
        return { answer, replayed: false };
      }
    }
  };
}
