/** A merchant's own system that takes events: it checks their signature, refuses some, and its answers get lost. */
import { createHmac } from 'node:crypto';
import type { HttpRequest } from '../../../services/http.ts';
import type { Answer, Arrival, Server } from '../gateways/gateway.ts';

/** An event as it arrived. */
export interface EventArrival extends Arrival {
  /** The `webhook-id`, the same at every repeat. */
  readonly id: string;
  readonly type: string;
  /** Of a coupon's event: its number, and the verification it tells of. */
  readonly sequence: number | undefined;
  readonly verification: string | undefined;
  readonly status: number;
  /** The program has got the answer. */
  heard: boolean;
}

export interface Endpoint extends Server {
  readonly arrivals: EventArrival[];
}

export interface EndpointParts {
  readonly host: string;
  /** `whsec_…`. */
  readonly secret: string;
  readonly now: () => number;
  /** Whether it has trouble of its own now. */
  readonly refuses: () => boolean;
}

export function createEndpoint({ host, secret, now, refuses }: EndpointParts): Endpoint {
  const arrivals: EventArrival[] = [];
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');

  const statusOf = ({ headers = {} }: HttpRequest, body: string): number => {
    const [id, at, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
    const right = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
    if (!signature!.split(' ').includes(`v1,${right}`)) return 401;
    return refuses() ? 503 : 200;
  };

  return {
    host,
    arrivals,
    handle(request): Answer {
      const body = String(request.body);
      const { type, data } = JSON.parse(body) as { type: string; data: { id?: string; code?: string; sequence?: number } };
      const status = statusOf(request, body);
      const { code = '', id: verification, sequence } = data;
      const id = String(request.headers?.['webhook-id']);
      const event: EventArrival = {
        at: now(),
        account: host,
        call: type,
        code,
        writes: false,
        id,
        type,
        sequence,
        verification,
        status,
        heard: false,
      };
      arrivals.push(event);
      return {
        status,
        body: status === 200 ? '{"message":"3 号桌已开灯"}' : 'not now',
        heard: () => void (event.heard = true),
      };
    },
  };
}
