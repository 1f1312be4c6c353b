//! Closing the batch at the counter.
//!
//! Not here: the messages of a settlement (see [`super::engine`]).

use super::device::{Device, Task};
use super::engine::Rounds;
use super::journal::{Closed, Side};
use super::storage::Health;
use super::texts::Text;
use crate::terminal::{Action, Totals};
use crate::vocabulary::Reason;

impl Device {
    /// The cashier wants to close the batch, or a settlement that was begun to go on.
    pub(super) fn settle_wanted(&mut self) {
        if matches!(self.health, Health::Empty | Health::Lost) {
            return self.show_problem(Text::SettlementFailed, Reason::Storage);
        }
        if self.task.is_some() {
            return self.show_problem(Text::Problem, Reason::Busy);
        }
        self.task = Some(Task::Settle(Rounds::default()));
        self.gave_up_sign_in = false;
        self.clear_reversals_now();
        if self.task.is_some() {
            self.show(Text::Settling);
        }
    }

    /// The settlement does not go on for now.
    pub(super) fn settlement_failed(&mut self, reason: Reason) {
        self.task = None;
        self.show_problem(Text::SettlementFailed, reason);
    }

    /// Says what a batch came to.
    pub(super) fn tell_settled(&mut self, closed: &Closed) {
        let side = |side: Side| Totals {
            count: side.count,
            amount: side.amount.get(),
        };
        self.out.push(Action::Settled {
            batch: format!("{:06}", closed.batch).into(),
            debits: side(closed.sums.debits),
            credits: side(closed.sums.credits),
            matched: closed.matched,
        });
        self.show(if closed.matched {
            Text::Settled
        } else {
            Text::SettledUnbalanced
        });
    }
}
