/** How a chat hears of an outcome that it did not wait for. */
import type { Tx } from '../database/database.ts';
import type { Verification } from './verification.ts';

/** Writes the message about an outcome into the outbox, in the transaction of the change. */
export type Notify = (tx: Tx, settled: Verification) => Promise<void>;
