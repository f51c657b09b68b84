/** A TCP proxy whose lines can be cut: what a network does to a program and its database. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * `pass`: as if it was not there. `drop`: lines are closed, new ones are too. `reset`: the same, rudely. `black-hole`: nothing
 * comes through any more, and nobody is told.
 */
export type LineState = 'pass' | 'drop' | 'reset' | 'black-hole';

export interface TcpProxy {
  readonly port: number;
  set(state: LineState): void;
  close(): Promise<void>;
}

export async function startTcpProxy(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
  let state: LineState = 'pass';
  const lines = new Set<{ readonly here: Socket; readonly there: Socket }>();
  const cut = ({ here, there }: { readonly here: Socket; readonly there: Socket }): void => {
    for (const socket of [here, there])
      if (state === 'reset') socket.resetAndDestroy();
      else socket.destroy();
  };
  const server = createServer((here) => {
    const there = connect(port, host);
    const line = { here, there };
    // Bytes that were swallowed are lost: such a line never passes anything again.
    let swallowed = false;
    const pipe = (from: Socket, to: Socket): void =>
      void from
        .on('data', (bytes) => {
          swallowed ||= state === 'black-hole';
          if (!swallowed) to.write(bytes);
        })
        .on('error', () => undefined)
        .on('close', () => {
          lines.delete(line);
          if (!swallowed) to.destroy();
        });
    pipe(here, there);
    pipe(there, here);
    lines.add(line);
    if (state === 'drop' || state === 'reset') cut(line);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      state = next;
      if (state === 'drop' || state === 'reset') for (const line of lines) cut(line);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const line of lines) cut(line);
      }),
  };
}
