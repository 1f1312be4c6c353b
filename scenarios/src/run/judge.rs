//! The verdict on one case: the counter comes to rest, the checkers read the record, and what the
//! steps and they found is put together. Not here: the checkers ([`crate::checks`]).

use std::sync::Arc;

use counterproof_sim::fault::FaultId;
use counterproof_sim::record::{Fact, Record};
use counterproof_sim::terminal::{Terminal, TerminalError};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::{Practice, Vocabulary as _};

use super::share::Trouble;
use crate::case::Case;
use crate::checks;
use crate::history::History;
use crate::practices::Ways;
use crate::requirements::{Level, Requirement};
use crate::verdict::{Breach, CaseResult, Certainty, FaultUse, Sentence, Verdict};
use crate::world::{Stop, World};

/// Events without a capability of their own that a terminal may not support, and say so with the
/// error for it: what they are about is then not applicable. What has a capability is not even
/// tried where it is not claimed, so that the error is a broken promise.
const OPTIONAL_EVENTS: [&str; 2] = ["cashier.status", "cashier.reprint"];

/// Judges a case and returns its terminal, if it may be used again.
pub(super) fn judge(
    number: usize,
    case: &Case,
    world: Option<World>,
    trouble: Option<Trouble>,
) -> (CaseResult, Option<Box<dyn Terminal>>) {
    let mut breaches = Vec::new();
    let mut stop = None;
    let mut record = Record::default();
    let mut terminal = None;
    let mut stderr = String::new();
    let mut is_other = false;
    let mut capture = None;
    let mut tolerance = Span::ZERO;
    let mut ways = Ways::default();
    if let Some(world) = world {
        let accepted = world.accepted;
        let awaited = world.awaited.clone();
        let (bench, unused, noticed, stopped) = world.into_parts();
        breaches = noticed;
        stop = stopped;
        terminal = unused;
        if let Some(mut bench) = bench {
            is_other = bench.was_cut() || is_blindly_damaged(bench.record());
            if bench.broken().is_none() && trouble.is_none() {
                bench.conclude();
            }
            if let Some(error) = bench.broken() {
                stop.get_or_insert_with(|| Stop::Terminal(error.clone()));
            }
            if stop.is_none() && trouble.is_none() {
                let history = History::of(bench.record(), bench.setup(), bench.dialect())
                    .known_within(bench.tolerance())
                    .accepting(accepted);
                ways = check(&history, &case.scenario.requirements, &mut breaches);
                if breaches.is_empty() {
                    stop = not_shown(&awaited, &ways);
                }
            }
            tolerance = bench.tolerance();
            let whole = bench.broken().is_none();
            capture = bench.take_capture().map(Arc::new);
            let (told, mut used) = bench.into_parts();
            stderr = used.evidence();
            record = told;
            terminal = whole.then_some(used);
        }
    }
    for breach in breaches.iter_mut().filter(|b| b.requirements.is_empty()) {
        breach.requirements.clone_from(&case.scenario.requirements);
    }
    let faults = faults(&record);
    // After such a cut or damage the story is another one: what it armed need not fire.
    let asked = if is_other { &[][..] } else { &faults };
    let judged = verdict(case, &mut breaches, stop, trouble, asked);
    let late = was_late(&record);
    let certainty = if tolerance == Span::ZERO {
        Certainty::Certain
    } else if late.is_some() || all_crossed(&record, &breaches, tolerance) {
        Certainty::Open
    } else {
        Certainty::Once
    };
    let (verdict, message) = match (judged, late) {
        ((Verdict::Fail | Verdict::Warning, _), Some(late)) => {
            breaches.clear();
            (Verdict::Inconclusive, too_slow(late))
        }
        (judged, _) => judged,
    };
    let mut broken: Vec<Requirement> = breaches
        .iter()
        .flat_map(|b| b.requirements.iter().copied())
        .collect();
    broken.sort_unstable();
    broken.dedup();
    let took = took(&record);
    let record = Arc::new(record);
    let case = number;
    let result = CaseResult {
        case,
        verdict,
        broken,
        breaches,
        message,
        faults,
        record,
        took,
        stderr,
        points: None,
        ways,
        capture,
        certainty,
    };
    (result, terminal)
}

/// The most by which the suite itself missed an instant, where that was beyond its tolerance.
fn was_late(record: &Record) -> Option<Span> {
    let late = record.entries().iter().filter_map(|e| match e.fact {
        Fact::Late { by } => Some(by),
        _ => None,
    });
    late.max()
}

