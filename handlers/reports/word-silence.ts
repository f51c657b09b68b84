/** Words what a day's zeros do not say, so that silence is never taken for a quiet day. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/store.ts';
import type { Silence } from '../../services/silence/silence.ts';

/** Most ends of codes, and most times, of one line. */
const MOST_CODES = 8;
const MOST_TIMES = 3;

/** Words a line for each; `count` is what was verified that day. */
export function wordSilence(
  { unconfirmed, gaps, platforms, unbound }: Silence,
  count: number,
  store: Store,
  words: Words,
): readonly string[] {
  const clock = (at: number): string => words.clock(at, store.zone);
  const times = bounded(
    gaps.map(({ from, to }) => `${clock(from)}–${clock(to)}`),
    MOST_TIMES,
  );
  return [
    ...(unconfirmed.length > 0
      ? [words.say('summary-unconfirmed', { count: unconfirmed.length, codes: bounded(unconfirmed, MOST_CODES) })]
      : []),
    ...(gaps.length > 0 ? [words.say('summary-gaps', { times })] : []),
    ...platforms.map(({ platform, calls }) =>
      words.say('summary-platform-silent', { platform: words.say(`platform-${platform}`), count: calls }),
    ),
    ...(unbound && count === 0 ? [words.say('summary-unbound')] : []),
  ];
}

const bounded = (parts: readonly string[], most: number): string =>
  [...parts.slice(0, most), ...(parts.length > most ? ['…'] : [])].join(' ');
