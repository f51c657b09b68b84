/** What the processes that this one started take: Linux tells. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux, a second. */
const TICKS = 100;
const PAGE = 4096;

/** Of the children that run: memory in bytes, and processor time of all their threads in ms. */
export function children(): { readonly rss: number; readonly cpuMs: number } {
  let [rss, ticks] = [0, 0];
  for (const task of readdirSync('/proc/self/task'))
    for (const child of readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean)) {
      const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
      // The name before may hold blanks; user and system time are the 14th and 15th fields, resident pages the 24th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
      rss += Number(fields[21]) * PAGE;
    }
  return { rss, cpuMs: (ticks * 1000) / TICKS };
}
