/** Limits the connections of one address, so that it does not use up those of all others. */
import type { Socket } from 'node:net';
import { isNear } from './address.ts';

/** Telegram's webhook takes 40, a browser six. */
export const CONNECTIONS_AT = 200;

/** Closes what an address opens beyond its share. From nearby comes a proxy with everybody's connections, which has no limit here. */
export function limitConnections(server: { on(event: 'connection', listener: (socket: Socket) => void): unknown }): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket;
    if (isNear(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    if (count > CONNECTIONS_AT) return void socket.destroy();
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
