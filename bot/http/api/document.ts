/** The description of the API: `openapi.json`, generated from the schemas, and a page that reads it to people. */
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import { readFileSync } from 'node:fs';
import type { Env } from './authenticate.ts';
import { renderDocs, type Document } from './docs-page.ts';

const STYLE = readFileSync(new URL('./docs.css', import.meta.url), 'utf8');

/** Builds the OpenAPI 3.1 document of these routes. */
export function createDocument(routes: readonly RouteConfig[], version: string): Document {
  const described = new OpenAPIHono();
  for (const route of routes) described.openAPIRegistry.registerPath(route);
  described.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of one store, `hx_…`: an owner makes it by /api in a private chat.',
  });
  return described.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Hexiao',
      version,
      description:
        'Looks up, verifies and undoes group-buy coupons of one store. Money is whole fen, times are ISO 8601 with offset, ' +
        'codes and ids are text. Problems are application/problem+json with a `code`.',
    },
    servers: [{ url: '/api/v1' }],
  });
}

/** Mounts the two public addresses, `openapi.json` and `docs`; the document is made when it is first asked for. */
export function mountDocument(app: OpenAPIHono<Env>, make: () => Document): void {
  let made: { readonly document: Document; readonly page: ReturnType<typeof renderDocs> } | undefined;
  const described = () => {
    if (made) return made;
    const document = make();
    return (made = { document, page: renderDocs(document) });
  };
  app.get('/openapi.json', (c) => c.json(described().document));
  app.get('/docs.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/docs', async (c) => {
    c.header(
      'content-security-policy',
      "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    );
    return c.html(await described().page);
  });
}
