/** `npm run doctor`: runs all checks of a configuration in sequence and says what to fix. */
import { loadConfig, type Config } from '../config/config.ts';
import { platformAddresses } from '../config/platforms.ts';
import { accountsCheck } from './accounts.ts';
import { ask as askByHttp, type Ask } from './ask.ts';
import { bad, codeOf, type Check, type Finding, type Say } from './check.ts';
import { factsCheck } from './facts.ts';
import { databaseCheck, keyCheck } from './storage.ts';
import { clockCheck, folderCheck, nodeCheck } from './machine.ts';
import { operatorsCheck } from './operators.ts';
import { platformCheck, portCheck, publicCheck } from './network.ts';
import { telegramChecks } from './telegram.ts';
import { wecomAppChecks, wecomMenuCheck } from './wecom-app.ts';
import { wecomSmartBotChecks } from './wecom-smart-bot.ts';
import { wecomKfChecks } from './wecom-kf.ts';
import { createRedact } from '../telemetry/redact.ts';

const MARKS: Readonly<Record<Finding['kind'], string>> = { ok: '✓', warn: '!', bad: '✗' };

/** The clock, network and language that checks use. */
export interface CheckContext {
  readonly now: () => number;
  readonly ask: Ask;
  readonly say: Say;
  readonly nodeVersion: string;
}

/** All checks for this configuration, in the order to fix their findings in. */
export function createChecks(config: Config, context: CheckContext): Check[] {
  const { say, nodeVersion } = context;
  return [
    nodeCheck(nodeVersion, say),
    folderCheck(config.dataDir, say),
    portCheck(config, context),
    databaseCheck(config, say, context.now),
    keyCheck(config, say),
    accountsCheck(config, say),
    factsCheck(config, say),
    clockCheck(config.telegram?.apiRoot ?? platformAddresses(config.platformsConfig)[0].url, context),
    ...(config.telegram ? telegramChecks(config.telegram, context) : []),
    ...(config.wecom.bot ? wecomSmartBotChecks(config.wecom.bot, context) : []),
    ...(config.wecom.app && config.publicUrl
      ? wecomAppChecks(config.wecom.app, { apiBase: config.wecom.apiBase, publicUrl: config.publicUrl }, context)
      : []),
    ...(config.wecom.app ? wecomKfChecks({ ...config.wecom, app: config.wecom.app }, context) : []),
    ...(config.publicUrl ? [publicCheck(config.publicUrl, config, context)] : []),
    ...(config.access === 'review' ? [operatorsCheck(config, say)] : []),
    ...platformChecks(config, context),
  ];
}

/** A platform that is set up is needed; one that is always offered is needed where there is a channel. */
function platformChecks({ platformsConfig, practice }: Config, context: CheckContext): Check[] {
  return platformAddresses(platformsConfig).map(({ name, url, chosen }) =>
    platformCheck(name, url, { ...context, needed: chosen || !practice }),
  );
}

function commandChecks(command: string, { wecom, locale }: Config, context: CheckContext): Check[] {
  if (command === 'wecom-menu' && wecom.app) return [wecomMenuCheck(wecom.app, wecom.apiBase, locale, context)];
  const words =
    command === 'wecom-menu'
      ? context.say('没有配置企业微信应用（WECOM_CORP_ID 等五项）', 'no WeCom app is configured (WECOM_CORP_ID and four more)')
      : context.say('没有这一项，可用的有 wecom-menu', 'there is no such command; the only one is wecom-menu');
  return [{ name: command, run: () => Promise.resolve(bad(words)) }];
}

/** Runs the checks in sequence, each with a timeout of `timeoutMs`, and writes a line for each. */
export async function examine(
  checks: readonly Check[],
  { write, say, timeoutMs = 15_000 }: { write: (line: string) => void; say: Say; timeoutMs?: number },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(() => resolve(bad(say('没有回答，已放弃等待', 'no answer, gave up waiting'))), timeoutMs);
    });
    const found = check
      .run()
      .catch((error: unknown) => bad(say(`没查成（${codeOf(error)}）`, `could not be checked (${codeOf(error)})`)));
    const finding = await Promise.race([found, late]);
    clearTimeout(timer);
    write(`${MARKS[finding.kind]} ${check.name}: ${finding.words}`);
    findings.push(finding);
  }
  return findings;
}

/**
 * Runs the checks and prints their findings, or runs one command: `wecom-menu` creates the menu of WeCom's app. Resolves
 * with the exit code: 1 when something needs a fix.
 */
export async function doctor(
  config: Config | { readonly mistakes: readonly string[] } = loadConfig(),
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  command?: string,
): Promise<0 | 1> {
  if ('mistakes' in config) {
    for (const mistake of config.mistakes) write(`${MARKS.bad} ${mistake}`);
    write('配置有误，请按以上各行修改后再试。 Fix the lines above and try again.');
    return 1;
  }
  const say: Say = (zh, en) => (config.locale === 'en' ? en : zh);
  const mask = createRedact(config.secrets);
  const writeMasked = (line: string): void => write(String(mask(line)));
  if (config.practice) write(say('没有配置聊天渠道：练习模式。', 'No channel is configured: practice mode.'));
  else if (config.practiceStore)
    write(
      say(
        '练习店已打开（PRACTICE=on）：谁都可以绑定它来练习。',
        'The practice store is on (PRACTICE=on): anybody can bind it to practise.',
      ),
    );

  const context: CheckContext = { now: Date.now, ask: askByHttp, say, nodeVersion: process.versions.node };
  const checks = command === undefined ? createChecks(config, context) : commandChecks(command, config, context);
  const findings = await examine(checks, { write: writeMasked, say });
  const wrong = findings.filter(({ kind }) => kind === 'bad').length;
  write(wrong === 0 ? say('可以使用。', 'Ready.') : say(`有 ${wrong} 处需要处理。`, `${wrong} to fix.`));
  return wrong === 0 ? 0 : 1;
}
