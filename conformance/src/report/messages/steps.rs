//! What came of each step of a case, in Cucumber's words. A breach stands at the step that noticed it;
//! what the checkers found, and what became of the case as a whole, at a hook behind the last step.
//!
//! Cucumber has no warning, no expected failure and no verdict of an interrupted run: a warning has
//! passed and says so in its message, an expected failure is pending, what is undecided is unknown.

use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_scenarios::verdict::Breach;
use counterproof_sim::record::Fact;
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Lang;

use super::envelope::Status;
use crate::evidence::{CaseEvidence, Outcome};
use crate::report::plain;

/// What came of a step.
pub struct StepEnd {
    /// In Cucumber's words.
    pub status: Status,
    /// Why.
    pub message: Option<String>,
    /// When it began.
    pub at: Time,
    /// How long it took.
    pub took: Span,
}

/// What came of each step of the case, and of the hook behind them.
pub fn ends(case: &CaseEvidence, lang: Lang) -> Vec<StepEnd> {
    let times = times(case);
    let outcome = case.outcome();
    let steps = &case.scenario.steps;
    let mut ends = Vec::with_capacity(steps.len() + 1);
    for (number, step) in steps.iter().enumerate() {
        let at = times.get(number).copied();
        let breaches = case.breaches.iter().filter(|b| b.line == Some(step.line));
        let (status, message) = match at {
            None => (Status::Skipped, None),
            Some(_) => of_breaches(case, breaches, lang),
        };
        let next = times.get(number + 1).copied();
        ends.push(StepEnd {
            status,
            message,
            at: at.unwrap_or_default(),
            took: next.zip(at).map_or(Span::ZERO, |(next, at)| next.since(at)),
        });
    }
    let is_said = |status: Status| ends.iter().any(|end| end.status == status);
    let others = case.breaches.iter().filter(|b| b.line.is_none());
    let (mut status, mut message) = of_breaches(case, others, lang);
    let needed = match outcome {
        Outcome::Fail | Outcome::Error => Some(Status::Failed),
        Outcome::ExpectedFailure => Some(Status::Pending),
        Outcome::Inconclusive | Outcome::NotRun => Some(Status::Unknown),
        Outcome::NotApplicable => Some(Status::Skipped),
        Outcome::Pass | Outcome::Warning => None,
    };
    let is_judged = matches!(outcome, Outcome::Fail | Outcome::ExpectedFailure);
    if let Some(needed) = needed
        && status != needed
        && !(is_judged && is_said(needed))
    {
        status = needed;
        message = Some(plain::message(case, lang));
    }
    ends.push(StepEnd {
        status,
        message,
        at: times.last().copied().unwrap_or_default(),
        took: Span::ZERO,
    });
    ends
}

/// When each step began, as far as the run came, and when the last one was over.
fn times(case: &CaseEvidence) -> Vec<Time> {
    let entries = case.record.iter().flat_map(|record| record.entries());
    entries
        .filter(|entry| matches!(entry.fact, Fact::Step { .. } | Fact::Concluding))
        .map(|entry| entry.at)
        .collect()
}

fn of_breaches<'b>(
    case: &CaseEvidence,
    breaches: impl Iterator<Item = &'b Breach>,
    lang: Lang,
) -> (Status, Option<String>) {
    let mut status = Status::Passed;
    let mut lines: Vec<String> = Vec::new();
    for breach in breaches {
        lines.push(plain::breach(breach, lang));
        let is_expected = |r: &Requirement| case.expected.contains(r);
        let unexpected = breach.requirements.iter().filter(|r| !is_expected(r));
        let is_grave = unexpected.clone().any(|r| r.level() == Level::Must);
        if is_grave || breach.requirements.is_empty() {
            status = Status::Failed;
        } else if status == Status::Passed && unexpected.count() == 0 {
            status = Status::Pending;
        }
    }
    lines.dedup();
    (status, (!lines.is_empty()).then(|| lines.join("\n")))
}
