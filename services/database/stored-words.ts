/** Translates stored JSON of earlier versions into today's types; the only place that knows former names. */

type Stored = Readonly<Record<string, unknown>>;

/**
 * A translation leaves today's values unchanged: after an upgrade rows of several versions lie side by side, and rows are not
 * rewritten. A renamed field or kind gets a translation here and stays. `expires` (ms) is set for collections.
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

/** Translations by collection. */
const values: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  // The expiry of the value was the invitation's only one.
  ['invitation', (stored, expires) => ({ until: expires ?? 0, ...stored })],
  // Only staff could be removed, so it had no kind.
  ['removal', (stored) => ({ kind: 'staff', ...stored })],
]);

/** A row of the outbox, opened: a reply and what belongs to it. Earlier versions stored the bare reply. */
export const readStoredMessage = (json: string): unknown => {
  const stored: unknown = JSON.parse(json);
  if (!isObject(stored)) return stored;
  if ('kind' in stored) return { reply: reply(stored, undefined) };
  return isObject(stored['reply']) ? { ...stored, reply: reply(stored['reply'], undefined) } : stored;
};

/** A row of the inbox, opened. */
export const readStoredEvent = (json: string): unknown => translated(event, JSON.parse(json));

/** A value of a collection, opened. */
export const readStoredValue = (collection: string, value: unknown, expires: number | undefined): unknown =>
  translated(values.get(collection), value, expires);

function translated(translate: Translate | undefined, value: unknown, expires?: number): unknown {
  return translate && isObject(value) ? translate(value, expires) : value;
}
