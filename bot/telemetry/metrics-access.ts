/** Authorises requests for the metrics. */
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { hash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';

/** `loopback` admits programs on this machine, but not requests that a proxy on it forwards. */
export type MetricsAccess = { readonly kind: 'loopback' | 'open' } | { readonly kind: 'token'; readonly token: string };

/** Headers that proxies add to a forwarded request. */
const PROXIED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto', 'via'];

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Middleware that answers 401 without the token and 403 to other machines, with advice in the text. */
export function guardMetrics(access: MetricsAccess): MiddlewareHandler {
  return async (c, next) => {
    if (access.kind === 'token' && !carries(c, access.token)) {
      c.header('www-authenticate', 'Bearer realm="metrics"');
      return c.text('The metrics need Authorization: Bearer, with the token in METRICS.', 401);
    }
    if (access.kind === 'loopback' && !isLocal(c))
      return c.text('The metrics are for this machine alone. Set METRICS to a token to read them from elsewhere.', 403);
    return await next();
  };
}

function carries(c: Context, token: string): boolean {
  const given = /^bearer +(\S{1,512})$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
  // Digests have one length, so that the comparison takes constant time.
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'));
}

function isLocal(c: Context): boolean {
  // Under `app.request()` there is no connection.
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const address = incoming?.socket.remoteAddress ?? '';
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return isIP(address) !== 0 && loopback.check(address, family) && PROXIED.every((name) => c.req.header(name) === undefined);
}
