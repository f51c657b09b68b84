/** The log: JSON lines on stdout, with codes, phone numbers and secrets masked in every field. */
import { pino } from 'pino';
import type { Facts, Log } from '../../services/log.ts';
import type { LogLevel } from '../config/config.ts';
import { createRedact } from './redact.ts';

/** Creates a log for lines of `level` and above, with `secrets` masked. `write` takes one finished line, with its line break. */
export function createLog({
  level,
  secrets = [],
  write = (line) => void process.stdout.write(line),
}: {
  level: LogLevel;
  secrets?: readonly string[];
  write?: (line: string) => void;
}): Log {
  const mask = createRedact(secrets);
  const lines = pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    // Mask the finished line, not the arguments: tokens also occur in messages, stacks and unexpected fields.
    { write: (line: string) => write(`${JSON.stringify(mask(JSON.parse(line)))}\n`) },
  );
  return {
    info: (message, facts) => lines.info(plainFacts(facts), message),
    warn: (message, facts) => lines.warn(plainFacts(facts), message),
    error: (message, facts) => lines.error(plainFacts(facts), message),
  };
}

function plainFacts(facts: Facts = {}): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, plainError(value)]));
}

/**
 * Serialises an error: name, message, stack, plain fields (`code`, `outcome`) and cause. Object fields (payloads) are left
 * out.
 */
function plainError(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const fields = Object.entries(value).filter(([, field]) => ['string', 'number', 'boolean'].includes(typeof field));
  // grammY's HttpError calls its cause `error`.
  const cause = value.cause ?? ('error' in value ? value.error : undefined);
  return {
    ...Object.fromEntries(fields),
    name: value.name,
    message: value.message,
    stack: value.stack,
    ...(cause !== undefined && depth < 5 && { cause: plainError(cause, depth + 1) }),
    ...(value instanceof AggregateError && depth < 5 && { errors: value.errors.map((error) => plainError(error, depth + 1)) }),
  };
}
