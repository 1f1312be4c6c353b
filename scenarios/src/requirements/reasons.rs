//! Why a shop cares about a requirement, and what the cashier does while the vendor has not mended a
//! breach. What the vendor does is in `help`.

use counterproof_sim::vocabulary::Lang;

use super::Requirement;

/// What a breach costs the shop, and what its staff can do, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What a breach costs the shop.
    pub why: &'static str,
    /// What the cashier does meanwhile.
    pub cashier: &'static str,
}

macro_rules! reasons {
    ($($variant:ident: $why:literal, $why_zh:literal, $cashier:literal, $cashier_zh:literal;)+) => {
        impl Requirement {
            /// Why a shop cares, and what the cashier does meanwhile, in `lang`.
            pub const fn reason(self, lang: Lang) -> Reason {
                match (self, lang) {
                    $(
                        (Self::$variant, Lang::En) => Reason { why: $why, cashier: $cashier },
                        (Self::$variant, Lang::Zh) => Reason { why: $why_zh, cashier: $cashier_zh },
                    )+
                }
            }
        }
    };
}

reasons! {
    Code01: "A customer with a good code and enough money leaves without buying.",
        "顾客付款码正常、余额充足，却买不成东西。",
        "Ask for another wallet, or for cash or card.",
        "请顾客换一个钱包，或用现金、银行卡。";
    Code02: "Every scan of a shelf label or a web link becomes a request that the host refuses and the shop waits for.",
        "每次误扫货签或网址都会变成一笔被主机拒绝的请求，白白等待。",
        "Scan the payment code again, with nothing else before the scanner.",
        "移开其他条码，重新扫付款码。";
    Code03: "One press of the scanner can charge the customer twice.",
        "扫一次码，顾客可能被扣两次。",
        "Look for a second payment of the same amount before the customer leaves, and refund it.",
        "顾客离开前查看有无同额的第二笔付款，如有则退货。";
    Code04: "A code works once: trying it again fails at best, and at worst hides that the first try went through.",
        "付款码只能用一次：重用轻则失败，重则掩盖第一次其实已成功。",
        "Have the customer refresh the code before each new try.",
        "每次重试前请顾客刷新付款码。";
    Code05: "The customer only had to refresh the code, and nobody said so.",
        "顾客只需刷新付款码，却没有人告知。",
        "Have the customer refresh the code and scan at once.",
        "请顾客刷新付款码并立即扫描。";
    Code06: "With a dead scanner the shop cannot take a single scan payment.",
        "扫码器一坏，门店一笔扫码付款也收不了。",
        "Take cash or card, or use another terminal.",
        "改收现金、银行卡，或换一台终端。";
    Code07: "Money that is paid to a wrong or damaged code is not the shop's.",
        "顾客付给错误或损坏的收款码的钱，店家收不到。",
        "Compare the amount on the customer's phone with the order before the customer confirms.",
        "顾客确认之前，核对其手机上的金额与订单是否一致。";
    Code08: "Anybody can stop the counter with a printed code.",
        "任何人用一张打印的码就能让收银台瘫痪。",
        "Restart the terminal, and refuse to scan anything but a phone's payment page.",
        "重启终端；除手机付款页外一概不扫。";

    Txn01: "The acquirer refuses the payment, or books it under a wrong amount or merchant.",
        "收单方拒绝该笔付款，或把金额、商户记错。",
        "Take another terminal; have the acquirer look up payments that were refused.",
        "换用其他终端；请收单方查询被拒的交易。";
    Txn02: "The acquirer takes the second payment for a repetition of the first, and one of the two is never booked.",
        "收单方把第二笔当作第一笔的重发，其中一笔不会入账。",
        "Compare the receipts of the day with the acquirer's list when the batch is settled.",
        "结算时将当日凭条与收单方明细逐笔核对。";
    Txn03: "Goods leave without money, or the customer pays and gets nothing.",
        "货出而钱未到，或顾客付了钱却拿不到货。",
        "After a network fault ask the customer's phone and the acquirer's list before goods change hands.",
        "网络故障后，交货前先核对顾客手机和收单方明细。";
    Txn04: "The customer pays twice and comes back angry; the refund costs more than the sale earned.",
        "顾客被扣两次款后投诉，退款的成本高于这笔生意的利润。",
        "Do not try an open order again; look it up first.",
        "未了结的订单不要重试，先查询。";
    Txn05: "Customer and cashier stand at the counter and nobody knows whether it is paid.",
        "顾客和收银员都站在柜台前，不知道付没付成。",
        "Ask the customer's phone for the payment, note the order, and have the acquirer confirm it.",
        "查看顾客手机的支付记录，记下订单，请收单方确认。";
    Txn06: "The payment of one customer is taken for that of another.",
        "把一位顾客的付款当成另一位顾客的。",
        "Compare amount and order on the receipt before the goods are handed over.",
        "交货前核对凭条上的金额和订单号。";
    Txn07: "An order that was called off is suddenly paid, after the customer has paid in cash.",
        "已作废的订单又变成已付，而顾客已用现金付过了。",
        "Keep to the first final word, and refund what was charged besides.",
        "以第一次的最终结果为准，多扣的款项退还。";
    Txn08: "The customer does not know that a confirmation is waited for, or confirms a payment that the shop has given up.",
        "顾客不知道需要确认，或确认了店家已放弃的付款。",
        "Ask the customer to look at the phone and confirm there.",
        "请顾客查看手机并在手机上确认。";
    Txn09: "What the host does not know is told as if it were known: paid orders count as failed, or the other way round.",
        "主机都不知道的结果被当成已知：已付的算失败，或反之。",
        "Take no \"failed\" for granted while the network or a wallet has trouble; look the order up.",
        "网络或钱包异常期间，不要轻信“失败”，先查询订单。";
    Txn10: "A refusal reads like success, or a payment that simply failed is undone as if it had not.",
        "拒绝看起来像成功，或单纯失败的付款被多余地冲正。",
        "Hand over goods only against a receipt.",
        "见到凭条再交货。";
    Txn11: "The shop gives goods for the whole amount and gets a part of it.",
        "店家按全额交货，却只收到一部分钱。",
        "Compare the amount on the receipt with the bill.",
        "核对凭条金额与应收金额。";
    Txn12: "Money goes back that was never paid, or a refund is promised and never arrives.",
        "退出了从未收到的钱，或承诺的退款迟迟不到账。",
        "Give money back only against the receipt, once, and note the refund's number.",
        "凭条退款，只退一次，并记下退货单号。";
    Txn13: "A slip of the keys is charged, or stops the counter.",
        "按错键的金额被扣款，或使收银台卡住。",
        "Read the amount on the display before scanning.",
        "扫码前看清屏幕上的金额。";
    Txn14: "Without a complete receipt neither shop nor customer can prove or find the payment.",
        "没有完整的凭条，店家和顾客都无法证明或查找这笔付款。",
        "Write order, amount and time on the receipt by hand.",
        "在凭条上手写订单号、金额和时间。";
    Txn15: "The cashier is told that nothing was paid while the customer's money is gone.",
        "收银员以为没有付款，而顾客的钱已被扣走。",
        "After pressing cancel look the order up before taking another payment for it.",
        "按取消后，先查询订单再用其他方式收款。";

    Rev01: "The customer's money is gone, the shop has no payment, and the next sale hides it.",
        "顾客的钱被扣，店家没有收款记录，下一笔交易又把它掩盖了。",
        "After silence do not sell on: wait until the terminal says what became of the order.",
        "无应答后不要继续收款，等终端说明该订单的结果。";
    Rev02: "The acquirer cannot find what is to be given back, and keeps it.",
        "收单方找不到要退回的交易，钱就留在那里。",
        "Note time, amount and order, and have the acquirer give the money back by hand.",
        "记下时间、金额和订单号，请收单方手工退回。";
    Rev03: "A pulled plug makes the terminal forget that it owes the customer money.",
        "拔一次插头，终端就忘了欠顾客的钱。",
        "Do not switch the terminal off during a payment; after a power cut look up the last order.",
        "付款途中不要断电；断电后查询最后一笔订单。";
    Rev04: "The customer waits days for money that one more message would have brought back.",
        "再发一条报文就能退回的钱，顾客要等上好几天。",
        "Leave the terminal switched on and connected until it says that nothing is open.",
        "保持终端开机联网，直到它提示没有待处理交易。";
    Rev05: "The terminal is blocked for new payments by an old one that is long settled.",
        "早已了结的旧交易使终端无法受理新的付款。",
        "Sign in again; if it stays blocked, call support.",
        "重新签到；若仍不能付款，请联系售后。";
    Rev06: "Who sits on the line can tell the terminal that everything is paid.",
        "线路上的任何人都能让终端以为已付款。",
        "Check the acquirer's list before goods of value are handed over, and use another network.",
        "贵重商品交货前核对收单方明细，并换用其他网络。";
    Rev07: "The receipt says one thing and the account another.",
        "凭条与账户说法不一。",
        "After a restart compare the last receipt with the acquirer's list.",
        "重启后核对最后一张凭条与收单方明细。";
    Rev08: "Needless reversals fill the acquirer's lists and block the counter.",
        "多余的冲正占满收单方的明细，也阻塞收银。",
        "Wait until the terminal takes payments again.",
        "等待终端恢复受理付款。";
    Rev09: "What failed shortly before closing time is never given back.",
        "打烊前失败的交易永远不会退回。",
        "Before closing see that nothing is open; note it if there is.",
        "打烊前确认没有待处理交易，如有则记下。";
    Rev10: "A host that comes back is brought down again by the shops that call it.",
        "刚恢复的主机又被各门店的重试拖垮。",
        "Do not press the key again and again; take cash or card meanwhile.",
        "不要反复按键，期间改收现金或银行卡。";

    Net01: "The queue waits before a terminal that cannot work where it stands.",
        "终端在没有信号的地方根本不能工作，顾客却排着队等。",
        "Move to where there is signal, or change to Wi-Fi.",
        "移到有信号的地方，或切换到 Wi-Fi。";
    Net02: "Shops in basements and villages lose sales, or charge twice, on every bad day.",
        "地下室和乡村门店一遇信号不好就丢单或重复扣款。",
        "Wait for the terminal's final word; do not scan a second time.",
        "等终端给出最终结果，不要再扫一次。";
    Net03: "The shop pays for a second line and stands still when the first one fails.",
        "店家花钱装了第二条线路，第一条断了却仍然停摆。",
        "Switch the network by hand.",
        "手动切换网络。";
    Net04: "The customer pays once on each line.",
        "两条线路各扣顾客一次款。",
        "Look for a second payment before the customer leaves.",
        "顾客离开前查看有无第二笔付款。";
    Net05: "Payments fail by chance, and nobody finds out why.",
        "付款时好时坏，谁也查不出原因。",
        "Look the order up before trying again.",
        "重试前先查询订单。";
    Net06: "A disturbed line stops the counter, or approves what nobody has paid.",
        "线路受干扰就停摆，甚至批准没有人付过的款。",
        "Restart the terminal, use another network, and check the last order.",
        "重启终端、换用其他网络，并核对最后一笔订单。";
    Net07: "A stranger in the same Wi-Fi answers in the acquirer's name.",
        "同一 Wi-Fi 里的陌生人冒充收单方应答。",
        "Use the mobile network, and call support before taking payments.",
        "改用移动网络，联系售后之前不要收款。";
    Net08: "The shop looks for a fault of its own where there is none.",
        "店家到处找自己的毛病，其实并没有。",
        "Offer cash or card until the maintenance is over.",
        "维护结束前改收现金或银行卡。";
    Net09: "The network is back for an hour, and the shop still sends customers away.",
        "网络恢复了一小时，店家还在让顾客离开。",
        "Restart the terminal once the network is back.",
        "网络恢复后重启终端。";

    Sec01: "Payments under wrong keys are refused, all of them, or read by somebody else.",
        "用错误密钥的付款要么全被拒绝，要么被他人读取。",
        "Sign in again; if it fails, call support and take cash.",
        "重新签到；若仍失败，联系售后并改收现金。";
    Sec02: "Every payment is refused until somebody thinks of signing in.",
        "在有人想到签到之前，每笔付款都被拒绝。",
        "Sign in by hand.",
        "手动签到。";
    Sec03: "The acquirer changes its keys, and the next payment of the shop fails.",
        "收单方更换密钥后，门店的下一笔付款就会失败。",
        "Sign in by hand when the acquirer announces it.",
        "收单方通知后手动签到。";
    Sec04: "Payments are booked to a batch that was closed, and are missing in the shop's account.",
        "付款记入已关闭的批次，店家账户里就少了钱。",
        "Sign in again and compare the batch number on the next receipt.",
        "重新签到，并核对下一张凭条上的批次号。";
    Sec05: "A receipt in the bin is enough to spend the customer's money.",
        "垃圾桶里的一张凭条就足以盗刷顾客的钱。",
        "Keep receipts and logs locked away.",
        "妥善保管凭条和日志。";
    Sec06: "Who has the key can approve payments for this shop.",
        "拿到密钥的人可以为这家店批准付款。",
        "Hand no logs to anybody; have the keys replaced.",
        "不要把日志交给任何人；请收单方更换密钥。";
    Sec07: "Receipts carry a wrong date, and payments are booked on the wrong day.",
        "凭条日期错误，付款记到了别的日子。",
        "Set the clock by hand.",
        "手动校准时钟。";

    Pwr01: "A power cut at the wrong instant costs the customer or the shop the whole amount.",
        "断电若恰在关键时刻，顾客或店家就损失整笔金额。",
        "After every power cut look up the last order before anything else.",
        "每次断电后，首先查询最后一笔订单。";
    Pwr02: "Payments vanish from the terminal, and the shop learns of it from its bank.",
        "付款从终端里消失，店家要从银行才得知。",
        "Stop using the terminal, and settle with the acquirer's list.",
        "停用该终端，按收单方明细结算。";
    Pwr03: "After a power cut the customer asks whether it is paid, and nobody can say.",
        "断电后顾客问付没付成，没有人能回答。",
        "Look the order up by its number.",
        "按订单号查询。";
    Pwr04: "The day is settled twice, or not at all.",
        "当天被结算两次，或根本没有结算。",
        "After a power cut during settlement compare with the acquirer before settling again.",
        "结算中断电后，先与收单方核对再重新结算。";

    Set01: "What the shop believes to have earned is not what arrives on its account.",
        "店家以为的收入与到账金额不一致。",
        "Compare the totals with the receipts before the batch is closed.",
        "关闭批次前核对总计与凭条。";
    Set02: "A difference of one payment stays a difference for ever.",
        "差一笔就永远查不清。",
        "Keep all receipts of the batch and send them to the acquirer.",
        "保留该批次全部凭条并交给收单方。";
    Set03: "The payment that is one too many is taken and never settled.",
        "多收的那一笔永远不会结算。",
        "Settle at least once a day.",
        "每天至少结算一次。";
    Set04: "The totals cannot agree, and the customer waits for the money.",
        "总计不可能一致，顾客也拿不回钱。",
        "Settle only when the terminal says that nothing is open.",
        "终端提示没有待处理交易后再结算。";

    Phn01: "The customer gives up, though one switch in the app would have been enough.",
        "顾客放弃付款，而其实只需在应用里打开一个开关。",
        "Help the customer to switch payment on, or take cash or card.",
        "帮助顾客开启支付功能，或改收现金、银行卡。";
    Phn02: "The shop is blamed for what an update of the phone would solve.",
        "手机升级就能解决的事，却怪到店家头上。",
        "Ask the customer to update the app, or take cash or card.",
        "请顾客升级应用，或改收现金、银行卡。";
    Phn03: "The queue waits for a phone that has no network.",
        "整队人都在等一部没有网络的手机。",
        "Offer the shop's Wi-Fi to the customer.",
        "请顾客连接店内 Wi-Fi。";
    Phn04: "The cashier cleans the scanner while the phone shows nothing.",
        "手机根本没有显示付款码，收银员却在擦扫码器。",
        "Look at the phone first: payment page open, screen bright.",
        "先看手机：付款页是否打开、屏幕是否够亮。";
    Phn05: "The customer refreshes the code again and again in vain.",
        "顾客一再刷新付款码，却总是不行。",
        "Have the customer set the phone's clock to automatic.",
        "请顾客将手机时间设为自动。";
    Phn06: "Small sales are lost where they could have been made without any network of the phone.",
        "手机无网本可完成的小额交易白白丢掉。",
        "Scan all the same; the wallet decides.",
        "照常扫码，由钱包决定。";

    Crd01: "The customer has money elsewhere, and is sent away.",
        "顾客别处有钱，却被打发走。",
        "Ask the customer to choose another way of paying in the app.",
        "请顾客在应用里换一种付款方式。";
    Crd02: "The customer does not learn that the limit is the matter, and blames the terminal.",
        "顾客不知道是额度问题，只怪终端。",
        "Ask for another way of paying, or for a smaller amount.",
        "请顾客换一种付款方式，或减少金额。";
    Crd03: "The customer tries in vain until the queue is long.",
        "顾客一再尝试，队伍越排越长。",
        "Ask the customer to choose another way of paying in the app.",
        "请顾客在应用里换一种付款方式。";
    Crd04: "Each further try makes the risk control more suspicious.",
        "每多试一次，风控就更加怀疑。",
        "Do not try again; take cash or card.",
        "不要重试，改收现金或银行卡。";
    Crd05: "The sale is lost although the customer can pay.",
        "顾客明明能付，生意却丢了。",
        "Begin a new order for the second try.",
        "第二次尝试时新开一笔订单。";

    Dev01: "The cashier holds phones before a dead scanner.",
        "收银员一直拿手机对着坏掉的扫码器。",
        "Type the digits below the code, or take cash or card.",
        "输入付款码下方的数字，或改收现金、银行卡。";
    Dev02: "A speck of dirt costs the sales of a day, because nobody says that cleaning would help.",
        "一点污渍耽误一天的生意，因为没有人说擦一下就好。",
        "Clean the window with a dry cloth.",
        "用干布擦拭扫码窗口。";
    Dev03: "A paid order is undone for want of paper.",
        "因为缺纸而撤销了已付的订单。",
        "Put in paper and print again.",
        "装纸后重新打印。";
    Dev04: "Every payment fails from one day to the next, and nobody knows that an update is due.",
        "从某天起每笔付款都失败，却没有人知道该升级了。",
        "Start the update, or call support; take cash meanwhile.",
        "启动升级或联系售后，期间改收现金。";

    Ux01: "The cashier guesses, tries again, and charges twice.",
        "收银员只能猜、再试一次，结果重复扣款。",
        "Call support with the time and the order.",
        "记下时间和订单号，联系售后。";
    Ux02: "A code on the display helps nobody at the counter.",
        "屏幕上的代码在柜台前帮不了任何人。",
        "Keep the list of codes beside the terminal.",
        "在终端旁放一份代码对照表。";
    Ux03: "Shops restart routers while the customer's credit is the matter.",
        "明明是顾客信用的问题，店家却在重启路由器。",
        "Try in turn: another code, another network, another wallet.",
        "依次尝试：换付款码、换网络、换钱包。";
    Ux04: "The queue grows while the cashier tries what cannot work.",
        "收银员反复尝试无用的办法，队伍越来越长。",
        "After two failures offer cash or card.",
        "失败两次后，请顾客改用现金或银行卡。";

    Ops01: "A technician travels for a part that was not broken.",
        "技术人员白跑一趟，坏的并不是那个部件。",
        "Try the part itself: print a line, scan a code, make a connection.",
        "直接试用部件：打印一行、扫一个码、连一次网。";
    Ops02: "A fault that comes and goes is never found.",
        "时有时无的故障永远查不出来。",
        "Keep a list by hand: when, what, what helped.",
        "手工记录：何时、什么故障、如何解决。";
    Ops03: "The shop waits on the carrier's telephone for a fault of the acquirer's.",
        "明明是收单方的故障，店家却在等运营商的客服。",
        "Open a web page with the same network: if that works, call the acquirer.",
        "用同一网络打开网页：若正常，则联系收单方。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_in_both_languages_and_no_two_are_the_same() {
        let mut seen = std::collections::BTreeSet::new();
        for requirement in Requirement::ALL {
            let (en, zh) = (requirement.reason(Lang::En), requirement.reason(Lang::Zh));
            for text in [en.why, en.cashier] {
                assert!(text.ends_with('.') && text.is_ascii(), "{text}");
            }
            for text in [zh.why, zh.cashier] {
                assert!(text.ends_with('。'), "{text}");
            }
            assert!(seen.insert(en.why) && seen.insert(zh.why), "{requirement}");
        }
    }
}
