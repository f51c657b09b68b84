/** Applies a reply to a visitor's page. Pure. */
import type { Incoming, Reply } from '../../../handlers/message.ts';
import type { Attachment } from '../../channel/attachments.ts';
import { answered, asking, find, put, remove, type Page, type Side } from './visitor-page.ts';

/** The page after the reply, and the id of the message that shows it, where one does. */
export interface Applied {
  readonly page: Page;
  readonly message?: string;
}

/** `id` names a new message; `attached` is the stored picture or file of the reply, kept under that id. */
export function applyReply(before: Page, side: Side, reply: Reply, told: Parameters<typeof applied>[3]): Applied {
  const { answering } = told;
  const after = applied(before, side, reply, told);
  return answering ? { ...after, page: answered(after.page, answering.id.slice(answering.id.lastIndexOf(':') + 1)) } : after;
}

function applied(
  page: Page,
  side: Side,
  reply: Reply,
  {
    id,
    at,
    answering,
    attached,
  }: { id: string; at: number; answering?: Incoming | undefined; attached?: Attachment | undefined },
): Applied {
  const added = (after: Page): Applied => ({ page: after, message: id });
  switch (reply.kind) {
    case 'say': {
      const { text, buttons, ask } = reply;
      const after = put(page, side, id, buttons ? { kind: 'said', text, buttons } : { kind: 'said', text }, at);
      // An answer without a question closes the open question; a notice that answers nothing leaves it open.
      return added(ask || answering ? asking(after, side, ask) : after);
    }
    case 'card':
      return added(put(page, side, id, { kind: 'card', card: reply.card }, at));
    case 'replace': {
      const on = reply.on ?? (answering?.content.kind === 'press' ? answering.content.on : undefined);
      const before = on && find(page, side, on.message);
      if (!before && reply.silent) return { page };
      const message = before && before.kind !== 'mine' ? before.id : id;
      return { page: put(page, side, message, { kind: 'card', card: reply.card }, at), message };
    }
    case 'whisper':
      return added(put(page, side, id, { kind: 'whisper', text: reply.text }, at));
    case 'picture':
    case 'file': {
      if (!attached) throw new Error('its bytes are not stored');
      const { as, name, bytes } = attached;
      const text = reply.caption;
      return added(
        put(page, side, id, as === 'picture' ? { kind: as, text } : { kind: as, text, name, bytes: bytes.length }, at),
      );
    }
    case 'forget': {
      const message = answering?.message?.message;
      if (message === undefined) return added(put(page, side, id, { kind: 'said', text: reply.sorry }, at));
      return { page: find(page, side, message)?.kind === 'mine' ? remove(page, side, message) : page };
    }
  }
}
