/** Fills HTML templates: every value is escaped unless it is markup. */
import { readFileSync } from 'node:fs';
import type { html } from 'hono/html';
import { escapeHtml } from './public/message-html.js';

/** HTML that is inserted as it is. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A piece of HTML: what it was made of is escaped. */
export type Html = ReturnType<typeof html>;

/** A piece of HTML as markup. It is there at once: nothing in it is waited for. */
export const markupOf = (piece: Html): Markup => new Markup((piece as Awaited<Html>).toString());

/** Reads a template of `templates/`. */
export const template = (name: string): string =>
  readFileSync(new URL(`templates/${name}.html`, import.meta.url), 'utf8').trimEnd();

/** Replaces each `{{name}}` by its value, escaped unless it is markup. Throws for a name without a value. */
export function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value instanceof Markup) return value.text;
    if (typeof value !== 'string') throw new Error(`the page has no words for ${name}`);
    return escapeHtml(value);
  });
}

/** Data for the page's scripts: in a script element only `</script` and `<!--` could end or change it. */
export const given = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
