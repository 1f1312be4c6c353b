//! A scenario whose power is cut at every point: the points between its first `When` and its first
//! `Then` are counted in the run without a cut, and then it is run once for each of them.
//!
//! Not here: what a point is and how the power is cut there (the bench), and what is judged: the record
//! of every run, by every checker. The scenario's own `Then` is that of the run without a cut; with
//! one the story is another.

use counterproof_sim::bench::{CutMoment, CutPoint};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Action;
use counterproof_sim::vocabulary::Operation;

use crate::case::Case;
use crate::language::Role;
use crate::requirements::Requirement;
use crate::steps::{self, Args};
use crate::verdict::Sentence;
use crate::world::{Stop, World};

/// Step `number` of the case comes: the bench watches from the first `When` to the first `Then`
/// after it.
pub(in crate::run) fn watch(
    case: &Case,
    number: usize,
    world: &mut World,
    cut_at: Option<CutPoint>,
) {
    let steps = &case.scenario.steps;
    let first = |role, from: usize| {
        let place = steps.iter().skip(from).position(|step| step.role == role);
        place.map(|place| from + place)
    };
    let begin = first(Role::When, 0);
    if begin == Some(number) {
        world.bench().watch(cut_at);
    } else if begin.and_then(|begin| first(Role::Then, begin)) == Some(number) {
        world.bench().watch_no_more();
    }
}

/// The scenario up to its first `Then`, with a cut; then everything comes to rest, and the next
/// payment works.
pub(super) fn play(case: &Case, point: CutPoint, world: &mut World) -> Result<(), Stop> {
    let begin = |number, world: &mut World| watch(case, number, world, Some(point));
    super::play_until_then(case, world, begin, |world| world.bench().was_cut())?;
    if !world.bench().was_cut() {
        if world.keeps_its_own_time() {
            // It may take another breath from run to run: this one had no such point.
            return Ok(());
        }
        return Err(Stop::Missed(Sentence::new(
            "the run with the cut went another way than the one without, before the cut: the terminal is not deterministic",
            "断电前的过程与未断电的那次不同：终端的行为不确定",
        )));
    }
    world.breaches.clear();
    let bench = world.bench();
    bench.take_away();
    bench.lift_everything();
    let limit = bench.now() + bench.patience();
    bench.run_to_rest(limit);
    world.check()?;
    settlement_goes_on(case, world);
    let next = steps::next_payment();
    world.begin_step(next.en, case.scenario.line);
    let args = Args {
        args: &[],
        docstring: None,
    };
    (next.run)(world, &args)?;
    // What is not said of another requirement is said of this.
    let unsaid = world.breaches.iter_mut();
    for breach in unsaid.filter(|b| b.requirements.is_empty()) {
        breach.requirements = vec![Requirement::Pwr01];
    }
    Ok(())
}

/// PWR-04, where the scenario is about it: a settlement that the power cut interrupted is done at
/// rest. One of which nothing has reached the acquirer may be begun anew by the cashier, and where
/// the terminal was cut over the acquirer's last answer it may have reported what nobody heard.
fn settlement_goes_on(case: &Case, world: &mut World) {
    if !case.scenario.requirements.contains(&Requirement::Pwr04) {
        return;
    }
    let place = |is: fn(&Fact) -> bool| world.entries().iter().position(|e| is(&e.fact));
    let asked = place(|fact| {
        let settlement = Some(Operation::Settlement);
        matches!(fact, Fact::Judged { operation, .. } if *operation == settlement)
    });
    let settled = place(|fact| {
        matches!(
            fact,
            Fact::Did {
                action: Action::Settled { .. }
            }
        )
    });
    let cut = place(|fact| matches!(fact, Fact::PowerCut { .. }));
    if asked.is_none() || settled.is_some() || over_the_last_answer(world) {
        return;
    }
    world.breach(
        Sentence::new(
            "the settlement that the power cut interrupted goes on to its end",
            "断电打断的结算继续做完",
        ),
        Sentence::new("the terminal reports no settlement", "终端没有报告结算完成"),
        cut,
    );
    if let Some(breach) = world.breaches.last_mut() {
        breach.requirements = vec![Requirement::Pwr04];
    }
}

/// Whether the power failed in place of the answer to the acquirer's word that the batch is closed.
fn over_the_last_answer(world: &mut World) -> bool {
    let history = world.history();
    let mut ends = history.sent(Operation::BatchEnd);
    ends.any(|end| {
        let mut answers = end.answers().iter();
        answers.any(|answer| answer.code() == Some("00") && history.is_swallowed(answer.entry))
    })
}

/// Where a point is, for people.
pub(super) fn place(point: CutPoint) -> Sentence {
    let CutPoint { exchange, moment } = point;
    match moment {
        CutMoment::Before => Sentence::new(
            format!("before event {exchange}"),
            format!("第{exchange}个事件之前"),
        ),
        CutMoment::AfterWrites(writes) => Sentence::new(
            format!("after {writes} storage writes for event {exchange}"),
            format!("第{exchange}个事件的第{writes}次写入之后"),
        ),
        CutMoment::InsteadOfAnswer => Sentence::new(
            format!("in place of the answer to event {exchange}"),
            format!("第{exchange}个事件的应答未读之时"),
        ),
        CutMoment::AfterAnswer => Sentence::new(
            format!("after the answer to event {exchange}"),
            format!("第{exchange}个事件的应答之后"),
        ),
    }
}
