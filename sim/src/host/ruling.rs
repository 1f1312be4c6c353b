//! Response codes, and why the acquirer answers one: network.md §3 as a table, and the codes that
//! have no row there. Not here: which ruling a request deserves.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::iso8583::gbk;
use crate::phone::Plan;

/// DE39 of an answer: two characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseCode(pub [u8; 2]);

impl ResponseCode {
    /// `00`, approved.
    pub const APPROVED: Self = Self(*b"00");

    /// From two ASCII letters or digits; `None` for anything else.
    pub fn new(code: &str) -> Option<Self> {
        let code: [u8; 2] = code.as_bytes().try_into().ok()?;
        code.iter()
            .all(u8::is_ascii_alphanumeric)
            .then_some(Self(code))
    }

    /// Whether an answer with this code may carry a MAC (network.md §2): 30, 97 and A0 do not.
    pub const fn has_mac(self) -> bool {
        !matches!(&self.0, b"30" | b"97" | b"A0")
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|c| write!(f, "{}", char::from(*c)))
    }
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for ResponseCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = Cow::<'de, str>::deserialize(from)?;
        Self::new(&code)
            .ok_or_else(|| serde::de::Error::custom(format_args!("no response code: {code:?}")))
    }
}

impl Serialize for ResponseCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Defines [`Ruling`]: `/// meaning Variant = code, reason code or "", text for the cashier;`.
macro_rules! rulings {
    ($($(#[$doc:meta])+ $variant:ident = $code:literal, $reason:literal, $text:literal;)+) => {
        /// Why the acquirer answers as it does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Ruling {
            $($(#[$doc])+ $variant,)+
        }

        impl Ruling {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// DE39.
            pub const fn code(self) -> ResponseCode {
                ResponseCode(*match self { $(Self::$variant => $code,)+ })
            }

            /// The three characters of 63.2; `None` where 63.2 has no row for it, so that DE39
            /// alone speaks.
            pub fn reason(self) -> Option<&'static [u8; 3]> {
                let reason: &[u8] = match self { $(Self::$variant => $reason,)+ };
                reason.try_into().ok()
            }

            /// What the cashier may read.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

rulings! {
    /// Approved.
    Approved = b"00", b"OK0", "交易成功";
    /// Approved for less than was asked.
    Partial = b"10", b"OK1", "部分批准，请核对金额";
    /// The customer has to confirm, or the order stands and waits to be paid.
    Waiting = b"09", b"W01", "等待顾客确认付款";
    /// The customer let it lapse or refused.
    Lapsed = b"68", b"P03", "顾客未确认付款，交易已关闭";
    /// The wallet's payment function is off.
    PaymentOff = b"57", b"P01", "顾客手机支付功能未开启";
    /// The phone's system or app is too old.
    PhoneOutdated = b"40", b"P02", "顾客手机系统或应用版本过低";
    /// The payment code is too old.
    CodeExpired = b"54", b"C01", "付款码已过期，请刷新";
    /// The payment code served before.
    CodeUsed = b"94", b"C02", "付款码已使用，请刷新";
    /// Nobody issued this payment code.
    CodeUnknown = b"14", b"C03", "付款码无效，请刷新";
    /// Baitiao is not activated.
    CreditNotActivated = b"40", b"B01", "白条未激活，请更换付款方式";
    /// The Baitiao limit is too low.
    CreditLimit = b"51", b"B02", "白条额度不足，请更换付款方式";
    /// Baitiao is overdue.
    CreditOverdue = b"62", b"B03", "白条已逾期，请更换付款方式";
    /// Baitiao's risk control refuses.
    CreditRisk = b"59", b"B04", "白条风控拒绝，请使用其他支付方式";
    /// The balance is too low.
    BalanceLow = b"51", b"H03", "余额不足，请更换付款方式";
    /// The wallet does not honour the payment.
    NotHonoured = b"05", b"H01", "不予承兑，请使用其他支付方式";
    /// The amount is over the wallet's limit.
    OverLimit = b"61", b"H02", "金额超限，请使用其他支付方式";
    /// The request was seen before.
    Duplicate = b"94", b"H04", "重复交易";
    /// The wallet host is in maintenance.
    Maintenance = b"91", b"N01", "钱包系统维护中，请稍后再试";
    /// The wallet host did not answer: the payment may be made or not.
    WalletSilent = b"98", b"N02", "钱包系统超时，请查询结果";
    /// The acquirer does not know what became of the payment.
    Malfunction = b"96", b"N03", "系统异常，请查询结果";
    /// The terminal's interface version is not supported.
    InterfaceRefused = b"58", b"D01", "终端接口版本不受支持，请升级";
    /// The terminal is not registered.
    Unregistered = b"97", b"T01", "终端未登记";
    /// The acquirer is in another batch.
    BatchDiffers = b"77", b"T02", "批次不一致，请重新签到";
    /// The MAC is wrong.
    MacWrong = b"A0", b"K01", "MAC校验错，请重新签到";
    /// The keys are too old.
    KeysExpired = b"99", b"K02", "密钥已过期，请重新签到";
    /// The transaction cannot be done to its original.
    Invalid = b"12", b"", "无效交易";
    /// The amount cannot be paid.
    InvalidAmount = b"13", b"", "无效金额";
    /// Its reversal came before it.
    ReversedBefore = b"22", b"", "原交易已冲正";
    /// There is no such original.
    NoOriginal = b"25", b"", "没有原始交易";
    /// The message breaks the rules of the dialect.
    Format = b"30", b"", "报文格式错误";
    /// The amount is not the original's, or more than is left of it.
    AmountDiffers = b"64", b"", "交易金额与原交易不符";
    /// The wallet timed out without a final word.
    WalletTimeout = b"68", b"", "交易超时，请查询结果";
}

/// What a fault makes the acquirer answer: DE39, and what DE63 says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forced {
    pub code: ResponseCode,
    pub told: Option<Ruling>,
}

impl Forced {
    /// From `51`, or `05 OK0` with the reason code of another ruling; 96 where it is none or one
    /// that DE39 cannot hold.
    pub fn of(text: Option<&str>) -> Self {
        let mut words = text.unwrap_or_default().split_ascii_whitespace();
        let code = words.next().and_then(ResponseCode::new);
        let code = code.unwrap_or(Ruling::Malfunction.code());
        let reason = words.next();
        let told = match reason {
            Some(reason) => Ruling::of_reason(reason.as_bytes()),
            None => Ruling::of_code(code),
        };
        Self { code, told }
    }
}

impl Ruling {
    /// The ruling that a reason code of 63.2 stands for.
    pub fn of_reason(reason: &[u8]) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|ruling| ruling.reason().is_some_and(|own| own == reason))
    }

    /// Whether it is a success: approved, wholly or in part.
    pub const fn approves(self) -> bool {
        matches!(self, Self::Approved | Self::Partial)
    }

    /// What the acquirer itself would mean by a code, where it can mean one thing only. Codes that
    /// wallets use for several things have none, and are answered without a reason.
    pub fn of_code(code: ResponseCode) -> Option<Self> {
        let ruling = match &code.0 {
            b"00" => Self::Approved,
            b"05" => Self::NotHonoured,
            b"09" => Self::Waiting,
            b"10" => Self::Partial,
            b"14" => Self::CodeUnknown,
            b"54" => Self::CodeExpired,
            b"58" => Self::InterfaceRefused,
            b"61" => Self::OverLimit,
            b"77" => Self::BatchDiffers,
            b"91" => Self::Maintenance,
            b"94" => Self::Duplicate,
            b"96" => Self::Malfunction,
            b"97" => Self::Unregistered,
            b"98" => Self::WalletSilent,
            b"99" => Self::KeysExpired,
            b"A0" => Self::MacWrong,
            _ => return None,
        };
        Some(ruling)
    }

    /// The text in GBK. An approval that is paid back in several instalments says in how many.
    pub fn gbk(self, instalments: u32) -> &'static [u8] {
        static TEXTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
            let all = Ruling::ALL.iter();
            all.map(|ruling| in_gbk(ruling.text())).collect()
        });
        static PLANS: LazyLock<Vec<(u32, Vec<u8>)>> = LazyLock::new(|| {
            let several = Plan::ALL.iter().map(|plan| plan.instalments());
            let text = |n| (n, in_gbk(&format!("交易成功，白条分{n}期")));
            several.filter(|n| *n > 1).map(text).collect()
        });
        if self == Self::Approved
            && instalments > 1
            && let Some((_, text)) = PLANS.iter().find(|(n, _)| *n == instalments)
        {
            return text;
        }
        &TEXTS[self as usize]
    }
}

