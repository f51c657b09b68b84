/** Makes requests safe to repeat: the same key with the same request is carried out once, and answered the same again. */
import type { Db, Tx } from '../database/database.ts';
import type { Principal } from '../facts/by.ts';

/** How long an answer is kept, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** How long a request that has begun nothing is believed under way, ms: then its process has died, and it may be tried again. */
const CLAIM_MS = 120_000;

/** No claim is this one. */
const NOBODYS = 0;

/** A request: who makes it, under which key, and a hash of what it asks. */
export interface Request {
  readonly principal: Pick<Principal, 'kind' | 'id'>;
  readonly key: string;
  readonly hash: string;
  /** The claim of whoever carries it out: a later one, of whoever took it over, is greater. Absent where it is only looked at. */
  readonly claim?: number;
}

export type Attempt =
  /** It is the caller's to carry out, under this claim. */
  | { readonly kind: 'new'; readonly claim: number }
  /** It was answered before. */
  | { readonly kind: 'replay'; readonly response: string }
  /** The key stands for another request. */
  | { readonly kind: 'mismatch' }
  /** It has begun this verification, which tells the answer once it has settled; or it is just beginning. */
  | { readonly kind: 'in-progress'; readonly verification: string | undefined };

/** Somebody else carries the request out by now. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

export interface Idempotency {
  /** Begins a request, of many at once for exactly one caller. */
  begin(request: Request): Promise<Attempt>;
  /**
   * Notes what a request began, in the transaction that stores it: from then on nobody else carries it out. Throws `TakenOver`
   * where another has claimed it since, or it was forgotten: then nothing may begin.
   */
  link(tx: Tx, request: Request, verification: string): Promise<void>;
  /** Gives what a request began under its claim. */
  began(request: Request): Promise<string | undefined>;
  /** Keeps the answer (JSON) for seven days: of whoever has the claim, or by what it `began`. */
  end(request: Request, response: string, began?: string): Promise<void>;
  /**
   * Forgets a request that came to nothing, so that it may be tried again, for whoever has the claim; `began`: what it began, and
   * certainly did nothing.
   */
  forget(request: Request, began?: string): Promise<void>;
  /** Deletes what was begun more than seven days ago. */
  sweep(): Promise<void>;
}

export function createIdempotency({ db, now }: { db: Db; now: () => number }): Idempotency {
  const principalOf = ({ principal: { kind, id } }: Request): string => `${kind}:${id}`;

  return {
    async begin(request) {
      const { key, hash } = request;
      const principal = principalOf(request);
      const at = now();
      const claimed = await db
        .insertInto('idempotency')
        .values({
          principal,
          key,
          request_hash: hash,
          verification_id: null,
          response: null,
          at,
          claimed_until: at + CLAIM_MS,
        })
        .onConflict((c) =>
          c
            .columns(['principal', 'key'])
            .doUpdateSet({ request_hash: hash, verification_id: null, response: null, at, claimed_until: at + CLAIM_MS })
            // Forgotten by its age, though not swept yet; or begun by a process that died before it stored anything.
            .where((e) =>
              e.or([
                e('idempotency.at', '<=', at - KEPT_MS),
                e.and([
                  e('idempotency.request_hash', '=', hash),
                  e('idempotency.claimed_until', '<=', at),
                  e('idempotency.verification_id', 'is', null),
                  e('idempotency.response', 'is', null),
                ]),
              ]),
            ),
        )
        .returning('claimed_until')
        .executeTakeFirst();
      if (claimed) return { kind: 'new', claim: claimed.claimed_until };
      const known = await db
        .selectFrom('idempotency')
        .selectAll()
        .where('principal', '=', principal)
        .where('key', '=', key)
        .executeTakeFirst();
      // Forgotten in between: whoever repeats it begins it.
      if (!known) return { kind: 'in-progress', verification: undefined };
      if (known.request_hash !== hash) return { kind: 'mismatch' };
      if (known.response !== null) return { kind: 'replay', response: known.response };
      return { kind: 'in-progress', verification: known.verification_id ?? undefined };
    },
    async link(tx, request, verification) {
      const { numUpdatedRows } = await tx
        .updateTable('idempotency')
        .set({ verification_id: verification })
        .where('principal', '=', principalOf(request))
        .where('key', '=', request.key)
        .where('request_hash', '=', request.hash)
        .where('claimed_until', '=', request.claim ?? NOBODYS)
        .where('verification_id', 'is', null)
        .where('response', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) throw new TakenOver('a request was taken over before it began anything');
    },
    async began(request) {
      const row = await db
        .selectFrom('idempotency')
        .select('verification_id')
        .where('principal', '=', principalOf(request))
        .where('key', '=', request.key)
        .where('claimed_until', '=', request.claim ?? NOBODYS)
        .executeTakeFirst();
      return row?.verification_id ?? undefined;
    },
    async end(request, response, began) {
      await db
        .updateTable('idempotency')
        .set({ response })
        .where('principal', '=', principalOf(request))
        .where('key', '=', request.key)
        .where('request_hash', '=', request.hash)
        .where((e) => e.or([e('claimed_until', '=', request.claim ?? NOBODYS), e('verification_id', '=', began ?? '')]))
        .where('response', 'is', null)
        .execute();
    },
    async forget(request, began) {
      await db
        .deleteFrom('idempotency')
        .where('principal', '=', principalOf(request))
        .where('key', '=', request.key)
        .where('request_hash', '=', request.hash)
        .where((e) =>
          e.or([
            e.and([e('claimed_until', '=', request.claim ?? NOBODYS), e('verification_id', 'is', null)]),
            e('verification_id', '=', began ?? ''),
          ]),
        )
        .where('response', 'is', null)
        .execute();
    },
    async sweep() {
      await db
        .deleteFrom('idempotency')
        .where('at', '<=', now() - KEPT_MS)
        .execute();
    },
  };
}
