//! What is held against a terminal that keeps its own time is seen twice, or decides nothing: what it does
//! wrong it does again; what a busy machine made of two messages that crossed does not come so again.
//!
//! Not here: whether another run may judge otherwise ([`super::judge`]).

use super::judge;
use crate::requirements::Requirement;
use crate::verdict::{Breach, CaseResult, Certainty, Sentence, Verdict};

/// How often a case is run of which each run may judge otherwise.
const TRIES: usize = 3;

/// The result of a run, or of another one where that may judge otherwise, with what was held against the terminal
/// in an earlier one too. `None` where there is no other one: stopped halfway, the case counts as not begun.
pub(super) fn until_certain(
    mut result: CaseResult,
    mut again: impl FnMut() -> Option<CaseResult>,
) -> Option<CaseResult> {
    let mut earlier: Vec<CaseResult> = Vec::new();
    for _ in 1..TRIES {
        let is_settled = match result.certainty {
            Certainty::Certain => return Some(result),
            Certainty::Once => {
                let mut known = earlier.iter().filter(|e| e.certainty == Certainty::Once);
                !is_against(&result) || known.any(|e| breaks_the_same(&result, e))
            }
            Certainty::Open => !is_against(&result) && result.verdict != Verdict::Inconclusive,
        };
        if is_settled {
            break;
        }
        let last = std::mem::replace(&mut result, again()?);
        if is_against(&last) {
            earlier.push(last);
        }
    }
    if is_against(&result) {
        return Some(seen_again(result, &earlier));
    }
    let once = earlier
        .into_iter()
        .rfind(|e| e.certainty == Certainty::Once);
    Some(match once {
        Some(once) if result.verdict == Verdict::Pass => seen_once(once),
        _ => result,
    })
}

fn is_against(result: &CaseResult) -> bool {
    matches!(result.verdict, Verdict::Fail | Verdict::Warning)
}

/// Whether one thing at least is held against the terminal in both.
fn breaks_the_same(one: &CaseResult, other: &CaseResult) -> bool {
    one.breaches.iter().any(|b| is_known(b, other))
}

/// Whether what it breaks was broken in that run too. A scenario of somebody's own may name no
/// requirement; then it is the scenario that is broken.
fn is_known(breach: &Breach, other: &CaseResult) -> bool {
    match &breach.requirements[..] {
        [] => other.breaches.iter().any(|b| b.requirements.is_empty()),
        broken => broken.iter().any(|r| other.broken.contains(r)),
    }
}

/// The result without what no earlier run has shown.
fn seen_again(mut result: CaseResult, earlier: &[CaseResult]) -> CaseResult {
    let known = |r: &Requirement| earlier.iter().any(|e| e.broken.contains(r));
    let breaches = std::mem::take(&mut result.breaches);
    let mut breaches: Vec<Breach> = breaches
        .into_iter()
        .filter(|b| earlier.iter().any(|e| is_known(b, e)))
        .collect();
    for breach in &mut breaches {
        breach.requirements.retain(known);
    }
    let Some((verdict, message)) = judge::held(&breaches) else {
        return seen_once(result);
    };
    result.broken.retain(known);
    CaseResult {
        verdict,
        breaches,
        message,
        ..result
    }
}

