//! What the terminal does by itself when the power has come back: the order in flight gets its
//! final word, reversals go on, and what was said last is said again, since nobody may have heard
//! it.

use super::defects::Defect;
use super::device::Device;
use super::journal::{Record, Word};
use super::storage::Health;
use super::texts::Text;
use crate::terminal::Status;
use crate::time::Time;
use crate::vocabulary::Reason;

impl Device {
    /// Whether there is anything to do.
    pub(super) fn has_boot_duties(&self) -> bool {
        let books = self.journal.books();
        let duties = books.open.is_some()
            || !books.reversals.is_empty()
            || !books.last_words.is_empty()
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
        for order in last.iter().filter(|_| !silent) {
            self.tell_stored(order);
            let stored = self.journal.books().orders.get(order);
            if stored.is_some_and(|stored| stored.word.status == Status::Approved) {
                self.print(order, true);
            }
        }
        self.resume_order();
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
            });
        } else if self.defects.has(Defect::SilentAfterRestart) {
            self.journal.write(&Record::Reversing {
                code: *b"98",
                cause: Reason::NetworkTimeout,
                at: self.now,
            });
        } else {
            self.reverse(*b"98", Reason::NetworkTimeout);
        }
    }
}
