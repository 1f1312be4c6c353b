//! The records of the journal.
//!
//! Not here: their bytes (see [`super::codec`]), and what a sequence of records adds up to (see
//! [`super::books`]).

use crate::money::Fen;
use crate::pos::clock::HostClock;
use crate::pos::code::Code;
use crate::pos::notes::Note;
use crate::terminal::Status;
use crate::time::Time;
use crate::vocabulary::{Operation, Reason};

/// One durable step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pos) enum Record<'a> {
    /// The storage is new.
    Founded {
        /// The first STAN.
        stan: u32,
        /// The first batch.
        batch: u32,
    },
    /// A STAN was given to a message that is not journalled otherwise.
    Numbered {
        /// Which.
        stan: u32,
    },
    /// The cashier's order was taken.
    Accepted {
        /// Its name.
        order: &'a str,
        /// What is wanted.
        operation: Operation,
        /// How much.
        amount: Fen,
        /// When.
        at: Time,
    },
    /// The request of the accepted order is about to leave.
    Sent(Sent),
    /// The order is to be reversed; it is the accepted one.
    Reversing {
        /// DE39 of the reversal.
        code: [u8; 2],
        /// What the cashier is told when it is through.
        cause: Reason,
        /// When that was decided.
        at: Time,
    },
    /// The final word on an order.
    Ended(Ended<'a>),
    /// An order is no longer worked on. Only defects write this.
    Dropped {
        /// Which.
        order: &'a str,
    },
    /// The first settlement message of a batch is about to leave.
    Settling {
        /// Which batch.
        batch: u32,
    },
    /// The host has held its totals against the terminal's.
    Judged {
        /// Whether they agree.
        matched: bool,
    },
    /// The host has taken details of the batch.
    Uploaded {
        /// So many in all.
        records: u32,
    },
    /// The settlement is over.
    Settled {
        /// Whether the batch is closed; else the host has refused to begin, and nothing happened.
        closed: bool,
    },
    /// Something about the device that its owner may want to know.
    Noted {
        /// What.
        note: Note,
        /// When.
        at: Time,
    },
    /// A receipt waits for the printer, or waits no more.
    Printing {
        /// Of which order.
        order: &'a str,
        /// Of which of its operations.
        operation: Operation,
        /// When that had its final word: there may be several refunds of an order.
        at: Time,
        /// Whether it waits.
        waits: bool,
    },
    /// Records that neither copy of the storage held whole were lost here.
    Lost,
}

/// What identifies a request to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Sent {
    /// Its STAN.
    pub stan: u32,
    /// Its batch.
    pub batch: u32,
    /// When it left.
    pub at: Time,
    /// The payment code in it.
    pub code: Option<Code>,
}

/// The final word on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Ended<'a> {
    /// The order.
    pub order: &'a str,
    /// What was said.
    pub word: Word,
    /// When.
    pub at: Time,
}

/// What the terminal says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Word {
    /// The status.
    pub status: Status,
    /// Why, unless it is approved.
    pub reason: Option<Reason>,
    /// What moved.
    pub moved: Option<Fen>,
    /// DE37 of the message that decided.
    pub rrn: Option<[u8; 12]>,
    /// DE39 of the message that decided.
    pub code: Option<[u8; 2]>,
    /// The host's date and time in that message.
    pub clock: Option<HostClock>,
    /// In how many instalments the customer pays it back, where the host says so.
    pub instalments: Option<u8>,
}

impl Word {
    /// A word without an approval.
    pub(in crate::pos) const fn failed(status: Status, reason: Reason) -> Self {
        Self {
            status,
            reason: Some(reason),
            moved: None,
            rrn: None,
            code: None,
            clock: None,
            instalments: None,
        }
    }

    /// The same with the response code that decided.
    pub(in crate::pos) const fn with_code(mut self, code: Option<[u8; 2]>) -> Self {
        self.code = code;
        self
    }
}
