import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { CONNECTIONS_AT, limitConnections } from '../../../bot/http/connections.ts';

/** A listener, and connections to it from anywhere: loopback knows one address. */
function open() {
  const server = new EventEmitter();
  limitConnections(server);
  return (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      destroyed: false,
      destroy() {
        this.destroyed = true;
      },
    });
    server.emit('connection', socket);
    return socket;
  };
}

test('one address has two hundred connections at a time; others, and a proxy nearby, are not in its way', () => {
  const connect = open();
  const flood = Array.from({ length: CONNECTIONS_AT + 50 }, () => connect('::ffff:8.8.8.8'));
  expect(flood.filter(({ destroyed }) => destroyed)).toHaveLength(50);
  expect(connect('8.8.4.4').destroyed).toBe(false);
  flood[0]!.emit('close');
  expect(connect('::ffff:8.8.8.8').destroyed).toBe(false);
  expect(connect('::ffff:8.8.8.8').destroyed).toBe(true);
  expect(Array.from({ length: 1000 }, () => connect('172.17.0.1')).some(({ destroyed }) => destroyed)).toBe(false);
});
