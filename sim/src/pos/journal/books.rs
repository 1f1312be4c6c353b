//! What the records of the journal add up to: numbers, the order in hand, reversals that are owed,
//! stored outcomes, codes that were sent, the batch, the device's notes. Kept in memory, rebuilt
//! from the journal at every boot.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::batch::Batch;
use super::record::{Ended, Record, Sent, Word};
use crate::money::Fen;
use crate::pos::code::CodeMemory;
use crate::pos::defects::{Defect, Defects};
use crate::pos::notes::{NOTES, Note};
use crate::terminal::Status;
use crate::time::Time;
use crate::vocabulary::{Operation, Reason};

/// The largest STAN; 1 follows it.
const LAST_STAN: u32 = 999_999;

/// Everything that is known from the journal.
#[derive(Clone, Debug, Default)]
pub(in crate::pos) struct Books {
    /// Whether the first record was found.
    pub founded: bool,
    /// The batch before the first sign-in.
    pub first_batch: u32,
    /// The STAN of the next message.
    pub next_stan: u32,
    /// The order in hand: accepted, without a final word, not being reversed.
    pub open: Option<Open>,
    /// What is owed to the host, oldest first.
    pub reversals: VecDeque<Reversal>,
    /// Final words on payments by order. Looked up at every step of a payment; in no order.
    pub orders: HashMap<Arc<str>, Stored, FixedState>,
    /// The last final word on a refund or void of each order.
    pub returns: HashMap<Arc<str>, Stored, FixedState>,
    /// Codes that were sent.
    pub codes: CodeMemory,
    /// What had its final word at the last such instant: what a terminal repeats after a power
    /// cut, since it cannot know whether anybody heard it.
    pub last_words: Vec<Deed>,
    /// What was approved last: its receipt is the last one.
    pub last_receipt: Option<Slip>,
    /// Receipts that wait for the printer, oldest first.
    pub unprinted: Vec<Slip>,
    /// What was approved since the last batch was closed, and its settlement.
    pub batch: Batch,
    /// The device's own record.
    pub notes: VecDeque<(Time, Note)>,
    /// Records were lost.
    pub lossy: bool,
    /// The host has refused the interface version, which only a defect remembers.
    pub interface_refused: bool,
    last_word_at: Time,
    defects: Defects,
}

/// An order and which of its operations is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Deed {
    /// The order.
    pub order: Arc<str>,
    /// Its payment, its refund or its void.
    pub operation: Operation,
}

/// What a receipt is about.
#[derive(Clone, Debug)]
pub(in crate::pos) struct Slip {
    /// What was approved.
    pub deed: Deed,
    /// How it ended.
    pub stored: Stored,
}

/// Whether the operation takes money rather than gives it back.
pub(in crate::pos) const fn is_payment(operation: Operation) -> bool {
    matches!(operation, Operation::Sale | Operation::CodeOrder)
}

/// The order in hand.
#[derive(Clone, Debug)]
pub(in crate::pos) struct Open {
    /// Its name.
    pub order: Arc<str>,
    /// What is wanted.
    pub operation: Operation,
    /// How much.
    pub amount: Fen,
    /// Its request, once that has left.
    pub sent: Option<Sent>,
}

/// A reversal that the host has not confirmed.
#[derive(Clone, Debug)]
pub(in crate::pos) struct Reversal {
    /// The order.
    pub order: Arc<str>,
    /// What is reversed.
    pub operation: Operation,
    /// How much.
    pub amount: Fen,
    /// The request that is reversed.
    pub sent: Sent,
    /// DE39.
    pub code: [u8; 2],
    /// What the cashier is told when it is through.
    pub cause: Reason,
}

/// The final word on an order.
#[derive(Clone, Debug)]
pub(in crate::pos) struct Stored {
    /// What was wanted.
    pub operation: Operation,
    /// How much was wanted.
    pub amount: Fen,
    /// What was said.
    pub word: Word,
    /// Its request, if one left.
    pub sent: Option<Sent>,
    /// When it was said.
    pub at: Time,
    /// Of a payment: what refunds have given back.
    pub refunded: Fen,
    /// Of a payment: it was voided.
    pub voided: bool,
}

impl Stored {
    /// What of an approved payment is still the shop's.
    pub(in crate::pos) fn left(&self) -> Fen {
        let moved = self.word.moved.unwrap_or(self.amount);
        let left = moved.checked_sub(self.refunded).unwrap_or_default();
        if self.voided { Fen::ZERO } else { left }
    }
}

impl Books {
    /// Books without entries.
    pub(in crate::pos) fn new(defects: Defects) -> Self {
        Self {
            defects,
            ..Self::default()
        }
    }

    /// The reversal of that order, if one is owed.
    pub(in crate::pos) fn reversal_of(&self, order: &str) -> Option<&Reversal> {
        self.reversals
            .iter()
            .find(|reversal| &*reversal.order == order)
    }

    /// The final word on a payment, or the last one on a refund or void of the order.
    pub(in crate::pos) fn stored(&self, order: &str, operation: Operation) -> Option<&Stored> {
        if is_payment(operation) {
            self.orders.get(order)
        } else {
            let stored = self.returns.get(order);
            stored.filter(|stored| stored.operation == operation)
        }
    }

