/** Tells owners in December that the holidays of the year to come are not known here: until then its days go by the weekday. */
import type { Store } from '../../services/accounts/stores.ts';
import type { RaiseAlert } from '../../services/alerts/alert.ts';
import { hasHolidays, knowsHolidays } from '../../services/time/holidays.ts';
import { wallTime } from '../../services/time/wall-clock.ts';

/** By then the year to come was told of in every year since 2007, and an update of the program can have followed. */
const FROM_DAY = '12-10';
const DECEMBER = 11;
/** Nobody is told before ten in the morning by the store's clock. */
const FROM_MINUTE = 600;

/** Makes the job; `following` lists the stores whose hours, or rules, go by the calendar of holidays. */
export function createUnknownHolidays(parts: {
  following: () => Promise<readonly string[]>;
  store: (id: string) => Promise<Store | undefined>;
  raise: RaiseAlert;
  now: () => number;
}): () => Promise<void> {
  const { following, store: storeOf, raise, now } = parts;

  const tell = async ({ id, name, zone, accountId }: Store): Promise<void> => {
    const { day, minute } = wallTime(now(), zone);
    const year = Number(day.slice(0, 4)) + 1;
    const due = day.slice(5) >= FROM_DAY && minute >= FROM_MINUTE && hasHolidays(zone) && !knowsHolidays(year, zone);
    const facts = { store: name, year: String(year) };
    if (due) await raise({ kind: 'holidays', key: `${id} ${year}`, accountId, storeIds: [id], facts });
  };

  return async () => {
    if (new Date(now()).getUTCMonth() !== DECEMBER) return;
    for (const id of await following()) {
      const store = await storeOf(id);
      if (store) await tell(store);
    }
  };
}
