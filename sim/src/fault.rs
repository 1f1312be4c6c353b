//! The fault catalogue: everything that can be made to go wrong at the counter, each thing once,
//! with its names. A fault is armed on the bench before or while a scenario runs and fires where
//! its site acts on it; a fault that was armed and never fired makes a scenario inconclusive.
//!
//! Not here: what a fault does. The part at its [`Site`] knows that.

use serde::{Deserialize, Serialize};

use crate::time::Span;
use crate::vocabulary::{Face, Operation, vocabulary};

/// Number of an armed fault within one bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub u32);

vocabulary! {
    /// Kinds of faults.
    FaultKind ("fault") {
        // On the way from the terminal to the acquirer, by message.
        RequestLost = "request.lost", "the request is lost", "请求丢失";
        RequestLate = "request.late", "the request is late", "请求迟到";
        RequestDuplicated = "request.duplicated", "the request arrives twice", "请求重复到达";

        // On the way back, by message.
        AnswerLost = "answer.lost", "the answer is lost", "应答丢失";
        AnswerLate = "answer.late", "the answer is late", "应答迟到";
        AnswerDuplicated = "answer.duplicated", "the answer arrives twice", "应答重复到达";
        AnswerReordered = "answer.reordered", "the answer comes after the next one", "应答乱序";
        AnswerGarbled = "answer.garbled", "the answer is garbled", "应答内容损坏";
        AnswerTruncated = "answer.truncated", "the answer breaks off and the connection closes", "应答中断且连接关闭";
        AnswerChopped = "answer.chopped", "the answer arrives byte by byte", "应答逐字节到达";
        AnswerJoined = "answer.joined", "the answer arrives glued to another frame", "应答与另一帧粘连";
        AnswerReset = "answer.reset", "the connection is reset instead of the answer", "应答前连接被重置";
        AnswerClosed = "answer.closed", "the connection is closed instead of the answer", "应答前连接被关闭";
        WrongStan = "answer.wrong-stan", "the answer has another STAN", "应答流水号不符";
        WrongAmount = "answer.wrong-amount", "the answer has another amount", "应答金额不符";
        WrongTerminal = "answer.wrong-terminal", "the answer has another terminal", "应答终端号不符";
        WrongMerchant = "answer.wrong-merchant", "the answer has another merchant", "应答商户号不符";
        WrongType = "answer.wrong-type", "the answer has another message type", "应答消息类型不符";
        WrongProcessing = "answer.wrong-processing", "the answer has another processing code", "应答处理码不符";
        WrongMac = "answer.wrong-mac", "the answer has a wrong MAC", "应答MAC错误";
        NoMac = "answer.no-mac", "the answer has no MAC", "应答缺少MAC";
        NoReason = "answer.no-reason", "the answer carries no reason", "应答不带原因";
        AnswerCode = "answer.code", "the acquirer answers a code without doing anything", "收单方不处理直接返回应答码";
        AnswerCodeAfter = "answer.code-after-commit", "the acquirer books it and answers another code", "收单方入账后返回其他应答码";
        CodeBadCrc = "merchant-code.bad-checksum", "the code to be shown has a wrong checksum", "收款码校验和错误";
        CodeOtherAmount = "merchant-code.other-amount", "the code to be shown names another amount", "收款码金额不符";
        CodeOtherCurrency = "merchant-code.other-currency", "the code to be shown names another currency", "收款码币种不符";
        CodeCut = "merchant-code.cut-off", "the code to be shown is cut off", "收款码不完整";
        CodeMissing = "merchant-code.missing", "the answer brings no code to be shown", "应答不带收款码";
        AsksUpdate = "answer.asks-update", "the answer asks for an update", "应答要求更新终端";
        AsksSignIn = "answer.asks-sign-in", "the answer asks for a new sign-in", "应答要求重新签到";
        Junk = "stream.junk", "garbage arrives before the answer", "应答前收到乱码帧";
        ImpossibleLength = "stream.impossible-length", "a frame of impossible length arrives", "收到长度非法的帧";
        Unsolicited = "stream.unsolicited", "an approval that nobody asked for arrives", "收到未请求的成功应答";

        // Keys and registration.
        WrongCheckValue = "keys.wrong-check-value", "the sign-in delivers a wrong check value", "签到密钥校验值错误";
        WrongPinCheckValue = "keys.wrong-pin-check-value", "the sign-in delivers a wrong check value of the PIN key", "签到PIN密钥校验值错误";
        KeysForgotten = "keys.forgotten", "the acquirer has other keys", "收单方密钥不一致";
        KeysExpired = "keys.expired", "the acquirer's keys are too old", "收单方密钥过期";
        BatchDiffers = "batch.differs", "the acquirer is in another batch", "收单方批次不一致";
        TotalsDiffer = "settlement.totals-differ", "the acquirer's totals differ", "收单方总计不符";
        InterfaceRefused = "terminal.interface-refused", "the acquirer refuses the terminal's interface version", "收单方拒绝终端接口版本";
        Clockless = "host.clockless", "the acquirer's answers carry no date and time", "收单方应答不带日期时间";
        ClockAhead = "host.clock-ahead", "the acquirer's clock is ahead", "收单方时钟快";
        Unregistered = "terminal.unregistered", "the terminal is not registered", "终端未登记";

        // States of the acquirer.
        HostOutage = "host.outage", "the acquirer does not answer connections", "收单主机宕机";
        HostRefusing = "host.refusing", "the acquirer refuses connections", "收单主机拒绝连接";
        HostSilent = "host.silent", "the acquirer accepts and says nothing", "收单主机无应答";
        HostMalfunction = "host.malfunction", "the acquirer malfunctions", "收单系统异常";

        // States of a wallet host.
        WalletMaintenance = "wallet.maintenance", "the wallet is in maintenance", "钱包系统维护";
        WalletSilent = "wallet.silent", "the wallet does not answer the acquirer", "钱包无应答";
        WalletSilentAfter = "wallet.silent-after-commit", "the wallet pays and does not answer the acquirer", "钱包扣款后无应答";
        WalletTimeout = "wallet.timeout", "the wallet times out without a final word", "钱包超时结果未知";
        WalletPartial = "wallet.partial", "the wallet approves half of the amount", "钱包部分批准";
        WalletRefuses = "wallet.refuses", "the wallet does not honour the payment", "钱包不予承兑";
        UsedElsewhere = "wallet.code-used-elsewhere", "the code was used at another counter", "付款码已在别处使用";
        WalletLimit = "wallet.limit", "the amount is over the wallet's limit", "金额超过钱包限额";

        // The customer's phone.
        PaymentOffInApp = "phone.payment-off-in-app", "the payment function is off in the app", "应用内支付功能关闭";
        PaymentOffAtProvider = "phone.payment-off-at-provider", "the payment function is off at the provider", "支付功能被服务商关闭";
        OutdatedRefused = "phone.outdated-refused", "the wallet refuses the outdated phone", "钱包拒绝过旧的手机";
        OutdatedStaleCode = "phone.outdated-stale-code", "the outdated phone shows a stale code", "过旧的手机显示过期付款码";
        OutdatedNoCode = "phone.outdated-no-code", "the outdated phone shows no code", "过旧的手机不显示付款码";
        PhoneOffline = "phone.offline", "the phone is offline", "手机离线";
        PhoneClock = "phone.clock-wrong", "the phone's clock is wrong", "手机时钟错误";
        DarkScreen = "phone.dark-screen", "the phone's screen is dark", "手机屏幕过暗";
        CrackedScreen = "phone.cracked-screen", "the phone's screen is cracked", "手机屏幕碎裂";
        CustomerSilent = "phone.customer-silent", "the customer does not confirm", "顾客不确认付款";
        CustomerSlow = "phone.customer-slow", "the customer confirms late", "顾客确认迟缓";
        CustomerRefuses = "phone.customer-refuses", "the customer refuses to confirm", "顾客拒绝付款";

        // Funding.
        CreditNotActivated = "credit.not-activated", "Baitiao is not activated", "白条未激活";
        CreditLimitLow = "credit.limit", "the Baitiao limit is too low", "白条额度不足";
        CreditOverdue = "credit.overdue", "Baitiao is overdue", "白条逾期";
        CreditRisk = "credit.risk", "Baitiao's risk control refuses", "白条风控拒绝";
        BalanceLow = "balance.low", "the balance is too low", "余额不足";

        // The device.
        ScannerDead = "scanner.dead", "the scanner is dead", "扫码器损坏";
        ScannerDirty = "scanner.dirty", "the scanner's window is dirty", "扫码窗口脏污";
        ScannerGivesUp = "scanner.gives-up", "the scanner gives up", "扫码器超时";
        ScannerTwice = "scanner.double-trigger", "the scanner reads the code twice", "扫码器重复触发";
        PaperOut = "printer.paper-out", "the printer is out of paper", "打印机缺纸";

        // The terminal's links.
        LinkLostBeforeRequest = "link.lost-before-request", "the link dies before the request arrives", "请求到达前链路中断";
        LinkLostBeforeAnswer = "link.lost-before-answer", "the link dies before the answer arrives", "应答到达前链路中断";

        // Who answers on a link that is secured (live mode).
        TlsWrongName = "tls.wrong-name", "the acquirer's certificate is for another name", "收单方证书名称不符";
        TlsExpired = "tls.expired", "the acquirer's certificate has expired", "收单方证书已过期";
        TlsNotYetValid = "tls.not-yet-valid", "the acquirer's certificate is not valid yet", "收单方证书尚未生效";
        TlsUntrusted = "tls.untrusted", "the acquirer's certificate is of an unknown authority", "收单方证书颁发者不受信任";
        TlsSelfSigned = "tls.self-signed", "the acquirer's certificate is signed by nobody but itself", "收单方使用自签名证书";
        TlsOldVersion = "tls.old-version", "the acquirer speaks a version of TLS that is given up", "收单方使用已废弃的TLS版本";
        TlsPlainText = "tls.plain-text", "the acquirer speaks no TLS and takes plain text", "收单方不加密且接受明文";

        // Power.
        PowerBeforeConnect = "power.cut-while-connecting", "the power fails while the terminal connects", "连接过程中断电";
        PowerInsteadOfRequest = "power.cut-instead-of-request", "the power fails as the request is about to leave", "请求即将发出时断电";
        PowerAfterRequest = "power.cut-after-request", "the power fails when the request has left", "请求发出后断电";
        PowerBeforeAnswer = "power.cut-before-answer", "the power fails before the answer is read", "读取应答前断电";
        PowerDuringAnswer = "power.cut-during-answer", "the power fails while the answer is handled", "处理应答时断电";
        PowerTornAnswer = "power.cut-between-writes", "the power fails between two storage writes of the answer", "应答处理的两次存储写入之间断电";
        PowerAfterAnswer = "power.cut-after-answer", "the power fails when the answer was handled", "处理应答后断电";
    }
}

