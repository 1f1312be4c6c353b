//! The batch: what was approved in it, what it adds up to, and how far its settlement has come.
//!
//! Not here: what is said to the host about it (see [`crate::pos::engine`]).

use super::record::{Record, Sent, Word};
use crate::money::Fen;
use crate::vocabulary::Operation;

/// An approved message of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Entry {
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// What it was.
    pub operation: Operation,
    /// DE37 of its answer.
    pub rrn: [u8; 12],
    /// What moved.
    pub amount: Fen,
}

/// Count and sum of one kind of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::pos) struct Side {
    /// How many.
    pub count: u32,
    /// In all.
    pub amount: Fen,
}

/// What a batch adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::pos) struct Sums {
    /// Payments.
    pub debits: Side,
    /// Voids and refunds.
    pub credits: Side,
}

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Settlement {
    /// The batch that is being closed.
    pub batch: u32,
    /// Whether the host's totals are the same, once it has said so.
    pub matched: Option<bool>,
    /// Details that the host has taken.
    pub uploaded: u32,
}

/// A batch that was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Closed {
    /// Its number.
    pub batch: u32,
    /// What it came to.
    pub sums: Sums,
    /// Whether the host's totals were the same.
    pub matched: bool,
}

/// What was approved since the last batch was closed, and its settlement.
#[derive(Clone, Debug, Default)]
pub(in crate::pos) struct Batch {
    entries: Vec<Entry>,
    /// The settlement that was begun.
    pub settlement: Option<Settlement>,
    /// The batch that was closed last, until the cashier has asked for something else.
    pub closed: Option<Closed>,
}

impl Batch {
    /// The entries of one batch, in their order.
    pub(in crate::pos) fn entries(&self, batch: u32) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.batch == batch)
    }

    /// How many entries the batch has.
    pub(in crate::pos) fn count(&self, batch: u32) -> usize {
        self.entries(batch).count()
    }

    /// Whether that message is an entry of that batch, which is not closed.
    pub(in crate::pos) fn holds(&self, batch: u32, sent: &Sent) -> bool {
        sent.batch == batch && self.entries(batch).any(|entry| entry.stan == sent.stan)
    }

    /// What the batch adds up to.
    pub(in crate::pos) fn sums(&self, batch: u32) -> Sums {
        let mut sums = Sums::default();
        for entry in self.entries(batch) {
            let side = if super::is_payment(entry.operation) {
                &mut sums.debits
            } else {
                &mut sums.credits
            };
            side.count += 1;
            side.amount = side.amount.checked_add(entry.amount).unwrap_or(side.amount);
        }
        sums
    }

    /// An approval is an entry.
    pub(super) fn approved(&mut self, operation: Operation, amount: Fen, sent: &Sent, word: &Word) {
        self.entries.push(Entry {
            batch: sent.batch,
            stan: sent.stan,
            operation,
            rrn: word.rrn.unwrap_or([b' '; 12]),
            amount: word.moved.unwrap_or(amount),
        });
    }

    /// Enters a record of a settlement.
    pub(super) fn enter(&mut self, record: &Record<'_>) {
        match (record, &mut self.settlement) {
            (Record::Settling { batch }, _) => {
                self.settlement = Some(Settlement {
                    batch: *batch,
                    matched: None,
                    uploaded: 0,
                });
            }
            (Record::Judged { matched }, Some(settlement)) => settlement.matched = Some(*matched),
            (Record::Uploaded { records }, Some(settlement)) => settlement.uploaded = *records,
            (Record::Settled { closed }, _) => {
                if let Some(settlement) = self.settlement.take().filter(|_| *closed) {
                    self.closed = Some(Closed {
                        batch: settlement.batch,
                        sums: self.sums(settlement.batch),
                        matched: settlement.matched == Some(true),
                    });
                    // Entries of a batch that the host has left behind can be settled no more.
                    self.entries.clear();
                }
            }
            _ => {}
        }
    }
}