fn in_gbk(text: &str) -> Vec<u8> {
    match gbk::encode(text) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("the texts are tested: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_situations_share_a_reason_code() {
        let reasons: Vec<_> = Ruling::ALL.iter().filter_map(|r| r.reason()).collect();
        let unique: BTreeSet<_> = reasons.iter().collect();
        assert_eq!(unique.len(), reasons.len());
        // Every row of network.md §3.
        assert_eq!(reasons.len(), 25);
    }

    #[test]
    fn a_forced_answer_may_bring_the_reason_of_another() {
        let plain = Forced::of(Some("54"));
        assert_eq!(
            (&plain.code.0, plain.told),
            (b"54", Some(Ruling::CodeExpired))
        );
        let odd = Forced::of(Some("05 OK0"));
        assert_eq!((&odd.code.0, odd.told), (b"05", Some(Ruling::Approved)));
        assert_eq!(Forced::of(Some("51")).told, None);
        for none in [None, Some(""), Some("5"), Some("5é")] {
            assert_eq!(&Forced::of(none).code.0, b"96");
        }
    }

    #[test]
    fn every_text_is_gbk() {
        for ruling in Ruling::ALL {
            assert_eq!(gbk::decode(ruling.gbk(1)), ruling.text());
        }
        for plan in Plan::ALL.iter().skip(1) {
            let text = gbk::decode(Ruling::Approved.gbk(plan.instalments()));
            assert!(
                text.contains(&format!("{}期", plan.instalments())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_a_code_means_has_that_code() {
        for ruling in Ruling::ALL {
            if let Some(meant) = Ruling::of_code(ruling.code()) {
                assert_eq!(meant.code(), ruling.code());
            }
        }
        assert_eq!(Ruling::of_code(ResponseCode(*b"51")), None);
        assert_eq!(ResponseCode::new("A0"), Some(Ruling::MacWrong.code()));
        assert_eq!(ResponseCode::new("A"), None);
        assert_eq!(ResponseCode::new("中"), None);
    }

    #[test]
    fn three_codes_carry_no_mac() {
        let bare: Vec<_> = Ruling::ALL.iter().filter(|r| !r.code().has_mac()).collect();
        assert_eq!(
            bare,
            [&Ruling::Unregistered, &Ruling::MacWrong, &Ruling::Format]
        );
    }
}
