//! `counterproof mutants`: the suite itself tested, by terminals that are broken on purpose.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::mutants::KillMatrix;
use counterproof_scenarios::run::Options;
use counterproof_scenarios::suite::Suite;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::Vocabulary as _;

use super::args::MutantsArgs;
use super::console::Console;
use super::{features, run};
use crate::exit::{Exit, Failure};
use crate::report::mutants as report;
use crate::run::progress::{Loudness, Progress};

/// Prints the kill matrix.
///
/// # Errors
/// When the command line is wrong, or standard output cannot be written.
pub fn mutants(args: &MutantsArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let jobs = run::jobs(args.jobs, lang)?;
    let suite = features::suite(None, lang)?;
    let matrix = matrix(&suite, jobs, run::stop_on_interrupt(), console);
    let text = if args.json {
        report::json(&matrix, suite.digest()).to_string() + "\n"
    } else {
        report::tell(&matrix, lang, console.style)
    };
    console.print(&text)?;
    Ok(if !matrix.is_complete() {
        Exit::Incomplete
    } else if matrix.is_whole() {
        Exit::Conformant
    } else {
        Exit::NotConformant
    })
}

/// The kill matrix of the suite, with a sign of life meanwhile.
pub fn matrix(suite: &Suite, jobs: usize, stop: Arc<AtomicBool>, console: Console) -> KillMatrix {
    let cases = plan(suite.scenarios(), &Matrix::default());
    let options = Options {
        jobs,
        stop: Some(stop),
        ..Options::default()
    };
    let mut progress = Progress::new(console.lang, console.style, Loudness::Usual);
    let each = cases.len();
    progress.begin(Defect::ALL.len() * each, Duration::ZERO);
    let matrix = KillMatrix::of(cases, &options, &mut |_| progress.went_on(each));
    progress.end();
    matrix
}