/// The part that acts on a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    /// The acquirer's front end and switch.
    Host,
    /// The wallet host and the customer's account there.
    Wallet,
    /// The customer and the phone.
    Phone,
    /// Scanner and printer.
    Device,
    /// The links of the terminal.
    Link,
    /// The terminal's power.
    Power,
}

/// How a fault is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// It hits the n-th message of an operation, or every one.
    Message,
    /// It holds from now on until it is lifted.
    State,
}

impl FaultKind {
    /// Who acts on it.
    pub const fn site(self) -> Site {
        match self {
            Self::RequestLost
            | Self::RequestLate
            | Self::RequestDuplicated
            | Self::AnswerLost
            | Self::AnswerLate
            | Self::AnswerDuplicated
            | Self::AnswerReordered
            | Self::AnswerGarbled
            | Self::AnswerTruncated
            | Self::AnswerChopped
            | Self::AnswerJoined
            | Self::AnswerReset
            | Self::AnswerClosed
            | Self::WrongStan
            | Self::WrongAmount
            | Self::WrongTerminal
            | Self::WrongMerchant
            | Self::WrongType
            | Self::WrongProcessing
            | Self::WrongMac
            | Self::NoMac
            | Self::NoReason
            | Self::AnswerCode
            | Self::AnswerCodeAfter
            | Self::CodeBadCrc
            | Self::CodeOtherAmount
            | Self::CodeOtherCurrency
            | Self::CodeCut
            | Self::CodeMissing
            | Self::AsksUpdate
            | Self::AsksSignIn
            | Self::Junk
            | Self::ImpossibleLength
            | Self::Unsolicited
            | Self::WrongCheckValue
            | Self::WrongPinCheckValue
            | Self::KeysForgotten
            | Self::KeysExpired
            | Self::BatchDiffers
            | Self::TotalsDiffer
            | Self::InterfaceRefused
            | Self::Clockless
            | Self::ClockAhead
            | Self::Unregistered
            | Self::HostOutage
            | Self::HostRefusing
            | Self::HostSilent
            | Self::HostMalfunction => Site::Host,
            Self::WalletMaintenance
            | Self::WalletSilent
            | Self::WalletSilentAfter
            | Self::WalletTimeout
            | Self::WalletPartial
            | Self::WalletRefuses
            | Self::UsedElsewhere
            | Self::WalletLimit
            | Self::PaymentOffAtProvider
            | Self::OutdatedRefused
            | Self::CreditNotActivated
            | Self::CreditLimitLow
            | Self::CreditOverdue
            | Self::CreditRisk
            | Self::BalanceLow => Site::Wallet,
            Self::PaymentOffInApp
            | Self::OutdatedStaleCode
            | Self::OutdatedNoCode
            | Self::PhoneOffline
            | Self::PhoneClock
            | Self::DarkScreen
            | Self::CrackedScreen
            | Self::CustomerSilent
            | Self::CustomerSlow
            | Self::CustomerRefuses => Site::Phone,
            Self::ScannerDead
            | Self::ScannerDirty
            | Self::ScannerGivesUp
            | Self::ScannerTwice
            | Self::PaperOut => Site::Device,
            Self::LinkLostBeforeRequest
            | Self::LinkLostBeforeAnswer
            | Self::TlsWrongName
            | Self::TlsExpired
            | Self::TlsNotYetValid
            | Self::TlsUntrusted
            | Self::TlsSelfSigned
            | Self::TlsOldVersion
            | Self::TlsPlainText => Site::Link,
            Self::PowerBeforeConnect
            | Self::PowerInsteadOfRequest
            | Self::PowerAfterRequest
            | Self::PowerBeforeAnswer
            | Self::PowerDuringAnswer
            | Self::PowerTornAnswer
            | Self::PowerAfterAnswer => Site::Power,
        }
    }