    /// What the receipt of the last word on an operation of an order is about.
    pub(in crate::pos) fn slip(&self, deed: &Deed) -> Option<Slip> {
        let stored = self.stored(&deed.order, deed.operation)?;
        Some(Slip {
            deed: deed.clone(),
            stored: stored.clone(),
        })
    }

    /// Whether that receipt waits for the printer.
    pub(in crate::pos) fn awaits_printer(&self, slip: &Slip) -> bool {
        let same = |other: &Slip| other.deed == slip.deed && other.stored.at == slip.stored.at;
        self.unprinted.iter().any(same)
    }

    /// Enters a record.
    pub(super) fn enter(&mut self, record: &Record<'_>) {
        match *record {
            Record::Founded { stan, batch } => {
                self.founded = true;
                self.next_stan = stan;
                self.first_batch = batch;
            }
            Record::Numbered { stan } => self.number(stan),
            Record::Accepted {
                order,
                operation,
                amount,
                at,
            } => {
                // Who asks for the next thing has heard the last one, unless that was said in the
                // same breath.
                if at != self.last_word_at {
                    self.last_words.clear();
                }
                self.batch.closed = None;
                self.open = Some(Open {
                    order: order.into(),
                    operation,
                    amount,
                    sent: None,
                });
            }
            Record::Sent(sent) => {
                self.number(sent.stan);
                if let Some(code) = sent.code {
                    self.codes.remember(code, sent.at);
                }
                if let Some(open) = &mut self.open {
                    open.sent = Some(sent);
                }
            }
            Record::Reversing { code, cause, .. } => {
                if let Some(open) = self.open.take()
                    && let Some(sent) = open.sent
                {
                    self.reversals.push_back(Reversal {
                        order: open.order,
                        operation: open.operation,
                        amount: open.amount,
                        sent,
                        code,
                        cause,
                    });
                }
            }
            Record::Ended(ref ended) => self.end(ended),
            Record::Dropped { order } => {
                self.take(order);
            }
            Record::Settling { .. }
            | Record::Judged { .. }
            | Record::Uploaded { .. }
            | Record::Settled { .. } => self.batch.enter(record),
            Record::Noted { note, at } => {
                if self.notes.len() == NOTES {
                    self.notes.pop_front();
                }
                self.notes.push_back((at, note));
            }
            Record::Printing {
                order,
                operation,
                at,
                waits,
            } => {
                let deed = Deed {
                    order: order.into(),
                    operation,
                };
                self.unprinted
                    .retain(|slip| slip.deed != deed || slip.stored.at != at);
                if waits {
                    self.unprinted.extend(self.slip(&deed));
                }
            }
            Record::Lost => self.lossy = true,
        }
    }

    fn end(&mut self, ended: &Ended<'_>) {
        let Ended { order, word, at } = *ended;
        let taken = self.take(order);
        let (name, operation, amount, sent) = match taken {
            Some(open) => (open.order, open.operation, open.amount, open.sent),
            None => (Arc::from(order), Operation::Sale, Fen::ZERO, None),
        };
        if word.status == Status::Declined
            && self.defects.has(Defect::ForgetsDeclinedCodes)
            && let Some(code) = sent.and_then(|sent| sent.code)
        {
            self.codes.forget(code);
        }
        if std::mem::replace(&mut self.last_word_at, at) != at {
            self.last_words.clear();
        }
        let deed = Deed {
            order: Arc::clone(&name),
            operation,
        };
        self.last_words.retain(|other| *other != deed);
        self.last_words.push(deed.clone());
        self.interface_refused |= word.reason == Some(Reason::Interface);
        let stored = Stored {
            operation,
            amount,
            word,
            sent,
            at,
            refunded: Fen::ZERO,
            voided: false,
        };
        if word.status == Status::Approved {
            self.last_receipt = Some(Slip {
                deed,
                stored: stored.clone(),
            });
            if let Some(sent) = &sent {
                self.batch.approved(operation, amount, sent, &word);
            }
            self.give_back(order, operation, word.moved.unwrap_or(amount));
        }
        if is_payment(operation) {
            self.orders.insert(name, stored);
        } else {
            self.returns.insert(name, stored);
        }
    }

    /// Money of a payment has gone back.
    fn give_back(&mut self, order: &str, operation: Operation, amount: Fen) {
        if is_payment(operation) {
            return;
        }
        let Some(payment) = self.orders.get_mut(order) else {
            return;
        };
        match operation {
            Operation::Refund => {
                let refunded = payment.refunded.checked_add(amount);
                payment.refunded = refunded.unwrap_or(payment.refunded);
            }
            Operation::Void => payment.voided = true,
            _ => {}
        }
    }

    /// Takes the order out of what is worked on.
    fn take(&mut self, order: &str) -> Option<Open> {
        if self.open.as_ref().is_some_and(|open| &*open.order == order) {
            return self.open.take();
        }
        let place = self
            .reversals
            .iter()
            .position(|reversal| &*reversal.order == order)?;
        let reversal = self.reversals.remove(place)?;
        Some(Open {
            order: reversal.order,
            operation: reversal.operation,
            amount: reversal.amount,
            sent: Some(reversal.sent),
        })
    }

    fn number(&mut self, given: u32) {
        self.next_stan = match given {
            LAST_STAN.. if self.defects.has(Defect::StanWrapsToZero) => 0,
            LAST_STAN.. => 1,
            _ => given + 1,
        };
    }
}
