### 中文。每句话短，先说结果，再说怎么办。

## 券的卡片
field-code = 券码
field-price = 售价
field-store = 门店
field-state = 状态
field-valid = 有效期
field-phone = 手机号
field-uses = 可用次数
field-deal = 商品
field-amount = 金额
field-count = 次数
field-time = 时间
field-by = 核销人
field-operator = 操作人
field-new-code = 新券码
state-unused = 未使用
valid-until = 至 { $time }
uses = { $count } 张
button-confirm = 确认核销
button-use = 核销 { $count } 张
button-cancel = 取消
button-undo = 撤销（还剩 { $minutes } 分钟）
button-again = 重新查券
title-working = 处理中
note-working = 正在核销，请稍候…
note-undoing = 正在撤销，请稍候…
title-verified = 核销成功
title-already = 已核销
title-dropped = 已取消
title-unsure = 结果待确认
note-unsure = 平台没有及时答复。请勿重复操作，有结果会自动告知。
title-person = 结果待确认 · 需要人工判断
note-person = 平台显示此券已使用，但看不出是不是这次核销的。请到平台商家后台查看核销记录，再选择一次。
button-was-us = 是本次核销
button-not-us = 不是
note-not-us = 人工判断：平台上的使用不是本次核销。
decide-refused = 只有店主或核销人可以判断。
title-undoing = 处理中
title-undo-unsure = 撤销结果待确认
note-undo-person = 平台一直没有答复。请到平台商家后台查看，撤销成功了吗？
button-undone-yes = 已撤销
button-undone-no = 未撤销
title-undone = 已撤销
title-undo-question = 确定撤销这次核销？
undo-time-left = 还剩 { $minutes } 分钟可以撤销。撤销后券码可能改变。
button-undo-yes = 确认撤销
button-undo-no = 不撤销
note-undo-refused = 撤销未成功：{ $why }
undo-try-again = 平台没有执行，券仍是已核销。可以再试一次。
card-gone = 这张卡片已失效，请重新发送券码。
press-refused = 你没有核销权限，请联系店主。

## 不能用的原因
refused-not-found = 券码不存在
refused-not-found-hint = 请核对数字，或请顾客重新打开券。
refused-used = 已核销
refused-used-hint = 此券已经使用过。
refused-expired = 已过期
refused-expired-hint = 顾客可在平台查看退款。
refused-not-yet = 未到使用时间
refused-not-yet-hint = 请顾客查看券的可用时间。
refused-wrong-store = 非本店
refused-wrong-store-hint = 此券不能在本店使用，请顾客查看适用门店。
refused-refunded = 已退款
refused-refunded-hint = 此券已退款或正在退款。
refused-frozen = 已冻结
refused-frozen-hint = 请顾客联系平台客服。
refused-hidden = 券码被隐藏
refused-hidden-hint = 请顾客在店内重新打开券，刷新后再发。
refused-count = 次数不足
refused-count-hint = 剩余次数不够，请重新查券。
refused-unauthorised = 授权已过期
refused-unauthorised-hint = 请店主重新绑定（发送 /bind）或在平台后台重新授权。
refused-quota = 接口次数已用完
refused-quota-hint = 请店主到平台后台充值。
refused-undo-late = 已超过撤销时限
refused-undo-late-hint = 请到平台商家后台处理。
refused-risk = 平台风控
refused-risk-hint = 请顾客联系平台客服。
refused-lost = 未核销
refused-lost-hint = 已向平台确认：券没有被使用，可以重新核销。
refused-busy = 平台繁忙
refused-busy-hint = 没有核销，请稍等几秒再试。
refused-unreachable = 连不上平台
refused-unreachable-hint = 没有核销，请稍后再试；一直这样，请检查网络。
refused-other = 平台未通过
refused-other-hint = 请到平台商家后台查看原因。
fault-nonsense = 平台没有正常答复，请稍后再试。
settled-line = 券 { $code }：{ $result }。{ $why }

