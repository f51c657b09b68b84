/** Raises alerts, each in one transaction with what it writes, and tells those that waited. */
import type { Db, Tx } from '../database/database.ts';
import { ALERT_KINDS, type Alert, type AlertName, type RaiseAlert } from './alert.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { Alerts, NotedAlert } from './alerts.ts';

export interface Alerting {
  readonly raise: RaiseAlert;
  /** Prepares the same for a transaction of the caller's, which has to be new each time. */
  prepare(alert: Alert): Promise<(tx: Tx) => Promise<void>>;
  /** Ends a cause. */
  over(name: AlertName): Promise<void>;
  /** The same in a transaction. */
  end(tx: Tx, name: AlertName): Promise<void>;
  /** Tells what waited for its time or for the end of quiet hours: one message for all of an account. A job. */
  tell(): Promise<void>;
}

export interface AlertingParts<Message> {
  readonly db: Db;
  readonly alerts: Alerts;
  readonly settings: Pick<AlertSettings, 'judge'>;
  readonly now: () => number;
  /** Words alerts of one account for everybody who is told: all of them in one message each. */
  readonly word: (alerts: readonly Alert[]) => Promise<readonly Message[]>;
  readonly put: (tx: Tx, messages: readonly Message[]) => Promise<void>;
  /** Prepares what the merchant's own systems are told. */
  readonly attention: (alert: Alert) => Promise<(tx: Tx) => Promise<void>>;
}

const NOTHING = (): Promise<void> => Promise.resolve();

export function createAlerting<Message>(parts: AlertingParts<Message>): Alerting {
  const { db, alerts, settings, now, word, put } = parts;

  const prepare: Alerting['prepare'] = async (alert) => {
    if (await alerts.isOpen(alert)) return NOTHING;
    const judged = await settings.judge(alert.kind, alert.storeIds);
    const messages = judged === 'told' ? await word([alert]) : [];
    const attention = ALERT_KINDS[alert.kind].attention ? await parts.attention(alert) : NOTHING;
    return (tx) =>
      alerts.note(tx, alert, {
        tellAt: now(),
        ...(judged !== 'held' && { tell: (noted: Tx) => put(noted, messages) }),
        also: attention,
      });
  };

  /** Those that are told now; what nobody wants counts as told. */
  const due = async (waiting: readonly NotedAlert[]): Promise<readonly NotedAlert[]> => {
    const found: NotedAlert[] = [];
    for (const alert of waiting) {
      const judged = await settings.judge(alert.kind, alert.storeIds);
      if (judged === 'told') found.push(alert);
      if (judged === 'off') await alerts.told([alert], NOTHING);
    }
    return found;
  };

  return {
    prepare,
    async raise(alert) {
      const write = await prepare(alert);
      if (write !== NOTHING) await db.transaction().execute(write);
    },
    over: (name) => alerts.over(name),
    end: (tx, name) => alerts.over(name, tx),
    async tell() {
      const byAccount = Map.groupBy(await due(await alerts.untold()), ({ accountId }) => accountId);
      for (const together of byAccount.values()) {
        const messages = await word(together);
        await alerts.told(together, (tx) => put(tx, messages));
      }
    },
  };
}
