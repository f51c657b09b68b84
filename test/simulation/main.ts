/**
 * `npm run simulate -- --runs 200 [--from 1] [--seed 7] [--instances 2] [--bug NAME|NAME,NAME|all] [--world NAME] [--workers 2] [--seconds 60]`: simulates the whole program from seeds.
 * `--years 10 [--seed 1] [--from 2026] [--bug NAME|NAME,NAME|all] [--workers 2]`: years of days, and whether each was told rightly.
 * One run of one seed prints its story where a law is broken, or always with `--story`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { BUGS } from './bug-list.ts';
import { plant } from './bugs.ts';
import type { Share } from './worker.ts';
import { tellYears } from './years/tell-years.ts';

interface Line {
  readonly seed: string;
  readonly broken: readonly string[];
  readonly trace: string;
  readonly steps: number;
}

/** A call for a platform's list of uses, of which comparing a day makes dozens. */
const LIST_CALL = / → \S+ (?:verifyHistory|consumeHistory|verify_record\/query|list)\b/;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    instances: { type: 'string' },
    world: { type: 'string' },
    bug: { type: 'string' },
    workers: { type: 'string' },
    seconds: { type: 'string' },
    years: { type: 'string' },
    story: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const workers = Math.max(1, Math.min(runs, Number(values.workers ?? availableParallelism())));
const limit = values.seconds === undefined ? {} : { seconds: Number(values.seconds) };
/** What is drawn of a seed. */
const drawn: Pick<Share, 'instances' | 'world'> = {
  ...(values.instances !== undefined && { instances: Number(values.instances) }),
  ...(values.world !== undefined && { world: values.world }),
};

if (values.years !== undefined)
  await tellYears({
    years: Number(values.years),
    seed: values.seed ?? '1',
    first: values.from === '1' ? 2026 : Number(values.from),
    workers: Number(values.workers ?? availableParallelism()),
    ...(values.bug !== undefined && { bug: values.bug }),
    print: (line) => console.log(line),
  });
else if (values.bug === 'all') await findAll(BUGS.map(({ name }) => name));
else if (values.bug?.includes(',')) await findAll(values.bug.split(','));
else if (values.seed === undefined) await many();
else await tellOne(values.seed);

/** Runs the seeds from `--from` on, one by one, in several processes; gives the lines of those that broke a law. */
async function spread(
  share: Omit<Share, 'first' | 'step'>,
  onLine: (line: Line) => void,
  from = Number(values.from),
): Promise<void> {
  const children: ReturnType<typeof spawn>[] = [];
  const work = async (n: number): Promise<void> => {
    const own: Share = { ...share, first: from + n, step: workers, runs: Math.ceil((share.runs - n) / workers) };
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'worker.ts'), JSON.stringify(own)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve));
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line;
      onLine(line);
      if (share.untilFound && line.broken.length > 0) for (const other of children) if (other !== child) other.kill();
    }
    const code = await ended;
    if (code !== 0 && code !== null) throw new Error(`a worker ended with ${code}`);
  };
  await Promise.all(Array.from({ length: Math.min(workers, share.runs) }, (_, n) => work(n)));
}

async function many(): Promise<void> {
  const began = performance.now();
  const failed: Line[] = [];
  const traces = new Map<number, string>();
  let steps = 0;
  await spread({ prefix: '', runs, ...drawn, ...limit, ...(values.bug !== undefined && { bug: values.bug }) }, (line) => {
    steps += line.steps;
    traces.set(Number(line.seed), line.trace);
    if (line.broken.length === 0) return;
    failed.push(line);
    console.log(`seed ${line.seed}: ${line.broken.join('; ')}`);
  });
  const hash = createHash('sha256');
  for (const [, trace] of [...traces].toSorted(([a], [b]) => a - b)) hash.update(trace);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${traces.size < runs ? `${traces.size} of ${runs} runs in the time given` : `${runs} runs`}, ${failed.length} broke a law; ${Math.round(steps / Math.max(1, traces.size))} steps each, ` +
      `${seconds.toFixed(1)} s with ${workers} processes; trace ${hash.digest('hex').slice(0, 16)}`,
  );
  if (failed.length > 0) {
    console.log(`the story of a seed: npm run simulate -- --seed ${failed[0]!.seed}${bugWords()}`);
    process.exitCode = 1;
  }
}

function bugWords(): string {
  return values.bug === undefined ? '' : ` --bug ${values.bug}`;
}

/** Runs one seed; shrinks and tells its story where it fails. */
async function tellOne(seed: string): Promise<void> {
  if (values.bug !== undefined) plant(values.bug);
  const { run } = await import('./run.ts');
  const { drawPlan } = await import('./draw-plan.ts');
  const { shrink } = await import('./shrink.ts');
  const { buildTown } = await import('./world/town.ts');
  const town = await buildTown();
  const plan = drawPlan(seed, drawn.instances, drawn.world);
  const outcome = await run(plan, town);
  if (outcome.broken.length === 0) {
    if (values.story) console.log(outcome.story.join('\n'));
    return console.log(`seed ${seed}: all is well; ${outcome.steps} steps, trace ${outcome.trace.slice(0, 16)}`);
  }
  const { plan: small, outcome: short } = await shrink(plan, outcome, (one) => run(one, town));
  console.log((values.story ? short.story : short.story.filter((line) => !LIST_CALL.test(line)).slice(-80)).join('\n'));
  console.log(`\nseed ${seed}, shrunk to ${small.acts.length} acts and ${small.troubles.length} troubles:`);
  for (const line of short.broken) console.log(`  ${line}`);
  process.exitCode = 1;
}

/**
 * Plants each of these bugs in turn and counts the runs until a law is broken, each as a row of a table. A seed that fails without
 * the bug finds nothing.
 */
async function findAll(names: readonly string[]): Promise<void> {
  let unfound = 0;
  const failing = new Set<string>();
  for (const name of names) {
    let made = 0;
    const hits: Line[] = [];
    for (let looking = true; looking;) {
      const [before, passOver] = [made, [...failing]];
      made = 0;
      hits.length = 0;
      await spread({ prefix: '', runs, bug: name, untilFound: true, passOver, ...drawn }, (line) => {
        made += 1;
        if (line.broken.length > 0) hits.push(line);
      });
      made = Math.max(made, before);
      const [hit] = hits;
      looking = hit !== undefined && (await failsAnyway(hit.seed));
      if (hit && looking) failing.add(hit.seed);
    }
    const [found] = hits;
    if (!found) unfound += 1;
    console.log(`| \`${name}\` | ${found ? `${made} | ${found.seed} | ${found.broken[0]}` : `not in ${made} | | `} |`);
  }
  console.log(unfound === 0 ? `all ${names.length} found` : `${unfound} of ${names.length} not found`);
  if (failing.size > 0) console.log(`without a bug these fail too: ${[...failing].join(', ')}`);
  if (unfound > 0) process.exitCode = 1;
}

async function failsAnyway(seed: string): Promise<boolean> {
  let fails = false;
  await spread({ prefix: '', runs: 1, ...drawn }, ({ broken }) => void (fails = broken.length > 0), Number(seed));
  return fails;
}
