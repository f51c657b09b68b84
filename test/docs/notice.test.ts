/** NOTICE names every package of the image whose licence asks for more than its own text beside the package. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

interface Locked {
  readonly dev?: boolean;
  readonly license?: string;
}

test('names the packages that are neither under MIT, ISC nor a BSD licence, and is in the image', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const notice = read('NOTICE');
  const others = Object.entries(packages)
    .filter(([, { dev, license }]) => !dev && license !== undefined && !/^(?:MIT|ISC|BSD-\d-Clause|0BSD)$/.test(license))
    .map(([path]) => path.replace(/^.*node_modules\//, '').replace(/^@img\/sharp-(libvips-)?.*$/, '@img/sharp-$1*'));
  expect(others.length).toBeGreaterThan(5);
  for (const name of others) expect(notice, name).toContain(name);
  for (const model of ['PaddleOCR', 'libheif', 'ZBar', 'zxing-cpp']) expect(notice).toContain(model);
  expect(read('Dockerfile')).toContain('COPY package.json LICENSE NOTICE ./');
  expect(read('.dockerignore')).toContain('!NOTICE');
});
