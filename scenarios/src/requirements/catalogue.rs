//! The table of the requirements: one row each, in the order of the catalogue. What a requirement
//! says is a contract: ids are never reused or renumbered.

use super::Level::{Must, Should};
use super::{Area, Level};

macro_rules! requirements {
    ($($variant:ident = $id:literal, $level:ident, $area:ident, $basis:literal, $en:literal, $zh:literal;)+) => {
        /// A requirement of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Requirement {
            $(#[doc = concat!("`", $id, "` – ", $en, ".")] $variant,)+
        }

        impl Requirement {
            /// All of them, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id: `REV-01`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// What a breach means for the certificate.
            pub const fn level(self) -> Level {
                match self { $(Self::$variant => $level,)+ }
            }

            /// What it is about.
            pub const fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)+ }
            }

            /// Letters of what it rests on; see [`super::Basis`].
            pub(super) const fn basis_letters(self) -> &'static str {
                match self { $(Self::$variant => $basis,)+ }
            }

            /// The sentence in English, without a full stop: `the terminal …`.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }

            /// The sentence in Chinese, without a full stop: `终端…`.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }
        }
    };
}

requirements! {
    Code01 = "CODE-01", Must, Code, "f",
        "the terminal accepts the well-formed codes of every wallet and sends exactly the code that was read",
        "终端接受各钱包格式正确的付款码，并原样发送所读到的码";
    Code02 = "CODE-02", Must, Code, "f",
        "the terminal strips blanks and line ends that scanners add, and refuses at once and locally whatever is not a payment code, sending nothing",
        "终端去除扫码器附加的空白和换行；不是付款码的内容立即在本地拒绝，不发送任何报文";
    Code03 = "CODE-03", Must, Code, "f",
        "the terminal makes one request of a double-triggered scan",
        "终端对重复触发的扫码只发起一笔请求";
    Code04 = "CODE-04", Must, Code, "f",
        "the terminal never sends a code again that it has sent once, whatever became of it",
        "终端对已发送过的付款码，无论结果如何都不再发送";
    Code05 = "CODE-05", Must, Code, "f",
        "the terminal ends an expired code declined with code.expired and the advice refresh-code, without reversal",
        "付款码过期时，终端以 code.expired 拒绝并建议 refresh-code，不发冲正";
    Code06 = "CODE-06", Should, Code, "e",
        "the terminal takes the code from the keypad when the scanner is dead",
        "扫码器损坏时，终端可从键盘输入付款码";
    Code07 = "CODE-07", Must, Code, "af",
        "the terminal shows only a code that is whole and carries the order's amount and currency; otherwise it reports device.merchant-code and closes the order at the host",
        "终端只显示完整且金额、币种与订单一致的收款码；否则报 device.merchant-code 并在主机关闭该订单";
    Code08 = "CODE-08", Must, Code, "e",
        "the terminal survives hostile scans: it refuses them, and the next payment works",
        "终端能承受恶意扫码内容：予以拒绝，且下一笔付款正常";

    Txn01 = "TXN-01", Must, Transaction, "f",
        "the terminal sends only well-formed messages of the dialect: mandatory fields, exact amount and currency, DE22, DE60 and a valid MAC",
        "终端只发送符合报文规范的消息：必填域、准确的金额和币种、22域、60域及有效的MAC";
    Txn02 = "TXN-02", Must, Transaction, "f",
        "the terminal never uses a STAN twice in a batch, power cuts included, and wraps from 999999 to 000001",
        "终端在同一批次内绝不重复使用流水号（断电后亦然），999999 之后回到 000001";
    Txn03 = "TXN-03", Must, Transaction, "e",
        "the terminal tells the truth about money: once all is quiet, what it has reported for every order is what the ledger holds",
        "终端如实报告资金：一切平静后，它对每笔订单所报结果与账本一致";
    Txn04 = "TXN-04", Must, Transaction, "ef",
        "the terminal never lets one order be charged twice",
        "终端绝不让同一订单被扣款两次";
    Txn05 = "TXN-05", Must, Transaction, "f",
        "the terminal brings every order to a final word within the time that its timing allows once faults are over",
        "故障结束后，终端在其时限内对每笔订单给出最终结果";
    Txn06 = "TXN-06", Must, Transaction, "f",
        "the terminal takes no answer for its own whose message type, STAN, terminal, merchant or amount differs",
        "消息类型、流水号、终端号、商户号或金额不符的应答，终端不当作自己的应答";
    Txn07 = "TXN-07", Must, Transaction, "f",
        "the terminal does not revive an order by a late or duplicate answer once it has given it up",
        "终端放弃订单后，不因迟到或重复的应答而使其复活";
    Txn08 = "TXN-08", Must, Transaction, "f",
        "the terminal says so while it waits for the customer, queries no faster than the interval, and cancels at the end of the window with no gap",
        "等待顾客确认时，终端如实提示，查询不快于规定间隔，窗口结束时无空档地撤销";
    Txn09 = "TXN-09", Must, Transaction, "f",
        "the terminal treats 98, 96, 68 without a final state and silence as unknown: it queries or reverses, and never simply declines or approves",
        "对 98、96、无最终状态的 68 以及无应答，终端按结果未知处理：查询或冲正，绝不直接判为拒绝或成功";
    Txn10 = "TXN-10", Must, Transaction, "f",
        "the terminal maps response codes: only the success set is success, unknown codes are declines, and no reversal follows a plain decline",
        "终端正确映射应答码：只有成功类应答码算成功，未知应答码算拒绝，普通拒绝后不发冲正";
    Txn11 = "TXN-11", Must, Transaction, "f",
        "the terminal reports a partial approval with the approved amount, or reverses it",
        "部分批准时，终端按批准金额报告，或予以冲正";
    Txn12 = "TXN-12", Must, Transaction, "f",
        "the terminal refunds and voids no more than was paid and only what exists, and brings a refund without answer to a final state",
        "终端退货、撤销不超过已付金额且只针对存在的交易，无应答的退货也有最终结果";
    Txn13 = "TXN-13", Must, Transaction, "e",
        "the terminal refuses amounts of zero, below zero or above twelve digits before anything is sent",
        "金额为零、为负或超过十二位时，终端在发送前拒绝";
    Txn14 = "TXN-14", Must, Transaction, "f",
        "the terminal prints a receipt with merchant, terminal, date and time, amount, RRN and order for an approval, and marks a reprint",
        "交易成功时，终端打印含商户、终端、日期时间、金额、参考号和订单号的凭条，重打印须注明";
    Txn15 = "TXN-15", Must, Transaction, "f",
        "the terminal sends nothing after a cancel key before sending, and afterwards reports cancelled only when the host has given the money back or never took it",
        "发送前按取消键则不发送任何报文；发送后，只有主机已退回或从未扣款时终端才报告已取消";

    Rev01 = "REV-01", Must, Reversal, "f",
        "the terminal reverses after silence, or queries and then reverses, with reason 98 before any new financial message",
        "无应答后，终端在任何新的金融报文之前以原因 98 冲正（或先查询再冲正）";
    Rev02 = "REV-02", Must, Reversal, "f",
        "the terminal builds the reversal right: STAN, amount, DE22, 25, 49 and 60 of the original, DE61, reason, MAC",
        "终端正确组冲正报文：原交易的流水号、金额、22、25、49、60 域，61 域、原因和MAC";
    Rev03 = "REV-03", Must, Reversal, "f",
        "the terminal has the reversal record durable before the request leaves, so that it survives a power cut at any instant",
        "请求发出之前，终端已将冲正记录落盘，任何时刻断电都不丢失";
    Rev04 = "REV-04", Must, Reversal, "f",
        "the terminal repeats an unanswered reversal up to 3 times a round at the interval, keeps the record after the round, and takes no new payment until it is through",
        "冲正无应答时，终端每轮按间隔最多发送 3 次，轮次结束后保留记录，冲正完成前不受理新的付款";
    Rev05 = "REV-05", Must, Reversal, "f",
        "the terminal takes any definite answer as the end of a reversal; on A0 it signs in and sends it again under the new key",
        "终端以任何明确的应答结束冲正；遇 A0 则重新签到并以新密钥重发";
    Rev06 = "REV-06", Must, Reversal, "f",
        "the terminal rejects an approval whose MAC is wrong or missing: reversal with reason A0 and a new sign-in",
        "成功应答的MAC错误或缺失时，终端不予采信：以原因 A0 冲正并重新签到";
    Rev07 = "REV-07", Must, Reversal, "f",
        "the terminal reverses with 96, or completes after restart, what was approved and could not be finished – one of the two, consistently",
        "已批准但未能完成的交易，终端以 96 冲正或重启后补完，二者择一且前后一致";
    Rev08 = "REV-08", Should, Reversal, "f",
        "the terminal sends no reversal where nothing was sent",
        "没有发送过请求时，终端不发冲正";
    Rev09 = "REV-09", Must, Reversal, "f",
        "the terminal does not drop a reversal of yesterday",
        "终端不丢弃隔日的冲正";
    Rev10 = "REV-10", Should, Reversal, "e",
        "the terminal does not flood a host that is down: it backs off",
        "主机宕机时，终端不反复猛连，而是退避";

    Net01 = "NET-01", Must, Network, "a",
        "the terminal fails without signal within the connect time-out, with network.no-signal and the advice move-to-signal or switch-network, nothing owed",
        "没有信号时，终端在连接时限内以 network.no-signal 失败，建议 move-to-signal 或 switch-network，不产生欠账";
    Net02 = "NET-02", Must, Network, "a",
        "the terminal completes exactly once over a weak or unstable link that stays within its time-out",
        "信号弱或不稳定但仍在时限内时，终端恰好完成一次交易";
    Net03 = "NET-03", Should, Network, "a",
        "the terminal changes to its other link when the first is down before sending",
        "首选链路在发送前中断时，终端切换到另一条链路";
    Net04 = "NET-04", Must, Network, "f",
        "the terminal does not send a request again on the other link after a link died under it",
        "请求发出后链路中断，终端不在另一链路上重发该请求";
    Net05 = "NET-05", Must, Network, "e",
        "the terminal reads frames however the stream is cut",
        "无论数据流如何分段，终端都能正确读出报文";
    Net06 = "NET-06", Must, Network, "e",
        "the terminal survives garbage, impossible lengths and unsolicited frames: no approval comes of them, and the next payment works",
        "终端能承受乱码、非法长度和未请求的报文：不因此批准交易，且下一笔付款正常";
    Net07 = "NET-07", Must, Network, "e",
        "the terminal refuses a host whose certificate is wrong, expired or untrusted: network.security, nothing sent",
        "主机证书错误、过期或不受信任时，终端拒绝连接：network.security，不发送任何报文";
    Net08 = "NET-08", Must, Network, "a",
        "the terminal reports maintenance as such, without endless retries",
        "系统维护时，终端如实报告，不无休止重试";
    Net09 = "NET-09", Must, Network, "a",
        "the terminal works again by itself when the network does",
        "网络恢复后，终端自行恢复工作";

    Sec01 = "SEC-01", Must, Security, "f",
        "the terminal refuses keys whose check value is wrong, and does not trade with them",
        "密钥校验值错误时，终端拒绝该密钥，且不以其交易";
    Sec02 = "SEC-02", Must, Security, "f",
        "the terminal signs in after A0 or 99 before the next financial message",
        "收到 A0 或 99 后，终端在下一笔金融报文之前重新签到";
    Sec03 = "SEC-03", Must, Security, "f",
        "the terminal obeys header digit 3: it signs in after the transaction",
        "报文头要求签到（3）时，终端在交易后签到";
    Sec04 = "SEC-04", Must, Security, "f",
        "the terminal signs in on 77 and takes the host's batch number",
        "收到 77 后，终端重新签到并采用主机的批次号";
    Sec05 = "SEC-05", Must, Security, "e",
        "the terminal shows a payment code nowhere in clear: at most its first 6 and last 4 digits on receipt, display, log and device log",
        "终端不在任何地方明文显示付款码：凭条、屏幕、日志和设备记录中至多出现前 6 位和后 4 位";
    Sec06 = "SEC-06", Must, Security, "e",
        "the terminal lets no working or master key out in clear on receipt, display, log or device log",
        "终端不在凭条、屏幕、日志或设备记录中泄露工作密钥或主密钥明文";
    Sec07 = "SEC-07", Should, Security, "f",
        "the terminal takes date and time from the host at sign-in",
        "终端在签到时采用主机的日期和时间";

    Pwr01 = "PWR-01", Must, Power, "f",
        "the terminal, cut at every single point of a payment, holds TXN-02 to TXN-05 after restart",
        "在付款的任何一点断电，终端重启后仍满足 TXN-02 至 TXN-05";
    Pwr02 = "PWR-02", Must, Power, "ae",
        "the terminal notices damaged storage: it never trades on silently, reports device.storage, and loses no pending reversal that a backup copy still holds",
        "终端能发现存储损坏：绝不默默继续交易，报告 device.storage，不丢失备份中仍存的待冲正记录";
    Pwr03 = "PWR-03", Must, Power, "f",
        "the terminal gives the order that was in flight its final word after a restart, without being asked",
        "重启后，终端无需询问即给出在途订单的最终结果";
    Pwr04 = "PWR-04", Must, Power, "f",
        "the terminal resumes an interrupted settlement where it stood",
        "终端从中断处继续未完成的结算";

    Set01 = "SET-01", Must, Settlement, "f",
        "the terminal settles with totals equal to the host's, and a balanced batch is followed by the next",
        "终端结算总计与主机一致，平账后进入下一批次";
    Set02 = "SET-02", Must, Settlement, "f",
        "the terminal uploads the details on \"unbalanced\", ends with 202, and says so to the cashier",
        "不平账时，终端上送明细，以 202 结束，并告知收银员";
    Set03 = "SET-03", Should, Settlement, "f",
        "the terminal refuses new payments when the batch is full",
        "批次已满时，终端拒绝新的付款";
    Set04 = "SET-04", Must, Settlement, "f",
        "the terminal sends pending reversals before it settles",
        "终端在结算前先发送待处理的冲正";

    Phn01 = "PHN-01", Must, Phone, "a",
        "the terminal declines when the wallet says that the phone's payment function is off: phone.payment-disabled, with enable-phone-payment and other-method",
        "手机支付功能关闭（钱包拒绝）时，终端拒绝并报 phone.payment-disabled，建议 enable-phone-payment 和 other-method";
    Phn02 = "PHN-02", Must, Phone, "a",
        "the terminal declines when the wallet says that the phone is outdated: phone.os-outdated, with update-phone and other-method",
        "手机系统过旧（钱包拒绝）时，终端拒绝并报 phone.os-outdated，建议 update-phone 和 other-method";
    Phn03 = "PHN-03", Must, Phone, "af",
        "the terminal waits for an offline phone that must confirm, then cancels: phone.network or phone.unconfirmed, with connect-phone",
        "需要确认的手机离线时，终端等待后撤销：phone.network 或 phone.unconfirmed，建议 connect-phone";
    Phn04 = "PHN-04", Must, Phone, "a",
        "the terminal ends a scan of a phone without a code or with a dark screen by time-out: code.unreadable, advice that names phone and scanner, nothing sent",
        "手机不显示付款码或屏幕过暗时，终端扫码超时：code.unreadable，建议涉及手机和扫码器，不发送任何报文";
    Phn05 = "PHN-05", Must, Phone, "a",
        "the terminal treats the code of a phone whose clock is wrong as expired",
        "手机时钟错误时，终端按付款码过期处理";
    Phn06 = "PHN-06", Must, Phone, "f",
        "the terminal has the payment of an offline phone approved that need not confirm",
        "无需确认的离线手机付款，终端成交";

    Crd01 = "CRD-01", Must, Credit, "af",
        "the terminal declines Baitiao that is not activated: credit.not-activated, with other-funding and without reversal",
        "白条未激活时，终端拒绝并报 credit.not-activated，建议 other-funding，不发冲正";
    Crd02 = "CRD-02", Must, Credit, "af",
        "the terminal declines when the Baitiao limit is too low: credit.limit",
        "白条额度不足时，终端拒绝并报 credit.limit";
    Crd03 = "CRD-03", Must, Credit, "a",
        "the terminal declines when Baitiao is overdue: credit.overdue",
        "白条逾期时，终端拒绝并报 credit.overdue";
    Crd04 = "CRD-04", Must, Credit, "a",
        "the terminal declines when Baitiao's risk control refuses: credit.risk, with other-method",
        "白条风控拒绝时，终端拒绝并报 credit.risk，建议 other-method";
    Crd05 = "CRD-05", Must, Credit, "a",
        "the terminal makes a second try with a fresh code and another funding source a new transaction, and it succeeds",
        "顾客换用新付款码和其他付款方式再试时，终端作为新交易处理并成功";

    Dev01 = "DEV-01", Must, Device, "a",
        "the terminal reports a dead scanner with device.scanner and offers the keypad or other-method, nothing sent",
        "扫码器损坏时，终端报 device.scanner，提供键盘输入或建议 other-method，不发送任何报文";
    Dev02 = "DEV-02", Must, Device, "a",
        "the terminal reports optics that never decode with code.unreadable and clean-scanner among the advice, within the scan time-out",
        "扫码窗口脏污或损坏而始终无法识读时，终端在扫码时限内报 code.unreadable，建议中含 clean-scanner";
    Dev03 = "DEV-03", Must, Device, "f",
        "the terminal keeps an approval when the printer runs out of paper: the receipt can be printed later, and nothing is reversed",
        "成交后打印机缺纸时，交易仍为成功，凭条可稍后打印，不发冲正";
    Dev04 = "DEV-04", Must, Device, "a",
        "the terminal reports an interface version that the host refuses with device.interface and update-software, and works after the update",
        "接口版本被主机拒绝时，终端报 device.interface 并建议 update-software，升级后恢复正常";

    Ux01 = "UX-01", Must, Experience, "a",
        "the terminal names a reason of the vocabulary and at least one advice with every outcome that is not an approval",
        "对每个非成功的结果，终端都给出词表中的原因和至少一条建议";
    Ux02 = "UX-02", Should, Experience, "a",
        "the terminal displays the reason in the locale's language, not as a bare code",
        "终端以当地语言显示原因，而不是只显示代码";
    Ux03 = "UX-03", Must, Experience, "a",
        "the terminal tells apart what the network lets it tell apart: two different causes get two different reasons",
        "凡网络能区分的，终端也加以区分：不同的起因给出不同的原因";
    Ux04 = "UX-04", Should, Experience, "a",
        "the terminal offers other-method where trying again cannot help",
        "重试无济于事时，终端建议改用其他付款方式（other-method）";

    Ops01 = "OPS-01", Should, Operation, "a",
        "the terminal's self-test tells the truth about scanner, printer, storage and links under every fault",
        "在任何故障下，终端自检都如实反映扫码器、打印机、存储和链路的状态";
    Ops02 = "OPS-02", Should, Operation, "a",
        "the terminal keeps a record of its faults and repairs with their times",
        "终端保存故障和维修记录及其时间";
    Ops03 = "OPS-03", Should, Operation, "a",
        "the terminal's self-test tells a failed link apart from a failed host",
        "终端自检能区分链路故障与主机故障（运营商还是收单方）";
}
