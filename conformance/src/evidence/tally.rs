//! From cases to the end of a run, one case at a time: counts, and the verdict on every requirement
//! that the run was about – those that its scenarios name, those that are always checked, and those
//! that were seen broken all the same.

use std::collections::BTreeMap;

use counterproof_scenarios::practices::Ways;
use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_sim::vocabulary::{Practice, Way};

use super::end::ExpectationEnd;
use super::expectation::Expectations;
use super::{CaseEvidence, Counts, Outcome, PracticeEnd, RequirementEnd, RunEnd, RunHeader};

/// The cases of a run so far, all together.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: Counts,
    requirements: BTreeMap<Requirement, RequirementEnd>,
    accepted: Ways,
    seen: BTreeMap<Practice, BTreeMap<Way, usize>>,
    expectations: Option<Expectations>,
    states: Vec<ExpectationEnd>,
    /// Whether these are all the cases of the plan: of a part of them it cannot be said that an
    /// expected failure came nowhere.
    is_whole: bool,
}

impl Tally {
    /// Nothing yet, of the run that begins like this.
    pub fn new(header: &RunHeader) -> Self {
        let entries = header.expectations.iter().flat_map(|file| &file.entries);
        let states = entries.map(|entry| {
            if entry.expired {
                ExpectationEnd::Expired
            } else {
                ExpectationEnd::NotTried
            }
        });
        Self {
            states: states.collect(),
            accepted: header.accepts().clone(),
            expectations: header.expectations.clone(),
            is_whole: header.shard.is_none(),
            ..Self::default()
        }
    }

    /// One more case.
    pub fn add(&mut self, case: &CaseEvidence) {
        let outcome = case.outcome();
        self.counts.add(outcome);
        self.weigh_requirements(case, outcome);
        for (practice, way) in case.ways.iter() {
            *self
                .seen
                .entry(practice)
                .or_default()
                .entry(way)
                .or_default() += 1;
        }
        let entries = self.expectations.iter().flat_map(|file| &file.entries);
        for (entry, state) in entries.zip(&mut self.states) {
            if *state == ExpectationEnd::Expired || !entry.speaks_of(case) {
                continue;
            }
            if case.broken.contains(&entry.requirement) {
                *state = ExpectationEnd::Met;
            } else if decided(outcome) && *state == ExpectationEnd::NotTried {
                *state = ExpectationEnd::Stale;
            }
        }
    }

    fn weigh_requirements(&mut self, case: &CaseEvidence, outcome: Outcome) {
        if outcome == Outcome::NotRun {
            return;
        }
        let tags = &case.scenario.requirements;
        let ran = decided(outcome) || outcome == Outcome::Inconclusive;
        let always = Requirement::ALWAYS_ON
            .iter()
            .filter(|r| ran && !tags.contains(r));
        let strays = case
            .broken
            .iter()
            .filter(|r| !r.always_on() && !tags.contains(r));
        for requirement in tags.iter().chain(always).chain(strays) {
            let end = self
                .requirements
                .entry(*requirement)
                .or_insert(RequirementEnd {
                    outcome: Outcome::NotApplicable,
                    scenarios: 0,
                    failed: Vec::new(),
                });
            end.scenarios += 1;
            let said = of_one(*requirement, case, outcome);
            if said.weight() > end.outcome.weight() {
                end.outcome = said;
            }
            if case.broken.contains(requirement) {
                end.failed.push(case.place);
            }
        }
    }

    /// So many cases more of which there is nothing but that they were planned.
    pub const fn not_run(&mut self, cases: usize) {
        self.counts.not_run += cases;
    }

    /// How many cases ended how.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What came of it all, if there is nothing more.
    pub fn end(&self) -> RunEnd {
        let mut expectations = self.states.clone();
        if !self.is_whole {
            for state in &mut expectations {
                if *state == ExpectationEnd::Stale {
                    *state = ExpectationEnd::NotTried;
                }
            }
        }
        let is_stale = expectations.contains(&ExpectationEnd::Stale);
        RunEnd {
            verdict: self.counts.verdict(is_stale),
            counts: self.counts,
            requirements: self.requirements.clone(),
            practices: self.practices(),
            expectations,
        }
    }

