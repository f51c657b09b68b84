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

test('a Node with a known hole is told of to whoever installed it, and not to a newcomer whom the project brought it', () => {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '26.10.0' });";
  const started = (execPath: string) => {
    const here = `Object.defineProperty(process, 'execPath', { value: ${JSON.stringify(execPath)} }); process.argv[1] = ${JSON.stringify(START)};`;
    // A mistake in the settings ends the start in its first moment.
    return run(['--eval', `${pretend} ${here} import(${JSON.stringify(START)})`], { PORT: 'x' });
  };
  const installed = started('/usr/bin/node');
  expect(installed.status).toBe(1);
  expect(installed.stderr).toMatch(/^安全警告：Node 26\.10\.0 .*26\.12\.1.* SECURITY: /);
  const brought = started(path.join(START, '../../node_modules/.bin/node'));
  expect(brought.status).toBe(1);
  expect(brought.stderr).not.toContain('安全警告');
});

test('the doctor says what is wrong and leaves with 1', () => {
  const { status, stdout } = run([START, 'doctor'], { PORT: 'x', LOG_LEVEL: 'loud' });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^✗ PORT: .+\n✗ LOG_LEVEL: .+\n/);
});