## 查券
unbound = 本聊天还没有绑定门店。店主发送 /bind（或“绑定”）开始绑定；员工请向店主要邀请。
stranger = 你还不是这家门店的员工，请向店主要邀请。
stranger-group = 只有店主允许的人可以在本群核销，请联系店主。
in-line = 前面还有 { $place } 位，请稍候…
guess-pause = 连续多次券码不存在，请 { $minutes } 分钟后再试，或请店主帮忙。
guess-warning = 提醒：{ $person } 在「{ $store }」连续发送了多个不存在的券码，已暂停其查券。
login-refused = 提醒：平台拒绝了账号 { $account } 的登录（密码可能改过），门店暂时不能核销。请重新发送 /bind，选“使用新账号”输入一次。
several-codes = 找到 { $count } 个券码，请选择：
many-codes = 找到 { $count } 个券码，先列出前 { $shown } 个，其余请再发一次：
doubtful-phone = { $code } 像是电话号码。它是券码吗？
doubtful-date = { $code } 像是日期时间。它是券码吗？
doubtful-hidden = { $code } 是平台隐藏券码时的占位数字。请顾客在店内重新打开券，再发一次。
button-find-anyway = 是券码，查询
small-talk = 发送券码就能核销。需要帮助请发送 /help。
odd-digits = 收到 { $count } 位数字，不像券码（一般 10 到 15 位）。请核对后重发。
photo-read = 图中读到 { $code }，请与券面核对。
photo-check = 请核对：图中读到 { $code }，与券面一致再确认。
photo-unclear = 请核对：图片看不太清，读到 { $code }。这是券码吗？
photo-conflict = 请核对：条码和印刷的数字不一致，请选择正确的券码：
photo-choose = 请核对：图中读到 { $count } 个号码，有的看不太清，请选择：
photo-none = 没有识别到券码。请让二维码或整行券码清晰、完整地占满画面，避开反光和手指，再拍一张；也可以直接发送券码数字。
photo-gone = 没有识别到券码：没有取到这张图片。请重新发送，或直接发送券码数字。
photo-not-a-picture = 没有识别到券码：这个文件不是能读的图片。请发送 JPEG、PNG 或 WebP 图片，或直接发送券码数字。
photo-too-large = 没有识别到券码：图片太大（最多 20 MB）。请发送截图，或直接发送券码数字。
photo-too-many-pixels = 没有识别到券码：图片的像素太多。请发送截图，或直接发送券码数字。
photo-broken = 没有识别到券码：图片不完整或已损坏。请重新发送，或直接发送券码数字。
photo-busy = 正在识别的图片太多，请过几秒再发一次，或直接发送券码数字。
photo-failed = 没有识别到券码：这张图片没能读完。请换一张试试，或直接发送券码数字。
link-without-code = 这个链接里没有券码，请发送券码数字。
cannot-read = 看不懂这种消息，请发送券码数字。
unknown-command = 没有这个命令。发送 /help 查看全部命令。
failed = 抱歉，出了点问题，请再试一次。若仍不行，请联系店主。

## 撤销
undo-usage = 用法：/undo 或 /undo 券码（至少后四位）
undo-impossible = 现在不能在这里撤销了：可能已超过平台时限，或平台不支持。请到平台商家后台（如开店宝）处理。
undo-nothing = 没有可以撤销的核销。
undo-not-yours = 只有店主或核销人本人可以撤销。

