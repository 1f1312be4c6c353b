//! How a checker says what it found.

use counterproof_sim::time::{Span, Time};

use crate::history::History;
use crate::requirements::Requirement;
use crate::verdict::{Breach, Sentence};

/// A breach that the record's entry shows.
pub(super) fn at(
    history: &History<'_>,
    requirement: Requirement,
    entry: usize,
    expected: Sentence,
    seen: Sentence,
) -> Breach {
    Breach {
        requirements: vec![requirement],
        expected,
        seen,
        at: Some(history.at(entry)),
        entry: Some(entry),
        line: None,
    }
}

/// A breach by something that never came.
pub(super) fn missing(requirement: Requirement, expected: Sentence, seen: Sentence) -> Breach {
    Breach { requirements: vec![requirement], expected, seen, at: None, entry: None, line: None }
}

/// Both languages of a sentence.
pub(super) fn say(en: impl Into<String>, zh: impl Into<String>) -> Sentence {
    Sentence::new(en, zh)
}

/// The instant of an entry as people count it: from the start of the scenario.
pub(super) fn after_start(history: &History<'_>, at: Time) -> Span {
    at.since(history.start())
}
