//! What a terminal does about a request that no answer has come to yet.

use counterproof_sim::terminal::Event;
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Way;

use super::super::answers::{decides, fits, is_own};
use super::first_about;
use crate::history::{History, Message};

/// When the terminal has waited long enough for an answer.
pub(super) fn due(h: &History<'_>, request: &Message<'_>) -> Time {
    h.at(request.entry()) + Span::from_millis(h.setup().timing.response_timeout_ms)
}

/// Silence, or the end of the connection: query or reversal first. What the power or the cancel key
/// interrupts is another story.
pub(super) fn of_a_request(h: &History<'_>, request: &Message<'_>) -> Option<(Way, usize)> {
    let (way, first) = first_about(h, request, request.entry())?;
    let mut answers = request.answers().iter();
    let is_answered = answers.any(|a| a.entry < first && fits(request, a));
    let is_other = h.is_cut_between(request.entry(), first) || cancelled(h, request, first);
    (!is_answered && !is_other).then_some((way, first))
}

/// The cancel key while the answer is out.
pub(super) fn cancel_key(h: &History<'_>, request: &Message<'_>) -> Option<(Way, usize)> {
    let mut keys = h.given(request.entry(), h.entries().len());
    let (pressed, _) = keys.find(|(_, event)| matches!(event, Event::Cancel))?;
    let mut answers = request.answers().iter();
    let answer = answers.find(|a| is_own(h, request, a) && decides(a));
    let answered = answer.map(|a| a.entry);
    let is_late = answered.is_some_and(|answered| answered < pressed)
        || h.at(pressed) >= due(h, request)
        || first_about(h, request, request.entry()).is_some_and(|(_, first)| first < pressed);
    let next = first_about(h, request, pressed);
    let until = next.map_or_else(|| answered.unwrap_or(pressed), |(_, next)| next);
    if is_late || h.is_cut_between(pressed, until) {
        return None;
    }
    match (next, answered) {
        (Some((_, next)), Some(answered)) if answered < next => Some((Way::Awaited, answered)),
        (Some((_, next)), _) if h.at(next) + h.tolerance() >= due(h, request) => {
            Some((Way::Awaited, next))
        }
        (Some(next), _) => Some(next),
        (None, answered) => answered.map(|answered| (Way::Awaited, answered)),
    }
}

/// Whether the cancel key was pressed between a request and an entry.
pub(super) fn cancelled(h: &History<'_>, request: &Message<'_>, until: usize) -> bool {
    let mut given = h.given(request.entry(), until);
    given.any(|(_, event)| matches!(event, Event::Cancel))
}