/// What is said of a case in which the suite missed an instant: this machine was busy, or it waited
/// for the terminal.
fn too_slow(late: Span) -> Sentence {
    Sentence::new(
        format!(
            "too slow to judge: the suite was late by {late} of the counter's time, because this machine was busy or the terminal took as long to answer an event; a smaller --time-scale or fewer --instances help, or a greater --tolerance"
        ),
        format!(
            "过慢，无法判定：按柜台时间，测试程序迟了 {late}，因为本机繁忙，或终端应答事件用了这么久；可减小 --time-scale 或 --instances，或增大 --tolerance"
        ),
    )
}

/// Whether each of the breaches is something that the terminal did so shortly after it was told something
/// that it may have decided before: the two crossed. In virtual time nothing does.
fn all_crossed(record: &Record, breaches: &[Breach], tolerance: Span) -> bool {
    let crossed = |breach: &Breach| {
        let done = breach
            .entry
            .and_then(|entry| record.entries().get(..=entry));
        let Some([before @ .., done]) = done else {
            return false;
        };
        let mut shortly = before.iter().rev();
        let mut shortly = shortly.by_ref().take_while(|e| e.at + tolerance > done.at);
        matches!(done.fact, Fact::Did { .. })
            && shortly.any(|e| matches!(e.fact, Fact::Told { .. }))
    };
    tolerance > Span::ZERO && !breaches.is_empty() && breaches.iter().all(crossed)
}

fn is_blindly_damaged(record: &Record) -> bool {
    let mut entries = record.entries().iter();
    entries.any(|e| matches!(e.fact, Fact::Damaged { blind: true, .. }))
}

/// Why nothing can be said, where a step asked what the terminal does on a point on which the sources
/// disagree, and it never came to that.
fn not_shown(awaited: &[Practice], ways: &Ways) -> Option<Stop> {
    let practice = awaited.iter().find(|p| ways.of(**p).next().is_none())?;
    let (en, zh) = (practice.en(), practice.zh());
    Some(Stop::Missed(Sentence::new(
        format!("it did not come to {en}: nothing can be said about it"),
        format!("没有出现{zh}：无从判断"),
    )))
}

/// What the checkers find, beside what the steps have noticed; and what the terminal was seen to do
/// where the sources disagree.
fn check(history: &History<'_>, tagged: &[Requirement], breaches: &mut Vec<Breach>) -> Ways {
    let noticed = breaches.len();
    checks::all(history, tagged, breaches);
    let ways = checks::practised(history, Practice::ALL, breaches);
    // A step may have asked for the same checker before.
    let (before, found) = breaches.split_at(noticed);
    let fresh: Vec<Breach> = found
        .iter()
        .filter(|b| {
            !before.iter().any(|old| {
                old.entry == b.entry
                    && old.requirements == b.requirements
                    && old.expected == b.expected
            })
        })
        .cloned()
        .collect();
    breaches.truncate(noticed);
    breaches.extend(fresh);
    ways
}

/// Every fault that was armed, and what became of it.
fn faults(record: &Record) -> Vec<FaultUse> {
    let mut uses: Vec<FaultUse> = Vec::new();
    let place = |uses: &[FaultUse], id: FaultId| uses.iter().position(|u| u.id == id);
    for entry in record.entries() {
        match &entry.fact {
            Fact::Armed { id, fault } => {
                uses.push(FaultUse {
                    id: *id,
                    fault: fault.clone(),
                    fired: 0,
                    first: None,
                });
            }
            Fact::Fired { id } => {
                if let Some(at) = place(&uses, *id) {
                    uses[at].fired += 1;
                    uses[at].first.get_or_insert(entry.at);
                }
            }
            _ => {}
        }
    }
    uses
}

fn took(record: &Record) -> Span {
    match record.entries() {
        [first, .., last] => last.at.since(first.at),
        _ => Span::ZERO,
    }
}

