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

use super::certain;
use super::share::{self, Trouble};
use crate::case::{Case, Varied};
use crate::verdict::{CaseResult, Sentence};
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
    certain::until_certain(first, || {
        (!share::stopped()).then(|| run(case, number, variant))
    })
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