## 绑定
bind-choose-platform = 选择平台：
bind-choose-account = 用已有账号，还是新账号？
bind-ask-email = 请发送登录邮箱：
bind-ask-password = 请发送密码（收到后会立即删除这条消息）：
bind-plain-http = 注意：该平台只提供不加密的 http 接口，密码和券码在网络上是明文。建议为它单独设置密码。
bind-in-group = 不想在群里输入密码？先私聊我绑定一次，再在群里发送 /bind，就能直接选用那个账号。（在群里请“回复”我的提问，或 @我 再写答案。）
bind-logging-in = 正在登录平台…
bind-wrong-password = 登录失败：邮箱或密码不正确。
bind-unreachable = 暂时连不上平台。点“再试一次”即可，不用重新输入。
bind-nonsense = 平台没有正常答复，请稍后再试。点“再试一次”即可，不用重新输入。
bind-account-refused = 平台不接受这个账号的登录（密码可能改过）。请用新账号重新输入。
bind-bad-answer = 格式不对，请重新发送。发送 /cancel 退出。
bind-delete-yourself = 我没有权限删除带密码的消息，请你马上手动删除。
bind-choose-store = 选择门店：
store-chosen = 本聊天现在是「{ $store }」，发送券码就能核销。
bind-stores-left-out = 另有 { $count } 家门店未授权或授权已过期，请先在平台后台授权。
bind-no-stores = 登录成功，但账号下没有门店。请先在平台后台添加并授权门店，再发送 /bind。
bind-none-authorised = 登录成功，但没有已授权的门店。请先在平台后台完成美团门店授权，再发送 /bind。
bind-all-expired = 门店授权已过期：{ $stores }。请先在平台后台重新授权，再发送 /bind。
bind-done = 已绑定「{ $store }」。现在发送券码就能核销。接下来可以：/staff 邀请员工，/report 接收日报。
bind-done-group = 已绑定「{ $store }」。
bind-anonymous = 你在以匿名管理员身份发言，我无法确认你是谁。请在群设置里关闭匿名后再试。
bind-admins-only = 只有群管理员可以在群里绑定。
bind-taken = 本群已绑定门店，只有店主可以更换。
bind-not-yours = 这个操作已结束，或不是你发起的。请重新发送 /bind。
button-new-account = 使用新账号
button-retry = 再试一次
button-retype = 重新输入
button-previous = 上一页
button-next = 下一页
who-may = 谁可以核销：
who-may-owner = 谁可以核销：仅店主（请店主选择）
who-may-invited = 谁可以核销：仅受邀员工
who-may-everyone = 谁可以核销：群内所有人
button-may-invited = 仅受邀员工
button-may-everyone = 群内所有人
unbind-question = 确定与「{ $store }」解绑？核销记录会保留。
button-unbind = 确定解绑
unbind-done = 已与「{ $store }」解绑
owner-only = 只有店主可以这样做。
platform-umember = 美团 · umember
platform-practice = 练习店
cancelled = 已退出。
nothing-to-cancel = 没有正在进行的操作。

## 员工
staff-title = 「{ $store }」的员工（{ $count } 人）
staff-line = · { $name }（{ $time } 加入）
staff-removed = 已移除 { $name }，他在「{ $store }」的卡片立即失效。
button-invite = 邀请员工
button-remove = 移除 { $name }
nameless = 未命名
invitation-link = 邀请员工加入「{ $store }」：把这个链接发给他（一次有效，{ $hours } 小时内）：
    { $link }
    也可以让他私聊我发送：{ $word }
invitation-word = 邀请员工加入「{ $store }」：让他私聊我发送这 6 位数字（一次有效，{ $hours } 小时内）：
    { $word }
invitation-sent = 「{ $store }」的邀请已私聊发给你（只能用一次，不宜发在群里）。没有收到？请先私聊我发送“开始”，再点一次“邀请员工”。
join-done = 欢迎！你已成为「{ $store }」的员工，发送券码就能核销。
join-owner = 你是店主，不需要邀请。把它发给「{ $store }」的员工就行，它仍然有效。
join-unknown = 邀请不存在、已被使用或已过期，请向店主要新的。
join-pause = 试得太多了，请稍后再试。

