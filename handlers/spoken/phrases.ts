/** The words by which people ask for a command: one table, in simplified characters and lower case. */
import type { CommandName } from '../commands.ts';

const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

/** What people say for a command besides its own word. Each stands for one command; nothing else is guessed. */
export const PHRASES: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  help: list(`
    使用帮助, 帮助我, 救命, 怎么用, 怎么使用, 如何使用, 怎么操作, 怎么弄, 不会用, 怎么核销, 如何核销, 怎么验券,
    使用说明, 说明, 说明书, 教程, 功能, 菜单, 命令, 指令, 你是谁, 你会什么, 你能做什么, help me, how do i,
    how do i use this, how do i use it, how to use, how to use this, how does this work, how does it work,
    how do i start, how do i verify, how do i verify a coupon, how do i redeem a coupon, who are you,
    what can you do, what can i do, what is this, commands, menu, manual, instructions, guide
  `),
  start: list('开始使用, start, begin, get started'),
  bind: list(`
    绑定门店, 绑定店铺, 绑店, 绑定账号, 我要绑定, 我要绑定门店, 怎么绑定, 如何绑定, 怎么绑定门店, 添加门店,
    接入门店, 重新绑定, 登录, 重新登录, 密码改了, 改密码了, 改了密码, 密码换了, 换了密码, 换账号, bind, bind my store, bind a store, bind the store, connect my store, log in,
    how do i bind, how do i bind my store, how do i connect my store
  `),
  unbind: list(`
    解除绑定, 取消绑定, 解绑门店, 解除门店绑定, 取消绑定门店, 怎么解绑, 如何解绑, 怎么解除绑定, unbind,
    unbind this chat, unbind the store, unbind my store, disconnect the store, how do i unbind
  `),
  store: list(`
    切换门店, 切换店铺, 换门店, 换店, 换个门店, 换一家店, 切店, 选择门店, 哪家店, 当前门店, 现在是哪家店,
    store, stores, switch store, switch the store, change store, change the store, which store,
    which store is this
  `),
  summary: list(`
    日结, 日报表, 报表, 业绩, 营业额, 流水, 收入, 汇总, 生意, 进账, 收了多少, 收了多少钱, 收多少钱, 卖了多少,
    卖了多少钱, 赚了多少, 赚了多少钱, 做了多少, 做了多少钱, 核销了多少, 核销了多少张, 核销了多少钱, 核销了几张,
    核销多少张, 核了多少, 核了多少张, 核了几张, 用了多少券, 用了几张券, 多少单, 几单, 有多少钱, summary,
    daily summary, report, daily report, revenue, sales, turnover, takings, income, total, totals,
    how much did we make, how much did we take, how much did we earn, how much did we sell,
    how much have we made, what did we make, what did we take, what have we made, how many did we verify, how many coupons did we verify, how are we doing,
    how did we do, how was business
  `),
  history: list(`
    核销记录, 历史, 历史记录, 核销历史, 明细, 核销明细, 流水明细, 查账, 查记录, 最近核销, 核销了什么,
    核销了哪些, 用了哪些券, 核了哪些, 谁核销的, 刚才核销了什么, history, records, list, verifications,
    recent verifications, what was verified, what did we verify, who verified, who verified it, transactions
  `),
  books: list('看账本, 打开账本, 电子账本, 网页账本, 账簿, 看账, books, the books, open the books, show me the books'),
  export: list(
    '导出记录, 导出明细, 导出表格, 导出账单, 导出 excel, 下载记录, export, export records, download records, spreadsheet',
  ),
  undo: list(`
    撤消, 撤回, 撤销核销, 撤消核销, 撤回核销, 取消核销, 反核销, 退回核销, 撤销刚才的, 撤销上一张, 核错了,
    核销错了, 怎么撤销, 如何撤销, 怎么取消核销, undo, undo that, undo it, undo this, undo the last,
    undo the last one, take it back, take that back, how do i undo, how do i undo that, how do i undo it,
    how do i undo a verification
  `),
  report: list(`
    接收日报, 订阅日报, 开启日报, 每天发日报, 日报发到这里, 日报推送, send reports here,
    send the report here, send the daily report here, subscribe to the report
  `),
  products: list(`
    团购, 团购列表, 在售团购, 在售商品, 商品列表, 套餐, 套餐列表, 产品, 有哪些套餐, 有什么套餐, 有哪些团购,
    有什么团购, 有哪些商品, 卖什么, 在卖什么, products, deals, packages, what do we sell, what is on sale
  `),
  stats: list(`
    经营数据, 平台数据, 数据统计, 统计, 统计数据, 经营分析, 近7天数据, 近7天的数据, 最近7天数据, 最近7天的数据, 近一周数据,
    最近一周数据, 最近一周的数据, stats, statistics, figures, data, analytics
  `),
  shift: list('接班, 换班, 我要交班, 我来接班, 交接班, 交接, shift, hand over, handover, take over, shift change'),
  reconcile: list(
    '对一下账, 核对, 核对一下, 和平台对账, 与平台对账, 平台对账, reconcile, reconciliation, compare with the platform',
  ),
  staff: list(`
    店员, 员工管理, 管理员工, 员工列表, 员工名单, 邀请员工, 邀请店员, 添加员工, 添加店员, 加员工, 加店员,
    新增员工, 加人, 加个人, 怎么加人, 来新人了, 新店员, 新员工, 删除员工, 移除员工, 怎么邀请员工, 怎么添加员工, 谁可以核销, 谁能核销, 有哪些员工, staff,
    employees, team, invite staff, invite an employee, add staff, remove staff, who can verify,
    how do i invite staff, how do i add staff
  `),
  link: list(`
    关联账号, 关联我的账号, 关联我的其他账号, 关联其他账号, 关联另一个账号, 绑定我的微信, 我的账号, link my account,
    link my accounts, link another account, link my other account, my accounts
  `),
  customers: list('顾客入口, 顾客二维码, 顾客链接, 客人, 二维码, 自助核销, customers, customer link, customer links, qr code'),
  api: list('api, api key, api keys, 接口密钥, 密钥'),
  settings: list('设定, 店铺设置, 门店设置, 设置门店, 营业日, setting, settings, preferences, options'),
  webhook: list('回调地址, webhook, webhooks'),
  status: list(`
    不能用, 用不了, 不好用, 没反应, 核销不了, 验不了券, 不能核销, 出错了, 出问题了, 坏了, it does not work, it is not working, not working,
    余额, 剩余次数, 剩余多少次, 还剩多少次, 还剩几次, 还有多少次, 接口次数, 验券次数, 授权, 授权状态, 登录状态, 正常吗,
    status, balance, calls left, how many calls are left, how many calls left, is it working, is everything ok
  `),
  language: list(`
    切换语言, 换语言, 改语言, 切换到英文, 切换成英文, 改成英文, 切换到中文, 切换成中文, 改成中文, 中文, 汉语, 英文, 英语, 说中文, 说英文, 说英语, 用中文, 用英文, 换成英文,
    换成中文, english, chinese, speak english, speak chinese, in english, in chinese, switch to english,
    switch to chinese, change language, change the language, switch language
  `),
  cancel: list('退出, 算了, 返回, 不绑了, 先不绑了, 取消操作, cancel that, cancel it, never mind, forget it'),
};

