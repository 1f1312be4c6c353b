//! What a terminal does about an approval that comes late, that the power cuts short, or whose receipt
//! cannot be printed.

use counterproof_sim::iso8583::Field;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, PaidOperation, PrinterFault, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::{Operation, Way};

use super::super::answers::{PARTIAL, is_own, is_success, own_answer};
use super::super::reversal::{self, reversals_of};
use super::silence::{cancelled, due};
use crate::history::{History, Message};

/// What comes so shortly after the time-out may have been in time by the terminal's own count.
const AT_ONCE: Span = Span::from_secs(1);

/// The approval that reaches the terminal, or that the acquirer sends, after the time-out and before
/// anything was given up.
pub(super) fn late(h: &History<'_>, payment: &Message<'_>) -> Option<(Way, usize)> {
    let came = came_late(h, payment)?;
    let reversal = reversals_of(h, payment).next().map(Message::entry);
    let given_up = reversal.is_some_and(|left| left < came)
        || told(h, payment, Status::is_final).is_some_and(|word| word < came)
        || cancelled(h, payment, came)
        || h.is_cut_between(payment.entry(), came);
    if given_up {
        return None;
    }
    let approved = told(h, payment, |status| status == Status::Approved);
    match (approved, reversal) {
        (Some(word), None) if is_found_paid(h, payment, word) => Some((Way::Queried, word)),
        (Some(word), None) => Some((Way::Believed, word)),
        (None, Some(left)) => Some((Way::Reversed, left)),
        // Both is a breach of its own, neither is nothing yet.
        _ => None,
    }
}

/// Where the first approval came after the time-out: to the terminal, or out of the acquirer on a
/// connection that the terminal has closed. Where it was answered otherwise before, it was not silence.
fn came_late(h: &History<'_>, payment: &Message<'_>) -> Option<usize> {
    let is_late = |entry: &usize| h.at(*entry) > due(h, payment) + AT_ONCE + h.tolerance();
    if let Some(heard) = own_answer(h, payment) {
        let approves = heard.code().is_some_and(is_success);
        return Some(heard.entry).filter(is_late).filter(|_| approves);
    }
    let sent = h.entries().iter().enumerate().skip(payment.entry());
    let mut approvals = sent.filter_map(|(entry, e)| match &e.fact {
        Fact::Sent { conn, frame } if *conn == payment.conn() => {
            approves(h, payment, frame.get(2..)?).then_some(entry)
        }
        _ => None,
    });
    approvals.next().filter(is_late)
}

/// Whether a frame of the acquirer's is an approval of the payment.
fn approves(h: &History<'_>, payment: &Message<'_>, body: &[u8]) -> bool {
    let Ok(packet) = h.dialect().parse(body) else {
        return false;
    };
    let said = &packet.message;
    let code = said.get(Field::RESPONSE);
    said.operation() == Some(Operation::Sale)
        && said.get(Field::STAN) == payment.get(Field::STAN)
        && code.is_some_and(|code| std::str::from_utf8(code).is_ok_and(is_success))
}

/// Whether a query said before an entry that the payment is paid.
fn is_found_paid(h: &History<'_>, payment: &Message<'_>, before: usize) -> bool {
    let about = h.sent(Operation::Query).filter(|q| q.is_about(payment));
    let mut answers = about.flat_map(|q| q.answers().iter().map(move |a| (q, a)));
    answers.any(|(q, a)| a.entry < before && is_own(h, q, a) && a.code().is_some_and(is_success))
}

/// Where the terminal first said such a word on the payment.
fn told(h: &History<'_>, payment: &Message<'_>, is: impl Fn(Status) -> bool) -> Option<usize> {
    let stories = h.payments_of(payment.order()?);
    let said = stories
        .filter(|o| o.opened < payment.entry())
        .last()
        .into_iter()
        .flat_map(|o| &o.said);
    let mut words = said.filter(|s| s.entry > payment.entry());
    words
        .find(|s| s.outcome.operation == PaidOperation::Pay && is(s.outcome.status))
        .map(|s| s.entry)
}

/// The power failed between the approval and the word on it.
pub(super) fn cut_short(h: &History<'_>, payment: &Message<'_>) -> Option<(Way, usize)> {
    let left = reversal::cut_short(h, payment)?;
    match (left.told, left.reversed) {
        (Some(told), None) if told > left.cut => Some((Way::Completed, told)),
        (None, Some(reversed)) => Some((Way::Reversed, reversed)),
        _ => None,
    }
}

/// The printer had no paper when the whole payment was approved in time, and nobody had given it up: what is
/// reversed after silence, by the cancel key, or because only a part was approved has nothing to do with paper.
pub(super) fn without_paper(h: &History<'_>, payment: &Message<'_>) -> Option<(Way, usize)> {
    let approval = own_answer(h, payment)?;
    let approved = approval.entry;
    let is_whole = approval
        .code()
        .is_some_and(|code| is_success(code) && code != PARTIAL);
    let reported = h.given(0, approved).filter_map(|(_, event)| match event {
        Event::PrinterFault { kind } => Some(*kind),
        _ => None,
    });
    let is_empty = reported.last().is_some_and(|kind| kind != PrinterFault::Ok);
    let reversal = reversals_of(h, payment).next().map(Message::entry);
    let given_up = h.at(approved) >= due(h, payment)
        || reversal.is_some_and(|left| left < approved)
        || cancelled(h, payment, reversal.unwrap_or(approved));
    if !is_whole || !is_empty || given_up {
        return None;
    }
    match reversal {
        // What the power interrupted is another story (REV-07).
        Some(left) => (!h.is_cut_between(approved, left)).then_some((Way::Reversed, left)),
        None => told(h, payment, |status| status == Status::Approved).map(|word| (Way::Kept, word)),
    }
}
