//! The kill matrix: every defect of the reference terminal against a plan, and what caught it. It is
//! how the suite itself is tested: a defect that nothing catches, or that is caught only for
//! requirements it does not break, is a hole in the suite, and so is a requirement that no defect
//! was ever found to break.
//!
//! Here: data in, matrix out. Not here: how it is printed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use crate::case::Case;
use crate::requirements::Requirement;
use crate::run::{self, Options, TerminalFactory};
use crate::verdict::{Breach, CaseResult, Sentence, Verdict};

/// What caught every defect.
#[derive(Debug)]
pub struct KillMatrix {
    /// The plan.
    pub cases: Vec<Case>,
    /// Cases that the terminal without defects does not pass: what they catch proves nothing.
    pub alarms: Vec<Failed>,
    /// A row for each defect that the run came to, in the order of the list.
    pub rows: Vec<Row>,
}

/// A case that came to something else than it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Place of the case in the plan.
    pub case: usize,
    /// Why.
    pub message: Sentence,
}

/// What caught a defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The defect.
    pub defect: Defect,
    /// The requirement that it breaks.
    pub meant: Requirement,
    /// The cases that caught it, in the order of the plan.
    pub kills: Vec<Kill>,
    /// Cases that broke off, which no defect of a terminal may bring about.
    pub broken_off: Vec<Failed>,
}

/// A case that caught a defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kill {
    /// Place of the case in the plan.
    pub case: usize,
    /// The requirements that it reported, in the order of the catalogue.
    pub broken: Vec<Requirement>,
    /// What noticed first: for the requirement that the defect breaks or, where the case did not
    /// report that, at all.
    pub by: Catcher,
}

/// What notices a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catcher {
    /// The step of the scenario on this line.
    Step(u32),
    /// The checker of this requirement, when the scenario was over.
    Checker(Requirement),
}

impl KillMatrix {
    /// Runs the terminal without defects and then every defect against the plan, one after the
    /// other, each on all threads. `on_row` hears of every row as it is done. A row that was stopped
    /// half-way is left out.
    pub fn of(cases: Vec<Case>, options: &Options, on_row: &mut dyn FnMut(&Row)) -> Self {
        let stopped = || {
            let stop = options.stop.as_ref();
            stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
        };
        let mut alarms = Vec::new();
        run_with(&cases, None, options, &mut |result| {
            if result.verdict != Verdict::Pass {
                alarms.push(Failed::of(result));
            }
        });
        alarms.sort_by_key(|alarm| alarm.case);
        let mut rows = Vec::new();
        for defect in Defect::ALL {
            let row = row(&cases, *defect, options);
            if stopped() {
                break;
            }
            on_row(&row);
            rows.push(row);
        }
        Self {
            cases,
            alarms,
            rows,
        }
    }

    /// Whether every defect was come to.
    pub fn is_complete(&self) -> bool {
        self.rows.len() == Defect::ALL.len()
    }

    /// Whether the suite has no hole: every defect is caught for the requirement that it breaks,
    /// every requirement that scenarios check is found broken by some defect, every case catches
    /// something, nothing breaks off, and the terminal without defects passes.
    pub fn is_whole(&self) -> bool {
        self.is_complete()
            && self.alarms.is_empty()
            && self.broken_off().next().is_none()
            && self.surviving().next().is_none()
            && self.strays().next().is_none()
            && self.without_killer().is_empty()
            && self.idle().is_empty()
    }

