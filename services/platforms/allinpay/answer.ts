/**
 * Opens Allinpay's answers: checks that they are signed and answer this request, and unwraps the published envelope, which holds
 * the answer proper as text in `bizContent`.
 */
import { isRecord, textOf, type Fields } from '../../fields.ts';
import { parseJson, type JsonAnswer } from '../json-http.ts';

/** Whether a text is signed by Allinpay. */
export type Verifies = (text: string, signature: string) => boolean;

/** An answer's fields, or why it is not believed. */
export type Opened =
  { readonly kind: 'opened'; readonly fields: Fields } | { readonly kind: 'not-believed'; readonly why: string };

/** Opens the answer to the request `reqSeq`. Without `verifies` signatures are not checked. */
export function openAnswer({ json, text = '' }: JsonAnswer, reqSeq: string, verifies: Verifies | undefined): Opened {
  const root = isRecord(json) ? json : {};
  const signature = textOf(root['sign']);
  if (verifies) {
    if (signature === undefined) return notBelieved('it is not signed');
    if (!verifies(signedPart(text, signature), signature)) return notBelieved('its signature is not that of ALLINPAY_PUBLIC_KEY');
  }
  const answered = textOf(root['reqSeq']);
  if (answered !== undefined && answered !== reqSeq) return notBelieved('it answers another request');
  const inner = root['bizContent'];
  if (inner === undefined || 'code' in root || 'data' in root) return { kind: 'opened', fields: root };
  const fields = isRecord(inner) ? inner : typeof inner === 'string' ? recordIn(inner) : undefined;
  return fields ? { kind: 'opened', fields } : notBelieved('its bizContent is no JSON, perhaps encrypted');
}

/**
 * Gives the part of an answer that is signed: its JSON text as it came, with its braces, without the signature itself. That is
 * published but for the last part.
 */
export function signedPart(text: string, signature: string): string {
  const members = [...text.matchAll(/(,\s*)?"sign"\s*:\s*("(?:[^"\\]|\\.)*")(\s*,)?/g)];
  const own = members.findLast(([, , value = '']) => JSON.parse(value) === signature);
  if (!own) return text;
  const [whole, before, , after] = own;
  // Between two members one comma stays.
  return text.slice(0, own.index) + (before && after ? ',' : '') + text.slice(own.index + whole.length);
}

function recordIn(text: string): Fields | undefined {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const notBelieved = (why: string): Opened => ({ kind: 'not-believed', why });
