/** Renders the description of the API as one page of plain HTML: no script, one style sheet. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';

export type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** What the page reads of a schema. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}
interface Read {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

type Html = ReturnType<typeof html>;

/** Names a schema: its type, its choices, or a link to where it stands. */
function kind({ $ref, type, enum: choices, items, anyOf, pattern }: Schema): Html | string {
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1)!;
    return html`<a href="#${name}">${name}</a>`;
  }
  if (anyOf) return html`${anyOf.map((one, n) => html`${n > 0 ? ' or ' : ''}${kind(one)}`)}`;
  if (items) return html`list of ${kind(items)}`;
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(', ');
  const types = typeof type === 'string' ? type : (type?.join(' or ') ?? 'anything');
  return pattern === undefined ? types : html`${types} <code>${pattern}</code>`;
}

const fields = ({ properties = {}, required = [] }: Schema): Html =>
  html`<table>
    ${Object.entries(properties).map(
      ([name, schema]) =>
        html`<tr>
          <td><code>${name}</code>${required.includes(name) ? '' : ' (optional)'}</td>
          <td>${kind(schema)}</td>
          <td>${schema.description ?? ''}</td>
        </tr>`,
    )}
  </table>`;

const operation = (path: string, method: string, { summary, parameters = [], requestBody, responses }: Operation): Html =>
  html`<section>
    <h2><code>${method.toUpperCase()} /api/v1${path}</code></h2>
    <p>${summary ?? ''}</p>
    ${
      parameters.length === 0
        ? ''
        : html`<table>
            ${parameters.map(
              ({ name, in: where, required, schema = {} }) =>
                html`<tr>
                  <td><code>${name}</code>${required === true ? '' : ' (optional)'}, in ${where}</td>
                  <td>${kind(schema)}</td>
                  <td>${schema.description ?? ''}</td>
                </tr>`,
            )}
          </table>`
    }
    ${Object.values(requestBody?.content ?? {}).map(({ schema }) => html`<p>Body: ${kind(schema)}</p>`)}
    <table>
      ${Object.entries(responses).map(
        ([status, { description, content = {} }]) =>
          html`<tr>
            <td>${status}</td>
            <td>${Object.values(content).map(({ schema = {} }) => kind(schema))}</td>
            <td>${description}</td>
          </tr>`,
      )}
    </table>
  </section>`;

/** The page of a document that this program generated. */
export async function renderDocs(document: Document): Promise<string> {
  // The document's own type covers all of OpenAPI; this one is generated here, and holds only what `Read` has.
  const { info, paths, components } = document as unknown as Read;
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <link rel="stylesheet" href="docs.css" />
      </head>
      <body>
        <h1>${info.title} API ${info.version}</h1>
        <p>${info.description ?? ''}</p>
        <p>For programs: <a href="openapi.json">openapi.json</a></p>
        ${Object.entries(paths).flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, one]) => operation(path, method, one)),
        )}
        ${Object.entries(components.schemas).map(
          ([name, schema]) =>
            html`<section id="${name}">
              <h2>${name}</h2>
              ${fields(schema)}
            </section>`,
        )}
      </body>
    </html>`;
  return page.toString();
}
