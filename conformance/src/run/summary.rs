//! What came of a run: a result for each case, a verdict on each requirement and one on the whole.
//! Every report is made from this.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterproof_scenarios::case::Case;
use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_scenarios::verdict::{Breach, CaseResult, FaultUse, Points, Sentence, Verdict};
use counterproof_sim::record::Record;
use counterproof_sim::terminal::Identity;
use counterproof_sim::time::Span;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;

/// How many records of scenarios that did not pass are kept for the report; the others are told
/// by their message and their replay.
const RECORDS: usize = 500;

/// What came of one case, without what nobody will look at any more.
#[derive(Debug)]
pub struct Finished {
    /// The verdict.
    pub verdict: Verdict,
    /// Every requirement that was seen violated.
    pub broken: Vec<Requirement>,
    /// Everything that should have been otherwise.
    pub breaches: Vec<Breach>,
    /// Why it is not a pass.
    pub message: Sentence,
    /// The faults and what became of them.
    pub faults: Vec<FaultUse>,
    /// Everything that happened, where it may be told.
    pub record: Option<Arc<Record>>,
    /// Digest of the record, where it was asked for.
    pub digest: Option<[u8; 32]>,
    /// Length of the simulated time.
    pub took: Span,
    /// What the terminal wrote to standard error meanwhile.
    pub stderr: String,
    /// The points at which the power was cut, where the case does that at every one.
    pub points: Option<Points>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Summary {
    /// The plan.
    pub cases: Vec<Case>,
    /// A result for each case of the plan; none for those that the run did not come to.
    pub results: Vec<Option<Finished>>,
    /// Who was tested, where it came to saying so.
    pub identity: Option<Identity>,
    /// Digest of the feature files.
    pub suite: [u8; 32],
    /// First seed.
    pub seed: u64,
}

/// The verdict of a run, or on a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RunVerdict {
    /// Every requirement of level M that could be tested holds.
    Conformant,
    /// One was broken.
    NotConformant,
    /// None was broken, but something could not be decided, or was not come to.
    Incomplete,
    /// None was broken, but the terminal's adapter or the suite broke.
    Error,
}

/// What came of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How many scenarios checked it.
    pub scenarios: usize,
    /// Places in the plan of the cases that broke it.
    pub failed: Vec<usize>,
}

impl Finished {
    /// Takes over a result. `with_digest` asks for the digest of the record, `keep` for the record
    /// itself.
    pub fn of(result: CaseResult, with_digest: bool, keep: bool) -> Self {
        let digest = with_digest.then(|| result.digest());
        Self {
            verdict: result.verdict,
            broken: result.broken,
            breaches: result.breaches,
            message: result.message,
            faults: result.faults,
            record: keep.then_some(result.record),
            digest,
            took: result.took,
            stderr: result.stderr,
            points: result.points,
        }
    }

    /// The point that it is about, where the power was cut at many and not all passed.
    pub fn point(&self) -> Option<u32> {
        self.points.as_ref()?.shown
    }

    /// A case that did not run, for a reason known before.
    pub fn without_run(verdict: Verdict, message: Sentence) -> Self {
        Self {
            verdict,
            broken: Vec::new(),
            breaches: Vec::new(),
            message,
            faults: Vec::new(),
            record: None,
            digest: None,
            took: Span::ZERO,
            stderr: String::new(),
            points: None,
        }
    }
}

impl Summary {
    /// A run of these cases that has not begun.
    pub fn new(cases: Vec<Case>, suite: [u8; 32], seed: u64) -> Self {
        Self {
            results: cases.iter().map(|_| None).collect(),
            cases,
            identity: None,
            suite,
            seed,
        }
    }

    /// Whether the record of another case that did not pass is kept.
    pub fn has_room(&self) -> bool {
        let kept = self.finished().filter(|(_, _, f)| f.record.is_some());
        kept.count() < RECORDS
    }

    /// Every case that has a result, in the order of the plan.
    pub fn finished(&self) -> impl Iterator<Item = (usize, &Case, &Finished)> {
        let results = self.results.iter().zip(&self.cases).enumerate();
        results.filter_map(|(place, (result, case))| Some((place, case, result.as_ref()?)))
    }

