//! A plan worked off: the terminal says who it is, what it does not claim is not applicable, the
//! rest runs, and every result finds its place.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use counterproof_scenarios::case::{Case, Need};
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::verdict::{Sentence, Verdict};
use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::random::Seeds;
use counterproof_sim::terminal::{Capabilities, Identity, TerminalError};
use counterproof_sim::vocabulary::Lang;

use super::progress::Progress;
use super::summary::{Finished, Summary};
use crate::attach::Dock;
use crate::texts::report as texts;

/// How a plan is worked off.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Terminals at once.
    pub jobs: usize,
    /// Whether results carry the digests of their records.
    pub with_digests: bool,
    /// Set from outside to stop after the cases that run now.
    pub stop: Arc<AtomicBool>,
    /// How the acquirer speaks.
    pub dialect: &'static Dialect,
}

/// Works off the plan in `summary` on terminals of `dock`. What breaks on the way is a result.
pub fn execute(summary: &mut Summary, dock: &Dock, settings: &Settings, progress: &mut Progress) {
    let identity = match identify(dock, settings.dialect) {
        Ok(identity) => identity,
        Err(error) => {
            // Without a terminal no case can be more than an error, and this is why.
            let message = Sentence::new(error.to_string(), error.to_string());
            for result in &mut summary.results {
                *result = Some(Finished::without_run(Verdict::Error, message.clone()));
            }
            return;
        }
    };
    let mut capabilities = identity.capabilities.clone();
    capabilities.power_control |= dock.attachment().is_ours_to_cut();
    let mut places = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    for (place, case) in summary.cases.iter().enumerate() {
        if let Some(message) = missing(case, &capabilities) {
            let finished = Finished::without_run(Verdict::NotApplicable, message);
            summary.results[place] = Some(finished);
        } else {
            places.push(place);
            cases.push(case.clone());
        }
    }
    summary.identity = Some(identity);
    progress.begin(cases.len());
    let dock = dock.clone();
    let factory: TerminalFactory = Arc::new(move || dock.lease());
    let options = Options {
        jobs: settings.jobs,
        stop: Some(Arc::clone(&settings.stop)),
        dialect: settings.dialect,
    };
    run::run(&cases, &factory, &options, &mut |result| {
        let place = places[result.case];
        let keep = result.verdict != Verdict::Pass && summary.has_room();
        let finished = Finished::of(result, settings.with_digests, keep);
        progress.finished(&summary.cases[place], &finished);
        summary.results[place] = Some(finished);
    });
    progress.end();
}

/// Lets a terminal start and say who it is.
///
/// # Errors
/// When it does not start, or is not to be trusted.
pub fn identify(dock: &Dock, dialect: &'static Dialect) -> Result<Identity, TerminalError> {
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
