//! JUnit XML: `junit.xml`. A suite a feature file, a case a case, with names that do not change when a
//! line moves. There is no standard; what is written here is what CI systems agree on.
//!
//! | outcome | in JUnit |
//! | --- | --- |
//! | pass, warning | passed; a warning says so in `system-out` |
//! | fail | `failure` |
//! | error, inconclusive, not run | `error`: the terminal was not judged |
//! | not applicable, expected failure | `skipped`, with the reason |

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::time::Duration;

use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::plain::{message, story, visible};
use crate::evidence::{CaseEvidence, Outcome, Reporter, RunEnd, RunHeader};
use crate::texts::formats as texts;

/// Name of the file.
pub const FILE: &str = "junit.xml";

/// `junit.xml` in the making.
#[derive(Debug)]
pub struct Junit {
    path: PathBuf,
    lang: Lang,
    header: Option<RunHeader>,
    suites: Vec<(String, TestSuite)>,
}

impl Junit {
    /// The file at `path`, with its sentences in `lang`.
    pub const fn new(path: PathBuf, lang: Lang) -> Self {
        Self {
            path,
            lang,
            header: None,
            suites: Vec::new(),
        }
    }

    fn suite_of(&mut self, case: &CaseEvidence) -> &mut TestSuite {
        let path = &case.scenario.path;
        let place = self.suites.iter().position(|(known, _)| known == path);
        let place = place.unwrap_or_else(|| {
            let mut suite = TestSuite::new(visible(path));
            suite.add_property(Property::new("feature", visible(&case.scenario.feature)));
            self.suites.push((path.clone(), suite));
            self.suites.len() - 1
        });
        &mut self.suites[place].1
    }

    fn why(&self, case: &CaseEvidence) -> String {
        let header = self.header.as_ref();
        let entries = header.and_then(|header| header.expectations.as_ref());
        let reasons = entries.iter().flat_map(|file| &file.entries);
        let reasons: Vec<&str> = reasons
            .filter(|entry| case.expected.contains(&entry.requirement) && entry.speaks_of(case))
            .map(|entry| &*entry.reason)
            .collect();
        visible(&texts::expected_because(self.lang, reasons.join("; ")))
    }

    fn status(&self, case: &CaseEvidence) -> TestCaseStatus {
        let lang = self.lang;
        let ids: Vec<&str> = case.broken.iter().map(|r| r.id()).collect();
        match case.outcome() {
            Outcome::Pass | Outcome::Warning => TestCaseStatus::success(),
            Outcome::NotApplicable => {
                let mut status = TestCaseStatus::skipped();
                status
                    .set_type("notApplicable")
                    .set_message(message(case, lang));
                status
            }
            Outcome::ExpectedFailure => {
                let mut status = TestCaseStatus::skipped();
                status
                    .set_type("expectedFailure")
                    .set_message(self.why(case))
                    .set_description(story(case, lang).join("\n"));
                status
            }
            outcome
            @ (Outcome::Fail | Outcome::Error | Outcome::Inconclusive | Outcome::NotRun) => {
                let (kind, ty) = match outcome {
                    Outcome::Fail => (NonSuccessKind::Failure, ids.join(" ")),
                    Outcome::Inconclusive => (NonSuccessKind::Error, "inconclusive".to_owned()),
                    Outcome::NotRun => (NonSuccessKind::Error, "notRun".to_owned()),
                    _ => (NonSuccessKind::Error, "error".to_owned()),
                };
                let mut status = TestCaseStatus::non_success(kind);
                status
                    .set_type(ty)
                    .set_message(message(case, lang))
                    .set_description(story(case, lang).join("\n"));
                status
            }
        }
    }
}

