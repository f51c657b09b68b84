/** umember in memory: the books and answers of the tests' double, without HTTP. */
import { textOf } from '../../../services/fields.ts';
import type { HttpRequest } from '../../../services/http.ts';
import { detail, no, shopRow, verdict, yes, type Shape } from '../../doubles/umember/answers.ts';
import { createBooks } from '../../doubles/umember/state.ts';
import { json, PAGE, type Answer, type Arrival, type Gateway, type Lie } from './gateway.ts';

export const UMEMBER = { email: 'owner@example.com', password: 'secret', store: 5, host: 'umember.test' };

export function createUmemberGateway(now: () => number, flavour: Shape['flavour']): Gateway {
  const books = createBooks(now);
  const shape: Shape = { flavour, ids: 'number', busy: 'http', bad: 'code', success: 'success' };
  const tokens = new Set<string>();
  const arrivals: Arrival[] = [];

  const handle = ({ method = 'GET', url, headers = {}, body = '' }: HttpRequest, lie: Lie | undefined): Answer => {
    const at = now();
    const call = url.pathname.split('/').at(-1) ?? '';
    const given = body.length > 0 ? (JSON.parse(String(body)) as Record<string, unknown>) : {};
    const code = textOf(given['coupon_code']) ?? url.searchParams.get('coupon_code') ?? '';
    const writes = call === 'verify';
    arrivals.push({ at, account: UMEMBER.email, call, code, writes });
    if (lie?.kind === 'busy') return json(no(429, '请求过于频繁', at), 429);
    if (method === 'POST' && call === 'login') {
      if (given['password'] !== UMEMBER.password) return json(no(10_001, '邮箱或密码错误', at));
      const token = `token-${tokens.size}`;
      tokens.add(token);
      return json(yes(shape, { id: 9, token, username: '张三' }, at));
    }
    if (!tokens.has(String(headers['authorization']))) return json(no(401, 'token已过期，请重新登录', at));
    const shop = books.shops.get(UMEMBER.store)!;
    switch (call) {
      case 'list':
        return json(yes(shape, [shopRow(shop)], at));
      case 'detail': {
        const ticket = books.tickets.get(code);
        return json(ticket ? yes(shape, detail(ticket, shape, at), at) : no(10_006, '券码不存在', at));
      }
      case 'verify': {
        const why = lie && !lie.applied ? '' : books.use(code, shop.id, 'bot');
        if (lie?.kind === 'broken') return PAGE;
        if (lie?.kind === 'no-data') return json(yes(shape, undefined, at));
        if (lie?.kind === 'words') return json(no(50_000, lie.words ?? '', at));
        const told = lie?.kind === 'echo' ? '该券已核销' : why;
        return json(yes(shape, verdict(books.tickets.get(code), told, shape), at));
      }
      default:
        return { status: 404, body: '<html>404</html>' };
    }
  };

  return {
    host: UMEMBER.host,
    arrivals,
    handle,
    coupon: ({ yuan, shop }) => books.coupon({ yuan, store: Number(shop) }),
    useElsewhere: (code) => {
      if (books.obstacle(code, UMEMBER.store) === undefined) books.useElsewhere(code);
    },
    everUsed: (code) => books.used(code).some(({ by }) => by === 'bot'),
    standing(code) {
      const used = books.used(code);
      return {
        ours: used.filter(({ by }) => by === 'bot').length,
        others: used.filter(({ by }) => by !== 'bot').length,
        size: 1,
      };
    },
  };
}
