/** A fake of Douyin's short links: an HTTP server on loopback that answers for every host by its `Host` header. */
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { Resolve } from '../../services/public-address.ts';

export interface Asked {
  readonly host: string;
  readonly path: string;
  readonly cookie: string | undefined;
}

/** A redirection to there; a status of its own; `page`, 200 with an endless body; `silence`. */
export type Answer = { readonly to: string; readonly status?: number } | number | 'page' | 'silence';

/** An address of the public internet. Nothing is sent there: the connector brings all to loopback. */
const PUBLIC = [{ address: '101.226.4.6', family: 4 }];

export async function startDouyinLinks() {
  const asked: Asked[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const { host = '', cookie } = request.headers;
    asked.push({ host, path: request.url ?? '', cookie });
    const answer = answers.get(`${host}${request.url}`) ?? 404;
    if (answer === 'silence') return;
    if (answer === 'page') {
      response.writeHead(200, { 'content-type': 'text/html' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      return more();
    }
    const status = typeof answer === 'number' ? answer : (answer.status ?? 302);
    const location = typeof answer === 'number' ? {} : { location: answer.to };
    response.writeHead(status, { ...location, 'set-cookie': 'ttwid=1; Domain=.douyin.com; Path=/' }).end('moved');
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const plain = buildConnector({});

  return {
    asked,
    /** `host` and path of a link, and what becomes of it. */
    link: (link: string, answer: Answer) => answers.set(link, answer),
    resolve: ((_, done) => done(null, PUBLIC)) satisfies Resolve,
    /** Asks for the address as a real connection does, and goes to loopback where it was given one. */
    connector:
      (lookup: LookupFunction): buildConnector.connector =>
      (options, done) => {
        lookup(options.hostname, { all: true }, (error) => {
          if (error) return done(error, null);
          return plain({ ...options, protocol: 'http:', hostname: '127.0.0.1', host: '127.0.0.1', port: String(port) }, done);
        });
      },
    async stop() {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}
