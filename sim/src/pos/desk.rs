//! What the cashier can ask for besides money: a sign-in and the look-up of an order.
//!
//! Not here: settlement ([`super::settle`]), reprints ([`super::printer`]), self-test and device
//! log ([`super::self_test`], [`super::notes`]).

use std::sync::Arc;

use super::defects::Defect;
use super::device::{Device, Task};
use super::journal::{Word, is_payment};
use super::texts::Text;
use crate::terminal::Status;
use crate::vocabulary::{Operation, Reason};

impl Device {
    /// The cashier wants a sign-in.
    pub(super) fn sign_in_wanted(&mut self) {
        if self.task.is_some() {
            return self.show_problem(Text::Problem, Reason::Busy);
        }
        self.task = Some(Task::SignIn);
        self.gave_up_sign_in = false;
        self.clear_reversals_now();
        self.show(Text::SigningIn);
    }

    /// The cashier asks what became of an order. Whoever asks gets an outcome: what is stored, or
    /// that it is being worked on. The host is asked about orders that were sent to it.
    pub(super) fn look_up(&mut self, order: &str) {
        if self.tell_pending(order, is_payment) {
            return self.clear_reversals_now();
        }
        let books = self.journal.books();
        let Some((name, stored)) = books.orders.get_key_value(order) else {
            let word = Word::failed(Status::Declined, Reason::UnknownOrder);
            return self.tell(&Arc::from(order), Operation::Sale, word);
        };
        let (name, operation) = (Arc::clone(name), stored.operation);
        if stored.sent.is_none() || self.task.is_some() {
            let busy = self.task.is_some();
            self.tell_stored(&name, operation);
            if busy {
                self.show_problem(Text::Problem, Reason::Busy);
            }
            return;
        }
        self.task = Some(Task::LookUp(name));
        self.gave_up_sign_in = false;
        self.clear_reversals_now();
        self.show(Text::LookingUp);
    }

    /// The host has answered a look-up. A final word stays what it was.
    pub(super) fn looked_up(&mut self) {
        if let Some(Task::LookUp(order)) = self.task.take() {
            self.tell_stored(&order, Operation::Sale);
        }
    }

    /// The host could not be asked.
    pub(super) fn look_up_failed(&mut self, reason: Reason) {
        let Some(Task::LookUp(order)) = self.task.take() else {
            return;
        };
        if self.defects.has(Defect::StatusGuesses) {
            let word = Word::failed(Status::Declined, reason);
            return self.tell(&order, Operation::Sale, word);
        }
        self.tell_stored(&order, Operation::Sale);
        self.show_problem(Text::Problem, reason);
    }

    /// Repeats the final word on an operation of an order; of payments there is one.
    pub(super) fn tell_stored(&mut self, order: &Arc<str>, operation: Operation) {
        if let Some(stored) = self.journal.books().stored(order, operation) {
            let (operation, word) = (stored.operation, stored.word);
            self.tell(order, operation, word);
        }
    }
}
