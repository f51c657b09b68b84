/** The network between programs and platforms: requests take their time, get lost, arrive twice, and are answered with lies. */
import { HttpFault, type Http, type HttpRequest } from '../../../services/http.ts';
import type { Answer, Server } from '../gateways/gateway.ts';
import type { Chance } from './chance.ts';
import type { Process, Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

export interface Roads extends Pick<Weather, 'fate' | 'lie' | 'requestMs'> {
  /** Lets a mishap happen that is due while a call is made; `leap` sends the call on a long way. */
  readonly strike: (process: Process) => 'freeze' | 'crash' | 'leap' | undefined;
}

/** The time-outs of a call, and of one for a token, ms; as the program's own. */
const TIMEOUT_MS = 10_000;
export const TOKEN_TIMEOUT_MS = 2_000;

export function createNetwork(
  {
    scheduler,
    gateways,
    roads,
    chance,
    tell,
  }: {
    scheduler: Scheduler;
    gateways: readonly Server[];
    roads: Roads;
    chance: Chance;
    /** One line for the story. */
    tell: (line: string) => void;
  },
  process: Process,
  timeoutMs = TIMEOUT_MS,
): Http {
  return (request) =>
    new Promise((resolve, reject) => {
      const gateway = gateways.find(({ host }) => host === request.url.hostname);
      if (!gateway) return reject(new HttpFault('connection', 'no such host', { sent: false, code: 'ENOTFOUND' }));
      let over = false;
      const once = (what: () => void) => (): void => {
        if (over) return;
        over = true;
        takeBack();
        what();
      };
      let sent = false;
      const began = scheduler.now();
      const fail = (kind: 'timeout' | 'connection', code: string) =>
        once(() => reject(new HttpFault(kind, code, { sent, code })));
      const takeBack = scheduler.after(timeoutMs, fail('timeout', 'ETIMEDOUT'), process);

      const writes = request.newConnection === true;
      const struck = writes ? roads.strike(process) : undefined;
      // On its long way it is answered truly, and just in time: later than that no program can tell a call on its way from a lost one.
      const leaps = struck === 'leap';
      const fate = leaps ? undefined : roads.fate(writes);
      const lie = leaps ? undefined : roads.lie(writes);
      const way = (): number => chance.between(2, leaps ? 60 : Math.max(3, roads.requestMs()));
      const name = nameOf(request);
      const arrive = (first: boolean): void => {
        const answer = gateway.handle(request, lie);
        // What the network doubles is not the program's.
        if (!first) gateway.arrivals.pop();
        tell(
          `${process.name} → ${gateway.host} ${name}${lie ? ` (${lie.kind}${lie.applied ? ', applied' : ''})` : ''}${fate ? ` [${fate}]` : ''}: ${shown(answer)}`,
        );
        if (!first || fate === 'lost-after') return;
        if (fate === 'reset') return void scheduler.after(way(), fail('connection', 'ECONNRESET'), process);
        const ms = fate === 'late' ? timeoutMs + way() : way();
        const { status, body, heard } = answer;
        const take = (): void => {
          heard?.();
          resolve({ status, headers: {}, bytes: Buffer.from(body) });
        };
        scheduler.after(ms, once(take), process);
      };
      if (fate === 'refused') return void scheduler.after(way(), fail('connection', 'ECONNREFUSED'), process);
      // The connection is the sender's: one that stands still sends later. What is on its way arrives, whatever becomes of its sender.
      const send = (): void => {
        if (over) return;
        // As in `services/http.ts`: who stood still while connecting sends nothing any more.
        if (scheduler.now() - began >= timeoutMs) return fail('timeout', 'ETIMEDOUT')();
        sent = true;
        if (fate === 'lost-before') return tell(`${process.name} → ${gateway.host} ${name}: lost on its way`);
        scheduler.after(way() + (leaps ? chance.between(8_900, 9_600) : 0), () => arrive(true));
        if (fate === 'twice') scheduler.after(way() + 200, () => arrive(false));
      };
      scheduler.after(way(), send, process);
    });
}

const nameOf = ({ url, body = '' }: HttpRequest): string => {
  const form = new URLSearchParams(String(body));
  const method = form.get('method')?.split('.').at(-1);
  const written = /"(?:couponNo|coupon_code|verify_id)":"(\d+)"|"encrypted_codes":\["([^"]+)/.exec(
    form.get('bizContent') ?? String(body),
  );
  const asked = ['coupon_code', 'code', 'encrypted_code', 'order_id'].map((name) => url.searchParams.get(name));
  const code = [written?.[1], written?.[2], ...asked].find(Boolean);
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const call = parts.at(-1) === 'query' ? parts.slice(-2).join('/') : parts.at(-1);
  return [method ?? call, code].filter(Boolean).join(' ');
};
const shown = ({ status, body }: Answer): string => `${status} ${body.length > 90 ? `${body.slice(0, 90)}…` : body}`;
