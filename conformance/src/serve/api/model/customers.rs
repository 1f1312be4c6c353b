//! Customers, and what they are asked.

use counterproof_sim::host::Ask;
use counterproof_sim::host::wallet::CreditState;
use counterproof_sim::vocabulary::Wallet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word;

/// Which customer.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Owner {
    /// The wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// The customer's number there.
    pub customer: u32,
}

/// What of a customer is to change; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CustomerChange {
    /// Opening balance.
    pub balance: Option<u64>,
    /// On the bank card.
    pub card: Option<u64>,
    /// State of the Baitiao account.
    pub baitiao: Option<BaitiaoState>,
    /// The most that may be owed to Baitiao.
    pub baitiao_limit: Option<u64>,
    /// The most that one payment may be; 0 for no limit.
    pub payment_limit: Option<u64>,
    /// Above this the password is asked for.
    pub password_above: Option<u64>,
    /// Whether the customer answers questions unasked, after some seconds.
    pub answers: Option<bool>,
}

/// State of a Baitiao account.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaitiaoState {
    /// Never activated.
    NotActivated,
    /// In good order.
    Active,
    /// An instalment is overdue.
    Overdue,
    /// Stopped by risk control.
    Risk,
}

impl From<BaitiaoState> for CreditState {
    fn from(state: BaitiaoState) -> Self {
        match state {
            BaitiaoState::NotActivated => Self::NotActivated,
            BaitiaoState::Active => Self::Active,
            BaitiaoState::Overdue => Self::Overdue,
            BaitiaoState::Risk => Self::Risk,
        }
    }
}

impl From<CreditState> for BaitiaoState {
    fn from(state: CreditState) -> Self {
        match state {
            CreditState::NotActivated => Self::NotActivated,
            CreditState::Active => Self::Active,
            CreditState::Overdue => Self::Overdue,
            CreditState::Risk => Self::Risk,
        }
    }
}

/// A customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerView {
    /// Opening balance.
    pub balance: u64,
    /// Of it, spent so far.
    pub balance_spent: i64,
    /// Opening balance of the bank card.
    pub card: u64,
    /// Of it, spent so far.
    pub card_spent: i64,
    /// State of the Baitiao account.
    pub baitiao: BaitiaoState,
    /// The most that may be owed.
    pub baitiao_limit: u64,
    /// Owed so far.
    pub baitiao_spent: i64,
    /// The most that one payment may be.
    pub payment_limit: Option<u64>,
    /// Above this the password is asked for.
    pub password_above: u64,
    /// Whether the customer answers questions unasked.
    pub answers: bool,
}

/// A question that waits for its customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Its number.
    pub id: u32,
    /// Which wallet asks.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// How much would be paid.
    pub amount: u64,
    /// DE41 of the payment.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// When the question lapses, in milliseconds since 1970.
    pub until: u64,
}

impl From<Ask> for Question {
    fn from(ask: Ask) -> Self {
        Self {
            id: ask.id.0,
            wallet: ask.wallet,
            amount: ask.amount.get(),
            terminal: ask.key.terminal.to_string(),
            batch: ask.key.batch,
            stan: ask.key.stan,
            until: ask.until.as_millis(),
        }
    }
}

/// Which one, by its number.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Number {
    /// The number.
    pub id: u32,
}

/// The customer's answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// Yes or no.
    pub confirm: bool,
}
