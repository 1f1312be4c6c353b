//! A scenario whose power is cut at every point: run once without a cut, by cucumber like any other,
//! then once for each boundary between two messages or two storage writes that this run had between
//! its first `When` and its first `Then`. All these runs are one case with one result.
//!
//! Not here: what a point is and how the power is cut there (the bench), and what is judged
//! ([`super::judge`]): the record of every run, by every checker. The scenario's own `Then` is that
//! of the run without a cut; with one the story is another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use counterproof_sim::bench::{CutMoment, CutPoint};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Action;
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Operation;
use sha2::{Digest, Sha256};

use super::share::{self, Trouble};
use crate::case::Case;
use crate::language::Role;
use crate::requirements::Requirement;
use crate::steps::{self, Args};
use crate::verdict::{CaseResult, Points, Sentence, Verdict};
use crate::world::{Stop, World};

/// Step `number` of the case comes: the bench watches from the first `When` to the first `Then`
/// after it.
pub(super) fn watch(case: &Case, number: usize, world: &mut World, cut_at: Option<CutPoint>) {
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

/// What comes of the case, of which `whole` is the result without a cut and `points` are the
/// points: `None` when the run was stopped halfway.
pub(super) fn at_every_point(
    case: &Case,
    whole: CaseResult,
    points: &[CutPoint],
) -> Option<CaseResult> {
    if !matches!(whole.verdict, Verdict::Pass | Verdict::Warning) {
        return Some(whole);
    }
    let numbered = (1..).zip(points);
    let chosen: Vec<(u32, CutPoint)> = numbered
        .filter(|(number, _)| case.point.is_none_or(|only| only == *number))
        .map(|(number, point)| (number, *point))
        .collect();
    if chosen.is_empty() {
        return Some(CaseResult {
            verdict: Verdict::Inconclusive,
            message: no_point(case.point, points.len()),
            ..whole
        });
    }
    let mut sum = Sum::new(whole, points.len());
    for (number, point) in chosen {
        if share::stopped() {
            return None;
        }
        sum.add(number, point, cut(case, sum.case, point));
        // What broke once is not asked sixty times more, at its time limit each.
        if sum
            .worst
            .as_ref()
            .is_some_and(|w| w.verdict == Verdict::Error)
        {
            break;
        }
    }
    Some(sum.result())
}

/// Runs the case with a cut.
fn cut(case: &Case, number: usize, point: CutPoint) -> CaseResult {
    let terminal = match share::terminal() {
        Ok(terminal) => terminal,
        Err(error) => return share::judged(number, case, None, Some(Trouble::Terminal(error))),
    };
    let mut world = share::world(case, terminal);
    let played = catch_unwind(AssertUnwindSafe(|| play(case, point, &mut world)));
    let trouble = match played {
        Ok(Ok(())) => None,
        Ok(Err(stop)) => {
            world.stop(stop);
            None
        }
        Err(panic) => Some(Trouble::Panic(share::panic_text(&*panic))),
    };
    share::judged(number, case, Some(world), trouble)
}

/// The scenario up to its first `Then`, with a cut; then everything comes to rest, and the next
/// payment works.
fn play(case: &Case, point: CutPoint, world: &mut World) -> Result<(), Stop> {
    let mut begun = false;
    for (number, step) in case.scenario.steps.iter().enumerate() {
        begun |= step.role == Role::When;
        if begun && step.role == Role::Then {
            break;
        }
        watch(case, number, world, Some(point));
        match step.run(world) {
            // What a step waits for may not come any more, and what it begins may be out of place.
            Ok(()) | Err(Stop::Missed(_) | Stop::Scenario(_) | Stop::Unsupported(_))
                if world.bench().was_cut() => {}
            result => result?,
        }
    }
    world.check()?;
    if !world.bench().was_cut() {
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

fn no_point(asked: Option<u32>, points: usize) -> Sentence {
    match asked {
        Some(point) => Sentence::new(
            format!("there is no point {point}: the scenario has {points}"),
            format!("没有第{point}个断电点：此场景共有{points}个"),
        ),
        None => Sentence::new(
            "nothing happens between the first When and the first Then: no point to cut the power at",
            "第一个“当”与第一个“那么”之间什么也没有发生：没有可断电之处",
        ),
    }
}

/// The results of the runs of one case, summed up.
struct Sum {
    case: usize,
    /// The run without a cut.
    whole: CaseResult,
    /// The first of the gravest that did not pass.
    worst: Option<CaseResult>,
    /// Every point that there is, cut or not.
    all: usize,
    points: Points,
    took: Span,
    digests: Sha256,
    others: Vec<(u32, CaseResult)>,
}

impl Sum {
    fn new(whole: CaseResult, all: usize) -> Self {
        let mut digests = Sha256::new();
        digests.update(whole.record.digest());
        Self {
            case: whole.case,
            took: whole.took,
            whole,
            worst: None,
            all,
            points: Points {
                cut: 0,
                failed: Vec::new(),
                shown: None,
                digest: [0; 32],
            },
            digests,
            others: Vec::new(),
        }
    }

    fn add(&mut self, number: u32, point: CutPoint, mut result: CaseResult) {
        self.points.cut += 1;
        self.took += result.took;
        self.digests.update(result.record.digest());
        if result.verdict == Verdict::Pass {
            return;
        }
        self.points.failed.push(number);
        result.message = self.at_point(number, point, &result.message);
        let grave = self.worst.as_ref().map(|w| gravity(w.verdict));
        let other = if grave.is_none_or(|grave| gravity(result.verdict) > grave) {
            let before = self.points.shown.replace(number);
            before.zip(self.worst.replace(result))
        } else {
            Some((number, result))
        };
        // Records of failing runs are long, and only one is told.
        if let Some((number, mut result)) = other {
            result.record = Arc::default();
            self.others.push((number, result));
        }
    }

    /// One result for all of them.
    fn result(self) -> CaseResult {
        let Self {
            whole,
            worst,
            mut points,
            took,
            digests,
            others,
            ..
        } = self;
        points.digest = digests.finalize().into();
        let failed = points.failed.len();
        let mut result = worst.unwrap_or(whole);
        result.took = took;
        if failed > 1 {
            let message = &mut result.message;
            message
                .en
                .push_str(&format!("; {failed} points do not hold"));
            message.zh.push_str(&format!("；共{failed}个断电点未满足"));
        }
        for (number, other) in others {
            for mut breach in other.breaches {
                if breach
                    .requirements
                    .iter()
                    .all(|r| result.broken.contains(r))
                {
                    continue;
                }
                // Its place is in another record.
                breach.entry = None;
                breach.at = None;
                breach.seen.en = format!("cut at point {number}: {}", breach.seen.en);
                breach.seen.zh = format!("在第{number}个断电点：{}", breach.seen.zh);
                result.broken.extend(&breach.requirements);
                result.breaches.push(breach);
            }
        }
        result.broken.sort_unstable();
        result.broken.dedup();
        result.points = Some(points);
        result
    }

    fn at_point(&self, number: u32, point: CutPoint, message: &Sentence) -> Sentence {
        let CutPoint { exchange, moment } = point;
        let (en, zh) = match moment {
            CutMoment::Before => (
                format!("before event {exchange}"),
                format!("第{exchange}个事件之前"),
            ),
            CutMoment::AfterWrites(writes) => (
                format!("after {writes} storage writes for event {exchange}"),
                format!("第{exchange}个事件的第{writes}次写入之后"),
            ),
            CutMoment::InsteadOfAnswer => (
                format!("in place of the answer to event {exchange}"),
                format!("第{exchange}个事件的应答未读之时"),
            ),
            CutMoment::AfterAnswer => (
                format!("after the answer to event {exchange}"),
                format!("第{exchange}个事件的应答之后"),
            ),
        };
        let all = self.all;
        Sentence::new(
            format!("power cut at point {number} of {all}, {en}: {}", message.en),
            format!(
                "在{all}个断电点中的第{number}个（{zh}）断电：{}",
                message.zh
            ),
        )
    }
}

/// The gravest verdict of the runs is that of the case, weighed as that of a whole run is.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass | Verdict::NotApplicable => 0,
        Verdict::Warning => 1,
        Verdict::Inconclusive => 2,
        Verdict::Error => 3,
        Verdict::Fail => 4,
    }
}
