/** Draws requests from the API's own document: most fit it, and some break it in one place. */
import fc from 'fast-check';
import type { Document, Operation } from './documented.ts';

export interface Drawn {
  readonly method: string;
  /** As the document names it. */
  readonly template: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** What a story knows to exist, by the name of the parameter or field. An empty list: nothing would be found, so it is mostly left out. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

/** Texts that have broken programs before. */
const NASTY = [
  '',
  ' ',
  '\u0000',
  '%00',
  '../..',
  "' or 1=1 --",
  '\ud800',
  '\u202e',
  'x'.repeat(5000),
  '１２３４５６７８９０',
  '-1',
  '1e309',
  'null',
  '[]',
  '{}',
  '__proto__',
];
const nasty = fc.constantFrom(...NASTY);
const junk: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer()),
  fc.dictionary(fc.string(), fc.string()),
);

/** A value that fits the schema. */
function fitting(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const existing = known[name];
  const fresh = ((): fc.Arbitrary<unknown> => {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.format === 'date')
      return fc
        .date({ min: new Date('2026-11-01'), max: new Date('2026-12-01'), noInvalidDate: true })
        .map((at) => at.toISOString().slice(0, 10));
    if (schema.type === 'integer' || schema.type === 'number')
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1000, 1000) });
    if (schema.pattern !== undefined && !schema.pattern.includes('\\p{')) return fc.stringMatching(new RegExp(schema.pattern));
    return fc.string({ minLength: schema.minLength ?? 1, maxLength: Math.min(schema.maxLength ?? 20, 20) });
  })();
  return existing && existing.length > 0
    ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...existing) }, { weight: 1, arbitrary: fresh })
    : fresh;
}

/** Mostly fits, sometimes does not. */
const loosely = (name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: known[name]?.length === 0 ? 2 : 16, arbitrary: fitting(name, schema, known) },
    { weight: 1, arbitrary: junk },
    { weight: known[name]?.length === 0 ? 14 : 0, arbitrary: fc.constant(undefined) },
  );

/** What an HTTP client lets through in a header. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const asHeader = (value: unknown): string => asText(value).replaceAll(/[^ -~]/g, '?');
const encoded = (value: unknown): string => encodeURIComponent(asText(value).toWellFormed()) || '%20';

function operation(document: Document, method: string, template: string, one: Operation, known: Known): fc.Arbitrary<Drawn> {
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : (document.components.schemas[schema.$ref.split('/').at(-1)!] as Schema);
  const parameters = one.parameters ?? [];
  const values = fc.record(
    Object.fromEntries(parameters.map(({ name, schema }) => [name, loosely(name, resolve(schema), known)])),
    { requiredKeys: parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name) },
  );
  const content = one.requestBody?.content['application/json'];
  const bodySchema = content && resolve(content.schema);
  const fields = Object.entries(bodySchema?.properties ?? {});
  const object = fc.record(Object.fromEntries(fields.map(([name, schema]) => [name, loosely(name, resolve(schema), known)])), {
    requiredKeys: fields.map(([name]) => name).filter((name) => bodySchema?.required?.includes(name)),
  });
  const body: fc.Arbitrary<string | undefined> = bodySchema
    ? fc.oneof(
        { weight: 15, arbitrary: object.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: junk.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: fc.string() },
        { weight: 1, arbitrary: object.map((value) => JSON.stringify({ ...value, surplus: 1 })) },
        { weight: 1, arbitrary: fc.constant('x'.repeat(20_000)) },
      )
    : fc.constant(undefined);
  const type = fc.oneof(
    { weight: 20, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-8', 'application/jsonx') },
  );
  return fc.record({ values, body, type }).map(({ values: given, body: sent, type: mediaType }) => {
    const named = given as Record<string, unknown>;
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(named[name] ?? 'none'));
    const query = parameters.flatMap(({ name, in: where }) =>
      where === 'query' && named[name] !== undefined ? [`${name}=${encoded(named[name])}`] : [],
    );
    const headers = parameters.flatMap(({ name, in: where }) =>
      where === 'header' && named[name] !== undefined ? [[name, asHeader(named[name])] as const] : [],
    );
    return {
      method: method.toUpperCase(),
      template,
      path: query.length > 0 ? `${path}?${query.join('&')}` : path,
      headers: { ...Object.fromEntries(headers), ...(sent === undefined ? {} : { 'content-type': mediaType }) },
      body: sent,
    };
  });
}

/** Any request that the document knows. */
export function requestsOf(document: Document, known: Known): fc.Arbitrary<Drawn> {
  return fc.oneof(
    ...Object.entries(document.paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, one]) => operation(document, method, template, one, known)),
    ),
  );
}
