//! What travels over the API, as JSON. Its schemas are made of these types; amounts are in fen.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `codes` | payment codes, and codes that a terminal shows |
//! | `customers` | customers, and what they are asked |
//! | `faults` | faults and their kinds |
//! | `ledger` | transactions and postings |
//!
//! Here: what belongs to none of them.

mod codes;
mod customers;
mod faults;
mod ledger;

use counterproof_sim::vocabulary::Vocabulary;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use codes::{
    CodeRequest, CodesRequest, PasswordRule, Payment, PaymentRequest, Shown, expiry, funding,
};
pub use customers::{AnswerRequest, CustomerChange, CustomerView, Number, Owner, Question};
pub use faults::{FaultKindView, FaultRequest, FaultView, site_id};
pub use ledger::{PostingView, TransactionName, TransactionPage, TransactionView};

fn word<V: Vocabulary>(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<_> = V::ALL.iter().map(|word| word.id()).collect();
    json_schema!({ "type": "string", "enum": ids })
}

fn word_or_none<V: Vocabulary>(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<_> = V::ALL
        .iter()
        .map(|word| Some(word.id()))
        .chain([None])
        .collect();
    json_schema!({ "type": ["string", "null"], "enum": ids })
}

/// Nothing to say.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Why something was not done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Refused {
    /// A sentence.
    pub error: String,
}

/// How the service is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// `ok`, as long as it answers.
    pub status: &'static str,
    /// The program.
    pub version: &'static str,
    /// Dialect of the acquirer.
    pub dialect: String,
    /// Milliseconds since 1970 by the acquirer's clock.
    pub now: u64,
    /// Connections of terminals that stand.
    pub connections: usize,
    /// Connections that were sent away because there were too many.
    pub turned_away: u64,
    /// Terminals that are registered.
    pub terminals: usize,
    /// Movements of money since the ledger began.
    pub postings: usize,
    /// Sum over all accounts of the ledger: zero.
    pub sum: i64,
    /// Faults that are armed.
    pub faults: usize,
    /// Number of the latest entry of the record.
    pub entries: u64,
}

/// A terminal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TerminalView {
    /// DE41.
    pub id: String,
    /// DE42.
    pub merchant: String,
    /// Its batch: open, or closed and waiting for the next sign-in.
    pub batch: u32,
}

/// Which part of a list.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Page {
    /// Behind the one with this number [0].
    #[serde(default)]
    pub after: u32,
    /// At most so many [100, at most 1000].
    #[serde(default = "page")]
    pub limit: u32,
}

const fn page() -> u32 {
    100
}

/// Which part of the record.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct RecordPart {
    /// Behind the entry with this number [the beginning of what is kept].
    #[serde(default)]
    pub after: u64,
    /// Whether to go on with what happens from now on.
    #[serde(default)]
    pub follow: bool,
}