fn verdict(
    case: &Case,
    breaches: &mut Vec<Breach>,
    stop: Option<Stop>,
    trouble: Option<Trouble>,
    faults: &[FaultUse],
) -> (Verdict, Sentence) {
    if let Some(Trouble::Terminal(TerminalError::GivenUp { what })) = &trouble {
        return (Verdict::Inconclusive, Sentence::new(what, what));
    }
    if let Some(trouble) = trouble {
        return (Verdict::Error, trouble.sentence());
    }
    if let Some(stop) = stop {
        let survives: Vec<Requirement> = case
            .scenario
            .requirements
            .iter()
            .copied()
            .filter(|r| r.asks_to_survive())
            .collect();
        if let Stop::Unsupported(event) = stop {
            // What every terminal has to understand is no matter of capability.
            let optional = OPTIONAL_EVENTS.contains(&event);
            let verdict = if optional {
                Verdict::NotApplicable
            } else {
                Verdict::Error
            };
            return (verdict, stop.sentence());
        }
        match stop {
            Stop::Missed(why) => return (Verdict::Inconclusive, why),
            Stop::Terminal(TerminalError::GivenUp { .. }) => {
                return (Verdict::Inconclusive, stop.sentence());
            }
            Stop::OutOfReach(why) => return (Verdict::NotApplicable, why),
            _ => {}
        }
        if matches!(stop, Stop::Scenario(_)) || survives.is_empty() {
            return (Verdict::Error, stop.sentence());
        }
        // Where the requirement is to survive, a terminal that breaks has broken it.
        breaches.push(Breach {
            requirements: survives,
            expected: Sentence::new("the terminal survives and goes on", "终端承受住并继续工作"),
            seen: stop.sentence(),
            at: None,
            entry: None,
            line: None,
        });
    }
    if let Some(held) = held(breaches) {
        return held;
    }
    match faults.iter().find(|f| f.fired == 0 && !f.fault.optional) {
        Some(idle) => {
            let message = Sentence::new(
                format!(
                    "a fault was armed and never fired: {}",
                    idle.fault.kind.en()
                ),
                format!("已设定的故障未触发：{}", idle.fault.kind.zh()),
            );
            (Verdict::Inconclusive, message)
        }
        None => (Verdict::Pass, Sentence::default()),
    }
}

/// The verdict on what is held against a terminal, and its first sentence; `None` where nothing is.
pub(super) fn held(breaches: &[Breach]) -> Option<(Verdict, Sentence)> {
    let first = breaches.first()?;
    let mut levels = breaches
        .iter()
        .flat_map(|b| &b.requirements)
        .map(|r| r.level())
        .peekable();
    // A scenario of somebody's own may name no requirement; what it finds fails it all the same.
    let is_must = levels.peek().is_none() || levels.any(|level| level == Level::Must);
    let verdict = if is_must {
        Verdict::Fail
    } else {
        Verdict::Warning
    };
    let message = Sentence::new(
        format!("expected {}; seen {}", first.expected.en, first.seen.en),
        format!("应为：{}；实际：{}", first.expected.zh, first.seen.zh),
    );
    Some((verdict, message))
}

#[cfg(test)]
mod tests {
    use counterproof_sim::terminal::{Action, Event};
    use counterproof_sim::time::Time;

    use super::*;

    fn breach(entry: Option<usize>) -> Breach {
        Breach {
            requirements: Vec::new(),
            expected: Sentence::new("", ""),
            seen: Sentence::new("", ""),
            at: None,
            entry,
            line: None,
        }
    }

    #[test]
    fn what_a_terminal_did_just_after_it_was_told_something_may_have_crossed_with_it() {
        let mut record = Record::default();
        let (told, did) = (Event::Cancel, Action::ScannerOn);
        record.push(
            Time::from_millis(0),
            Fact::Did {
                action: did.clone(),
            },
        );
        record.push(Time::from_millis(100), Fact::Told { event: told });
        record.push(
            Time::from_millis(120),
            Fact::Did {
                action: did.clone(),
            },
        );
        record.push(Time::from_millis(190), Fact::Did { action: did });
        let tolerance = Span::from_millis(50);
        let crossed = |entries: &[Option<usize>], tolerance| {
            let breaches: Vec<Breach> = entries.iter().copied().map(breach).collect();
            all_crossed(&record, &breaches, tolerance)
        };
        assert!(crossed(&[Some(2)], tolerance));
        assert!(
            !crossed(&[Some(2)], Span::ZERO),
            "nothing crosses in virtual time"
        );
        assert!(!crossed(&[Some(0)], tolerance), "nothing was told before");
        assert!(!crossed(&[Some(3)], tolerance), "it had the time to know");
        assert!(
            !crossed(&[Some(2), None], tolerance),
            "one of them is certain"
        );
        assert!(!crossed(&[], tolerance));
    }
}
