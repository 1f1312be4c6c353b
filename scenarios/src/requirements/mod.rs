//! What a terminal must do: the requirement catalogue. Every scenario checks named requirements,
//! every verdict names one; each has its sentence, what is likely behind a breach and what to do
//! about it, why a shop cares and where the rule comes from, in English and Chinese; and the lines of the article that the catalogue started from.
//!
//! Not here: how a requirement is judged (the checks and the steps do that).

mod article;
mod catalogue;
mod help;
mod reasons;
mod sources;

use std::fmt;

use counterproof_sim::vocabulary::{Lang, Vocabulary};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::distance::edits;

pub use article::{ARTICLE, Line};
pub use catalogue::Requirement;
pub use help::Help;
pub use reasons::Reason;
pub use sources::Source;

/// What a breach of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A breach fails certification.
    Must,
    /// A breach is a warning.
    Should,
}

impl Level {
    /// The name in `lang`.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Must, Lang::En) => "must",
            (Self::Must, Lang::Zh) => "必须",
            (Self::Should, Lang::En) => "should",
            (Self::Should, Lang::Zh) => "应当",
        }
    }
}

/// What a requirement rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A sourced rule of the payment networks.
    Fact,
    /// The article on why scan payments fail in shops, and what to do.
    Article,
    /// Engineering judgement, open to an acquirer's profile.
    Engineering,
}

impl Basis {
    /// The name in `lang`.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Fact, Lang::En) => "a rule of the payment networks",
            (Self::Fact, Lang::Zh) => "支付网络的规则",
            (Self::Article, Lang::En) => "the article",
            (Self::Article, Lang::Zh) => "文章",
            (Self::Engineering, Lang::En) => "engineering judgement",
            (Self::Engineering, Lang::Zh) => "工程判断",
        }
    }
}

/// What a requirement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// CODE – payment codes.
    Code,
    /// TXN – integrity of a transaction.
    Transaction,
    /// REV – reversal.
    Reversal,
    /// NET – network.
    Network,
    /// SEC – keys and secrets.
    Security,
    /// PWR – power and storage.
    Power,
    /// SET – settlement.
    Settlement,
    /// PHN – causes on the phone.
    Phone,
    /// CRD – Baitiao credit.
    Credit,
    /// DEV – the device.
    Device,
    /// UX – what the cashier is told.
    Experience,
    /// OPS – running the device.
    Operation,
}

impl Vocabulary for Area {
    const KIND: &'static str = "area";
    const ALL: &'static [Self] = &[
        Self::Code,
        Self::Transaction,
        Self::Reversal,
        Self::Network,
        Self::Security,
        Self::Power,
        Self::Settlement,
        Self::Phone,
        Self::Credit,
        Self::Device,
        Self::Experience,
        Self::Operation,
    ];

    fn id(self) -> &'static str {
        match self {
            Self::Code => "CODE",
            Self::Transaction => "TXN",
            Self::Reversal => "REV",
            Self::Network => "NET",
            Self::Security => "SEC",
            Self::Power => "PWR",
            Self::Settlement => "SET",
            Self::Phone => "PHN",
            Self::Credit => "CRD",
            Self::Device => "DEV",
            Self::Experience => "UX",
            Self::Operation => "OPS",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Code => "payment codes",
            Self::Transaction => "integrity of a transaction",
            Self::Reversal => "reversal",
            Self::Network => "network",
            Self::Security => "keys and secrets",
            Self::Power => "power and storage",
            Self::Settlement => "settlement",
            Self::Phone => "the customer's phone",
            Self::Credit => "Baitiao credit",
            Self::Device => "the device",
            Self::Experience => "what the cashier is told",
            Self::Operation => "running the device",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Code => "付款码",
            Self::Transaction => "交易完整性",
            Self::Reversal => "冲正",
            Self::Network => "网络",
            Self::Security => "密钥与敏感信息",
            Self::Power => "断电与存储",
            Self::Settlement => "结算",
            Self::Phone => "顾客手机",
            Self::Credit => "白条信用",
            Self::Device => "设备",
            Self::Experience => "收银提示",
            Self::Operation => "设备运维",
        }
    }
}

