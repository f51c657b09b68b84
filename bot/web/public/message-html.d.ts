/** Types of the renderer that the server and the browser share. */
import type { Button, Card } from '../../../handlers/message.ts';
import type { Message as Kept } from '../page/visitor-page.ts';

/** A message as the scripts take it: what its kind has not is not looked at. */
export interface Message {
  readonly id: string;
  /** ms. */
  readonly at: number;
  readonly rev: number;
  readonly kind: Kept['kind'];
  readonly text: string;
  readonly picture?: string;
  readonly name: string;
  readonly bytes: number;
  readonly card: Card;
  readonly buttons?: readonly (readonly Button[])[];
}

/** Escapes a text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string;
/** The classes of a message's element. */
export function classOf(message: Kept | Message): string;
/** The inside of a message's element; every text of it is escaped. */
export function messageHtml(
  message: Kept | Message,
  frame: {
    readonly words: object;
    readonly locale: string;
    /** Begins the addresses of the page. */
    readonly at: string;
    readonly side: string;
    /** The id of the event that a button posts without a script; without it buttons need one. */
    readonly form?: string;
  },
): string;
