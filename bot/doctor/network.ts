/** Checks network addresses: our own port, the public address, the platforms. */
import { createServer } from 'node:net';
import type { Config } from '../config/config.ts';
import type { Ask } from './ask.ts';
import { bad, codeOf, ok, warn, type Check, type Say } from './check.ts';

/** Checks that the program runs on its port, or that the port is free. */
export function portCheck({ port, host }: Pick<Config, 'port' | 'host'>, { ask, say }: { ask: Ask; say: Say }): Check {
  return {
    name: say('端口', 'Port'),
    async run() {
      if (port === 0) return ok(say('任意空闲端口', 'any that is free'));
      const answer = await ask(healthAt(host, port)).catch(() => undefined);
      if (answer?.status === 200) return ok(say(`${port}，程序正在运行`, `${port}, the program is running`));
      if (answer?.status === 503)
        return bad(
          say('程序在运行但不能服务：', 'the program runs but cannot serve: ') + answer.text.trim().replaceAll('\n', '; '),
        );
      const code = await whyNotListen(host, port);
      if (!code) return ok(say(`${port} 空闲`, `${port} is free`));
      return bad(
        say(
          `不能使用 ${host}:${port}（${code}）：换一个 PORT 或 HOST，或停掉占用的程序`,
          `${host}:${port} cannot be used (${code}): set another PORT or HOST, or stop who uses it`,
        ),
      );
    },
  };
}

/** Checks that `PUBLIC_URL` leads to this program, which must be running for it. */
export function publicCheck(
  publicUrl: string,
  { port, host }: Pick<Config, 'port' | 'host'>,
  { ask, say }: { ask: Ask; say: Say },
): Check {
  return {
    name: 'PUBLIC_URL',
    async run() {
      const [outside, inside] = await Promise.all(
        [`${publicUrl}/healthz`, healthAt(host, port)].map((url) => ask(url).catch(codeOf)),
      );
      if (typeof outside === 'object' && [200, 503].includes(outside.status))
        return ok(say(`${publicUrl} 可以到达`, `${publicUrl} leads here`));
      if (typeof inside !== 'object')
        return warn(say('程序没有运行，无法检查：启动后再运行一次', 'the program is not running: start it and ask again'));
      const got = typeof outside === 'object' ? `HTTP ${outside.status}` : outside;
      return bad(
        say(
          `${publicUrl} 到不了本程序（${got}）：检查域名解析、证书，以及反向代理是否转发到端口 ${port}`,
          `${publicUrl} does not lead here (${got}): check its name, certificate, and that the proxy forwards to port ${port}`,
        ),
      );
    },
  };
}

/** Checks that a platform answers, and warns of plain http, which exposes credentials. */
export function platformCheck(name: string, url: string, { needed, ask, say }: { needed: boolean; ask: Ask; say: Say }): Check {
  return {
    name,
    async run() {
      try {
        await ask(url);
      } catch (error) {
        const words = say(
          `${url} 连不上（${codeOf(error)}）：检查网络、防火墙和地址`,
          `${url} cannot be reached (${codeOf(error)}): check network, firewall and address`,
        );
        return needed ? bad(words) : warn(words);
      }
      if (url.startsWith('https:')) return ok(say('可以到达', 'answers'));
      return warn(
        say(
          `${url} 可以到达，但用的是明文 http：账号密码在路上可被看到；请问平台有没有 https 地址`,
          `${url} answers, but by plain http: credentials can be read on the way; ask the platform for an https address`,
        ),
      );
    },
  };
}

function healthAt(host: string, port: number): string {
  const here = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}/healthz`;
}

function whyNotListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(codeOf(error)));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