    fn practices(&self) -> BTreeMap<Practice, PracticeEnd> {
        let seen = self.seen.iter();
        let ends = seen.map(|(practice, seen)| {
            let end = PracticeEnd {
                accepted: self.accepted.of(*practice).collect(),
                seen: seen.clone(),
            };
            (*practice, end)
        });
        ends.collect()
    }
}

const fn decided(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Pass | Outcome::Warning | Outcome::Fail | Outcome::ExpectedFailure
    )
}

/// What one case says about one requirement.
fn of_one(requirement: Requirement, case: &CaseEvidence, outcome: Outcome) -> Outcome {
    if case.broken.contains(&requirement) {
        if case.expected.contains(&requirement) {
            return Outcome::ExpectedFailure;
        }
        return match requirement.level() {
            Level::Must => Outcome::Fail,
            Level::Should => Outcome::Warning,
        };
    }
    match outcome {
        // The scenario broke something else; this held.
        Outcome::Fail | Outcome::Warning | Outcome::ExpectedFailure => Outcome::Pass,
        // What is always on was looked at all the same.
        Outcome::Inconclusive if !case.scenario.requirements.contains(&requirement) => {
            Outcome::Pass
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use Requirement::{Rev01, Rev08, Txn03, Ux01};
    use counterproof_scenarios::verdict::Verdict;

    use super::*;
    use crate::evidence::RunVerdict;
    use crate::evidence::expectation::{Expectation, Expectations};
    use crate::evidence::{Digest, Shard};
    use crate::report::testing::{case, ended, header, summary};

    fn outcome_of(cases: Vec<CaseEvidence>, requirement: Requirement) -> Outcome {
        summary(cases).end.requirements[&requirement].outcome
    }

    #[test]
    fn a_requirement_that_any_scenario_broke_is_broken() {
        let summary = summary(vec![
            ended(case("reversal/a", &[Rev01]), Verdict::Pass, &[]),
            ended(case("reversal/b", &[Rev01]), Verdict::Fail, &[Rev01]),
            ended(case("reversal/c", &[Rev01]), Verdict::Error, &[]),
        ]);
        let end = &summary.end.requirements[&Rev01];
        assert_eq!(end.outcome, Outcome::Fail);
        assert_eq!((end.scenarios, end.failed.clone()), (3, vec![1]));
        assert_eq!(summary.verdict(), RunVerdict::NotConformant);
    }

    #[test]
    fn what_is_always_on_fails_in_somebody_elses_scenario_and_that_ones_requirement_holds() {
        let cases = || vec![ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Txn03])];
        assert_eq!(outcome_of(cases(), Txn03), Outcome::Fail);
        assert_eq!(outcome_of(cases(), Rev01), Outcome::Pass);
        assert_eq!(outcome_of(cases(), Ux01), Outcome::Pass);
    }

    #[test]
    fn a_broken_should_is_a_warning_and_the_run_conformant() {
        let case = ended(case("reversal/a", &[Rev08]), Verdict::Warning, &[Rev08]);
        let summary = summary(vec![case]);
        assert_eq!(summary.end.requirements[&Rev08].outcome, Outcome::Warning);
        assert_eq!(summary.verdict(), RunVerdict::Conformant);
        assert_eq!(summary.exit().code(), 0);
    }

    #[test]
    fn errors_outweigh_doubts_and_broken_requirements_both() {
        let of = |verdict, broken: &[Requirement]| ended(case("a/a", &[Rev01]), verdict, broken);
        let error = || of(Verdict::Error, &[]);
        let open = || of(Verdict::Inconclusive, &[]);
        let pass = || of(Verdict::Pass, &[]);
        let fail = || of(Verdict::Fail, &[Rev01]);
        let missing = || case("a/m", &[Rev01]);
        let na = || of(Verdict::NotApplicable, &[]);
        for (rows, verdict, exit) in [
            (vec![pass(), na()], RunVerdict::Conformant, 0),
            (vec![fail(), error(), open()], RunVerdict::NotConformant, 1),
            (vec![error(), open(), pass()], RunVerdict::Error, 3),
            (vec![open(), pass()], RunVerdict::Incomplete, 6),
            (vec![pass(), missing()], RunVerdict::Incomplete, 6),
            (vec![na()], RunVerdict::Incomplete, 6),
        ] {
            let summary = summary(rows);
            assert_eq!(summary.verdict(), verdict);
            assert_eq!(summary.exit().code(), exit);
        }
    }

    #[test]
    fn nothing_is_said_about_what_is_always_on_where_nothing_ran() {
        let case = ended(case("reversal/a", &[Rev01]), Verdict::NotApplicable, &[]);
        let requirements = summary(vec![case]).end.requirements;
        let judged: Vec<_> = requirements.keys().copied().collect();
        assert_eq!(judged, [Rev01]);
        assert_eq!(requirements[&Rev01].outcome, Outcome::NotApplicable);
    }

    fn expecting(requirement: Requirement, expired: bool) -> RunHeader {
        RunHeader {
            expectations: Some(Expectations {
                file: "known.toml".into(),
                digest: Digest([9; 32]),
                entries: vec![Expectation {
                    requirement,
                    scenario: Some("reversal/*".into()),
                    profile: None,
                    reason: "being worked on".into(),
                    link: None,
                    expires: None,
                    expired,
                }],
            }),
            ..header(1)
        }
    }

    fn end(header: &RunHeader, cases: Vec<CaseEvidence>) -> RunEnd {
        let known = header.expectations.clone().expect("there are some");
        let mut tally = Tally::new(header);
        for case in cases {
            let expected = known.expected(&case);
            tally.add(&CaseEvidence { expected, ..case });
        }
        tally.end()
    }

    #[test]
    fn a_failure_that_is_expected_is_neither_a_pass_nor_a_failure() {
        let fails = || ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Rev01]);
        let end = end(&expecting(Rev01, false), vec![fails()]);
        assert_eq!(end.verdict, RunVerdict::AsExpected);
        assert_eq!((end.counts.expected_failure, end.counts.fail), (1, 0));
        let requirement = &end.requirements[&Rev01];
        assert_eq!(requirement.outcome, Outcome::ExpectedFailure);
        assert_eq!(end.expectations, [ExpectationEnd::Met]);
        assert_eq!(end.verdict.exit().code(), 0);
    }

    #[test]
    fn one_failure_more_than_expected_fails_the_run() {
        let fails = ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Txn03, Rev01]);
        let end = end(&expecting(Rev01, false), vec![fails]);
        assert_eq!(end.verdict, RunVerdict::NotConformant);
        assert_eq!(end.requirements[&Rev01].outcome, Outcome::ExpectedFailure);
        assert_eq!(end.requirements[&Txn03].outcome, Outcome::Fail);
    }

    #[test]
    fn an_expected_failure_that_does_not_come_is_stale_where_all_of_it_ran() {
        let holds = || vec![ended(case("reversal/a", &[Rev01]), Verdict::Pass, &[])];
        let header = expecting(Rev01, false);
        let whole = end(&header, holds());
        assert_eq!(whole.verdict, RunVerdict::Stale);
        assert_eq!(whole.verdict.exit().code(), 5);
        let shard = Some(Shard { index: 1, total: 2 });
        let part = end(&RunHeader { shard, ..header }, holds());
        assert_eq!(part.expectations, [ExpectationEnd::NotTried]);
        assert_eq!(part.verdict, RunVerdict::Conformant);
    }

    #[test]
    fn an_entry_that_is_over_or_about_other_scenarios_changes_nothing() {
        let fails = || ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Rev01]);
        let expired = end(&expecting(Rev01, true), vec![fails()]);
        assert_eq!(expired.verdict, RunVerdict::NotConformant);
        assert_eq!(expired.expectations, [ExpectationEnd::Expired]);
        let other = ended(case("network/a", &[Rev01]), Verdict::Fail, &[Rev01]);
        let other = end(&expecting(Rev01, false), vec![other]);
        assert_eq!(other.verdict, RunVerdict::NotConformant);
        assert_eq!(other.expectations, [ExpectationEnd::NotTried]);
    }
}
