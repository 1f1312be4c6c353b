//! Which ways a record shows on the points on which the sources disagree, and whether they are
//! accepted. A file a subject: what a terminal does about silence, about approvals, about the day's
//! change.
//!
//! Not here: the points, the ways and which of them are accepted ([`crate::practices`]).

mod approval;
mod overnight;
mod silence;

use counterproof_sim::vocabulary::{Operation, Practice, Way};

use super::breach::at;
use super::storage;
use crate::history::{History, Message};
use crate::practices::{self, Ways};
use crate::verdict::{Breach, Sentence};

pub(super) use overnight::{is_written_off, written_off};

/// What shows the way of a message on one point: the way and the entry that shows it; `None` where the
/// message did not come to that point, or it cannot be told.
type Observer = fn(&History<'_>, &Message<'_>) -> Option<(Way, usize)>;

/// The one table from practice to observer, with what it is about.
fn observer(practice: Practice) -> (Observer, fn(&Message<'_>) -> bool) {
    let is_sale = |m: &Message<'_>| m.operation() == Some(Operation::Sale);
    let is_payment = |m: &Message<'_>| m.is_payment();
    match practice {
        Practice::Silence => (silence::of_a_request, is_sale),
        Practice::RefundSilence => (silence::of_a_request, |m| {
            m.operation() == Some(Operation::Refund)
        }),
        Practice::LateAnswer => (approval::late, is_sale),
        Practice::CancelKey => (silence::cancel_key, is_sale),
        Practice::CutShort => (approval::cut_short, is_payment),
        Practice::PrintFailure => (approval::without_paper, is_payment),
        Practice::OldReversal => (overnight::left_open, is_payment),
    }
}

/// Every way that the record shows on these points; those that are not accepted are breaches of what the
/// table says. A terminal whose only record the suite has destroyed owes nothing for it.
pub(crate) fn practised(h: &History<'_>, practices: &[Practice], found: &mut Vec<Breach>) -> Ways {
    let mut ways = Ways::default();
    if storage::excuses(h) {
        return ways;
    }
    for practice in practices.iter().copied() {
        let (observe, is_about) = observer(practice);
        for message in h.messages().filter(|m| is_about(m)) {
            let Some((way, entry)) = observe(h, message) else {
                continue;
            };
            ways.insert(practice, way);
            if !h.accepted().contains(practice, way) {
                found.push(breach(h, practice, way, entry));
            }
        }
    }
    ways
}

/// The breach that a way is which is not accepted.
fn breach(h: &History<'_>, practice: Practice, way: Way, entry: usize) -> Breach {
    let row = practices::of(practice);
    let says = |way| row.way(way).map(|way| &way.says);
    let accepted: Vec<&Sentence> = h.accepted().of(practice).filter_map(says).collect();
    let all = |of: fn(&Sentence) -> &str, or: &str| {
        let texts: Vec<&str> = accepted.iter().map(|says| of(says)).collect();
        texts.join(or)
    };
    let expected = Sentence::new(all(|s| &s.en, " Or: "), all(|s| &s.zh, "或："));
    let seen = says(way).cloned().unwrap_or_default();
    at(h, row.requirement, entry, expected, seen)
}

/// The first query or reversal of a message after an entry, by which of the two it is.
fn first_about(h: &History<'_>, of: &Message<'_>, after: usize) -> Option<(Way, usize)> {
    h.messages().find_map(|m| {
        let way = match m.operation()? {
            Operation::Query => Way::Queried,
            Operation::Reversal => Way::Reversed,
            _ => return None,
        };
        (m.is_about(of) && m.entry() > after).then(|| (way, m.entry()))
    })
}