    /// How it is bounded.
    pub const fn shape(self) -> Shape {
        match self.site() {
            Site::Wallet | Site::Phone | Site::Device => Shape::State,
            Site::Link if self.face().is_some() => Shape::State,
            Site::Link | Site::Power => Shape::Message,
            Site::Host => match self {
                Self::KeysForgotten
                | Self::KeysExpired
                | Self::BatchDiffers
                | Self::TotalsDiffer
                | Self::InterfaceRefused
                | Self::Clockless
                | Self::ClockAhead
                | Self::Unregistered
                | Self::HostOutage
                | Self::HostRefusing
                | Self::HostSilent
                | Self::HostMalfunction => Shape::State,
                _ => Shape::Message,
            },
        }
    }
}

impl FaultKind {
    /// What a terminal sees of the acquirer on a link that is secured, where the fault is about that.
    pub const fn face(self) -> Option<Face> {
        Some(match self {
            Self::TlsWrongName => Face::WrongName,
            Self::TlsExpired => Face::Expired,
            Self::TlsNotYetValid => Face::NotYetValid,
            Self::TlsUntrusted => Face::Untrusted,
            Self::TlsSelfSigned => Face::SelfSigned,
            Self::TlsOldVersion => Face::OldVersion,
            Self::TlsPlainText => Face::PlainText,
            _ => return None,
        })
    }
}

