/** Topics of the fake Telegram's forums: which there are, and what may be sent to them. */
import { refuse } from './answers.ts';
import type { FakeChat } from './chats.ts';

/** Turns topics on in a supergroup, with these topics; gives the threads. The ids are those of the messages that opened them. */
export function openForum(chat: FakeChat, ...names: readonly string[]): number[] {
  chat.forum = { topics: new Map(), generalClosed: false };
  const threads = names.map((_, n) => 2 + 5 * n);
  for (const [n, thread] of threads.entries()) chat.forum.topics.set(thread, { name: names[n]!, closed: false });
  return threads;
}

/**
 * The topic that a message is sent to: the named one, or the one of the message it replies to. Administrators write in closed
 * topics too. While General is closed, a reply finds its topic only by name: telegramdesktop/tdesktop#30476.
 */
export function topicFor(chat: FakeChat, named: unknown, replyTo: number | undefined, administers: boolean): number | undefined {
  const { forum } = chat;
  if (named !== undefined) {
    const topic = forum?.topics.get(Number(named));
    // General by its id 1, a thread of an ordinary group, a deleted topic: https://github.com/tdlib/telegram-bot-api/issues/798
    if (!topic) refuse(400, 'Bad Request: message thread not found');
    if (topic.closed && !administers) refuse(400, 'Bad Request: TOPIC_CLOSED');
    return Number(named);
  }
  if (forum?.generalClosed && !administers) refuse(400, 'Bad Request: TOPIC_CLOSED');
  return chat.messages.find(({ id }) => id === replyTo)?.topic;
}
