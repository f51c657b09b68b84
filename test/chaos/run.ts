/**
 * Strikes several instances on one PostgreSQL for minutes while people verify coupons, and says what became of it:
 * `node test/chaos/run.ts [--minutes 10] [--instances 3] [--people 6] [--stop 90] [--seed 1]`. Needs PostgreSQL as the tests
 * do. `--stop`: how long an instance is suspended, s.
 */
import { parseArgs } from 'node:util';
import { createChance, openWorld, type Blow, type Books } from './world.ts';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    instances: { type: 'string', default: '3' },
    people: { type: 'string', default: '6' },
    stop: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
  },
});
const [minutes, instances, people, stop, seed] = [flags.minutes, flags.instances, flags.people, flags.stop, flags.seed].map(
  Number,
) as [number, number, number, number, number];

/** The others go on after so long at the latest, ms. */
const GO_ON_MS = 15_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const chance = createChance(seed);
const BLOWS: readonly (readonly [Blow, number])[] = [
  ['kill', 3],
  ['stop', stop],
  ['drop', 5],
  ['reset', 1],
  ['black-hole', 20],
];

// Their clocks are eight minutes apart.
const aheadMs = Array.from({ length: instances }, (_, n) => (n % 2 ? 1 : -1) * 4 * 60_000);
const world = await openWorld({ instances, people, aheadMs, chance });
print(`seed ${seed}: ${instances} instances, ${people} people, ${minutes} minutes`);
const struck = new Map<string, number[]>();
const end = Date.now() + minutes * 60_000;
try {
  for (let n = 0; Date.now() < end; n++) {
    const [blow, seconds] = BLOWS[n % BLOWS.length]!;
    const leader = await world.leader();
    // Every third blow hits one that does not lead.
    const victim = n % 3 === 2 ? world.instances[(world.instances.indexOf(leader) + 1) % instances]! : leader;
    const what = `${blow}, ${victim === leader ? 'the one that hears' : 'another one'}`;
    const silent = await world.strike(victim, blow, seconds);
    struck.set(what, [...(struck.get(what) ?? []), silent]);
    print(`  ${what.padEnd(40)} ${(silent / 1000).toFixed(1)} s without an answer`);
  }
  report(await world.rest(300_000));
} finally {
  for (const { name, said } of world.instances) print(`${name}: ${said.slice(-3).join('\n  ')}`);
  await world.close();
}

function report({ customers, used, usedTwice, wrong, wrongCards, fen, left, chats }: Books): void {
  const worst = Math.max(...[...struck.values()].flat());
  const lines: readonly (readonly [string, string, boolean])[] = [
    ['coupons shown and pressed', `${customers}, ${used} of them used`, used > 0],
    ['used twice', String(usedTwice), usedTwice === 0],
    ['lost, or verified in the ledger alone', `${wrong.length} ${wrong.join(' ')}`, wrong.length === 0],
    ['cards that say something else', `${wrongCards.length} ${wrongCards.join(' | ')}`, wrongCards.length === 0],
    ['fen in the ledger and at the platform', `${fen.here} and ${fen.there}`, fen.here === fen.there],
    ['events and messages left over', String(left), left === 0],
    [
      'chats that answer at the end',
      `${chats.filter((ms) => ms !== undefined).length} of ${chats.length}`,
      !chats.includes(undefined),
    ],
    ...[...struck].map(([what, times]): [string, string, boolean] => [
      `silence after ${what}`,
      `${(Math.max(...times) / 1000).toFixed(1)} s at most, ${times.length} times`,
      Math.max(...times) <= GO_ON_MS,
    ]),
  ];
  print('');
  for (const [what, measured, held] of lines) print(`${held ? 'held  ' : 'BROKEN'} ${what.padEnd(48)} ${measured}`);
  if (lines.some(([, , held]) => !held)) process.exitCode = 1;
  print(`\nlongest silence ${(worst / 1000).toFixed(1)} s`);
}
