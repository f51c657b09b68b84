/** Greets the operator on the terminal when practice mode starts. */

/** Prints the address to open, and the variables to set next. */
export function greet(port: number): void {
  process.stdout.write(
    [
      '',
      '  核销助手 · 练习模式 practice mode',
      '',
      `  打开 Open  http://localhost:${port}/`,
      '',
      '  接入企业微信：设置 WECOM_BOT_ID 和 WECOM_BOT_SECRET（智能机器人，长连接）后重启，见 README。',
      '  接入 Telegram：设置 TELEGRAM_BOT_TOKEN（向 @BotFather 申请）后重启，见 README。',
      '  To connect WeCom, set WECOM_BOT_ID and WECOM_BOT_SECRET (智能机器人); to connect Telegram, TELEGRAM_BOT_TOKEN',
      '  (from @BotFather); then start again. See README.',
      '',
      '',
    ].join('\n'),
  );
}
