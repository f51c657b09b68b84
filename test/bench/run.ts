/** `npm run bench`: all figures but the longest, or those that are named (`npm run bench -- overhead hostile`), as tables. */
import { availableParallelism, loadavg } from 'node:os';
import type { Figure } from './ledger.ts';

const BENCHES: Readonly<Record<string, () => Promise<{ bench: () => Promise<readonly Figure[]> }>>> = {
  start: () => import('./start.ts'),
  overhead: () => import('./overhead.ts'),
  capacity: () => import('./capacity.ts'),
  ledger: () => import('./ledger.ts'),
  export: () => import('./export.ts'),
  codes: () => import('./codes.ts'),
  photos: () => import('./photos.ts'),
  hostile: () => import('./hostile.ts'),
  politeness: () => import('./politeness.ts'),
  webhooks: () => import('./webhooks.ts'),
  callback: () => import('./wecom-callback.ts'),
};

/** Takes a quarter of an hour and more: it runs where it is named. */
const ONLY_NAMED = 'hostile';

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES).filter((name) => name !== ONLY_NAMED);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  print(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 1;
} else {
  print(
    `Node ${process.versions.node}, ${availableParallelism()} cores, other load before the start ${loadavg()[0]!.toFixed(1)}`,
  );
  for (const name of names) {
    const { bench } = await BENCHES[name]!();
    const began = performance.now();
    const figures = await bench();
    print(`\n${name} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
    print(table(figures));
    if (figures.some(({ held }) => !held)) process.exitCode = 1;
  }
}

function table(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const measured = Math.max(...figures.map((figure) => figure.measured.length));
  return figures
    .map((figure) => {
      const verdict = figure.promised === '' && figure.held ? '' : figure.held ? 'held' : 'NOT HELD';
      return `  ${figure.what.padEnd(width)}  ${figure.measured.padEnd(measured)}  ${figure.promised.padEnd(10)} ${verdict}`.trimEnd();
    })
    .join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