/** Commands that take the day of a sentence: 昨天的日报, yesterday's records. */
export const OF_A_DAY = ['summary', 'history'] as const satisfies readonly CommandName[];

/** Phrases that ask for the audit trail, which is a part of the history. */
export const TRAIL: readonly string[] = list(`
  操作记录, 操作日志, 操作历史, 操作明细, 变更记录, 变更日志, 修改记录, 改动记录, 谁改的设置, 谁改了设置, 谁改过设置, 谁动了设置, 设置谁改的,
  谁改了什么, 谁做了什么, 谁邀请了谁, 谁邀请了员工, 谁邀请的员工, 谁加了员工, 谁加的员工, 谁移除了员工, 谁删了员工, 谁删的员工, changes,
  recent changes, change log, audit, audit log, audit trail, who changed the settings, who changed the setting,
  who changed settings, who changed what, what was changed, what has changed, what changed, who invited whom, who invited staff,
  who removed staff, who did what
`);
/** The word with which the history tells it. */
export const TRAIL_WORD = '操作';

/** Words for the summary of a period that is under way → its days. */
export const PERIODS: ReadonlyMap<string, string> = new Map([
  ['周报', '本周'],
  ['周报表', '本周'],
  ['月报', '本月'],
  ['月报表', '本月'],
  ['weekly report', 'this week'],
  ['weekly summary', 'this week'],
  ['monthly report', 'this month'],
  ['monthly summary', 'this month'],
]);

/** Commands that change something or lead to it: said exactly as in the table, at most politely. */
export const CHANGES: ReadonlySet<CommandName> = new Set<CommandName>(['bind', 'unbind', 'store', 'undo', 'report', 'cancel']);

/** Words of politeness, at the beginning and at the end of any request. */
export const POLITE = {
  before: list(`
    请问一下, 请问, 请, 麻烦你, 麻烦您, 麻烦, 劳驾, 拜托, 帮我, 帮忙, 帮, 给我, 老板, 亲, 你好, 您好, 嗨, hi,
    hello, hey, please, pls, plz, can you, could you, would you, can i, could i, and
  `),
  after: list(`
    谢谢你, 谢谢您, 谢谢, 多谢, 感谢, 谢啦, 谢了, 辛苦了, 拜托了, 麻烦了, 一下, please, pls, plz, thanks a lot,
    thanks, thank you, thx, for me
  `),
};

/** Words around what somebody wants to see. */
export const ASKING = {
  before: list(`
    我想知道, 我想要, 我想, 我要, 我需要, 想要, 想, 要, 能不能, 可不可以, 可以, 能, 让我, 看一下, 看一看, 看看,
    看下, 看, 查一下, 查一查, 查查, 查下, 查询, 查看, 查, 发一下, 发我, 发个, 发, 来个, 来一份, 来份, 告诉我,
    说说, 显示, 打开, 我们, 店里, 一共, 总共, show me, show, give me, tell me, send me, send, i want to see,
    i would like to see, i'd like to see, i want, i need, let me see, see, check, get, open, what's, what is,
    what are, what was, what were, the, my, our
  `),
  after: list(`
    看一下, 看看, 看下, 给我, 发我, 发给我, 发一下, 吧, 啊, 呀, 呢, 吗, 哦, 呗, 哈, 了, 好吗, 可以吗, 行吗,
    是多少, 有多少, 多少, 怎么样, 如何, 是什么, 有哪些, 情况
  `),
};

/** Words between a request and its day. */
export const BESIDE_A_DAY = list("的, 那天, 我们, 店里, 一共, 总共, 共, 都, 's, for, of, on, from, the, we, at");
