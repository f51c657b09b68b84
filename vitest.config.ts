/** What plain `npm test` runs: everything that needs no network and no service. BROWSER=1, POSTGRES=1 and KILL=1 add the rest. */
import { configDefaults, defineConfig } from 'vitest/config';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  throw new Error(
    `The tests need Node 24.12 or later and this is ${process.version}. Run them with "npm test", which uses the project's own Node.`,
  );
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only a failing poll waits this long.
    expect: { poll: { timeout: 5000 } },
    exclude: [
      ...configDefaults.exclude,
      ...(process.env['BROWSER'] === '1' ? [] : ['**/*.browser.test.ts']),
      ...(process.env['POSTGRES'] === '1' ? [] : ['**/*.postgres.test.ts']),
      ...(process.env['KILL'] === '1' ? [] : ['**/*.kill.test.ts']),
    ],
    // RESULTS names a file that takes the figures, for whoever counts them.
    reporters: process.env['RESULTS'] ? ['default', ['json', { outputFile: process.env['RESULTS'] }]] : ['default'],
  },
});
