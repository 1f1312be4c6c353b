//! What the records of the journal add up to: numbers, the order in hand, reversals that are owed,
//! stored outcomes, codes that were sent. Kept in memory, rebuilt from the journal at every boot.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::record::{Ended, Record, Sent, Word};
use crate::money::Fen;
use crate::pos::code::CodeMemory;
use crate::pos::defects::{Defect, Defects};
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
    /// Final words by order.
    pub orders: BTreeMap<Arc<str>, Stored>,
    /// Codes that were sent.
    pub codes: CodeMemory,
    /// The orders that had their final word at the last such instant: what a terminal repeats
    /// after a power cut, since it cannot know whether anybody heard it.
    pub last_words: Vec<Arc<str>>,
    last_word_at: Time,
    defects: Defects,
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
        self.last_words.retain(|other| **other != *order);
        self.last_words.push(name.clone());
        self.orders.insert(
            name,
            Stored {
                operation,
                amount,
                word,
                sent,
                at,
            },
        );
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