/// Which messages of an operation a fault hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nth {
    /// The n-th from when the fault was armed, counted from 1.
    Only(u32),
    /// The first n of them.
    First(u32),
    /// All of them.
    #[default]
    Every,
}

impl Nth {
    /// Whether the message with this count (from 1) is hit.
    pub const fn hits(self, count: u32) -> bool {
        match self {
            Self::Only(n) => count == n,
            Self::First(n) => count <= n,
            Self::Every => true,
        }
    }
}

/// A fault to be armed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Messages of which operation; `None` for any, and without meaning for a state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Operation>,
    /// Which of them.
    #[serde(default)]
    pub nth: Nth,
    /// By how much, where the kind knows a length of time: a delay, a clock's error.
    #[serde(default)]
    pub by: Span,
    /// DE39, where the kind knows a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Box<str>>,
    /// Whether the scenario decides just as well where it never fires: it stands in the way of
    /// something that a terminal may do or leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Fault {
    /// A state that holds until lifted.
    pub const fn state(kind: FaultKind) -> Self {
        Self {
            kind,
            on: None,
            nth: Nth::Every,
            by: Span::ZERO,
            code: None,
            optional: false,
        }
    }

    /// A fault of the messages of one operation.
    pub const fn on(kind: FaultKind, on: Operation, nth: Nth) -> Self {
        Self {
            kind,
            on: Some(on),
            nth,
            by: Span::ZERO,
            code: None,
            optional: false,
        }
    }

    /// The same with a length of time.
    #[must_use]
    pub const fn by(mut self, by: Span) -> Self {
        self.by = by;
        self
    }

    /// The same, in the way of something that a terminal may leave.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same with a response code.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.code = Some(code.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn no_two_faults_share_an_id_or_a_name() {
        for names in [FaultKind::id, FaultKind::en, FaultKind::zh] {
            let unique: BTreeSet<_> = FaultKind::ALL.iter().map(|f| names(*f)).collect();
            assert_eq!(unique.len(), FaultKind::ALL.len());
        }
    }

    #[test]
    fn the_nth_counts_from_one() {
        assert!(Nth::Only(2).hits(2) && !Nth::Only(2).hits(1));
        assert!(Nth::First(2).hits(1) && !Nth::First(2).hits(3));
        assert!(Nth::Every.hits(7));
    }
}
