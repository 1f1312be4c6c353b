//! Payment codes, and codes that a terminal shows.

use counterproof_sim::host::ledger::Source;
use counterproof_sim::phone::{Funding, Password, Plan};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Wallet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{word, word_or_none};

/// A code to be issued.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeRequest {
    /// Whose wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
    /// From what is paid [balance; `baitiao` for JD Pay].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Source>")]
    pub funding: Option<Source>,
    /// Of Baitiao: 1, 3, 6, 12 or 24 [1].
    #[serde(default)]
    pub instalments: Option<u32>,
    /// When the wallet asks for the password [by-wallet].
    #[serde(default)]
    pub password: PasswordRule,
}

/// Many codes to be issued, for tests under load.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodesRequest {
    /// How many, at most 10000.
    pub count: u32,
    /// Whose wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
}

/// When a wallet asks its customer.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordRule {
    /// Above the customer's threshold.
    #[default]
    ByWallet,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<PasswordRule> for Password {
    fn from(rule: PasswordRule) -> Self {
        match rule {
            PasswordRule::ByWallet => Self::ByWallet,
            PasswordRule::Always => Self::Always,
            PasswordRule::Never => Self::Never,
        }
    }
}

/// What a phone shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The digits of the payment code; none where the app shows none.
    pub code: Option<String>,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: Option<u64>,
    /// Whether a sound scanner can read the screen.
    pub legible: bool,
}

const fn one() -> u32 {
    1
}

/// A code on a terminal's screen, to be paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentRequest {
    /// The content of the code.
    pub payload: String,
    /// With which wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
    /// From what is paid [balance; `baitiao` for JD Pay].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Source>")]
    pub funding: Option<Source>,
    /// Of Baitiao: 1, 3, 6, 12 or 24 [1].
    #[serde(default)]
    pub instalments: Option<u32>,
}

/// What was paid.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Fen.
    pub paid: u64,
}

/// The instalments do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlan;

/// How somebody pays; `None` for the usual way.
///
/// # Errors
/// When the instalments do not fit.
pub fn funding(
    source: Option<Source>,
    instalments: Option<u32>,
) -> Result<Option<Funding>, NoPlan> {
    let plan = |n| Plan::ALL.into_iter().find(|plan| plan.instalments() == n);
    match (source, instalments) {
        (None, None) => Ok(None),
        (Some(Source::Baitiao), n) => {
            let plan = plan(n.unwrap_or(1)).ok_or(NoPlan)?;
            Ok(Some(Funding::Baitiao(plan)))
        }
        (Some(Source::Balance), None) => Ok(Some(Funding::Balance)),
        (Some(Source::Card), None) => Ok(Some(Funding::Card)),
        (_, Some(_)) => Err(NoPlan),
    }
}

/// Milliseconds since 1970 at which a code expires.
pub fn expiry(minted: Time) -> u64 {
    (minted + counterproof_sim::phone::code::LIFE).as_millis()
}
