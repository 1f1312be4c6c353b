//! A plan worked off: the terminal says who it is, what it does not claim is not applicable, the
//! rest runs, and the evidence of every case goes to the reports.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use counterproof_scenarios::case::{Case, Need};
use counterproof_scenarios::practices::Ways;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::verdict::{Sentence, Verdict};
use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::random::Seeds;
use counterproof_sim::terminal::{Capabilities, Identity, Mode, TerminalError};
use counterproof_sim::vocabulary::Lang;

use super::lengths::longest_first;
use super::plan::{Plan, Planned};
use super::progress::Progress;
use super::replay::Replay;
use super::resume::{Resume, ResumeError};
use crate::attach::Dock;
use crate::evidence::case::Keep;
use crate::evidence::expectation::Expectations;
use crate::evidence::feed::Feed;
use crate::evidence::{CaseEvidence, Reporter, RunEnd, RunHeader};
use crate::texts::report as texts;

/// How a plan is worked off.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// Terminals at once.
    pub jobs: usize,
    /// What of a result becomes evidence.
    pub keep: Keep<'a>,
    /// Whether what goes over the links is kept.
    pub capture: bool,
    /// How a case is run again.
    pub replay: &'a Replay,
    /// Earlier attempts at the same run.
    pub resume: Option<&'a Resume>,
    /// Set from outside to stop after the cases that run now.
    pub stop: Arc<AtomicBool>,
    /// How the acquirer speaks.
    pub dialect: &'static Dialect,
    /// What the terminal may do where the sources disagree.
    pub accepted: &'static Ways,
}

/// Works off the plan on terminals of `dock`. What breaks on the way is a result. `header` says
/// everything about the run but who is tested. The result is what came of it, and what went wrong
/// with each of the `reporters`.
///
/// # Errors
/// When the earlier attempts were at another run, or cannot be read.
pub fn execute(
    plan: &Plan,
    mut header: RunHeader,
    dock: &Dock,
    settings: &Settings<'_>,
    progress: &mut Progress,
    reporters: Vec<&mut dyn Reporter>,
) -> Result<(RunEnd, Vec<Option<io::Error>>), ResumeError> {
    let expectations = header.expectations.clone();
    let places = plan.cases.iter().map(|planned| planned.place);
    let identity = match identify(dock, settings.dialect) {
        Ok(identity) => identity,
        Err(error) => {
            // Without a terminal no case can be more than an error, and this is why.
            let message = Sentence::new(error.to_string(), error.to_string());
            let mut feed = Feed::begin(reporters, &header, places);
            for planned in &plan.cases {
                let case = planned.evidence(settings.replay);
                feed.case(case.decided(Verdict::Error, message.clone()));
            }
            return Ok(feed.end(|place| of_place(plan, place).evidence(settings.replay)));
        }
    };
    let mut capabilities = identity.capabilities.clone();
    capabilities.power_control |= dock.cuts_power();
    capabilities.modes = vec![match header.live {
        Some(_) => Mode::Live,
        None => Mode::Lockstep,
    }];
    // When it first wants to be woken is no part of who it is.
    header.terminal = Some(Identity {
        wake_at: None,
        ..identity
    });
    if let Some(resume) = settings.resume {
        resume.check(&header)?;
    }
    let mut feed = Feed::begin(reporters, &header, places);
    if let Some(resume) = settings.resume {
        resume.tell(&mut feed)?;
    }
    let is_done = |place| settings.resume.is_some_and(|resume| resume.has(place));
    let mut ready: Vec<&Planned> = Vec::new();
    for planned in plan.cases.iter().filter(|planned| !is_done(planned.place)) {
        let is_live = header.live.is_some();
        let missing = missing(&planned.case, &capabilities)
            .or_else(|| (is_live && planned.case.scenario.is_virtual()).then(only_virtual));
        match missing {
            Some(message) => {
                let case = planned.evidence(settings.replay);
                feed.case(case.decided(Verdict::NotApplicable, message));
            }
            None => ready.push(planned),
        }
    }
    let mut lengths = vec![Duration::ZERO; ready.len()];
    if let Some(pace) = header.live {
        let of_the_wall = u64::from(pace.scale) * settings.jobs as u64;
        lengths = longest_first(&mut ready, settings.jobs, settings.dialect)
            .into_iter()
            .map(|length| Duration::from_micros(length.as_micros() / of_the_wall))
            .collect();
    }
    progress.begin(ready.len(), lengths.iter().sum());
    let dock = dock.clone();
    let factory: TerminalFactory = Arc::new(move || dock.lease());
    let options = Options {
        jobs: settings.jobs,
        stop: Some(Arc::clone(&settings.stop)),
        capture: settings.capture,
        one_by_one: header.live.is_some(),
        dialect: settings.dialect,
        accepted: settings.accepted,
    };
    let cases: Vec<Case> = ready.iter().map(|planned| planned.case.clone()).collect();
    run::run(&cases, &factory, &options, &mut |result| {
        let place = result.case;
        let point = result.points.as_ref().and_then(|points| points.shown);
        let empty = ready[place].evidence_at(point, settings.replay);
        let case = expecting(empty.with(result, settings.keep), expectations.as_ref());
        progress.finished(&case, lengths[place]);
        feed.case(case);
    });
    progress.end();
    Ok(feed.end(|place| of_place(plan, place).evidence(settings.replay)))
}

fn expecting(case: CaseEvidence, expectations: Option<&Expectations>) -> CaseEvidence {
    let expected = expectations.map_or_else(Vec::new, |known| known.expected(&case));
    CaseEvidence { expected, ..case }
}

fn of_place(plan: &Plan, place: usize) -> &Planned {
    let index = plan.cases.binary_search_by_key(&place, |case| case.place);
    &plan.cases[index.expect("the reports were told of this place")]
}

/// Lets a terminal start and say who it is.
///
/// # Errors
/// When it does not start, or is not to be trusted.
pub fn identify(dock: &Dock, dialect: &'static Dialect) -> Result<Identity, TerminalError> {
    if let Some(identity) = dock.known() {
        return Ok(identity);
    }
    let mut setup = BenchSetup::new(Seeds::new(0, "identify"));
    setup.dialect = dialect;
    let mut bench = Bench::new(setup, dock.lease()?);
    bench.power_on();
    match (bench.broken(), bench.identity()) {
        (None, Some(identity)) => Ok(identity.clone()),
        (Some(error), _) => Err(error.clone()),
        (None, None) => Err(TerminalError::Broken {
            what: "the terminal did not start".into(),
            remedy: "answer initialize".into(),
        }),
    }
}

/// Why a case that is for virtual time is not run in live mode.
fn only_virtual() -> Sentence {
    Sentence::new(texts::only_virtual(Lang::En), texts::only_virtual(Lang::Zh))
}

/// What the case needs and the terminal does not claim.
fn missing(case: &Case, capabilities: &Capabilities) -> Option<Sentence> {
    let missing: Vec<Need> = case
        .scenario
        .needs
        .iter()
        .copied()
        .filter(|need| !need.met_by(capabilities))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let list = |name: fn(Need) -> &'static str, separator| {
        missing
            .iter()
            .map(|need| name(*need))
            .collect::<Vec<_>>()
            .join(separator)
    };
    Some(Sentence::new(
        texts::does_not_claim(Lang::En, list(Need::en, ", ")),
        texts::does_not_claim(Lang::Zh, list(Need::zh, "、")),
    ))
}
