/** Translates stored JSON of earlier versions into today's types: the one place that knows their former words. */

type Stored = Readonly<Record<string, unknown>>;

/**
 * `expires` (ms) is known of collections' values only. A translation leaves today's words as they are: rows of several
 * versions lie side by side after an upgrade, and keep the words they were written in.
 */
type Translate = (stored: Stored, expires: number | undefined) => Stored;

const isObject = (value: unknown): value is Stored => typeof value === 'object' && value !== null;

/** `Reply`: `replace` was named `settle`. */
const reply: Translate = (stored) => (stored['kind'] === 'settle' ? { ...stored, kind: 'replace' } : stored);

/** `Incoming`: `viaStoreLink` was named `cameFor`; a platform's answer belonged to no grant. */
const event: Translate = ({ cameFor, ...stored }) => {
  const { content } = stored;
  return {
    ...stored,
    ...(cameFor !== undefined && { viaStoreLink: cameFor }),
    ...(isObject(content) && content['kind'] === 'authorised' && { content: { grant: '', ...content } }),
  };
};

/** By the name of their collection. */
const values: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  // An invitation was good for as long as it was kept.
  ['invitation', (stored, expires) => ({ until: expires ?? 0, ...stored })],
  // Only staff could be removed.
  ['removal', (stored) => ({ kind: 'staff', ...stored })],
]);

/** A row of the outbox, opened. */
export const readStoredReply = (json: string): unknown => translated(reply, JSON.parse(json));

/** A row of the inbox, opened. */
export const readStoredEvent = (json: string): unknown => translated(event, JSON.parse(json));

/** A value of a collection, opened. */
export const readStoredValue = (collection: string, value: unknown, expires: number | undefined): unknown =>
  translated(values.get(collection), value, expires);

function translated(translate: Translate | undefined, value: unknown, expires?: number): unknown {
  return translate && isObject(value) ? translate(value, expires) : value;
}
