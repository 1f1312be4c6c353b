//! What `serve` says: of its files and settings, on its first lines, and over its API.

use super::texts;

texts! {
    no_terminals() = "there is no [[terminal]] in it: `counterproof serve --example-terminals` prints a file to start with", "其中没有 [[terminal]]：`counterproof serve --example-terminals` 可打印示例文件";
    terminal_twice(id) = "terminal {id} stands twice", "终端 {id} 重复";
    master_key_form() = "the master key must be 32 hexadecimal digits", "主密钥须为 32 位十六进制数字";
    tpdu_form() = "the TPDU must be ten hexadecimal digits", "TPDU 须为 10 位十六进制数字";
    terminal_name_form(length) = "this must be {length} letters or digits", "须为 {length} 位字母或数字";
    terminal_number_form() = "this must be a number from 1 to 999999", "须为 1 至 999999 的数字";

    needs(option) = "serve needs {option}", "serve 需要 {option}";
    address_form(option, text) = "{option} {text}: write an address and a port: 127.0.0.1:7800, [::1]:7800, or port 0 for a free one", "{option} {text}：请写作地址和端口：127.0.0.1:7800、[::1]:7800，端口 0 表示任一空闲端口";
    needs_token(address) = "--api {address} can be reached from other machines: give --api-token-file or COUNTERPROOF_API_TOKEN, or listen at 127.0.0.1", "--api {address} 可从其他机器访问：请使用 --api-token-file 或 COUNTERPROOF_API_TOKEN，或监听 127.0.0.1";
    token_empty(length) = "the token must have at least {length} characters", "令牌至少须有 {length} 个字符";
    no_connections() = "--max-connections must be at least 1", "--max-connections 至少为 1";
    bad_time(option, text) = "{option} {text} is not a length of time above zero: write 10s, 500ms or 2m", "{option} {text} 不是大于零的时长：请写作 10s、500ms 或 2m";
    cannot_serve(why) = "cannot serve: {why}", "无法提供服务：{why}";
    stopped(why) = "stopped: {why}", "已停止：{why}";
    terminals_at(address) = "terminals: {address}", "终端接入：{address}";
    api_at(address) = "api: http://{address}", "接口：http://{address}";

    api_about() = "The simulated acquirer and phones of counterproof as a standing service. Amounts are in fen. Payment codes are masked in the record unless the service was started with --show-codes; keys are never told.", "counterproof 的模拟收单方和手机，作为常驻服务。金额以分为单位。除非以 --show-codes 启动，记录中的付款码均被遮盖；密钥从不显示。";
    api_done() = "done", "完成";
    api_not_done() = "not done; the sentence says why", "未完成；文字说明原因";
    api_health() = "How the service is", "服务状态";
    api_terminals() = "The terminals that are registered", "已登记的终端";
    api_codes() = "A customer opens the wallet app: a fresh payment code, good for 60 s and one payment", "顾客打开钱包应用：一个新的付款码，60 秒内可付款一次";
    api_many_codes() = "Many codes at once for tests under load; none asks for the password", "一次生成多个付款码，用于压力测试；均不需密码";
    api_many(most) = "at most {most} at once", "一次最多 {most} 个";
    api_payments() = "A customer scans the code on a terminal's screen and pays it", "顾客扫描终端屏幕上的收款码并付款";
    api_customer() = "A customer's means, and what was spent of them", "顾客的资金及已用金额";
    api_change_customer() = "Sets up a customer", "设置顾客";
    api_questions() = "The questions that wait for their customers", "等待顾客确认的付款";
    api_answer_question() = "A customer confirms or declines", "顾客确认或拒绝";
    api_fault_kinds() = "Everything that can be made to go wrong", "可设置的全部故障";
    api_faults() = "The faults that are armed, and how often each fired", "已启用的故障及其发生次数";
    api_arm() = "Arms a fault; messages are counted from now on", "启用故障；从此刻起计数报文";
    api_lift() = "Lifts a fault", "解除故障";
    api_ledger() = "Movements of money, oldest first", "资金流水，按时间先后";
    api_transactions() = "Transactions in the order of terminal, batch and STAN", "交易，按终端、批次、流水号排列";
    api_transaction() = "One transaction", "一笔交易";
    api_record() = "The live record: the entries that are kept, and with follow=true what happens from then on", "实时记录：保留的条目；follow=true 时继续输出此后发生的一切";
    api_record_lines() = "one JSON object a line: n (its number), at (microseconds since 1970), fact and its members; an empty line every 20 s of silence", "每行一个 JSON 对象：n（编号）、at（1970 年以来的微秒数）、fact 及其成员；静默时每 20 秒一个空行";
    api_stop() = "Ends the service in order", "正常结束服务";

    api_ending() = "the service is ending", "服务正在结束";
    api_nothing_there() = "there is nothing at this path: see /openapi.json", "此路径不存在：见 /openapi.json";
    api_other_method() = "this path is not asked for with this method: see /openapi.json", "此路径不支持该方法：见 /openapi.json";
    api_json_only() = "the body must be JSON: send content-type: application/json", "正文须为 JSON：请发送 content-type: application/json";
    api_body_too_long(most) = "the body has more than {most} bytes", "正文超过 {most} 字节";
    api_token() = "the token is missing or wrong: send authorization: Bearer TOKEN", "缺少令牌或令牌错误：请发送 authorization: Bearer 令牌";
    api_host() = "the service was called by a name that is not of this machine: use localhost or 127.0.0.1, or start it with a token", "服务以非本机名称被访问：请使用 localhost 或 127.0.0.1，或以令牌启动";
    api_origin() = "pages of browsers are not served", "不向浏览器页面提供服务";
    api_no_fault(id) = "no fault {id} is armed", "没有启用编号为 {id} 的故障";
    api_no_question(id) = "no question {id} waits", "没有编号为 {id} 的待确认付款";
    api_no_transaction(key) = "there is no transaction {key}", "没有交易 {key}";
    api_instalments() = "instalments are for Baitiao only: 1, 3, 6, 12 or 24", "只有白条可分期：1、3、6、12 或 24 期";
    api_full() = "there are too many of them already", "数量已达上限";
    api_too_much(most) = "an amount may be at most {most} fen", "金额最多为 {most} 分";
    api_wallet_refuses(code) = "the wallet does not pay it: {code}", "钱包拒绝付款：{code}";
    api_phone_does_not_pay() = "the phone does not pay it: no code of an acquirer, or a fault of the phone", "手机无法付款：不是收单方的码，或手机有故障";
    api_nth() = "give nth or first, not both, and count from 1", "nth 与 first 只能用一个，且从 1 起计";
    api_fault_elsewhere(kind, site) = "{kind} acts at the {site}, which is yours: nothing here can do it", "{kind} 作用于您的设备（{site}），此处无法设置";
}