    /// Defects that nothing catches.
    pub fn surviving(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kills.is_empty())
    }

    /// Defects that are caught, and never for the requirement that they break.
    pub fn strays(&self) -> impl Iterator<Item = &Row> {
        let is_stray = |row: &&Row| !row.kills.is_empty() && row.meant_kills().next().is_none();
        self.rows.iter().filter(is_stray)
    }

    /// Defects with a case that they made break off.
    pub fn broken_off(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.broken_off.is_empty())
    }

    /// Places in the plan of the cases that catch no defect at all.
    pub fn idle(&self) -> Vec<usize> {
        let kills = self.rows.iter().flat_map(|row| &row.kills);
        let busy: BTreeSet<usize> = kills.map(|kill| kill.case).collect();
        let all = 0..self.cases.len();
        all.filter(|case| !busy.contains(case)).collect()
    }

    /// Places in the plan of the cases that catch no defect for a requirement which they are about:
    /// what they catch is caught by what they have in common with others. Most vary a scenario that
    /// does, or stand against false alarms.
    pub fn borrowed(&self) -> Vec<usize> {
        let about = |case: usize, requirement: &Requirement| {
            let scenario = &self.cases[case].scenario;
            scenario.requirements.contains(requirement)
        };
        let own: BTreeSet<usize> = self
            .rows
            .iter()
            .flat_map(|row| row.meant_kills().map(|kill| (kill.case, row.meant)))
            .filter(|(case, meant)| about(*case, meant))
            .map(|(case, _)| case)
            .collect();
        let idle = self.idle();
        let all = 0..self.cases.len();
        all.filter(|case| !own.contains(case) && !idle.contains(case))
            .collect()
    }

    /// Requirements that scenarios check and that no defect was found to break.
    pub fn without_killer(&self) -> Vec<Requirement> {
        let kills = self.rows.iter().flat_map(|row| &row.kills);
        let killed: BTreeSet<Requirement> =
            kills.flat_map(|kill| kill.broken.iter().copied()).collect();
        let checked = self.checked();
        let all = Requirement::ALL.iter().copied();
        all.filter(|r| checked.contains(r) && !killed.contains(r))
            .collect()
    }

    /// Requirements that no scenario of the plan checks.
    pub fn unchecked(&self) -> Vec<Requirement> {
        let checked = self.checked();
        let all = Requirement::ALL.iter().copied();
        all.filter(|r| !checked.contains(r)).collect()
    }

    /// What noticed, in words: the text of the step, or whose checker it was.
    pub fn noticed_by(&self, kill: &Kill, lang: Lang) -> String {
        match (kill.by, lang) {
            (Catcher::Step(line), _) => {
                let steps = &self.cases[kill.case].scenario.steps;
                let step = steps.iter().find(|step| step.line == line);
                step.map_or_else(|| line.to_string(), |step| step.text.clone())
            }
            (Catcher::Checker(requirement), Lang::En) => format!("checker of {requirement}"),
            (Catcher::Checker(requirement), Lang::Zh) => format!("{requirement} 的检查"),
        }
    }

    fn checked(&self) -> BTreeSet<Requirement> {
        let scenarios = self.cases.iter().map(|case| &case.scenario);
        scenarios
            .flat_map(|scenario| scenario.requirements.iter().copied())
            .collect()
    }
}

impl Row {
    /// The cases that caught it for the requirement that it breaks.
    pub fn meant_kills(&self) -> impl Iterator<Item = &Kill> {
        let meant = self.meant;
        let kills = self.kills.iter();
        kills.filter(move |kill| kill.broken.contains(&meant))
    }

    /// The first that caught it: for the requirement that it breaks or, where none did, at all.
    pub fn first(&self) -> Option<&Kill> {
        self.meant_kills().next().or(self.kills.first())
    }

    /// How many cases reported which requirement.
    pub fn reported(&self) -> BTreeMap<Requirement, usize> {
        let mut reported = BTreeMap::new();
        for requirement in self.kills.iter().flat_map(|kill| &kill.broken) {
            *reported.entry(*requirement).or_default() += 1;
        }
        reported
    }
}

impl Failed {
    fn of(result: CaseResult) -> Self {
        Self {
            case: result.case,
            message: result.message,
        }
    }
}

fn row(cases: &[Case], defect: Defect, options: &Options) -> Row {
    let meant = requirement_of(defect);
    let mut row = Row {
        defect,
        meant,
        kills: Vec::new(),
        broken_off: Vec::new(),
    };
    run_with(cases, Some(defect), options, &mut |result| {
        if result.verdict == Verdict::Error {
            row.broken_off.push(Failed::of(result));
        } else if let Some(by) = catcher(&result.breaches, meant) {
            row.kills.push(Kill {
                case: result.case,
                broken: result.broken,
                by,
            });
        }
    });
    row.kills.sort_by_key(|kill| kill.case);
    row.broken_off.sort_by_key(|failed| failed.case);
    row
}

/// The requirement that a defect breaks.
pub fn requirement_of(defect: Defect) -> Requirement {
    // The terminal knows nothing of the catalogue; a test of this module holds the two together.
    Requirement::from_id(defect.requirement()).expect("a defect breaks a requirement")
}

