//! What is likely behind a breach – in the words of a shop in which scan payments fail – and what
//! the vendor, or the shop meanwhile, should do about it.

use counterproof_sim::vocabulary::Lang;

use super::Requirement;

/// Likely cause and remedy of a breach, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// What is likely behind it.
    pub cause: &'static str,
    /// What to look at and what to do.
    pub remedy: &'static str,
}

macro_rules! help {
    ($($variant:ident: $cause:literal, $cause_zh:literal, $remedy:literal, $remedy_zh:literal;)+) => {
        impl Requirement {
            /// Likely cause and remedy of a breach, in `lang`.
            pub const fn help(self, lang: Lang) -> Help {
                match (self, lang) {
                    $(
                        (Self::$variant, Lang::En) => Help { cause: $cause, remedy: $remedy },
                        (Self::$variant, Lang::Zh) => Help { cause: $cause_zh, remedy: $remedy_zh },
                    )+
                }
            }
        }
    };
}

help! {
    Code01: "The customer's code is good, but the payment application does not know this wallet's prefixes and lengths, or changes the digits on the way.",
        "顾客的付款码没有问题，但支付应用不认识该钱包的前缀和长度，或在途中改动了数字。",
        "Compare the table of prefixes and lengths with the acquirer's list, and send the digits exactly as read.",
        "对照收单方的清单检查前缀与长度表，并按读到的数字原样发送。";
    Code02: "The scanner adds blanks or a line end, or it read something else – a web link, a card, a shelf label – and the payment application does not look at what it is given.",
        "扫码器附加了空白或换行，或读到了别的东西（网址、卡号、货签），而支付应用没有检查内容。",
        "Strip blank, tab, CR and LF at both ends; refuse anything else locally, before a request is built.",
        "去除首尾的空格、制表符、回车和换行；其余内容在组报文之前就在本地拒绝。";
    Code03: "The scanner triggered twice on one code, and each read started a request of its own.",
        "扫码器对同一付款码触发了两次，每次读码都发起了请求。",
        "Disarm the scanner with the first good read and ignore the same text for one second, the next order included.",
        "首次读到有效码后即关闭扫码器，并在一秒内忽略相同内容（下一订单亦然）。";
    Code04: "After a failure the payment application tried the same code again instead of asking the customer for a fresh one.",
        "失败后支付应用重用了同一付款码，而没有请顾客刷新。",
        "Remember every code that left the terminal, across power cuts, and end a repeat with code.used and refresh-code.",
        "记住每个已发出的付款码（断电不丢），再次出现时以 code.used 和 refresh-code 结束。";
    Code05: "The customer's code had expired – a screen left open too long, an outdated app – and the payment application does not recognise the host's word for it.",
        "顾客的付款码已过期（页面停留过久、应用过旧），而支付应用没有识别主机的说法。",
        "Map 54 / C01 to code.expired with refresh-code, and send no reversal for a plain decline.",
        "将 54 / C01 映射为 code.expired 和 refresh-code，普通拒绝不发冲正。";
    Code06: "The scanner is dead and the keypad does not take the code, though the terminal says that it can.",
        "扫码器损坏，而终端虽声明支持却不能从键盘输入付款码。",
        "Keep the order open for the keypad until the scan time-out; the shop can type the digits below the code.",
        "在扫码超时之前保持订单可由键盘输入；店员可输入付款码下方的数字。";
    Code07: "The shop's own collecting code is faulty – cut off, wrong check sum, wrong amount – and the terminal showed it all the same.",
        "商户收款码有误（被截断、校验错误、金额不符），而终端仍然显示。",
        "Check the EMVCo payload (63 and its CRC, 54, 53) before it is shown, and close the order by a reversal when it is not right.",
        "显示前检查 EMVCo 内容（63 及其 CRC、54、53），不正确时以冲正关闭订单。";
    Code08: "Something monstrous was held before the scanner, and the payment application choked on it.",
        "扫码器前出现了异常内容，支付应用无法承受。",
        "Bound the length before anything else looks at the text, and refuse what is no payment code without further parsing.",
        "先限制长度再做其他处理；不是付款码的内容不再解析，直接拒绝。";

    Txn01: "A message of the terminal does not follow the dialect; an acquirer would refuse it, or book it wrongly.",
        "终端的报文不符合规范；收单方会拒绝，或记错账。",
        "Decode the frame in the timeline (`counterproof decode`) and compare field by field with the dialect's table.",
        "用 `counterproof decode` 解开时间线中的报文，与规范的域表逐一对照。";
    Txn02: "The STAN counter was not durable when the request left – typically lost by a power cut – or does not wrap.",
        "请求发出时流水号计数器尚未落盘（通常因断电丢失），或到顶后没有回绕。",
        "Make the counter durable before a message leaves, and go from 999999 to 000001.",
        "报文发出之前先将计数器落盘，999999 之后回到 000001。";
    Txn03: "What the cashier was told and what was booked differ: goods without money, or money without goods. Behind it mostly stands a network that failed between request and answer.",
        "收银员得到的结果与账本不一致：货出钱未到，或钱扣货未出。多因请求与应答之间网络中断。",
        "Follow the order through the timeline from the fault on: an outcome may be reported only when an answer, a query or a reversal has settled it.",
        "从故障处起沿时间线追踪该订单：只有应答、查询或冲正确定之后才能报告结果。";
    Txn04: "The payment was tried again while the first try was still open; on a weak network that charges the customer twice.",
        "第一次尝试尚未了结就再次付款；在弱网下顾客会被扣两次。",
        "Settle an open try by query or reversal before another request for the same order leaves.",
        "同一订单再次发起请求之前，先以查询或冲正了结前一次。";
    Txn05: "The terminal gave up, or waits for ever: nobody tells the cashier what became of the order after the network came back.",
        "终端放弃了或一直等待：网络恢复后没有人告诉收银员订单结果。",
        "Every unknown order needs a timer of its own that ends in a query or a reversal, also after a restart.",
        "每笔未知订单都应有自己的定时器，最终走到查询或冲正，重启后也是如此。";
    Txn06: "An answer to something else – late, misrouted – was taken for this order's.",
        "把别的应答（迟到的或错发的）当成了本订单的应答。",
        "Compare MTI, DE3, STAN, terminal, merchant and amount with the request before an answer is believed, and go on waiting otherwise.",
        "采信应答前核对消息类型、3 域、流水号、终端、商户和金额，不符则继续等待。";
    Txn07: "An answer came after the order was given up – the network was slow, not dead – and overturned the final word.",
        "订单放弃后应答才到（网络慢而非断），推翻了最终结果。",
        "A closed order stays closed; an answer to it is evidence for the log and nothing else.",
        "已关闭的订单保持关闭；其后的应答只记入日志。";
    Txn08: "The customer has to confirm on the phone, and the terminal says nothing, asks too often, or lets the order hang at the end.",
        "顾客需在手机上确认，而终端没有提示、查询过于频繁，或到期后订单悬而未决。",
        "Report unknown with confirm-on-phone at once, query at the interval, and reverse right at the end of the window.",
        "立即报告 unknown 和 confirm-on-phone，按间隔查询，窗口结束时立即冲正。";
    Txn09: "The host did not say what became of the money – maintenance, a wallet that was silent – and the terminal guessed.",
        "主机没有说明资金结果（维护、钱包无应答），而终端自行猜测。",
        "Treat 98, 96, unresolved 68 and silence alike: query until known, else reverse.",
        "对 98、96、未决的 68 和无应答一视同仁：查询到明确为止，否则冲正。";
    Txn10: "A response code is not in the payment application's table, or stands in the wrong column.",
        "应答码不在支付应用的表中，或归类错误。",
        "Only the success set approves; any code that is not known declines; plain declines need no reversal.",
        "只有成功类应答码算成功；未知应答码一律拒绝；普通拒绝不需要冲正。";
    Txn11: "The wallet approved only a part, and the terminal reported the whole.",
        "钱包只批准了一部分，而终端按全额报告。",
        "On 10 report DE4 of the answer as the amount, or reverse it whole.",
        "收到 10 时以应答的 4 域作为金额报告，或整笔冲正。";
    Txn12: "A refund or void was sent that nobody could owe, or one without answer was left open.",
        "发出了不应存在的退货或撤销，或对无应答的退货未加了结。",
        "Check order, amount left and batch before sending; query an unanswered refund, never send it again.",
        "发送前核对订单、剩余金额和批次；无应答的退货要查询，绝不重发。";
    Txn13: "The cash register handed over an amount that no payment can have, and it was sent.",
        "收银系统给出了不可能的金额，而终端照样发送。",
        "Refuse anything but 1 to 999999999999 fen with input.invalid before a message is built.",
        "组报文之前，凡不在 1 至 999999999999 分之间的金额一律以 input.invalid 拒绝。";
    Txn14: "The receipt lacks what shop and customer need when they dispute a payment.",
        "凭条缺少商户与顾客对账所需的内容。",
        "Print merchant, terminal, date and time, amount with two decimals, RRN and order; mark a reprint.",
        "打印商户、终端、日期时间、两位小数的金额、参考号和订单号；重打印须注明。";
    Txn15: "The cashier pressed cancel while the host was already at work, and the terminal took its own word for the host's.",
        "主机已在处理时收银员按了取消，而终端未等主机答复就自作主张。",
        "After sending, cancelled is true only once a reversal is answered; report unknown until then.",
        "发送之后，只有冲正得到应答才算已取消；在此之前报告 unknown。";

    Rev01: "The answer was lost on a weak link or in an outage, and the terminal neither reversed nor asked before it went on.",
        "应答在弱网或故障中丢失，终端既未冲正也未查询就继续交易。",
        "A request without answer blocks the next financial message until its reversal (98) or query has gone through.",
        "没有应答的请求在其冲正（98）或查询完成之前，应阻止下一笔金融报文。";
    Rev02: "The reversal does not name the original as the acquirer needs it, so that the acquirer cannot find it and the money stays where it is.",
        "冲正报文没有按收单方要求指明原交易，收单方找不到，款项无法退回。",
        "Build it from the stored original: its STAN, amount, 22, 25, 49 and 60, DE61, the reason in 39, and a MAC.",
        "用保存的原交易组报文：其流水号、金额、22、25、49、60 域，61 域，39 域原因及 MAC。";
    Rev03: "The power failed – a pulled plug, an empty battery – after the request left and before the terminal had noted it durably.",
        "请求发出后、终端落盘之前断电（拔插头、电池耗尽）。",
        "Write and sync the reversal record before the first byte leaves; remove it only with the final answer.",
        "在第一个字节发出之前写入并同步冲正记录；得到最终应答后才删除。";
    Rev04: "A reversal that nobody answered was forgotten, repeated too often, or overtaken by a new payment.",
        "无人应答的冲正被遗忘、重发过多，或被新的付款抢先。",
        "Three sendings a round at the interval, the record kept after the round, new payments refused or held until it is through.",
        "每轮按间隔发送三次，轮次后保留记录，完成前拒绝或暂缓新的付款。";
    Rev05: "The terminal waits for a 00 that will not come, or gives up a reversal that only needed a new key.",
        "终端一味等待不会到来的 00，或放弃了只需换密钥的冲正。",
        "Take 00, 12, 25 and 40 as the end; on A0 sign in and send the same reversal under the new key.",
        "以 00、12、25、40 为结束；遇 A0 则签到，用新密钥发送同一冲正。";
    Rev06: "An answer whose MAC does not verify was believed; somebody on the way could approve payments.",
        "采信了 MAC 校验不过的应答；中间人可借此批准付款。",
        "Verify DE64 before anything else is read; reverse with A0 and sign in again.",
        "先校验 64 域再读其他内容；以 A0 冲正并重新签到。";
    Rev07: "The payment was approved and the terminal failed before it could finish – a power cut, damaged storage – and then did nothing, or both things.",
        "付款已批准而终端未能完成（断电、存储损坏），之后什么都没做或两样都做。",
        "Decide by one rule from the journal: either complete, or reverse with 96; never report the one and do the other.",
        "依据流水按单一规则处理：补完，或以 96 冲正；不可报告一种而做另一种。";
    Rev08: "A reversal was sent for a request that never left, for instance when there was no signal to connect.",
        "对从未发出的请求发了冲正，例如没有信号无法连接时。",
        "Arm the reversal with the first byte that is handed to the connection, not before.",
        "只有在第一个字节交给连接之后才登记冲正。";
    Rev09: "The date changed, and the pending reversal was cleared with the day's data.",
        "日期变更，待冲正记录随当日数据被清除。",
        "Pending reversals have no date of expiry; clear them only by a definite answer.",
        "待冲正记录没有有效期；只有明确的应答才能清除。";
    Rev10: "The acquirer is down or in maintenance, and the terminal hammers at it; a thousand shops doing so keep it down.",
        "收单方宕机或维护，而终端不停重试；成千上万家店如此会使其无法恢复。",
        "Back off between rounds: no more than 12 connection attempts in any 60 s on average.",
        "轮次之间退避：平均每 60 秒不超过 12 次连接。";

    Net01: "There is no signal – a basement, a remote village – and the terminal does not say so in time, or leaves something owed.",
        "没有信号（地下室、偏远乡村），而终端未及时说明，或留下欠账。",
        "End the order within the connect time-out with network.no-signal; the shop should move to where there is signal or switch the network.",
        "在连接时限内以 network.no-signal 结束；店家应移到信号好的地方或切换网络。";
    Net02: "The signal is weak: packets are lost and come late, and the terminal gave up or paid twice though all stayed within the time-out.",
        "信号弱：丢包、延迟，而终端在时限之内就放弃或重复付款。",
        "Wait the whole response time-out, read whatever arrives in pieces, and never send again on the same order meanwhile.",
        "等满应答时限，能读分段到达的数据，期间同一订单绝不重发。";
    Net03: "The first network is gone and the terminal does not try its other one.",
        "首选网络中断，而终端没有尝试另一条链路。",
        "Try each link once, in order, while nothing has been sent; the shop can switch to Wi-Fi or another SIM.",
        "尚未发送时按顺序各试一次链路；店家可切换到 Wi-Fi 或另一张 SIM 卡。";
    Net04: "The link died after the request had left, and the terminal sent the same request over the other one: two payments.",
        "请求发出后链路中断，终端在另一链路上又发了一遍：两笔付款。",
        "Changing links is for what has not been sent; afterwards only a query or a reversal may go out.",
        "切换链路只适用于尚未发送的请求；发出之后只能查询或冲正。";
    Net05: "An unstable network delivers an answer in pieces, or two at once, and the terminal reads one piece for the whole.",
        "网络不稳定时应答会分段或连在一起到达，而终端把一段当成了全部。",
        "Collect bytes until the two length bytes are satisfied; keep what follows for the next frame.",
        "按两个长度字节收齐一帧；多出的部分留给下一帧。";
    Net06: "Garbage came over the line, and the terminal believed it or broke down.",
        "线路上出现乱码，终端信以为真或因此崩溃。",
        "Close the connection on an impossible length, ignore what was not asked for, and go on waiting for the real answer.",
        "长度非法即关闭连接，忽略未请求的内容，继续等待真正的应答。";
    Net07: "The connection leads to somebody who is not the acquirer, and the terminal spoke to him.",
        "连接的并不是收单方，而终端仍与其通信。",
        "Verify chain, dates and name of the certificate; report network.security and send nothing.",
        "校验证书链、有效期和名称；报 network.security，不发送任何内容。";
    Net08: "The payment system is in maintenance, and the cashier is not told so or the terminal tries for ever.",
        "支付系统维护中，而收银员不知情或终端无休止重试。",
        "Map 91 / N01 to host.maintenance with wait and contact-provider; the shop can offer cash or card meanwhile.",
        "将 91 / N01 映射为 host.maintenance，建议 wait 和 contact-provider；店家可先用现金或银行卡。";
    Net09: "The network came back, and the terminal needs a restart or a key press before it works again.",
        "网络已恢复，而终端要重启或按键才能工作。",
        "Take link.up, and the next operation, as the signal to connect anew; keep nothing of the dead connection.",
        "以 link.up 和下一次操作为重新连接的时机；不保留失效的连接。";

    Sec01: "The sign-in delivered keys whose check value does not fit – a broken or foreign interface – and the terminal trades with them.",
        "签到下发的密钥校验值不符（接口损坏或被冒充），而终端仍用其交易。",
        "Encrypt eight zero bytes under each key and compare with the check value before the key is stored.",
        "保存密钥之前，用其加密八个零字节并与校验值比较。";
    Sec02: "The acquirer's keys have changed, and the terminal goes on under the old ones.",
        "收单方密钥已更换，而终端仍用旧密钥。",
        "After A0 or 99 the next message must be a sign-in.",
        "收到 A0 或 99 后，下一条报文必须是签到。";
    Sec03: "The acquirer asked for a new sign-in in the message header, and the terminal does not read the header.",
        "收单方在报文头要求重新签到，而终端没有读报文头。",
        "Look at the sixth digit of the header of every answer of the terminal's own.",
        "检查每个本终端应答报文头的处理要求位。";
    Sec04: "Terminal and acquirer are in different batches – after a settlement that broke off, for instance – and stay so.",
        "终端与收单方批次不一致（例如结算中断之后），且一直如此。",
        "On 77 sign in and take the batch number of the answer's DE60.",
        "收到 77 后签到，并采用应答 60 域中的批次号。";
    Sec05: "A payment code stands in clear where others can read it; within a minute it can be spent by anybody.",
        "付款码明文出现在他人可见之处；一分钟内任何人都能用它付款。",
        "Mask at the one place where text leaves the application, so that receipts, displays and logs all pass it.",
        "在文本离开应用的唯一出口处做掩码，使凭条、屏幕和日志都经过它。";
    Sec06: "A key was written where service staff or customers can read it.",
        "密钥被写到维修人员或顾客可见之处。",
        "Never give keys to code that formats text; log check values instead.",
        "不要把密钥交给格式化文本的代码；日志中只记校验值。";
    Sec07: "The terminal's own clock is wrong, and receipts carry its date.",
        "终端自身时钟有误，凭条印着它的日期。",
        "Set the clock from DE12 and DE13 of the sign-in's answer.",
        "用签到应答的 12、13 域校准时钟。";

    Pwr01: "The power failed in the middle of a payment, and what the terminal had kept does not suffice to finish or undo it.",
        "付款中途断电，终端留存的内容不足以补完或撤销该交易。",
        "Replay the case and look at the instant of the cut: what was sent must already be durable, what was answered may be lost.",
        "重放该用例，查看断电时刻：已发出的必须已落盘，应答则可能丢失。";
    Pwr02: "The storage is damaged – worn flash, a torn write – and the terminal trades on as if nothing were missing.",
        "存储损坏（闪存老化、写入中断），而终端若无其事地继续交易。",
        "Put a check sum on every record and keep a backup copy of pending reversals; report device.storage before the next payment.",
        "每条记录加校验，待冲正记录保留备份；下一笔付款之前报告 device.storage。";
    Pwr03: "After the restart nobody asks about the payment that was in flight, so that the cashier never hears of it.",
        "重启后没有人过问在途的付款，收银员无从得知结果。",
        "Read the journal at boot, ask for an immediate wake, and settle every open order by query or reversal.",
        "启动时读取流水，请求立即唤醒，并以查询或冲正了结每笔未完成订单。";
    Pwr04: "The power failed during settlement, and the batch was started over, skipped or left open.",
        "结算中途断电，批次被重做、跳过或悬置。",
        "Keep the step of the settlement durable and go on from it at boot.",
        "将结算步骤落盘，启动时从该步骤继续。";

    Set01: "Shop and acquirer count differently; the shop finds out days later from its bank.",
        "商户与收单方账目不一致，店家几天后才从银行得知。",
        "Sales are debits, voids and refunds credits, what was reversed counts nowhere; then take the next batch.",
        "消费计借方，撤销和退货计贷方，已冲正的不计；随后进入下一批次。";
    Set02: "The totals differ, and the terminal does not hand over the details from which the difference could be found.",
        "总计不符，而终端没有上送可供查找差异的明细。",
        "Upload every approved and unreversed entry, end with 202, and tell the cashier.",
        "上送每笔成功且未冲正的明细，以 202 结束，并告知收银员。";
    Set03: "The batch is full, and the terminal takes a payment that it cannot settle.",
        "批次已满，而终端仍受理无法结算的付款。",
        "Count approved and unreversed entries against the limit; end with device.batch-full and have the cashier settle.",
        "按成功且未冲正的笔数与上限比较；以 device.batch-full 结束并请收银员结算。";
    Set04: "A reversal was still pending when the batch was closed, so that the totals cannot agree.",
        "关闭批次时仍有待冲正，总计不可能一致。",
        "Send pending reversals first; do not settle while one has no definite answer.",
        "先发送待冲正；未得到明确应答之前不结算。";

    Phn01: "The customer's payment function is switched off, and the cashier is not told to have it switched on.",
        "顾客手机的支付功能已关闭，而收银员没有得到开启的提示。",
        "Map 57 / P01 to phone.payment-disabled with enable-phone-payment and other-method.",
        "将 57 / P01 映射为 phone.payment-disabled，建议 enable-phone-payment 和 other-method。";
    Phn02: "The customer's phone or app is too old, and the cashier is not told so.",
        "顾客手机系统或应用过旧，而收银员不知情。",
        "Map 40 / P02 to phone.os-outdated with update-phone and other-method.",
        "将 40 / P02 映射为 phone.os-outdated，建议 update-phone 和 other-method。";
    Phn03: "The customer's phone has no network and cannot confirm, and the terminal waits for ever or does not say what is missing.",
        "顾客手机没有网络、无法确认，而终端一直等待或未说明原因。",
        "Cancel at the end of the window with phone.network or phone.unconfirmed, and advise connect-phone.",
        "窗口结束时撤销，报 phone.network 或 phone.unconfirmed，并建议 connect-phone。";
    Phn04: "The phone shows no code – payment switched off – or its screen is too dark to read, and the cashier is left to guess.",
        "手机不显示付款码（支付关闭）或屏幕过暗，而收银员只能猜测。",
        "At the scan time-out report code.unreadable with advice for the phone and for the scanner.",
        "扫码超时时报 code.unreadable，建议同时涉及手机和扫码器。";
    Phn05: "The clock of the customer's phone is wrong, so that its codes are expired before they are shown.",
        "顾客手机时钟错误，付款码一显示就已过期。",
        "Treat it as any expired code: code.expired and refresh-code.",
        "按付款码过期处理：code.expired 和 refresh-code。";
    Phn06: "The phone is offline, which does not matter below the amount that needs a password, and the terminal refused it.",
        "手机离线，但小额免密本可付款，而终端予以拒绝。",
        "Send every well-formed code; only the wallet can say whether the phone must be online.",
        "格式正确的码一律发送；是否需要联网由钱包决定。";

    Crd01: "The customer has not activated Baitiao, and the cashier is not told to choose another funding source.",
        "顾客未激活白条，而收银员没有得到更换付款方式的提示。",
        "Map 40 / B01 to credit.not-activated with other-funding; no reversal.",
        "将 40 / B01 映射为 credit.not-activated 和 other-funding；不发冲正。";
    Crd02: "The Baitiao limit does not cover the amount, and the cashier is not told so.",
        "白条额度不足，而收银员不知情。",
        "Map 51 / B02 to credit.limit with other-funding.",
        "将 51 / B02 映射为 credit.limit 和 other-funding。";
    Crd03: "The customer's Baitiao is overdue, and the cashier is not told so.",
        "顾客白条逾期，而收银员不知情。",
        "Map 62 / B03 to credit.overdue with other-funding.",
        "将 62 / B03 映射为 credit.overdue 和 other-funding。";
    Crd04: "Baitiao's risk control refused, and the cashier is led to try again in vain.",
        "白条风控拒绝，而收银员被引导做无用的重试。",
        "Map 59 / B04 to credit.risk with other-method.",
        "将 59 / B04 映射为 credit.risk 和 other-method。";
    Crd05: "The customer chose another funding source and a fresh code, and the terminal stuck to the refused try.",
        "顾客已换付款方式并刷新付款码，而终端仍纠缠于被拒的那次。",
        "A declined order may be paid again: new STAN, new code, nothing carried over.",
        "被拒的订单可以重新付款：新流水号、新付款码，不带入旧内容。";

    Dev01: "The scanner is dead, and the cashier is left waiting before it.",
        "扫码器损坏，而收银员只能干等。",
        "Report device.scanner as soon as the driver does; offer the keypad, or cash or card.",
        "驱动报错时立即报告 device.scanner；提供键盘输入，或改用现金、银行卡。";
    Dev02: "The scanner's window is dirty or scratched and nothing decodes.",
        "扫码窗口脏污或划伤，始终无法识读。",
        "End within the scan time-out with code.unreadable; the shop should clean the window.",
        "在扫码时限内以 code.unreadable 结束；店家应清洁扫码窗口。";
    Dev03: "The printer ran out of paper after the payment, and the terminal took that for a failed payment.",
        "付款后打印机缺纸，而终端将其当成付款失败。",
        "The money has moved: stay approved, keep the receipt for a reprint.",
        "款项已付：保持成功，凭条留待重打印。";
    Dev04: "The payment interface of the terminal is too old for the acquirer, and the shop is not told to update.",
        "终端支付接口版本过旧，而店家没有得到升级的提示。",
        "Map 58 / D01, and header digit 6, to device.interface with update-software.",
        "将 58 / D01 及报文头 6 映射为 device.interface 和 update-software。";

    Ux01: "The cashier sees that it failed and not why, nor what to do.",
        "收银员只看到失败，不知原因和对策。",
        "Give every outcome that is not an approval a reason and an advice; look for paths that end without passing the table.",
        "每个非成功结果都附原因和建议；查找没有经过映射表的路径。";
    Ux02: "The cashier reads a code or a foreign language.",
        "收银员看到的是代码或外文。",
        "Take the sentence from a table of the locale, with the code in small print at most.",
        "从当地语言的文案表取句子，代码至多作附注。";
    Ux03: "Two different causes – the network, the phone, the credit – look the same to the cashier, who then tries the wrong remedy.",
        "不同的起因（网络、手机、信用）在收银员看来一样，于是用错对策。",
        "Read 63.2 as well as DE39, and keep signal, time-out and unreachable host apart.",
        "除 39 域外还要读 63.2，并区分无信号、超时和主机不可达。";
    Ux04: "Trying again cannot help here, and the cashier is not told to take cash or card.",
        "此时重试无济于事，而收银员没有得到改用现金或银行卡的建议。",
        "Add other-method where neither terminal nor customer can remove the cause at the counter.",
        "终端和顾客都无法当场排除的起因，加上 other-method。";

    Ops01: "The self-test says that all is well while a part has failed, so that the shop looks in the wrong place.",
        "自检显示正常而部件已坏，店家找错方向。",
        "Test the part itself – driver, paper, a write and read, a connection – rather than a flag.",
        "测试部件本身（驱动、纸张、读写、连接），而不是看标志位。";
    Ops02: "Faults and repairs leave no trace, so that neither maker nor support can find out what happened.",
        "故障与维修没有留痕，厂家和售后无从查起。",
        "Write an entry with its time for every fault and for its end, and keep it across restarts.",
        "每次故障及其恢复都记录时间，重启后仍保留。";
    Ops03: "The shop cannot tell whether to call the carrier or the acquirer.",
        "店家不知道该找运营商还是收单方。",
        "Test links by connecting and the host by an echo, and report the two apart.",
        "以连接测试链路、以回响测试主机，并分开报告。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_a_cause_and_a_remedy_in_both_languages() {
        for requirement in Requirement::ALL {
            let (en, zh) = (requirement.help(Lang::En), requirement.help(Lang::Zh));
            for text in [en.cause, en.remedy] {
                assert!(
                    text.ends_with('.') && text.is_ascii() || text.contains('–'),
                    "{text}"
                );
            }
            for text in [zh.cause, zh.remedy] {
                assert!(text.ends_with('。'), "{text}");
            }
        }
    }
}