impl Requirement {
    /// The requirements that are checked from the record of every scenario, whatever it asserts.
    pub const ALWAYS_ON: &'static [Self] = &[
        Self::Txn01,
        Self::Txn02,
        Self::Txn03,
        Self::Txn04,
        Self::Txn05,
        Self::Rev10,
        Self::Sec05,
        Self::Sec06,
        Self::Ux01,
    ];

    /// Whether it is checked after every scenario.
    pub fn always_on(self) -> bool {
        Self::ALWAYS_ON.contains(&self)
    }

    /// Whether it asks the terminal to survive something: then a terminal that breaks in such a
    /// scenario has not failed to be tested, it has failed.
    pub const fn asks_to_survive(self) -> bool {
        matches!(self, Self::Code08 | Self::Net06)
    }

    /// Whether it is about a power cut and nothing else: a record without one cannot decide it.
    pub const fn is_about_power(self) -> bool {
        matches!(self, Self::Pwr01 | Self::Pwr03 | Self::Rev07)
    }

    /// Name of the page of the documentation on which all of them stand.
    pub const PAGE: &'static str = "requirements.md";

    /// Its place on that page: `requirements.md#rev-01`.
    pub fn page(self) -> String {
        format!("{}#{}", Self::PAGE, self.id().to_ascii_lowercase())
    }

    /// What it rests on.
    pub fn basis(self) -> impl Iterator<Item = Basis> {
        self.basis_letters().chars().map(|letter| match letter {
            'f' => Basis::Fact,
            'a' => Basis::Article,
            _ => Basis::Engineering,
        })
    }

    /// The one with this id, upper or lower case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|requirement| requirement.id().eq_ignore_ascii_case(id))
    }

    /// The one whose id is nearest to `text`, for "did you mean". Missing hyphens and zeros do not
    /// count: `rev1` is `REV-01`.
    pub fn nearest(text: &str) -> Self {
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &text[letters.len()..];
        let area = letters.trim_end_matches(['-', '_', ' ']);
        let plain = format!("{}-{digits:0>2}", area.to_ascii_uppercase());
        let by_distance = |requirement: &Self| edits(&plain, requirement.id());
        Self::ALL
            .iter()
            .copied()
            .min_by_key(by_distance)
            .unwrap_or(Self::Code01)
    }

    /// The sentence in `lang`.
    pub const fn sentence(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en(),
            Lang::Zh => self.zh(),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::from_id(&id)
            .ok_or_else(|| serde::de::Error::custom(format_args!("unknown requirement {id:?}")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_in_order_and_begin_with_their_area() {
        let mut last = (Area::Code, 0);
        for requirement in Requirement::ALL {
            let (area, number) = requirement.id().split_once('-').unwrap();
            assert_eq!(area, requirement.area().id());
            let place = (requirement.area(), number.parse::<u32>().unwrap());
            assert!(place > last, "{requirement} is out of order");
            assert!(place.1 == last.1 + 1 || place.1 == 1, "{requirement} skips");
            last = place;
        }
        assert_eq!(Requirement::ALL.len(), 79);
    }

    #[test]
    fn every_sentence_speaks_of_the_terminal_in_both_languages() {
        let mut seen = BTreeSet::new();
        for requirement in Requirement::ALL {
            let (en, zh) = (requirement.en(), requirement.zh());
            assert!(en.starts_with("the terminal"), "{requirement}: {en}");
            assert!(!en.ends_with('.') && !zh.ends_with('。'), "{requirement}");
            assert!(zh.contains("终端") || zh.contains("交易"), "{requirement}");
            assert!(seen.insert(en) && seen.insert(zh), "{requirement} repeats");
        }
    }

    #[test]
    fn nine_requirements_are_always_on() {
        let ids: Vec<_> = Requirement::ALL
            .iter()
            .filter(|r| r.always_on())
            .map(|r| r.id())
            .collect();
        assert_eq!(
            ids.join(" "),
            "TXN-01 TXN-02 TXN-03 TXN-04 TXN-05 REV-10 SEC-05 SEC-06 UX-01"
        );
    }

    #[test]
    fn levels_are_those_of_the_catalogue() {
        let should: Vec<_> = Requirement::ALL
            .iter()
            .filter(|r| r.level() == Level::Should)
            .map(|r| r.id())
            .collect();
        assert_eq!(
            should.join(" "),
            "CODE-06 REV-08 REV-10 NET-03 SEC-07 SET-03 UX-02 UX-04 OPS-01 OPS-02 OPS-03"
        );
    }

    #[test]
    fn ids_are_read_in_either_case_and_nothing_else() {
        assert_eq!(Requirement::from_id("rev-01"), Some(Requirement::Rev01));
        assert_eq!(Requirement::from_id("REV-1"), None);
    }

    #[test]
    fn a_slip_of_the_pen_finds_the_requirement_that_was_meant() {
        for (typed, meant) in [
            ("REV-1", Requirement::Rev01),
            ("rev01", Requirement::Rev01),
            ("TNX-03", Requirement::Txn03),
            ("ux1", Requirement::Ux01),
            ("PWR-09", Requirement::Pwr01),
        ] {
            assert_eq!(Requirement::nearest(typed), meant, "{typed}");
        }
    }

    #[test]
    fn a_requirement_travels_as_its_id() {
        let json = serde_json::to_string(&Requirement::Code07).unwrap();
        assert_eq!(json, r#""CODE-07""#);
        let back: Requirement = serde_json::from_str(&json).unwrap();
        assert_eq!(back, Requirement::Code07);
    }
}
