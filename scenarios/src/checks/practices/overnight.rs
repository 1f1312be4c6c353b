//! What a terminal does about a payment that is still open when the day changes.

use counterproof_sim::terminal::{PaidOperation, Status};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::{Advice, Practice, Way};

use super::super::answers::resolved;
use super::first_about;
use crate::history::{History, Message};

/// The payment was open when the day of the shop changed.
pub(super) fn left_open(h: &History<'_>, payment: &Message<'_>) -> Option<(Way, usize)> {
    let midnight = next_day(h, payment)?;
    let end = resolved(h, payment);
    if end.is_some_and(|end| end < midnight) {
        return None;
    }
    // Who has asked or reversed and then given up without knowing has dropped it all the same.
    let never = h.rest().filter(|_| end.is_none());
    let dropped = written_off(h, payment).or(never);
    let dropped = dropped.map(|entry| (Way::Dropped, entry));
    dropped.or_else(|| first_about(h, payment, midnight.saturating_sub(1)))
}

/// The first entry of a later day than that of the payment, by the shop's calendar.
fn next_day(h: &History<'_>, payment: &Message<'_>) -> Option<usize> {
    let day = |at: Time| {
        let civil = at.civil();
        (civil.year, civil.month, civil.day)
    };
    let today = day(h.at(payment.entry()));
    let entries = h.entries();
    // Most records end on the day on which they begin.
    entries.last().filter(|last| day(last.at) > today)?;
    Some(entries.partition_point(|entry| day(entry.at) <= today))
}

/// Where the terminal has left a payment of an earlier day to the provider, openly, if that is
/// accepted: the order stays unknown, and the cashier is told whom to ask.
pub(in crate::checks) fn written_off(h: &History<'_>, payment: &Message<'_>) -> Option<usize> {
    if !h.accepted().contains(Practice::OldReversal, Way::Dropped) {
        return None;
    }
    let midnight = next_day(h, payment)?;
    let last = h.payments_of(payment.order()?).last()?.last()?;
    let asks_somebody = last.outcome.advice.iter().any(|advice| {
        matches!(
            advice.known(),
            Some(Advice::ContactProvider | Advice::CallSupport)
        )
    });
    let is_left = last.outcome.status == Status::Unknown
        && last.outcome.operation == PaidOperation::Pay
        && last.entry >= midnight;
    (is_left && asks_somebody).then_some(last.entry)
}

/// Whether a payment of the order was left to others like this.
pub(in crate::checks) fn is_written_off(h: &History<'_>, order: &str) -> bool {
    let mut payments = h.messages().filter(|m| m.is_payment());
    payments.any(|m| m.order() == Some(order) && written_off(h, m).is_some())
}
