//! The evidence of a run: who was tested with what, what came of each case, what came of it all. Every
//! report is made from these three and nothing else, so that one can be made again from a file of
//! them, on another machine, without a run.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`header`] | known before the first case: suite, terminal, seed, matrix, plan, shard |
//! | [`case`] | one case: verdict, breaches, faults, replay, its record |
//! | [`end`] | known after the last case: counts, the verdict on each requirement and on the run |
//! | [`tally`] | from cases to the end, one case at a time |
//! | [`outcome`] | the words for what came of a case, a requirement and a run |
//! | [`expectation`] | failures that are known and expected |
//! | [`feed`] | results as they come, told to the reports in the order of the plan |
//! | [`bundle`] | all of it as a file, written while the run goes on |
//! | [`digest`] | SHA-256 as it is written |
//!
//! Not here: how reports look ([`crate::report`]), and how cases are run ([`crate::run`]).

pub mod bundle;
pub mod case;
pub mod digest;
pub mod end;
pub mod expectation;
pub mod feed;
pub mod header;
pub mod outcome;
pub mod tally;

use std::io;

pub use case::{CaseEvidence, CasePoints, ScenarioText, StepText};
pub use digest::Digest;
pub use end::{Counts, PracticeEnd, RequirementEnd, RunEnd};
pub use header::{RunHeader, Shard};
pub use outcome::{Outcome, RunVerdict};
pub use tally::Tally;

/// A report in the making. It is told of the run while it goes on, in the order of the plan, and
/// keeps of a case no more than it needs: evidence that was told is gone.
pub trait Reporter {
    /// The run begins. Called once, first.
    ///
    /// # Errors
    /// When the report cannot be written; it is then told nothing more.
    fn begin(&mut self, header: &RunHeader) -> io::Result<()>;

    /// What came of a case. Called once for each case, in the order of the plan; a case that the
    /// run did not come to has [`Outcome::NotRun`].
    ///
    /// # Errors
    /// As [`Reporter::begin`].
    fn case(&mut self, case: &CaseEvidence) -> io::Result<()>;

    /// The run is over. Called once, last.
    ///
    /// # Errors
    /// As [`Reporter::begin`].
    fn end(&mut self, end: &RunEnd) -> io::Result<()>;
}
