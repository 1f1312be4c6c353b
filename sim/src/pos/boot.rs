//! What the terminal does by itself when the power has come back: the order in flight gets its
//! final word, reversals go on, and what was said last is said again, since nobody may have heard
//! it.

use std::sync::Arc;

use super::defects::Defect;
use super::device::{Device, Task};
use super::engine::Rounds;
use super::journal::{Record, Reversal, Word};
use super::storage::Health;
use super::texts::Text;
use crate::terminal::Status;
use crate::time::Time;
use crate::vocabulary::{Operation, Reason};

impl Device {
    /// Whether there is anything to do.
    pub(super) fn has_boot_duties(&self) -> bool {
        let books = self.journal.books();
        let duties = books.open.is_some()
            || !books.reversals.is_empty()
            || !books.last_words.is_empty()
            || books.batch.settlement.is_some()
            || books.batch.closed.is_some()
            || self.health != Health::Sound;
        duties && !self.defects.has(Defect::SilentAfterRestart)
    }

    /// The first event after a boot.
    pub(super) fn after_boot(&mut self) {
        match self.health {
            Health::Sound => {}
            Health::Mended => {
                self.show_problem(Text::StorageMended, Reason::Storage);
                self.health = Health::Sound;
            }
            Health::Empty | Health::Lost => {
                // Stays as it is until factory boot; what can still be read is worked on.
                self.show_problem(Text::Problem, Reason::Storage);
            }
        }
        let silent = self.defects.has(Defect::SilentAfterRestart);
        let last = self.journal.books().last_words.clone();
        for deed in last.iter().filter(|_| !silent) {
            let stored = self.journal.books().stored(&deed.order, deed.operation);
            let approved = stored.is_some_and(|it| it.word.status == Status::Approved);
            if approved && self.defects.has(Defect::ApprovalNotRepeated) {
                continue;
            }
            self.tell_stored(&deed.order, deed.operation);
            let books = self.journal.books();
            let slip = books.slip(deed).filter(|slip| !books.awaits_printer(slip));
            if let Some(slip) = slip.filter(|slip| slip.stored.word.status == Status::Approved) {
                self.print(&slip, true);
            }
        }
        if let Some(closed) = self.journal.books().batch.closed.filter(|_| !silent) {
            self.tell_settled(&closed);
        }
        self.finished_is_reversed();
        self.resume_order();
        self.resume_settlement();
        if silent {
            self.tries.not_before(Time::NEVER);
        }
    }

    /// The order that was in hand when the power failed.
    fn resume_order(&mut self) {
        let Some(open) = &self.journal.books().open else {
            return;
        };
        let amount = open.amount;
        if open.sent.is_none() {
            self.decline(Reason::Power, None);
        } else if self.defects.has(Defect::RestartApproves) {
            self.finish(Word {
                status: Status::Approved,
                reason: None,
                moved: Some(amount),
                rrn: None,
                code: None,
                clock: None,
                instalments: None,
            });
        } else if self.defects.has(Defect::SilentAfterRestart) {
            self.journal.write(&Record::Reversing {
                code: *b"98",
                cause: Reason::NetworkTimeout,
                at: self.now,
            });
        } else if self.health != Health::Sound {
            // What came after the request may be lost, its final word among it: the host knows.
            self.ask(Reason::Storage, true);
        } else if open.operation == Operation::Refund {
            if self.defects.has(Defect::RefundLostAtRestart) {
                let order = Arc::clone(&open.order);
                self.journal.write(&Record::Dropped { order: &order });
            } else {
                // A refund is an advice: the host has most likely done it.
                self.ask(Reason::NetworkTimeout, true);
            }
        } else {
            // Whether the host has approved it is not known: the failure is the terminal's own.
            let why = if self.defects.has(Defect::PowerReversedAs06) {
                *b"06"
            } else {
                *b"96"
            };
            self.reverse(why, Reason::NetworkTimeout);
        }
    }

    /// The settlement that was under way goes on where it stood.
    fn resume_settlement(&mut self) {
        if self.journal.books().batch.settlement.is_none() {
            return;
        }
        if self.defects.has(Defect::SettlementForgotten) {
            self.journal.write(&Record::Settled { closed: false });
            return;
        }
        if self.task.is_none() && self.health == Health::Sound {
            self.task = Some(Task::Settle(Rounds::default()));
        }
    }

    /// A defect: what was approved last is taken back without a word.
    fn finished_is_reversed(&mut self) {
        if !self.defects.has(Defect::FinishedAndReversed) {
            return;
        }
        let books = self.journal.books();
        let owed = books.last_words.last().and_then(|deed| {
            let stored = books.orders.get(&deed.order)?;
            let approved = stored.word.status == Status::Approved;
            Some(Reversal {
                order: Arc::clone(&deed.order),
                operation: stored.operation,
                amount: stored.amount,
                sent: stored.sent.filter(|_| approved)?,
                code: *b"96",
                cause: Reason::Power,
            })
        });
        if let Some(owed) = owed {
            self.journal.owe(owed);
            self.tries.begin_now(self.now);
        }
    }
}
