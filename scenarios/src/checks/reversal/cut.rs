//! What a power cut leaves of a payment (REV-07).

use counterproof_sim::terminal::{PaidOperation, Status};

use super::super::answers::{is_own, is_success};
use super::super::breach::{at, say};
use super::{cancelled_between, reversals_of};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// An approval over which the power failed, and what became of it; all by their entries.
pub(in crate::checks) struct CutShort {
    /// Where the approval came.
    pub(in crate::checks) approved: usize,
    /// Where the power failed.
    pub(in crate::checks) cut: usize,
    /// Where the terminal first said that the payment is approved.
    pub(in crate::checks) told: Option<usize>,
    /// Where the payment's first reversal left.
    pub(in crate::checks) reversed: Option<usize>,
    /// The reason of that reversal.
    reason: Option<String>,
}

impl CutShort {
    /// Whether it was reversed as the terminal's own failure, or as silence where the cut came before
    /// the approval was stored.
    fn is_undone(&self) -> bool {
        matches!(self.reason.as_deref(), Some("96" | "98"))
    }
}

/// What became of an approval over which the power failed; `None` where it did not, or where the
/// payment was given up before: by a reversal, by a final word, by the cancel key.
pub(in crate::checks) fn cut_short(h: &History<'_>, payment: &Message<'_>) -> Option<CutShort> {
    let approved = payment
        .answers()
        .iter()
        .find(|a| is_own(h, payment, a) && a.code().is_some_and(is_success))?
        .entry;
    let order = payment.order()?;
    let cut = h.cuts().iter().copied().find(|cut| *cut >= approved)?;
    let reversal = reversals_of(h, payment).next();
    let words: Vec<_> = h
        .payments_of(order)
        .flat_map(|o| &o.said)
        .filter(|s| s.entry > payment.entry() && s.outcome.operation == PaidOperation::Pay)
        .collect();
    let given_up = reversal.is_some_and(|r| r.entry() < cut)
        || words.iter().any(|s| {
            s.entry < cut && matches!(s.outcome.status, Status::Declined | Status::Cancelled)
        })
        || cancelled_between(h, payment.entry(), cut);
    if given_up {
        return None;
    }
    let told = words
        .iter()
        .find(|s| s.outcome.status == Status::Approved)
        .map(|s| s.entry);
    Some(CutShort {
        approved,
        cut,
        told,
        reversed: reversal.map(Message::entry),
        reason: reversal.and_then(|r| r.field(39)),
    })
}

/// REV-07: an approval that a power cut kept from being finished is completed after the restart, or
/// reversed – with 96, or with 98 where the cut came before it was stored.
pub(in crate::checks) fn finished_or_undone(h: &History<'_>, found: &mut Vec<Breach>) {
    if h.rest().is_none() {
        return;
    }
    for payment in h.messages().filter(|m| m.is_payment()) {
        says_why_after_a_cut(h, payment, found);
        let Some(left) = cut_short(h, payment) else {
            continue;
        };
        if left.told.is_none() == left.is_undone() {
            continue;
        }
        let order = payment.order().unwrap_or_default();
        found.push(at(
            h,
            R::Rev07,
            left.approved,
            say(
                format!("order {order} completed after the restart, or reversed with 96"),
                format!("重启后完成订单{order}，或以 96 冲正"),
            ),
            match (left.reason, left.told) {
                (None, _) => say("neither", "两者皆无"),
                (Some(_), Some(_)) => say("both", "两者皆有"),
                (Some(reason), None) => say(
                    format!("a reversal with {reason}"),
                    format!("以 {reason} 冲正"),
                ),
            },
        ));
    }
}

/// What the power interrupted is reversed as the terminal's own failure or as silence, not as if
/// somebody had cancelled it.
fn says_why_after_a_cut(h: &History<'_>, payment: &Message<'_>, found: &mut Vec<Breach>) {
    let Some(reversal) = reversals_of(h, payment).next() else {
        return;
    };
    let cut = h.is_cut_between(payment.entry(), reversal.entry());
    let cancelled = cancelled_between(h, payment.entry(), reversal.entry());
    let reason = reversal.field(39).unwrap_or_default();
    if cut && !cancelled && reason == "06" {
        found.push(at(
            h,
            R::Rev07,
            reversal.entry(),
            say(
                "the reason 96 or 98 after a power cut",
                "断电后冲正原因为 96 或 98",
            ),
            say(reason.clone(), reason),
        ));
    }
}
