/** Checks Telegram: the token, the webhook, and the privacy mode in groups. */
import type { TelegramConfig } from '../config/telegram.ts';
import type { Ask } from './ask.ts';
import { bad, codeOf, ok, warn, type Check, type Finding, type Say } from './check.ts';

type Facts = Readonly<Record<string, unknown>>;

/** The three checks. */
export function telegramChecks(telegram: TelegramConfig, { ask, now, say }: { ask: Ask; now: () => number; say: Say }): Check[] {
  let failed = false;
  /** Calls a Bot API method; a failure becomes a finding. After the first failure the other checks are skipped. */
  const call = async (method: string): Promise<Facts | Finding> => {
    if (failed) return warn(say('没有查：见上面 Telegram 的问题', 'not checked: fix the Telegram problem above first'));
    const answer = await attempt(method);
    failed = isFinding(answer);
    return answer;
  };
  const attempt = async (method: string): Promise<Facts | Finding> => {
    try {
      const { status, text } = await ask(`${telegram.apiRoot}/bot${telegram.token}/${method}`, 'POST');
      if (status === 401 || status === 404) {
        return bad(
          say(
            'Telegram 不认识这个令牌：从 @BotFather 重新复制 TELEGRAM_BOT_TOKEN',
            'Telegram does not know this token: copy TELEGRAM_BOT_TOKEN again from @BotFather',
          ),
        );
      }
      const answer: unknown = JSON.parse(text);
      if (isFacts(answer) && isFacts(answer['result'])) return answer['result'];
      return bad(
        say(
          `Telegram 的回答看不懂（HTTP ${status}）：检查 TELEGRAM_API_ROOT`,
          `the answer makes no sense (HTTP ${status}): check TELEGRAM_API_ROOT`,
        ),
      );
    } catch (error) {
      return bad(
        say(
          `${telegram.apiRoot} 连不上（${codeOf(error)}）：检查网络；在不能直连 Telegram 的地方，用 TELEGRAM_API_ROOT 指向可达的 Bot API 服务器`,
          `${telegram.apiRoot} cannot be reached (${codeOf(error)}): check the network; where Telegram is blocked, point TELEGRAM_API_ROOT at a Bot API server that can be reached`,
        ),
      );
    }
  };
  return [
    {
      name: say('Telegram 令牌', 'Telegram token'),
      async run() {
        const me = await call('getMe');
        return isFinding(me) ? me : ok(`@${String(me['username'])}`);
      },
    },
    {
      name: say('Telegram 接收', 'Telegram updates'),
      async run() {
        const info = await call('getWebhookInfo');
        return isFinding(info) ? info : judgeWebhook(telegram, info, now(), say);
      },
    },
    {
      name: say('Telegram 群聊', 'Telegram groups'),
      async run() {
        const me = await call('getMe');
        if (isFinding(me)) return me;
        if (me['can_read_all_group_messages'] === true) return ok(say('能看到群里的所有消息', 'hears every message in groups'));
        return warn(
          say(
            '隐私模式开着：群里只听得到命令、@机器人和对它的回复。要在群里直接发券码，请在 @BotFather 用 /setprivacy 选 Disable，再把机器人移出群、重新加入（或设为管理员）',
            'privacy mode is on: in groups only commands, mentions and replies are heard. To send codes there, choose Disable under /setprivacy at @BotFather, then remove the bot from the group and add it again (or make it an administrator)',
          ),
        );
      },
    },
  ];
}

function judgeWebhook({ mode }: TelegramConfig, info: Facts, now: number, say: Say): Finding {
  const url = typeof info['url'] === 'string' ? info['url'] : '';
  if (mode.kind === 'polling') {
    if (url === '') return ok(say('轮询', 'polling'));
    return warn(
      say(
        '这个机器人还设着 webhook，启动时会被取消：确认没有别的程序在用同一个令牌',
        'a webhook is set for this bot and will be removed at the start: make sure no other program uses the same token',
      ),
    );
  }
  const wanted = `${mode.publicUrl}/telegram`;
  if (url === '') return warn(say('webhook 还没有设：启动时会自动设置', 'no webhook is set yet: starting the program sets it'));
  if (url !== wanted)
    return warn(
      say(
        `webhook 指向别处，不是 ${wanted}：启动时会改过来`,
        `the webhook leads elsewhere, not to ${wanted}: starting the program sets it`,
      ),
    );
  const errorAt = Number(info['last_error_date'] ?? 0) * 1000;
  if (now - errorAt < 3_600_000) {
    return bad(
      say(
        `Telegram 最近送不到：${String(info['last_error_message'])}；检查 PUBLIC_URL 的证书和反向代理`,
        `Telegram could not deliver lately: ${String(info['last_error_message'])}; check certificate and proxy of PUBLIC_URL`,
      ),
    );
  }
  const pending = Number(info['pending_update_count'] ?? 0);
  if (pending > 100)
    return warn(
      say(`还有 ${pending} 条消息没有送到：程序在运行吗？`, `${pending} updates wait to be delivered: is the program running?`),
    );
  return ok(say(`webhook 正常，等待 ${pending} 条`, `webhook is set, ${pending} waiting`));
}

const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null;
const isFinding = (value: Facts | Finding): value is Finding => 'kind' in value && 'words' in value;
