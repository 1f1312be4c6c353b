//! The report of a run on the console: a table by area, the failures, the verdict.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterproof_scenarios::case::Varied;
use counterproof_scenarios::requirements::{Area, Requirement};
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::columns::{pad, pad_left, width};
use super::failure::{Telling, hanging};
use super::ranking::{choose, rank};
use super::{glyph, headline, practices};
use crate::evidence::end::ExpectationEnd;
use crate::evidence::{CaseEvidence, Outcome, RequirementEnd, RunVerdict};
use crate::run::summary::Summary;
use crate::texts::report as texts;

/// Failures that are told in full, unless all are asked for.
const IN_FULL: usize = 10;
/// Requirements that a selection leaves out and that are still named.
const FEW: usize = 24;
/// Further ones that have a line each.
const IN_LINES: usize = 40;

/// How a run is told.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// How failures are told.
    pub telling: Telling<'a>,
    /// Where all results are, if anywhere.
    pub results: Option<&'a str>,
}

impl Report<'_> {
    /// The whole report.
    pub fn write(&self, summary: &Summary) -> String {
        let ends = &summary.end.requirements;
        let mut text = self.heading(summary);
        text.push_str(&self.areas(ends));
        text.push_str(&self.points(summary));
        text.push_str(&self.practices(summary));
        let ranked = rank(ends);
        text.push_str(&self.broken(&ranked));
        text.push_str(&self.failures(summary, &ranked));
        text.push_str(&self.undecided(summary));
        text.push_str(&self.expectations(summary));
        text.push_str(&self.verdict(summary));
        text
    }

    /// Only the verdict, in one line.
    pub fn verdict(&self, summary: &Summary) -> String {
        let lang = self.lang();
        let (ends, counts) = (&summary.end.requirements, &summary.end.counts);
        let of = |outcome| ends.values().filter(|end| end.outcome == outcome).count();
        let style = self.telling.style;
        let ran = counts.total() - counts.not_applicable - counts.not_run;
        let (word, why) = match summary.verdict() {
            RunVerdict::Conformant => {
                let held = of(Outcome::Pass) + of(Outcome::Warning);
                (
                    style.green(texts::conformant(lang)),
                    texts::verdict_conformant(lang, held, ran),
                )
            }
            RunVerdict::NotConformant => {
                let why = texts::verdict_not_conformant(lang, of(Outcome::Fail), counts.fail, ran);
                (style.red(texts::not_conformant(lang)), why)
            }
            RunVerdict::AsExpected => {
                let (expected, cases) = (of(Outcome::ExpectedFailure), counts.expected_failure);
                let why = texts::verdict_as_expected(lang, expected, cases, ran);
                (style.yellow(texts::as_expected(lang)), why)
            }
            RunVerdict::Stale => {
                let stale = summary.end.expectations.iter();
                let stale = stale.filter(|end| **end == ExpectationEnd::Stale).count();
                let why = texts::verdict_stale(lang, stale);
                (style.red(texts::stale(lang)), why)
            }
            RunVerdict::Incomplete => {
                let why = texts::verdict_incomplete(lang, counts.inconclusive, counts.not_run);
                (style.yellow(texts::incomplete(lang)), why)
            }
            RunVerdict::Error => {
                let why = texts::verdict_error(lang, counts.error);
                (style.red(texts::error(lang)), why)
            }
        };
        let colon = match lang {
            Lang::En => ": ",
            Lang::Zh => "：",
        };
        format!("{}{colon}{why}\n", style.bold(&word))
    }

    const fn lang(&self) -> Lang {
        self.telling.teller.lang
    }

    fn heading(&self, summary: &Summary) -> String {
        let terminal = super::actions::shown(&summary.header.product());
        let version = &summary.header.version;
        let cases = summary.cases.len();
        let line = texts::heading(self.lang(), version, terminal, cases, summary.header.seed);
        let line = self.telling.style.bold(&line);
        match summary.header.live {
            // What may be undecided because of the clock is read beside how exact the clock was.
            Some(pace) => format!("{line}\n{pace}\n\n"),
            None => format!("{line}\n\n"),
        }
    }

    /// One row an area: counts, and a character for each of its requirements.
    fn areas(&self, ends: &BTreeMap<Requirement, RequirementEnd>) -> String {
        let lang = self.lang();
        let name = |area: &Area| format!("{}  {}", pad(area.id(), 4), area.name(lang));
        let names = Area::ALL
            .iter()
            .map(|area| width(&name(area)))
            .max()
            .unwrap_or(0);
        let heads = [
            texts::held(lang),
            texts::broken(lang),
            texts::warned(lang),
            texts::open(lang),
            texts::not_applicable(lang),
        ];
        let mut text = pad(texts::area(lang), names);
        for head in heads {
            text.push_str("  ");
            text.push_str(&pad_left(head, 6));
        }
        text.push('\n');
        let mut uncovered = Vec::new();
        for area in Area::ALL {
            let of_area: Vec<Requirement> = Requirement::ALL
                .iter()
                .copied()
                .filter(|r| r.area() == *area)
                .collect();
            let outcomes: Vec<Option<Outcome>> = of_area
                .iter()
                .map(|r| ends.get(r).map(|end| end.outcome))
                .collect();
            uncovered.extend(
                of_area
                    .iter()
                    .filter(|r| !ends.contains_key(r))
                    .map(|r| r.id()),
            );
            if outcomes.iter().all(Option::is_none) {
                continue;
            }
            text.push_str(&pad(&name(area), names));
            let counts: [&[Outcome]; 5] = [
                &[Outcome::Pass],
                &[Outcome::Fail, Outcome::ExpectedFailure],
                &[Outcome::Warning],
                &[Outcome::Inconclusive, Outcome::Error, Outcome::NotRun],
                &[Outcome::NotApplicable],
            ];
            for kinds in counts {
                let is = |outcome: &&Option<Outcome>| outcome.is_some_and(|o| kinds.contains(&o));
                let count = outcomes.iter().filter(is).count();
                let cell = if count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                };
                text.push_str("  ");
                text.push_str(&pad_left(&cell, 6));
            }
            text.push_str("  ");
            for outcome in outcomes {
                text.push_str(&self.mark(outcome));
            }
            text.push('\n');
        }
        let line = match uncovered.len() {
            0 => None,
            count if count > FEW => {
                Some(texts::many_not_covered(lang, count, Requirement::ALL.len()))
            }
            _ => Some(texts::not_covered(lang, uncovered.join(" "))),
        };
        for line in line.iter().flat_map(|line| super::columns::wrap(line, 110)) {
            text.push_str(&self.telling.style.faint(&line));
            text.push('\n');
        }
        let mut legend = texts::legend(lang).to_owned();
        if ends
            .values()
            .any(|end| end.outcome == Outcome::ExpectedFailure)
        {
            legend = format!("{legend}  {}", texts::legend_expected(lang));
        }
        let _ = writeln!(text, "{}\n", self.telling.style.faint(&legend));
        text
    }

    /// At how many points the power was cut and at how many places storage was damaged, where scenarios
    /// of the run did so at every one.
    fn points(&self, summary: &Summary) -> String {
        let lang = self.lang();
        let (cuts, places) = (summary.points(Varied::Cuts), summary.points(Varied::Places));
        let mut text = String::new();
        if cuts > 0 {
            let _ = writeln!(text, "{}", texts::points(lang, cuts));
        }
        if places > 0 {
            let _ = writeln!(text, "{}", texts::places(lang, places));
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// What the terminal does where the sources disagree.
    fn practices(&self, summary: &Summary) -> String {
        let lang = self.lang();
        let ends = &summary.end.practices;
        let mut text = String::new();
        let names = ends.keys().map(|practice| width(practice.name(lang)));
        let names = names.max().unwrap_or(0);
        for (practice, end) in ends {
            let name = pad(practice.name(lang), names);
            let _ = writeln!(text, "  {name}  {}", practices::seen(end, lang));
        }
        if !text.is_empty() {
            text = format!("{}\n{text}\n", texts::practices(lang));
        }
        text
    }

    fn mark(&self, outcome: Option<Outcome>) -> String {
        let style = self.telling.style;
        match outcome {
            None => style.faint("·"),
            Some(outcome) => style.outcome(outcome, glyph(outcome)),
        }
    }

    /// The broken requirements, nearest to the cause first, and how many scenarios broke each.
    fn broken(&self, ranked: &[(Requirement, &RequirementEnd)]) -> String {
        let lang = self.lang();
        if ranked.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "{}\n",
            self.telling.style.bold(texts::broken_requirements(lang))
        );
        for (requirement, end) in ranked {
            let mark = self.mark(Some(end.outcome));
            let count = texts::scenarios_of(lang, end.failed.len(), end.scenarios);
            let lead = format!(
                "  {mark} {}  {}  ",
                pad(requirement.id(), 7),
                pad_left(&count, 10)
            );
            let indent = 2 + 2 + 7 + 2 + 10;
            let sentence = hanging(requirement.sentence(lang), "", indent + 2);
            text.push_str(&lead);
            text.push_str(&sentence);
        }
        text.push('\n');
        text
    }

    /// Those that broke a requirement: some in full, the others in a line each.
    fn failures(&self, summary: &Summary, ranked: &[(Requirement, &RequirementEnd)]) -> String {
        // What was expected is no news: the table of requirements has it.
        let bad = summary
            .cases
            .iter()
            .filter(|case| !case.broken.is_empty() && case.outcome() != Outcome::ExpectedFailure);
        let bad: Vec<&CaseEvidence> = bad.collect();
        let limit = if self.telling.whole {
            usize::MAX
        } else {
            IN_FULL
        };
        let (full, rest) = choose(&bad, ranked, limit);
        let mut text = String::new();
        for (case, main) in full {
            text.push_str(&self.telling.failure(case, main));
            text.push('\n');
        }
        if !rest.is_empty() {
            text.push_str(&self.telling.style.bold(texts::more_failures(self.lang())));
            text.push('\n');
            text.push_str(&self.in_lines(&rest));
        }
        text
    }

    /// Those that broke off, and those that could not be decided.
    fn undecided(&self, summary: &Summary) -> String {
        let lang = self.lang();
        let mut text = String::new();
        let broken_off: Vec<&CaseEvidence> = summary.of(Outcome::Error).collect();
        if !broken_off.is_empty() {
            text.push_str(texts::broken_scenarios(lang));
            text.push('\n');
            text.push_str(&self.by_message(&broken_off));
        }
        let open: Vec<&CaseEvidence> = summary.of(Outcome::Inconclusive).collect();
        if !open.is_empty() {
            text.push_str(texts::undecided_scenarios(lang));
            text.push('\n');
            text.push_str(&self.by_message(&open));
        }
        text
    }

    /// What became of the failures that are expected, as far as it is news.
    fn expectations(&self, summary: &Summary) -> String {
        let lang = self.lang();
        let entries = summary.header.expectations.iter();
        let entries =
            entries.flat_map(|file| file.entries.iter().map(|entry| (&*file.file, entry)));
        let mut text = String::new();
        for ((file, entry), end) in entries.zip(&summary.end.expectations) {
            let line = match end {
                ExpectationEnd::Stale => texts::expectation_stale(lang, file, entry),
                ExpectationEnd::Expired => texts::expectation_expired(lang, file, entry),
                ExpectationEnd::Met | ExpectationEnd::NotTried => continue,
            };
            let _ = writeln!(text, "{}", self.telling.style.yellow(&line));
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// Rows that did not come to a verdict, those of one message together.
    fn by_message(&self, rows: &[&CaseEvidence]) -> String {
        let lang = self.lang();
        let mut groups: Vec<(&str, Vec<&CaseEvidence>)> = Vec::new();
        for row in rows {
            let message = row.message.get(lang);
            match groups.iter_mut().find(|(other, _)| *other == message) {
                Some((_, group)) => group.push(*row),
                None => groups.push((message, vec![*row])),
            }
        }
        let mut text = String::new();
        let shown = if self.telling.whole {
            usize::MAX
        } else {
            IN_FULL
        };
        for (message, group) in groups.iter().take(shown) {
            let case = group[0];
            let _ = writeln!(text, "{} {}", glyph(case.outcome()), headline(case));
            let message = super::mask::mask(message, self.telling.teller.show_codes);
            self.telling
                .item(&mut text, texts::happened(lang), &message);
            text.push_str(&self.telling.stderr(&case.stderr));
            self.telling.command(&mut text, &case.replay);
            if group.len() > 1 {
                let _ = writeln!(text, "  {}", texts::and_more(lang, group.len() - 1));
            }
        }
        if groups.len() > shown {
            text.push_str(&self.where_all(groups.len() - shown));
        }
        text.push('\n');
        text
    }

    fn in_lines(&self, rows: &[&CaseEvidence]) -> String {
        let mut text = String::new();
        for case in rows.iter().take(IN_LINES) {
            let mark = self.mark(Some(case.outcome()));
            let _ = writeln!(text, "{mark} {}", headline(case));
        }
        text.push_str(&self.where_all(rows.len().saturating_sub(IN_LINES)));
        text.push('\n');
        text
    }

    fn where_all(&self, more: usize) -> String {
        let lang = self.lang();
        let mut text = String::new();
        if more > 0 {
            let _ = writeln!(text, "  {}", texts::and_more(lang, more));
        }
        let all = match self.results {
            Some(path) => texts::see_results(lang, path),
            None => texts::see_verbose(lang),
        };
        let _ = writeln!(text, "  {}", self.telling.style.faint(&all));
        text
    }
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::{Code06, Code07, Rev01, Rev08, Txn14};
    use counterproof_scenarios::verdict::{Sentence, Verdict};
    use counterproof_sim::iso8583::Dialect;
    use insta::assert_snapshot;

    use super::*;
    use crate::report::style::Style;
    use crate::report::testing::{CODE, case, ended, lost_answer, summary};
    use crate::report::timeline::Teller;

    fn told(summary: &Summary, lang: Lang, show_codes: bool) -> String {
        let report = Report {
            telling: Telling {
                teller: Teller {
                    dialect: Dialect::cup(),
                    lang,
                    show_codes,
                },
                style: Style::default(),
                whole: false,
            },
            results: Some("out/results.json"),
        };
        report
            .write(summary)
            .replace(env!("CARGO_PKG_VERSION"), "x.y.z")
    }

    fn mixed() -> Summary {
        let says = |case: CaseEvidence, verdict, en: &str, zh: &str| CaseEvidence {
            message: Sentence::new(en, zh),
            ..ended(case, verdict, &[])
        };
        summary(vec![
            lost_answer(case("reversal/silence", &[Rev01])),
            ended(case("reversal/nothing-sent", &[Rev08]), Verdict::Pass, &[]),
            says(
                case("code/keypad", &[Code06]),
                Verdict::NotApplicable,
                "the terminal does not claim manualCode",
                "终端未声明支持manualCode",
            ),
            says(
                case("code/shown", &[Code07]),
                Verdict::Inconclusive,
                "a fault was armed and never fired",
                "已设定的故障未触发",
            ),
            says(
                case("transaction/receipt", &[Txn14]),
                Verdict::Error,
                "the terminal ended",
                "终端结束了",
            ),
        ])
    }

    #[test]
    fn a_run_is_told_in_english() {
        assert_snapshot!(told(&mixed(), Lang::En, false));
    }

    #[test]
    fn a_run_is_told_in_chinese() {
        assert_snapshot!(told(&mixed(), Lang::Zh, false));
    }

    #[test]
    fn codes_are_masked_unless_they_are_asked_for() {
        for lang in [Lang::En, Lang::Zh] {
            assert!(!told(&mixed(), lang, false).contains(CODE));
            // Presented, read, sent, received, displayed, on standard error.
            assert_eq!(told(&mixed(), lang, true).matches(CODE).count(), 6);
        }
    }

    #[test]
    fn ten_failures_at_most_are_told_in_full_and_none_is_left_out() {
        let rows = (0..60).map(|n| {
            let case = case(&format!("reversal/case-{n:02}"), &[Rev01]);
            ended(case, Verdict::Fail, &[Rev01])
        });
        let text = told(&summary(rows.collect()), Lang::En, false);
        assert_eq!(
            text.matches("likely").count(),
            3,
            "the same thing again is not news"
        );
        assert!(text.contains("✗ REV-01  reversal/case-42#1"));
        assert!(text.contains("… and 17 more\n") && text.contains("out/results.json"));
    }

    #[test]
    fn only_the_verdict_is_one_line() {
        let telling = Telling {
            teller: Teller {
                dialect: Dialect::cup(),
                lang: Lang::En,
                show_codes: false,
            },
            style: Style { colored: true },
            whole: false,
        };
        let report = Report {
            telling,
            results: None,
        };
        assert_eq!(
            report.verdict(&mixed()),
            "\u{1b}[1m\u{1b}[31mNOT CONFORMANT\u{1b}[0m\u{1b}[0m: requirements broken: 1, in 1 of 4 scenarios\n"
        );
    }
}
