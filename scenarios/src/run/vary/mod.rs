//! Scenarios that are run many times and count as one case: once as they stand, by cucumber like any
//! other, then once for each point at which the power is cut ([`cuts`]), or for each place at which
//! the storage is damaged ([`damage`]). The worker that has made the first run opens the case; the others help
//! with its [`points`] when they have nothing else to do.
//!
//! Not here: what is judged ([`super::judge`]): the record of every run, by every checker.

mod cuts;
mod damage;
mod points;
mod sum;

use std::panic::{AssertUnwindSafe, catch_unwind};

use counterproof_sim::bench::CutPoint;
use counterproof_sim::terminal::StorageDamage;

use super::share::{self, Trouble};
use crate::case::{Case, Varied};
use crate::verdict::{CaseResult, Certainty, Sentence, Verdict};
use crate::world::{Damage, Stop, World};

pub(super) use self::cuts::watch;
pub(super) use self::points::{Opened, Points};

/// What one of the runs does that the first did not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Variant {
    /// Cuts the power here.
    Cut(CutPoint),
    /// Damages the storage like this.
    Damaged(StorageDamage),
}

impl Variant {
    /// Where that is, for people.
    fn place(self) -> Sentence {
        match self {
            Self::Cut(point) => cuts::place(point),
            Self::Damaged(damage) => damage::place(damage),
        }
    }
}

/// The variants that the first run has found.
pub(super) fn variants(world: &World) -> Vec<Variant> {
    match &world.damage {
        Damage::Places(places) => places.iter().copied().map(Variant::Damaged).collect(),
        _ => world.cut_points().into_iter().map(Variant::Cut).collect(),
    }
}

/// The result of the case with a variant; `None` where the run was stopped before it was certain.
fn run_until_certain(case: &Case, number: usize, variant: Variant) -> Option<CaseResult> {
    let first = run(case, number, variant);
    until_certain(first, || {
        (!share::stopped()).then(|| run(case, number, variant))
    })
}

/// How often a case is run of which each run may judge otherwise. What a terminal does wrong it does
/// again; what only crossed does not cross so often.
const TRIES: usize = 3;

/// The result of a run, or of another one where that may judge otherwise: what is held against a terminal that keeps
/// its own time is seen twice, or decides nothing. `None` where there is no other one: stopped halfway, the case
/// counts as not begun.
pub(super) fn until_certain(
    mut result: CaseResult,
    mut again: impl FnMut() -> Option<CaseResult>,
) -> Option<CaseResult> {
    let mut against = None;
    for _ in 1..TRIES {
        let is_against = matches!(result.verdict, Verdict::Fail | Verdict::Warning);
        let is_settled = match result.certainty {
            Certainty::Certain => true,
            Certainty::Once => !is_against || against.is_some(),
            Certainty::Open => !is_against && result.verdict != Verdict::Inconclusive,
        };
        if is_settled {
            break;
        }
        let earlier = std::mem::replace(&mut result, again()?);
        if earlier.certainty == Certainty::Once {
            against = Some(earlier);
        }
    }
    Some(match against {
        Some(once) if result.verdict == Verdict::Pass => CaseResult {
            verdict: Verdict::Inconclusive,
            message: seen_once(&once.message),
            broken: Vec::new(),
            breaches: Vec::new(),
            ..once
        },
        _ => result,
    })
}

/// What is said of something that was seen once, and not when the case was run again.
fn seen_once(what: &Sentence) -> Sentence {
    Sentence::new(
        format!("{} – once; played again, the scenario held", what.en),
        format!("{}——仅此一次；重做时场景得到满足", what.zh),
    )
}

/// Runs the case as it stands.
pub(super) fn run_whole(case: &Case, number: usize) -> CaseResult {
    run_by(case, number, |world| {
        let mut steps = case.scenario.steps.iter();
        steps.try_for_each(|step| step.run(world))
    })
}

/// Runs the case with a variant.
fn run(case: &Case, number: usize, variant: Variant) -> CaseResult {
    run_by(case, number, |world| match variant {
        Variant::Cut(point) => cuts::play(case, point, world),
        Variant::Damaged(damage) => damage::play(case, damage, world),
    })
}

/// Runs the case as `play` has it.
fn run_by(
    case: &Case,
    number: usize,
    play: impl FnOnce(&mut World) -> Result<(), Stop>,
) -> CaseResult {
    let mut world = None;
    let played = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(share::world(case, share::terminal()?));
        if let Err(stop) = play(world) {
            world.stop(stop);
        }
        Ok(())
    }));
    let trouble = match played {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(Trouble::Terminal(error)),
        Err(panic) => Some(Trouble::Panic(share::panic_text(&*panic))),
    };
    share::judged(number, case, world, trouble)
}

/// The steps of the case before its first `Then` that follows a `When`, as far as they still make
/// sense: once `is_other` says that the story is another one than that of the first run, what a step
/// waits for may not come any more, and what it begins may be out of place.
fn play_until_then(
    case: &Case,
    world: &mut World,
    mut before: impl FnMut(usize, &mut World),
    is_other: impl Fn(&mut World) -> bool,
) -> Result<(), Stop> {
    use crate::language::Role;
    let mut begun = false;
    for (number, step) in case.scenario.steps.iter().enumerate() {
        begun |= step.role == Role::When;
        if begun && step.role == Role::Then {
            break;
        }
        before(number, world);
        match step.run(world) {
            Ok(()) | Err(Stop::Missed(_) | Stop::Scenario(_) | Stop::Unsupported(_))
                if is_other(world) => {}
            result => result?,
        }
    }
    world.check()
}

fn no_point(asked: Option<u32>, varied: Varied, points: usize) -> Sentence {
    match (asked, varied) {
        (Some(point), _) => Sentence::new(
            format!("there is no point {point}: the scenario has {points}"),
            format!("没有第{point}处：此场景共有{points}处"),
        ),
        (None, Varied::Places) => Sentence::new(
            "the terminal keeps no files in its storage: no place to damage",
            "终端的存储中没有文件：没有可损坏之处",
        ),
        (None, Varied::Cuts) => Sentence::new(
            "nothing happens between the first When and the first Then: no point to cut the power at",
            "第一个“当”与第一个“那么”之间什么也没有发生：没有可断电之处",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use counterproof_sim::record::Record;
    use counterproof_sim::time::Span;

    use super::*;
    use crate::practices::Ways;
    use crate::requirements::Requirement;

    fn result(verdict: Verdict, certainty: Certainty) -> CaseResult {
        CaseResult {
            case: 0,
            verdict,
            broken: vec![Requirement::Rev01],
            breaches: Vec::new(),
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
}
