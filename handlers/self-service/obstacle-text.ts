/** Words why a customer, or staff, may not verify now. */
import type { Words } from '../../locales/index.ts';
import type { Obstacle } from '../../services/self-service/admission.ts';
import { clock, todayText } from './hours-text.ts';

/** `to`: staff are told of the store’s hours, customers of those for self-service. */
export function obstacleText(why: Obstacle, store: string, words: Words, to: 'customer' | 'staff' = 'customer'): string {
  switch (why.kind) {
    case 'off':
      return words.say('self-is-off', { store });
    case 'closed': {
      const today = words.say(to === 'staff' ? 'staff-is-closed' : 'self-is-closed', {
        store,
        hours: todayText(why.today, words),
      });
      const ask = why.ask ? words.say('self-closed-ask') : '';
      if (!why.next) return `${today}${ask}`;
      return `${today}${words.say('self-opens', { day: why.next.day, time: clock(why.next.minute) })}${ask}`;
    }
    case 'limit':
      return words.say(why.of === 'person' ? 'self-limit-person' : 'self-limit-place', { count: why.most });
  }
}
