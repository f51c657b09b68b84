/** Deliberate bugs: each changes one file of the program as it is loaded, in the simulation's process and nowhere else. */
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bug, Change } from './bug.ts';
import { BUGS } from './bug-list.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Plants a bug; before any file of the program is loaded. A bug that has no place any more is an error. */
export function plant(name: string, bugs: readonly Bug[] = BUGS): void {
  const bug = bugs.find((one) => one.name === name);
  if (!bug) throw new Error(`no such bug: ${name}`);
  const changes = new Map<string, readonly Change[]>();
  for (const change of bug.changes) {
    const url = pathToFileURL(path.join(ROOT, change.file)).href;
    changes.set(url, [...(changes.get(url) ?? []), change]);
  }
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const mine = changes.get(url);
      if (!mine || loaded.source === undefined || loaded.source === null) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8');
      for (const { file, from, to } of mine) {
        const changed = source.replace(from, to);
        if (changed === source) throw new Error(`the bug ${name} has no place in ${file} any more`);
        source = changed;
      }
      return { ...loaded, source };
    },
  });
}
