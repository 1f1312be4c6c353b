//! A run as the console tells it: every case, the records of those that did not pass as far as there
//! is room, and what came of it all.

use counterproof_scenarios::case::Varied;
use counterproof_scenarios::verdict::Verdict;

use crate::evidence::{CaseEvidence, Outcome, Reporter, RunEnd, RunHeader, RunVerdict, Tally};
use crate::exit::Exit;

/// How many records of scenarios that did not pass are kept for the report; the others are told
/// by their message and their replay.
const RECORDS: usize = 500;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How it began.
    pub header: RunHeader,
    /// Every case of the plan, in its order.
    pub cases: Vec<CaseEvidence>,
    /// How it ended.
    pub end: RunEnd,
    records: usize,
}

impl Summary {
    /// Of a run that has not begun.
    pub fn new(header: RunHeader) -> Self {
        let end = Tally::new(&header).end();
        Self {
            header,
            cases: Vec::new(),
            end,
            records: 0,
        }
    }

    /// Every case with this outcome, in the order of the plan.
    pub fn of(&self, outcome: Outcome) -> impl Iterator<Item = &CaseEvidence> {
        self.cases
            .iter()
            .filter(move |case| case.outcome() == outcome)
    }

    /// At how many points the power was cut, or at how many places storage was damaged, by scenarios that
    /// do so at every one.
    pub fn points(&self, of: Varied) -> u64 {
        let points = self.cases.iter().filter_map(|case| case.points.as_ref());
        let points = points.filter(|points| points.varied == of);
        points.map(|points| u64::from(points.count)).sum()
    }

    /// The verdict of the run.
    pub const fn verdict(&self) -> RunVerdict {
        self.end.verdict
    }

    /// How the program ends after this run.
    pub const fn exit(&self) -> Exit {
        self.end.verdict.exit()
    }
}

impl Reporter for Summary {
    fn begin(&mut self, header: &RunHeader) -> std::io::Result<()> {
        self.header = header.clone();
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> std::io::Result<()> {
        let keep = case.verdict != Some(Verdict::Pass) && self.records < RECORDS;
        let mut case = case.clone();
        case.record = case.record.filter(|_| keep);
        self.records += usize::from(case.record.is_some());
        self.cases.push(case);
        Ok(())
    }

    fn end(&mut self, end: &RunEnd) -> std::io::Result<()> {
        self.end = end.clone();
        Ok(())
    }
}
