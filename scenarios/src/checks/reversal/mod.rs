//! Reversals (REV-01, 02, 04 to 08), a file a subject: when they are due, how they are built, how often
//! they are sent, what ends them, and what a power cut leaves of a payment.

mod built;
mod campaign;
mod cut;
mod end;
mod first;

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Event;
use counterproof_sim::vocabulary::Operation;

use crate::history::{History, Message};

pub(super) use built::{built_right, only_of_what_was_sent};
pub(super) use campaign::repeated;
pub(super) use cut::{cut_short, finished_or_undone};
pub(super) use end::{after_a_wrong_mac, ended_by_a_definite_answer};
pub(super) use first::comes_first;

/// The message that a reversal is about, if it left.
fn original_of<'h, 'r>(h: &'h History<'r>, reversal: &Message<'r>) -> Option<&'h Message<'r>> {
    h.messages()
        .find(|m| m.is_financial() && m.entry() < reversal.entry() && reversal.is_about(m))
}

/// The reversals of a message.
pub(super) fn reversals_of<'h, 'r>(
    h: &'h History<'r>,
    of: &'h Message<'r>,
) -> impl Iterator<Item = &'h Message<'r>> {
    h.sent(Operation::Reversal).filter(|r| r.is_about(of))
}

/// Whether an answer to an event was lost with the power before an entry: what it would have sent
/// is not on the record.
fn answer_swallowed(h: &History<'_>, before: usize) -> bool {
    h.entries()[..before].iter().any(|e| {
        matches!(
            &e.fact,
            Fact::PowerCut {
                instead_of_answer_to: Some(_)
            }
        )
    })
}

/// Whether the cancel key was pressed between two entries; that its answer was lost with the power
/// does not undo it.
pub(super) fn cancelled_between(h: &History<'_>, from: usize, to: usize) -> bool {
    h.given(from, to)
        .any(|(_, event)| matches!(event, Event::Cancel))
}
