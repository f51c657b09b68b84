/** What the program tells its operator. Everybody may speak through it; only bot/telemetry/log.ts knows where the lines go. */

/**
 * One event per call: `message` says what happened, always in the same words; `facts` carry what differs (`{ chat, error }`).
 * Codes and credentials do not belong in either; whoever writes the lines masks what looks like one.
 */
export interface Log {
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

export type Facts = Readonly<Record<string, unknown>>;
