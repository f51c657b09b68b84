import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const START = path.join(import.meta.dirname, '../../bot/start.js');

/** Runs the door in an empty folder, with nothing set but `env`. */
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, args, {
    cwd: mkdtempSync(path.join(tmpdir(), 'hexiao-start-')),
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });

test('a Node too old is told so in two languages, and nothing is started', () => {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '24.11.9' });";
  const { status, stdout, stderr } = run(['--eval', `${pretend} import(${JSON.stringify(START)})`]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^需要 Node 24\.12 .*24\.11\.9/),
    expect.stringMatching(/^Node 24\.12 .*24\.11\.9/),
  ]);
});

test('the entry point is written for an old Node: no static import, nothing newer than dynamic import', () => {
  expect(readFileSync(START, 'utf8')).not.toMatch(/^\s*(import|export)\s|\?\.[a-z[(]|\?\?|^await |import\.meta|#[a-z]/m);
});

test('the doctor says what is wrong and leaves with 1', () => {
  const { status, stdout } = run([START, 'doctor'], { PORT: 'x', LOG_LEVEL: 'loud' });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^✗ PORT: .+\n✗ LOG_LEVEL: .+\n/);
});
