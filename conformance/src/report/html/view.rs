//! What a page shows of one case, as data: a sequence of rows between the lanes of the counter, the
//! messages taken apart, what the cashier saw and printed, and the ledger. How it is made of a
//! record is in `story`; how it is drawn is the page's business.

use serde::Serialize;

use super::phrases::Said;
use crate::evidence::Digest;

/// Everything about one case that its own page shows.
#[derive(Debug, Default, Serialize)]
pub struct View {
    /// What happened, oldest first.
    pub rows: Vec<Row>,
    /// The messages that went over the wire, each once.
    pub messages: Vec<MessageView>,
    /// What the cashier read, one after the other.
    pub screens: Vec<Screen>,
    /// What was printed.
    pub receipts: Vec<Receipt>,
    /// Where the money went.
    pub ledger: Vec<Movement>,
    /// The faults and what became of them.
    pub faults: Vec<FaultView>,
    /// What should have been otherwise.
    pub breaches: Vec<BreachView>,
    /// What the terminal wrote to standard error.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stderr: String,
    /// The command that runs this case again.
    pub replay: String,
    /// Digest of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The requirements that are expected to be broken, by their places in the catalogue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<usize>,
}

/// Who stands where in the sequence, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The cashier before the terminal.
    Cashier,
    /// The customer and the phone.
    Phone,
    /// The scanner.
    Scanner,
    /// The terminal under test.
    Terminal,
    /// The radio or wire.
    Link,
    /// The acquirer.
    Acquirer,
    /// The wallet's host.
    Wallet,
}

impl Lane {
    /// All of them, from left to right.
    pub const ALL: [Self; 7] = [
        Self::Cashier,
        Self::Phone,
        Self::Scanner,
        Self::Terminal,
        Self::Link,
        Self::Acquirer,
        Self::Wallet,
    ];
}

/// What a row is about: how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A step of the scenario begins.
    Step,
    /// Something is said or done to somebody.
    Plain,
    /// A message of the acquirer's protocol.
    Message,
    /// A message that never arrives.
    Lost,
    /// A fault stands ready, or is lifted.
    FaultReady,
    /// A fault strikes.
    Fault,
    /// Money moves.
    Money,
    /// The terminal's word on an order.
    Outcome,
    /// Rows are left out here.
    Gap,
}

/// One row of the sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Microseconds since the row before.
    pub after: u64,
    /// What it is about.
    pub kind: RowKind,
    /// Whose doing it is.
    pub from: Lane,
    /// To whom; the same for what concerns only one.
    pub to: Lane,
    /// What is said.
    pub said: Said,
    /// What opens with it.
    pub more: More,
}

/// What opens with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Nothing.
    Nothing,
    /// A message, by its place.
    Message(usize),
    /// A screen.
    Screen(usize),
    /// A receipt.
    Receipt(usize),
}

/// A message taken apart.
#[derive(Debug, Serialize)]
pub struct MessageView {
    /// In one line.
    pub title: Said,
    /// Number, offset, length and value of each field.
    pub fields: Vec<(u8, usize, usize, String)>,
    /// The bytes in hexadecimal.
    pub hex: String,
}

/// What the cashier read.
#[derive(Debug, Serialize)]
pub struct Screen {
    /// Top to bottom.
    pub lines: Vec<String>,
    /// The reason and the advice that it reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Said>,
}

/// What was printed.
#[derive(Debug, Serialize)]
pub struct Receipt {
    /// For whom.
    pub copy: Said,
    /// Top to bottom.
    pub lines: Vec<String>,
}

/// A movement of money.
#[derive(Debug, Serialize)]
pub struct Movement {
    /// Microseconds since the beginning.
    pub at: u64,
    /// Why.
    pub what: Said,
    /// Of which transaction.
    pub stan: String,
    /// Of which payment.
    pub payment: String,
    /// The account that it left.
    pub debit: String,
    /// The account that it reached.
    pub credit: String,
    /// In yuan.
    pub amount: String,
}

/// A fault and what became of it.
#[derive(Debug, Serialize)]
pub struct FaultView {
    /// What it is.
    pub what: Said,
    /// How often it fired.
    pub fired: u32,
    /// Microseconds since the beginning when it first did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
}

/// Something that should have been otherwise.
#[derive(Debug, Serialize)]
pub struct BreachView {
    /// The requirements that it breaks, by their places in the catalogue.
    pub requirements: Vec<usize>,
    /// What was expected.
    pub expected: Said,
    /// What was seen.
    pub seen: Said,
    /// The row that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Line of the step that noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Serialize for Row {
    /// An array: time, kind, lanes, text, and what opens as its kind and place.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let head = (
            self.after,
            self.kind as u8,
            self.from as u8,
            self.to as u8,
            &self.said,
        );
        let (after, kind, from, whom, said) = head;
        match self.more {
            More::Nothing => head.serialize(to),
            More::Message(place) => (after, kind, from, whom, said, 0, place).serialize(to),
            More::Screen(place) => (after, kind, from, whom, said, 1, place).serialize(to),
            More::Receipt(place) => (after, kind, from, whom, said, 2, place).serialize(to),
        }
    }
}