impl Reporter for Junit {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let area = case.id.split_once('/').map_or("", |(area, _)| area);
        let name = case.id.split_once('/').map_or(&*case.id, |(_, name)| name);
        let mut test = TestCase::new(visible(name), self.status(case));
        test.set_classname(visible(&format!("counterproof.{area}")));
        // The simulated time, so that the same run is the same file.
        test.set_time(Duration::from_micros(case.took.as_micros()));
        let requirements: Vec<&str> = case.scenario.requirements.iter().map(|r| r.id()).collect();
        test.add_property(Property::new("title", visible(&case.scenario.title)));
        test.add_property(Property::new("requirements", requirements.join(" ")));
        test.add_property(Property::new("seed", case.seed.to_string()));
        if let Some(profile) = &case.profile {
            test.add_property(Property::new("profile", profile));
        }
        if let Some(wallet) = case.wallet {
            test.add_property(Property::new("wallet", wallet.id()));
        }
        if let Some(digest) = case.record_digest {
            test.add_property(Property::new("recordDigest", digest.to_string()));
        }
        test.add_property(Property::new("replay", visible(&case.replay)));
        if case.outcome() == Outcome::Warning {
            test.set_system_out(story(case, self.lang).join("\n"));
        }
        if !case.stderr.is_empty() {
            test.set_system_err(visible(&case.stderr));
        }
        self.suite_of(case).add_test_case(test);
        Ok(())
    }

    fn end(&mut self, _: &RunEnd) -> io::Result<()> {
        let mut report = Report::new("counterproof");
        for (_, mut suite) in std::mem::take(&mut self.suites) {
            if let Some(header) = &self.header {
                suite.add_property(Property::new("suite", header.suite.to_string()));
                suite.add_property(Property::new("seed", header.seed.to_string()));
                suite.add_property(Property::new("mode", header.mode()));
                suite.add_property(Property::new("terminal", visible(&header.product())));
            }
            let times = suite.test_cases.iter().filter_map(|case| case.time);
            suite.set_time(times.sum());
            report.add_test_suite(suite);
        }
        report.set_time(
            report
                .test_suites
                .iter()
                .filter_map(|suite| suite.time)
                .sum(),
        );
        let file = BufWriter::new(File::create(&self.path)?);
        report.serialize(file).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::{Rev01, Rev08};
    use counterproof_scenarios::verdict::{Sentence, Verdict};

    use super::*;
    use crate::report::testing::{case, ended, header, lost_answer};

    fn written(cases: Vec<CaseEvidence>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut junit = Junit::new(path.clone(), Lang::En);
        junit.begin(&header(cases.len())).unwrap();
        for case in &cases {
            junit.case(case).unwrap();
        }
        let end = crate::report::testing::summary(cases).end;
        junit.end(&end).unwrap();
        let xml = std::fs::read_to_string(&path).unwrap();
        xml.replace(env!("CARGO_PKG_VERSION"), "x.y.z")
    }

    #[test]
    fn every_outcome_has_its_place() {
        insta::assert_snapshot!(written(vec![
            lost_answer(case("reversal/silence", &[Rev01])),
            ended(case("reversal/passed", &[Rev01]), Verdict::Pass, &[]),
            ended(
                case("reversal/warned", &[Rev08]),
                Verdict::Warning,
                &[Rev08]
            ),
            ended(case("code/skipped", &[Rev01]), Verdict::NotApplicable, &[]),
            ended(case("code/open", &[Rev01]), Verdict::Inconclusive, &[]),
            ended(case("code/broken-off", &[Rev01]), Verdict::Error, &[]),
            case("code/stopped", &[Rev01]),
        ]));
    }

    #[test]
    fn what_xml_forbids_is_not_in_it() {
        let every: String = (0..0x20)
            .chain([0x7F, 0x85, 0xFFFE, 0xFFFF])
            .filter_map(char::from_u32)
            .collect();
        let text = format!("a{every}]]>&<b \u{1b}[2Jc");
        let xml = written(vec![CaseEvidence {
            message: Sentence::new(&text, &text),
            stderr: text,
            ..ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Rev01])
        }]);
        let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7E}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..);
        let strange: Vec<char> = xml.chars().filter(|c| !is_allowed(*c)).collect();
        assert!(strange.is_empty(), "{strange:?}");
        let report = Report::deserialize_from_str(&xml).unwrap();
        assert_eq!(report.failures, 1);
    }
}