## 顾客
customers-title = 「{ $store }」的顾客入口：把二维码打印出来贴在店里。顾客用微信扫码，就会看到门店名称和用法。目前顾客还不能自助核销，仍由店员核销；受邀的员工也可以扫码，再发送 6 位数字加入。
customers-link = 客服账号「{ $name }」
    { $url }
customers-no-picture = 二维码在这里发不出来：请把上面的链接做成二维码，链接一个字都不要改。
customers-more = 只列出前 { $count } 个客服账号。
customers-none = 还没有给顾客用的入口。要先接入微信客服：请管理员按 README 的「微信客服」一节设置好，再运行 npm run doctor 检查，然后重新发送“顾客”。
customers-unavailable = 暂时取不到顾客入口的链接，请稍后再试；一直这样，请管理员运行 npm run doctor，它会说明怎么修。
customer-welcome = 你好，这里是「{ $store }」。请把券码或券的二维码出示给店员，由店员为你核销；目前还不能在这里自助核销。员工请发送店主给的 6 位数字。
customer-answer = 「{ $store }」的券由店员核销：请把券码或券的二维码出示给店员。目前还不能在这里自助核销，有问题也请直接问店员。

## 日报
summary-title = 日报 · { $store } · { $day }
summary-title-running = 日报 · { $store } · { $day }（截至目前）
summary-day-end = 营业日次日 { $time } 截止
summary-verified = 核销 { $count } 张
summary-total = 合计 { $total }
summary-unpriced = 其中 { $count } 张金额未知，未计入合计
summary-undone = 撤销 { $count } 张（{ $total }）
summary-unsure = 待确认 { $count } 张
summary-refused = 未通过 { $count } 次
summary-by-product = 按商品
summary-by-person = 按人员
summary-line = · { $name } × { $count }　{ $total }
summary-others = 其余 { $count } 项
summary-correction = 更正 { $day }：核销 { $count } 张，合计 { $total }，撤销 { $undone } 张，待确认 { $unsure } 张，未通过 { $refused } 次
summary-usage = 用法：/summary 或 /summary 昨天，/summary 11-22
summary-future = 这一天还没到。
report-on = 本聊天将收到「{ $store }」的日报，每天 { $time } 自动发送（营业日截止时间）。修改时间：/report 05:00；关闭：/report off
report-off = 已关闭，本聊天不再收到日报。
report-was-off = 本聊天没有接收日报。
report-choose = 接收哪家门店的日报？
report-which = 你有多家门店，请在绑定了那家门店的聊天里设置时间。
report-usage = 用法：/report（开启），/report 05:00（营业日截止时间），/report off（关闭、移除），/report 企业微信群 webhook 地址
report-group-on = 「{ $group }」将收到「{ $store }」的日报，每天 { $time } 自动发送（营业日截止时间）。移除：/report off
report-others = 其他接收日报的聊天：
report-other = · { $group }：{ $store }
report-removed = 「{ $group }」不再接收「{ $store }」的日报。
report-group-lost = 提醒：「{ $group }」已失效（机器人被移出群或停用），「{ $store }」的日报发不过去，已停止发送。请重新添加群机器人并发送：绑定日报 新地址。错过的日报可以发送“日报 日期”查看。
repeat = （可能是重复消息）

## 记录
history-title = 「{ $store }」的核销记录（新的在前）
history-none = 没有找到记录。
history-more = 只显示最近 { $count } 条。可以加条件：/history 券码后四位，/history 姓名，/history 昨天
history-open = 待操作
history-dropped = 已取消
history-submitting = 处理中
history-unsure = 待确认
history-person = 待人工判断
history-verified = 核销成功
history-refused = 未通过
history-undoing = 撤销中
history-undo-unsure = 撤销待确认
history-undone = 已撤销

