//! Giving money back at the counter: refunds of an approved payment or a part of it, voids of a
//! whole one in its batch. What can be refused without the host is refused here.
//!
//! Not here: what is said to the host (see [`super::engine`]), which treats them like any order.

use std::sync::Arc;

use super::defects::Defect;
use super::device::Device;
use super::journal::{Stored, Word};
use crate::money::Fen;
use crate::terminal::Status;
use crate::vocabulary::{Operation, Reason};

impl Device {
    /// The cashier wants to refund an order or a part of it.
    pub(super) fn refund(&mut self, order: &str, amount: i64) {
        let amount = u64::try_from(amount).ok().map(Fen::new);
        self.give_back(order, Operation::Refund, amount);
    }

    /// The cashier wants to void an order.
    pub(super) fn void(&mut self, order: &str) {
        let payment = self.journal.books().orders.get(order);
        let amount = payment.map(|payment| payment.word.moved.unwrap_or(payment.amount));
        self.give_back(order, Operation::Void, amount);
    }

    fn give_back(&mut self, order: &str, operation: Operation, amount: Option<Fen>) {
        if self.tell_pending(order, |pending| pending == operation) {
            return;
        }
        let books = self.journal.books();
        let reason = match (self.why_not_now(), books.orders.get(order)) {
            (Some(reason), _) => Some(reason),
            (None, None) => Some(Reason::UnknownOrder),
            // Another operation of the order has yet to be taken back.
            (None, Some(_)) if books.reversal_of(order).is_some() => Some(Reason::Busy),
            (None, Some(payment)) if operation == Operation::Void => self.why_no_void(payment),
            (None, Some(payment)) => self.why_no_refund(payment, amount),
        };
        match (reason, amount) {
            (None, Some(amount)) => self.accept(order, operation, amount),
            (reason, _) => {
                let reason = reason.unwrap_or(Reason::InvalidInput);
                let word = Word::failed(Status::Declined, reason);
                self.tell(&Arc::from(order), operation, word);
            }
        }
    }

    fn why_no_refund(&self, payment: &Stored, amount: Option<Fen>) -> Option<Reason> {
        if let Some(reason) = self.why_not_at_all(payment) {
            return Some(reason);
        }
        let blind = self.defects.has(Defect::RefundsTooMuch)
            || self.defects.has(Defect::GivesBackUnknown) && !is_approved(payment);
        let most = if blind { Fen::MAX } else { payment.left() };
        let fits = amount.is_some_and(|amount| amount > Fen::ZERO && amount <= most);
        (!fits).then_some(Reason::InvalidInput)
    }

    fn why_no_void(&self, payment: &Stored) -> Option<Reason> {
        if let Some(reason) = self.why_not_at_all(payment) {
            return Some(reason);
        }
        if self.defects.has(Defect::VoidsTwice) || !is_approved(payment) {
            return None;
        }
        let (batch, books) = (self.session.batch(), self.journal.books());
        let sent = payment.sent.as_ref();
        let whole = payment.refunded == Fen::ZERO;
        if payment.voided {
            Some(Reason::Duplicate)
        } else if whole && sent.is_some_and(|sent| books.batch.holds(batch, sent)) {
            None
        } else {
            Some(Reason::InvalidInput)
        }
    }

    /// What did not succeed, or what the host could not find again, cannot be given back.
    fn why_not_at_all(&self, payment: &Stored) -> Option<Reason> {
        let sent = payment.sent.is_some();
        let known = sent && is_approved(payment) && payment.word.rrn.is_some();
        let blind = sent && self.defects.has(Defect::GivesBackUnknown);
        (!known && !blind).then_some(Reason::InvalidInput)
    }
}

fn is_approved(payment: &Stored) -> bool {
    payment.word.status == Status::Approved
}
