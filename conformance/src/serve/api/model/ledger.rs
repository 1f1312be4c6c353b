//! Transactions and postings.

use counterproof_sim::host::{Key, Posting, Standing, TerminalId, Transaction};
use counterproof_sim::vocabulary::{Operation, Wallet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{page, word, word_or_none};

/// A movement of money.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostingView {
    /// Counted from 1 since the ledger began.
    pub id: u32,
    /// Why.
    pub kind: String,
    /// DE41 of the transaction that moved it.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// The account that the money left.
    pub debit: String,
    /// The account that it reached.
    pub credit: String,
    /// Fen.
    pub amount: u64,
    /// Batch of the payment whose money it is.
    pub payment_batch: u32,
    /// Its STAN.
    pub payment_stan: u32,
}

impl From<&Posting> for PostingView {
    fn from(posting: &Posting) -> Self {
        let kind = serde_json::to_value(posting.kind).unwrap_or_default();
        Self {
            id: posting.id,
            kind: kind.as_str().unwrap_or_default().to_owned(),
            terminal: posting.key.terminal.to_string(),
            batch: posting.key.batch,
            stan: posting.key.stan,
            debit: posting.debit.to_string(),
            credit: posting.credit.to_string(),
            amount: posting.amount.get(),
            payment_batch: posting.payment.batch,
            payment_stan: posting.payment.stan,
        }
    }
}

/// Which transactions: those behind this one, in the order of terminal, batch and STAN.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TransactionPage {
    /// Of this terminal only.
    pub terminal: Option<String>,
    /// Of this batch only.
    pub batch: Option<u32>,
    /// Behind this STAN [0].
    #[serde(default)]
    pub after: u32,
    /// At most so many [100, at most 1000].
    #[serde(default = "page")]
    pub limit: u32,
}

/// Which transaction.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TransactionName {
    /// DE41.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
}

impl From<TransactionName> for Key {
    fn from(name: TransactionName) -> Self {
        Self {
            terminal: TerminalId::new(name.terminal.as_bytes()),
            batch: name.batch,
            stan: name.stan,
        }
    }
}

/// A transaction.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionView {
    /// DE41.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// What it asked for.
    #[schemars(schema_with = "word::<Operation>")]
    pub operation: Operation,
    /// How it stands.
    pub standing: StandingView,
    /// DE39 with which it was declined or closed.
    pub code: Option<String>,
    /// DE4 of the request.
    pub asked: u64,
    /// What it moves or would move.
    pub amount: u64,
    /// The customer's wallet, once it is known.
    #[schemars(schema_with = "word_or_none::<Wallet>")]
    pub wallet: Option<Wallet>,
    /// The customer's number there.
    pub customer: Option<u32>,
    /// DE37.
    pub rrn: String,
    /// DE38.
    pub auth: Option<String>,
    /// Given back by refunds.
    pub refunded: u64,
    /// Given back by a void.
    pub voided: bool,
    /// What the customer is charged for the payment now; may be below zero in a ledger that is wrong.
    pub net: i64,
}

/// How a transaction stands.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StandingView {
    /// Money has moved, as much as was asked for.
    Approved,
    /// Money has moved, less than was asked for.
    Partial,
    /// It waits for the customer.
    Waiting,
    /// Refused or closed.
    Declined,
    /// Taken back by a reversal.
    Reversed,
}

impl TransactionView {
    /// A transaction, and what is charged for its payment.
    pub fn new(key: &Key, transaction: &Transaction, net: i64) -> Self {
        let (standing, code) = match transaction.standing {
            Standing::Approved => (StandingView::Approved, None),
            Standing::Partial => (StandingView::Partial, None),
            Standing::Waiting(_) => (StandingView::Waiting, None),
            Standing::Declined(ruling) => (StandingView::Declined, Some(ruling.code().to_string())),
            Standing::Reversed => (StandingView::Reversed, None),
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Self {
            terminal: key.terminal.to_string(),
            batch: key.batch,
            stan: key.stan,
            operation: transaction.operation,
            standing,
            code,
            asked: transaction.asked.get(),
            amount: transaction.amount.get(),
            wallet: transaction.wallet,
            customer: transaction.customer.map(|(customer, _)| customer),
            rrn: text(&transaction.rrn),
            auth: transaction.auth.map(|auth| text(&auth)),
            refunded: transaction.refunded.get(),
            voided: transaction.voided,
            net,
        }
    }
}