fn catcher(breaches: &[Breach], meant: Requirement) -> Option<Catcher> {
    let is_meant = |breach: &&Breach| breach.requirements.contains(&meant);
    let breach = breaches.iter().find(is_meant).or(breaches.first())?;
    let reported = breach.requirements.contains(&meant).then_some(meant);
    let requirement = reported.or(breach.requirements.first().copied());
    Some(match breach.line {
        Some(line) => Catcher::Step(line),
        None => Catcher::Checker(requirement?),
    })
}

fn run_with(
    cases: &[Case],
    defect: Option<Defect>,
    options: &Options,
    on_result: &mut dyn FnMut(CaseResult),
) {
    let factory: TerminalFactory =
        Arc::new(move || Ok(Box::new(ReferenceTerminal::with_defects(defect.as_slice()))));
    run::run(cases, &factory, options, on_result);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Matrix, plan};
    use crate::suite::Suite;

    const FEATURE: &str = "Feature: Answers

  @REV-01
  Scenario: The answer is lost
    Given on the first sale, the answer is lost
    When the customer pays 128.50 yuan for order \"A1\"
    Then order \"A1\" is cancelled
    And requirement REV-01 holds

  @NET-02
  Scenario: A payment is approved
    When the customer pays 128.50 yuan for order \"A1\"
    Then order \"A1\" is approved
";

    fn cases() -> Vec<Case> {
        let files = [("answers.feature".to_owned(), FEATURE.to_owned())];
        let suite = Suite::load(&files).expect("no mistakes");
        plan(suite.scenarios(), &Matrix::default())
    }

    fn matrix() -> KillMatrix {
        let options = Options {
            jobs: 2,
            ..Options::default()
        };
        KillMatrix::of(cases(), &options, &mut |_| {})
    }

    fn breach(line: Option<u32>, requirements: &[Requirement]) -> Breach {
        Breach {
            requirements: requirements.to_vec(),
            expected: Sentence::default(),
            seen: Sentence::default(),
            at: None,
            entry: None,
            line,
        }
    }

    #[test]
    fn every_defect_breaks_a_requirement_of_the_catalogue() {
        for defect in Defect::ALL {
            assert_eq!(requirement_of(*defect).id(), defect.requirement());
        }
    }

    #[test]
    fn a_matrix_tells_what_catches_a_defect_and_where_the_suite_has_holes() {
        let matrix = matrix();
        assert!(matrix.is_complete() && !matrix.is_whole());
        assert_eq!(matrix.alarms, []);
        let of = |defect| matrix.rows.iter().find(|row| row.defect == defect);
        let row = of(Defect::SilenceNotReversed).expect("a row for each defect");
        assert_eq!(row.meant, Requirement::Rev01);
        assert_eq!(row.first().map(|kill| kill.case), Some(0));
        assert!(row.reported().contains_key(&Requirement::Rev01));
        let surviving: Vec<Defect> = matrix.surviving().map(|row| row.defect).collect();
        assert!(surviving.contains(&Defect::RefundsTooMuch));
        assert!(!surviving.contains(&Defect::SilenceNotReversed));
        assert!(matrix.unchecked().contains(&Requirement::Set01));
        assert!(!matrix.without_killer().contains(&Requirement::Rev01));
        assert!(!matrix.idle().contains(&0) && !matrix.borrowed().contains(&0));
    }

    #[test]
    fn the_breach_of_the_requirement_that_is_meant_names_the_catcher() {
        let (rev, txn) = (Requirement::Rev01, Requirement::Txn03);
        let breaches = [breach(Some(7), &[txn]), breach(None, &[txn, rev])];
        assert_eq!(catcher(&breaches, rev), Some(Catcher::Checker(rev)));
        assert_eq!(catcher(&breaches, txn), Some(Catcher::Step(7)));
        assert_eq!(
            catcher(&breaches, Requirement::Net01),
            Some(Catcher::Step(7))
        );
        assert_eq!(catcher(&[], rev), None);
    }

    #[test]
    fn a_defect_that_is_caught_for_something_else_only_is_a_stray() {
        let mut matrix = matrix();
        let place = matrix
            .rows
            .iter()
            .position(|row| row.defect == Defect::SilenceNotReversed);
        let row = &mut matrix.rows[place.expect("a row for each defect")];
        row.meant = Requirement::Set01;
        let strays: Vec<Defect> = matrix.strays().map(|row| row.defect).collect();
        assert!(strays.contains(&Defect::SilenceNotReversed));
    }
}
