/** SM2 signatures with SM3, after GB/T 32918.2 and nothing else: slow, plain arithmetic of the double's own. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';

const P = BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff');
const N = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
const A = P - 3n;
const B = BigInt('0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93');
const G: Point = [
  BigInt('0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'),
  BigInt('0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'),
];

type Point = readonly [bigint, bigint];
export interface Sm2Pair {
  readonly d: bigint;
  readonly point: Point;
  /** PKCS#8 and SPKI, in base64. */
  readonly privateKey: string;
  readonly publicKey: string;
}

const mod = (value: bigint, m: bigint): bigint => ((value % m) + m) % m;
function inverse(value: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [m, mod(value, m), 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  return mod(s0, m);
}
function add(a: Point | undefined, b: Point | undefined): Point | undefined {
  if (!a || !b) return a ?? b;
  const [[x1, y1], [x2, y2]] = [a, b];
  if (x1 === x2 && mod(y1 + y2, P) === 0n) return undefined;
  const slope = x1 === x2 ? (3n * x1 * x1 + A) * inverse(2n * y1, P) : (y2 - y1) * inverse(x2 - x1, P);
  const x = mod(slope * slope - x1 - x2, P);
  return [x, mod(slope * (x1 - x) - y1, P)];
}
function times(k: bigint, point: Point): Point | undefined {
  let [sum, power, left]: [Point | undefined, Point | undefined, bigint] = [undefined, point, k];
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, power);
    power = add(power, power);
  }
  return sum;
}

const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const number = (buffer: Buffer): bigint => BigInt(`0x${buffer.toString('hex')}`);
const sm3 = (...parts: readonly Buffer[]): Buffer => createHash('sm3').update(Buffer.concat(parts)).digest();

function digest(text: string, [x, y]: Point, id: string): bigint {
  const name = Buffer.from(id);
  const bits = Buffer.from([(name.length * 8) >> 8, (name.length * 8) & 255]);
  const z = sm3(bits, name, ...[A, B, G[0], G[1], x, y].map(bytes));
  return number(sm3(z, Buffer.from(text)));
}

export function sm2Pair(): Sm2Pair {
  const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const at = der.indexOf(Buffer.from('0201010420', 'hex')) + 5;
  const d = number(der.subarray(at, at + 32));
  return { d, point: times(d, G)!, privateKey: der.toString('base64'), publicKey: spki.toString('base64') };
}

/** r and s, in base64. */
export function sm2Sign(text: string, { d, point }: Sm2Pair, id: string): string {
  const e = digest(text, point, id);
  for (;;) {
    const k = mod(number(randomBytes(40)), N - 1n) + 1n;
    const r = mod(e + times(k, G)![0], N);
    const s = mod(inverse(1n + d, N) * (k - r * d), N);
    if (r !== 0n && r + k !== N && s !== 0n) return Buffer.concat([bytes(r), bytes(s)]).toString('base64');
  }
}

export function sm2Verify(text: string, signature: string, point: Point, id: string): boolean {
  const raw = Buffer.from(signature, 'base64');
  if (raw.length !== 64) return false;
  const [r, s] = [number(raw.subarray(0, 32)), number(raw.subarray(32))];
  const t = mod(r + s, N);
  if (r === 0n || s === 0n || r >= N || s >= N || t === 0n) return false;
  const sum = add(times(s, G), times(t, point));
  return sum !== undefined && mod(digest(text, point, id) + sum[0], N) === r;
}