    /// How many cases ended with `verdict`.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.finished()
            .filter(|(_, _, f)| f.verdict == verdict)
            .count()
    }

    /// How many cases the run did not come to.
    pub fn missing(&self) -> usize {
        self.results
            .iter()
            .filter(|result| result.is_none())
            .count()
    }

    /// At how many points the power was cut by scenarios that do so at every one.
    pub fn points(&self) -> u64 {
        let points = self.finished().filter_map(|(_, _, f)| f.points.as_ref());
        points.map(|points| u64::from(points.cut)).sum()
    }

    /// The verdict of the run: a broken requirement outweighs what broke on the way, and that
    /// what could not be decided.
    pub fn verdict(&self) -> RunVerdict {
        let has = |verdict| self.finished().any(|(_, _, f)| f.verdict == verdict);
        if has(Verdict::Fail) {
            RunVerdict::NotConformant
        } else if has(Verdict::Error) {
            RunVerdict::Error
        } else if has(Verdict::Inconclusive)
            || self.missing() > 0
            || !(has(Verdict::Pass) || has(Verdict::Warning))
        {
            RunVerdict::Incomplete
        } else {
            RunVerdict::Conformant
        }
    }

    /// How the program ends after this run.
    pub fn exit(&self) -> Exit {
        match self.verdict() {
            RunVerdict::Conformant => Exit::Conformant,
            RunVerdict::NotConformant => Exit::NotConformant,
            RunVerdict::Incomplete => Exit::Incomplete,
            RunVerdict::Error => Exit::Broken,
        }
    }

    /// The verdict on every requirement that the run was about: those that its scenarios name,
    /// those that are always checked, and those that were seen broken all the same.
    pub fn judgements(&self) -> BTreeMap<Requirement, Judgement> {
        let mut judgements = BTreeMap::new();
        for (place, case, finished) in self.finished() {
            let ran = matches!(
                finished.verdict,
                Verdict::Pass | Verdict::Warning | Verdict::Fail | Verdict::Inconclusive
            );
            let tagged = case.scenario.requirements.iter();
            let always = Requirement::ALWAYS_ON
                .iter()
                .filter(|r| ran && !case.scenario.requirements.contains(r));
            let strays = finished
                .broken
                .iter()
                .filter(|r| !r.always_on() && !case.scenario.requirements.contains(r));
            for requirement in tagged.chain(always).chain(strays) {
                let judgement = judgements.entry(*requirement).or_insert(Judgement {
                    verdict: Verdict::NotApplicable,
                    scenarios: 0,
                    failed: Vec::new(),
                });
                judgement.scenarios += 1;
                let is_tagged = case.scenario.requirements.contains(requirement);
                let verdict = of_one(*requirement, finished, is_tagged);
                if weight(verdict) > weight(judgement.verdict) {
                    judgement.verdict = verdict;
                }
                if finished.broken.contains(requirement) {
                    judgement.failed.push(place);
                }
            }
        }
        judgements
    }
}

/// What one result says about one requirement.
fn of_one(requirement: Requirement, finished: &Finished, is_tagged: bool) -> Verdict {
    if finished.broken.contains(&requirement) {
        return match requirement.level() {
            Level::Must => Verdict::Fail,
            Level::Should => Verdict::Warning,
        };
    }
    match finished.verdict {
        // The scenario broke something else; this held.
        Verdict::Fail | Verdict::Warning | Verdict::Pass => Verdict::Pass,
        // What is always on was looked at all the same.
        Verdict::Inconclusive if !is_tagged => Verdict::Pass,
        other => other,
    }
}

/// The gravest of the verdicts on a requirement is the verdict on it.
const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Pass => 1,
        Verdict::Inconclusive => 2,
        Verdict::Error => 3,
        Verdict::Warning => 4,
        Verdict::Fail => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{case, finished, summary};
    use Requirement::{Rev01, Rev08, Txn03};

    fn verdict_of(summary: &Summary, requirement: Requirement) -> Verdict {
        summary.judgements()[&requirement].verdict
    }

    #[test]
    fn a_requirement_that_any_scenario_broke_is_broken() {
        let summary = summary(vec![
            (
                case("reversal/a", &[Rev01]),
                Some(finished(Verdict::Pass, &[])),
            ),
            (
                case("reversal/b", &[Rev01]),
                Some(finished(Verdict::Fail, &[Rev01])),
            ),
            (
                case("reversal/c", &[Rev01]),
                Some(finished(Verdict::Error, &[])),
            ),
        ]);
        let judgement = &summary.judgements()[&Rev01];
        assert_eq!(judgement.verdict, Verdict::Fail);
        assert_eq!(
            (judgement.scenarios, judgement.failed.clone()),
            (3, vec![1])
        );
        assert_eq!(summary.verdict(), RunVerdict::NotConformant);
    }

    #[test]
    fn what_is_always_on_fails_in_somebody_elses_scenario_and_that_ones_requirement_holds() {
        let summary = summary(vec![(
            case("reversal/a", &[Rev01]),
            Some(finished(Verdict::Fail, &[Txn03])),
        )]);
        assert_eq!(verdict_of(&summary, Txn03), Verdict::Fail);
        assert_eq!(verdict_of(&summary, Rev01), Verdict::Pass);
        assert_eq!(verdict_of(&summary, Requirement::Ux01), Verdict::Pass);
    }

    #[test]
    fn a_broken_should_is_a_warning_and_the_run_conformant() {
        let summary = summary(vec![(
            case("reversal/a", &[Rev08]),
            Some(finished(Verdict::Warning, &[Rev08])),
        )]);
        assert_eq!(verdict_of(&summary, Rev08), Verdict::Warning);
        assert_eq!(summary.verdict(), RunVerdict::Conformant);
        assert_eq!(summary.exit(), Exit::Conformant);
    }

    #[test]
    fn errors_outweigh_doubts_and_broken_requirements_both() {
        let error = || (case("a/e", &[Rev01]), Some(finished(Verdict::Error, &[])));
        let open = || {
            (
                case("a/o", &[Rev01]),
                Some(finished(Verdict::Inconclusive, &[])),
            )
        };
        let pass = || (case("a/p", &[Rev01]), Some(finished(Verdict::Pass, &[])));
        let fail = || {
            (
                case("a/f", &[Rev01]),
                Some(finished(Verdict::Fail, &[Rev01])),
            )
        };
        let missing = || (case("a/m", &[Rev01]), None);
        let na = || {
            (
                case("a/n", &[Rev01]),
                Some(finished(Verdict::NotApplicable, &[])),
            )
        };
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
        let summary = summary(vec![(
            case("a/n", &[Rev01]),
            Some(finished(Verdict::NotApplicable, &[])),
        )]);
        let judged: Vec<_> = summary.judgements().into_keys().collect();
        assert_eq!(judged, [Rev01]);
        assert_eq!(verdict_of(&summary, Rev01), Verdict::NotApplicable);
    }
}
