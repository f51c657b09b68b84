/** Finds a port for a program that has to know its own address before it listens. */
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems hand out themselves (Linux from 32768, the others from 49152): between the question and the
 * listening nobody who asks the system for "any" port is given this one. Each process asks in a hundred of its own.
 */
const FIRST = 10_000;
const HUNDREDS = 220;

let asked = 0;

/** A port that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = FIRST + (process.pid % HUNDREDS) * 100 + (asked++ % 100);
    const server = createServer();
    if (!(await listens(server, port))) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error('a hundred ports are in use');
}

const listens = (server: Server, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