## 状态
status-store = 门店：{ $store }（{ $platform }）
status-authorised = 授权：正常
status-not-authorised = 授权：门店未授权，请在平台后台授权
status-expired = 授权：授权已过期，请在平台后台重新授权
status-logged-in = 授权：登录正常（平台未说明门店授权状态）
status-store-missing = 授权：平台账号下已没有这家门店，请重新绑定
status-quota = 剩余接口次数：{ $quota }
status-quota-low = 剩余接口次数：{ $quota }，快用完了，请到平台后台充值
status-last = 最近一次成功：{ $time }
status-owner-group = 本聊天接收日报：{ $stores }
status-installation = 系统 { $version } · 待处理消息 { $inbox } · 待发送 { $due } · 送达待确认 { $uncertain }

## 语言
language-name = 中文
language-choose = 选择语言 / Choose a language:
language-done = 好的，以后用中文。

## 帮助
welcome = 你好，我是核销助手。发送 /bind 绑定你的门店，之后发送券码就能核销。员工请向店主要邀请，再把 6 位数字发给我。
welcome-group = 大家好，我是核销助手。请群管理员发送 /bind 绑定门店，之后在群里发券码就能核销。
help-owner = 本聊天绑定了「{ $store }」，你是店主。发送券码即可核销。
help-staff = 本聊天绑定了「{ $store }」。发送券码即可核销。
help-reports = 本聊天接收「{ $stores }」的日报，每天自动发送。
help-group = 群里若没有回应：请 @我 或回复我。Telegram 群里机器人默认看不到普通消息（隐私模式）：把我设为群管理员，或在 @BotFather 用 /setprivacy 关闭后重新拉我进群。
about-help = 使用帮助
about-bind = 绑定门店
about-store = 切换门店
about-summary = 查看日报
about-history = 核销记录
about-undo = 撤销核销
about-report = 接收日报、营业日时间
about-staff = 邀请和管理员工
about-customers = 顾客入口和二维码
about-status = 授权与剩余次数
about-language = 切换语言
about-unbind = 解除绑定
about-cancel = 退出当前操作
about-start = 开始使用

## 练习
practice-chat = 练习店
practice-owners = 老板群
practice-welcome = 欢迎来到「{ $store }」（练习）。点一个示例券码试试：我会查券，你点“确认核销”。这里的券都是模拟的。
practice-owners-welcome = 这里是老板群，「{ $store }」的日报每天自动发到这里。现在就看：发送“日报”。
practice-unused = 未使用
practice-used = 已核销
practice-expired = 已过期
practice-wrong-store = 非本店
practice-several = 三次卡
practice-slow = 平台很慢
practice-lost-before = 答复丢失（未核销）
practice-lost-after = 答复丢失（已核销）
practice-busy = 平台繁忙
practice-refunded = 已退款

## 企业微信
webhook-title = 企业微信群（webhook { $tail }）
webhook-hello = 核销助手已接入本群，日报会发到这里。
webhook-delete-yourself = 这个地址等于本群的发言权，而我无法删除你的消息：请你马上手动删除（或撤回）。
webhook-not-one = 这不是企业微信群的 webhook 地址。请在群里：··· → 消息推送（群机器人）→ 添加 → 复制 Webhook 地址，再发送：绑定日报 地址
webhook-wrong-key = 企业微信不认这个地址：机器人可能已被移出群或停用，或地址没有复制完整。请重新复制再试。
webhook-busy = 这个群一分钟内的消息太多了，请过一分钟再试。
webhook-unreachable = 暂时连不上企业微信，请稍后再试一次。
webhook-refused = 企业微信没有接受测试消息，请检查群机器人的设置后再试。
wecom-reply-number = 回复数字选择。
wecom-result-below = 结果见下方的新消息。
wecom-menu-scan = 扫码查券
wecom-menu-books = 记录
wecom-menu-more = 更多
kf-choose = 点一下上面的选项，或回复序号 1–{ $count }
kf-choose-number = 请回复序号 1–{ $count }
kf-more = （还有内容，回复任意文字继续）