/// What was seen in this run alone decides nothing.
fn seen_once(once: CaseResult) -> CaseResult {
    let what = &once.message;
    CaseResult {
        verdict: Verdict::Inconclusive,
        message: Sentence::new(
            format!(
                "{} – once; not seen when the scenario was played again",
                what.en
            ),
            format!("{}——仅此一次；重做时未再出现", what.zh),
        ),
        broken: Vec::new(),
        breaches: Vec::new(),
        ..once
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use counterproof_sim::record::Record;
    use counterproof_sim::time::Span;

    use super::*;
    use crate::practices::Ways;

    fn breach(requirements: &[Requirement]) -> Breach {
        Breach {
            requirements: requirements.to_vec(),
            expected: Sentence::new("this", "此"),
            seen: Sentence::new("that", "彼"),
            at: None,
            entry: None,
            line: None,
        }
    }

    fn result(verdict: Verdict, certainty: Certainty) -> CaseResult {
        CaseResult {
            case: 0,
            verdict,
            broken: vec![Requirement::Rev01],
            breaches: vec![breach(&[Requirement::Rev01])],
            message: Sentence::new("seen", "实际"),
            faults: Vec::new(),
            record: Arc::new(Record::default()),
            took: Span::ZERO,
            stderr: String::new(),
            points: None,
            ways: Ways::default(),
            capture: None,
            certainty,
        }
    }

    /// What comes of runs that end like this, and how many of them were made.
    fn of(runs: &[(Verdict, Certainty)]) -> (Option<CaseResult>, usize) {
        let mut runs = runs
            .iter()
            .map(|(verdict, certainty)| result(*verdict, *certainty));
        let first = runs.next().expect("a run");
        let mut made = 1;
        let result = until_certain(first, || {
            let next = runs.next();
            made += usize::from(next.is_some());
            next
        });
        (result, made)
    }

    #[test]
    fn what_is_certain_is_run_once() {
        use Certainty::Certain;
        use Verdict::{Fail, Inconclusive, Pass};
        for verdict in [Fail, Pass, Inconclusive] {
            let (result, made) = of(&[(verdict, Certain), (Pass, Certain)]);
            assert_eq!((result.map(|r| r.verdict), made), (Some(verdict), 1));
        }
    }

    #[test]
    fn what_is_held_against_a_terminal_of_its_own_time_is_seen_twice_or_decides_nothing() {
        use Certainty::{Once, Open};
        use Verdict::{Error, Fail, Inconclusive, Pass};
        for (runs, verdict, made) in [
            (&[(Pass, Once)][..], Pass, 1),
            (&[(Fail, Once), (Fail, Once)], Fail, 2),
            (&[(Fail, Once), (Error, Once)], Error, 2),
            (&[(Fail, Once), (Pass, Once)], Inconclusive, 2),
            (&[(Fail, Open), (Pass, Once)], Pass, 2),
            (&[(Fail, Open), (Fail, Open), (Fail, Open)], Fail, 3),
            (
                &[(Inconclusive, Open), (Inconclusive, Open), (Pass, Once)],
                Pass,
                3,
            ),
            (
                &[(Inconclusive, Open), (Inconclusive, Open), (Fail, Once)],
                Inconclusive,
                3,
            ),
            (&[(Inconclusive, Once)], Inconclusive, 1),
        ] {
            let (result, of_runs) = of(runs);
            let result = result.map(|result| result.verdict);
            assert_eq!((result, of_runs), (Some(verdict), made), "{runs:?}");
        }
        let (once, _) = of(&[(Fail, Once), (Pass, Once)]);
        let once = once.expect("it was played again");
        assert!(once.broken.is_empty() && once.message.en.starts_with("seen – once;"));
    }

    #[test]
    fn what_was_to_be_seen_again_when_the_run_was_stopped_counts_as_not_begun() {
        use Certainty::{Once, Open};
        use Verdict::{Fail, Inconclusive};
        for run in [(Fail, Once), (Fail, Open), (Inconclusive, Open)] {
            assert!(of(&[run]).0.is_none(), "{run:?}");
        }
        assert!(of(&[(Fail, Open), (Fail, Once)]).0.is_none());
    }

    /// What comes of runs in which a terminal of its own time broke these, and how many of them were made.
    fn of_broken(runs: &[&[Requirement]]) -> (CaseResult, usize) {
        let mut made = 0;
        let mut next = || {
            let requirements = *runs.get(made)?;
            made += 1;
            let breaches = requirements.iter().map(|r| breach(&[*r])).collect();
            Some(CaseResult {
                broken: requirements.to_vec(),
                breaches,
                ..result(Verdict::Fail, Certainty::Once)
            })
        };
        let first = next().expect("a run");
        let result = until_certain(first, next).expect("as many runs as were asked for");
        (result, made)
    }

    #[test]
    fn of_what_two_runs_hold_against_a_terminal_only_what_both_do_is_believed() {
        use Requirement::{Rev01, Txn08, Ux01};
        for (runs, broken, made) in [
            (&[&[Ux01, Txn08][..], &[Ux01]][..], &[Ux01][..], 2),
            (&[&[Ux01], &[Ux01, Txn08]], &[Ux01], 2),
            (&[&[Txn08], &[Ux01], &[Ux01, Rev01]], &[Ux01], 3),
        ] {
            let (result, of_runs) = of_broken(runs);
            assert_eq!((&result.broken[..], of_runs), (broken, made), "{runs:?}");
            let told: Vec<_> = result
                .breaches
                .iter()
                .map(|b| &b.requirements[..])
                .collect();
            assert_eq!(told, [broken], "{runs:?}");
            assert_eq!(result.verdict, Verdict::Fail, "{runs:?}");
        }
        let (result, made) = of_broken(&[&[Ux01], &[Txn08], &[Rev01]]);
        assert_eq!((result.verdict, made), (Verdict::Inconclusive, 3));
        assert!(result.broken.is_empty() && result.breaches.is_empty());
    }

    #[test]
    fn what_is_left_of_a_failure_has_the_weight_of_its_own_level() {
        use Requirement::{Txn08, Ux02};
        let (result, _) = of_broken(&[&[Ux02], &[Txn08, Ux02]]);
        assert_eq!(result.verdict, Verdict::Warning);
    }

    #[test]
    fn a_scenario_that_names_no_requirement_is_seen_broken_twice_too() {
        let run = || CaseResult {
            broken: Vec::new(),
            breaches: vec![breach(&[])],
            ..result(Verdict::Fail, Certainty::Once)
        };
        let twice = until_certain(run(), || Some(run())).expect("two runs");
        assert_eq!((twice.verdict, twice.breaches.len()), (Verdict::Fail, 1));
    }
}
