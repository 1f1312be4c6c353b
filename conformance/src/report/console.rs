//! The report of a run on the console: a table by area, the failures, the verdict.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterproof_scenarios::requirements::{Area, Requirement};
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::columns::{pad, pad_left, width};
use super::failure::{Telling, hanging};
use super::ranking::{Row, choose, rank};
use super::{glyph, headline};
use crate::run::replay::Replay;
use crate::run::summary::{Judgement, RunVerdict, Summary};
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
    /// The command that runs a case again.
    pub replay: &'a Replay,
    /// Where all results are, if anywhere.
    pub results: Option<&'a str>,
}

impl Report<'_> {
    /// The whole report.
    pub fn write(&self, summary: &Summary) -> String {
        let judgements = summary.judgements();
        let mut text = self.heading(summary);
        text.push_str(&self.areas(&judgements));
        text.push_str(&self.points(summary));
        let ranked = rank(&judgements);
        text.push_str(&self.broken(&ranked));
        text.push_str(&self.failures(summary, &ranked));
        text.push_str(&self.undecided(summary));
        text.push_str(&self.verdict(summary, &judgements));
        text
    }

    /// Only the verdict, in one line.
    pub fn verdict(
        &self,
        summary: &Summary,
        judgements: &BTreeMap<Requirement, Judgement>,
    ) -> String {
        let lang = self.lang();
        let of = |verdict| judgements.values().filter(|j| j.verdict == verdict).count();
        let style = self.telling.style;
        let ran = summary
            .finished()
            .filter(|(_, _, f)| f.verdict != Verdict::NotApplicable)
            .count();
        let (word, why) = match summary.verdict() {
            RunVerdict::Conformant => {
                let held = of(Verdict::Pass) + of(Verdict::Warning);
                (
                    style.green(texts::conformant(lang)),
                    texts::verdict_conformant(lang, held, ran),
                )
            }
            RunVerdict::NotConformant => {
                let fail = summary.count(Verdict::Fail);
                let why = texts::verdict_not_conformant(lang, of(Verdict::Fail), fail, ran);
                (style.red(texts::not_conformant(lang)), why)
            }
            RunVerdict::Incomplete => {
                let open = summary.count(Verdict::Inconclusive);
                let why = texts::verdict_incomplete(lang, open, summary.missing());
                (style.yellow(texts::incomplete(lang)), why)
            }
            RunVerdict::Error => {
                let why = texts::verdict_error(lang, summary.count(Verdict::Error));
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
        let terminal = summary.identity.as_ref().map_or_else(
            || "?".to_owned(),
            |identity| {
                let (vendor, name) = (&*identity.vendor, &*identity.name);
                // Many a product already has its maker's name in front.
                let vendor = if name.starts_with(vendor) { "" } else { vendor };
                let words = [vendor, name, &identity.version];
                let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
                super::actions::shown(&words.join(" "))
            },
        );
        let version = env!("CARGO_PKG_VERSION");
        let cases = summary.cases.len();
        let line = texts::heading(self.lang(), version, terminal, cases, summary.seed);
        format!("{}\n\n", self.telling.style.bold(&line))
    }

    /// One row an area: counts, and a character for each of its requirements.
    fn areas(&self, judgements: &BTreeMap<Requirement, Judgement>) -> String {
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
            let verdicts: Vec<Option<Verdict>> = of_area
                .iter()
                .map(|r| judgements.get(r).map(|j| j.verdict))
                .collect();
            uncovered.extend(
                of_area
                    .iter()
                    .filter(|r| !judgements.contains_key(r))
                    .map(|r| r.id()),
            );
            if verdicts.iter().all(Option::is_none) {
                continue;
            }
            text.push_str(&pad(&name(area), names));
            let counts: [&[Verdict]; 5] = [
                &[Verdict::Pass],
                &[Verdict::Fail],
                &[Verdict::Warning],
                &[Verdict::Inconclusive, Verdict::Error],
                &[Verdict::NotApplicable],
            ];
            for kinds in counts {
                let is = |verdict: &&Option<Verdict>| verdict.is_some_and(|v| kinds.contains(&v));
                let count = verdicts.iter().filter(is).count();
                let cell = if count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                };
                text.push_str("  ");
                text.push_str(&pad_left(&cell, 6));
            }
            text.push_str("  ");
            for verdict in verdicts {
                text.push_str(&self.mark(verdict));
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
        let _ = writeln!(text, "{}\n", self.telling.style.faint(texts::legend(lang)));
        text
    }

    /// At how many points the power was cut, where scenarios of the run did so at every one.
    fn points(&self, summary: &Summary) -> String {
        match summary.points() {
            0 => String::new(),
            points => format!("{}\n\n", texts::points(self.lang(), points)),
        }
    }

    fn mark(&self, verdict: Option<Verdict>) -> String {
        let style = self.telling.style;
        match verdict {
            None => style.faint("·"),
            Some(verdict @ Verdict::Pass) => style.green(glyph(verdict)),
            Some(verdict @ (Verdict::Fail | Verdict::Error)) => style.red(glyph(verdict)),
            Some(verdict @ (Verdict::Warning | Verdict::Inconclusive)) => {
                style.yellow(glyph(verdict))
            }
            Some(verdict @ Verdict::NotApplicable) => style.faint(glyph(verdict)),
        }
    }

    /// The broken requirements, nearest to the cause first, and how many scenarios broke each.
    fn broken(&self, ranked: &[(Requirement, &Judgement)]) -> String {
        let lang = self.lang();
        if ranked.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "{}\n",
            self.telling.style.bold(texts::broken_requirements(lang))
        );
        for (requirement, judgement) in ranked {
            let mark = self.mark(Some(judgement.verdict));
            let count = texts::scenarios_of(lang, judgement.failed.len(), judgement.scenarios);
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
    fn failures(&self, summary: &Summary, ranked: &[(Requirement, &Judgement)]) -> String {
        let bad = summary.finished().filter(|(_, _, f)| !f.broken.is_empty());
        let bad: Vec<Row<'_>> = bad.collect();
        let limit = if self.telling.whole {
            usize::MAX
        } else {
            IN_FULL
        };
        let (full, rest) = choose(&bad, ranked, limit);
        let mut text = String::new();
        for ((_, case, finished), main) in full {
            let replay = self.replay.command(case, finished.point());
            text.push_str(&self.telling.failure(case, finished, main, &replay));
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
        let broken_off: Vec<Row<'_>> = of(summary, Verdict::Error);
        if !broken_off.is_empty() {
            text.push_str(texts::broken_scenarios(lang));
            text.push('\n');
            text.push_str(&self.by_message(&broken_off));
        }
        let open: Vec<Row<'_>> = of(summary, Verdict::Inconclusive);
        if !open.is_empty() {
            text.push_str(texts::undecided_scenarios(lang));
            text.push('\n');
            text.push_str(&self.by_message(&open));
        }
        text
    }

    /// Rows that did not come to a verdict, those of one message together.
    fn by_message(&self, rows: &[Row<'_>]) -> String {
        let lang = self.lang();
        let mut groups: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
        for row in rows {
            let message = row.2.message.get(lang);
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
            let (_, case, finished) = group[0];
            let _ = writeln!(
                text,
                "{} {}",
                glyph(finished.verdict),
                headline(case, finished)
            );
            let message = super::mask::mask(message, self.telling.teller.show_codes);
            self.telling
                .item(&mut text, texts::happened(lang), &message);
            text.push_str(&self.telling.stderr(&finished.stderr));
            self.telling
                .command(&mut text, &self.replay.command(case, finished.point()));
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

    fn in_lines(&self, rows: &[Row<'_>]) -> String {
        let mut text = String::new();
        for (_, case, finished) in rows.iter().take(IN_LINES) {
            let mark = self.mark(Some(finished.verdict));
            let _ = writeln!(text, "{mark} {}", headline(case, finished));
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

fn of(summary: &Summary, verdict: Verdict) -> Vec<Row<'_>> {
    summary
        .finished()
        .filter(|(_, _, f)| f.verdict == verdict)
        .collect()
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::{Code06, Code07, Rev01, Rev08, Txn14};
    use counterproof_scenarios::verdict::Sentence;
    use counterproof_sim::iso8583::Dialect;
    use insta::assert_snapshot;

    use super::*;
    use crate::report::style::Style;
    use crate::report::testing::{CODE, case, finished, lost_answer, summary};
    use crate::report::timeline::Teller;
    use crate::run::summary::Finished;

    fn told(summary: &Summary, lang: Lang, show_codes: bool) -> String {
        let replay = Replay {
            terminal: Some("python3 till.py".into()),
            ..Replay::default()
        };
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
            replay: &replay,
            results: Some("out/results.json"),
        };
        report
            .write(summary)
            .replace(env!("CARGO_PKG_VERSION"), "x.y.z")
    }

    fn mixed() -> Summary {
        let says = |finished: Finished, en: &str, zh: &str| Finished {
            message: Sentence::new(en, zh),
            ..finished
        };
        summary(vec![
            (case("reversal/silence", &[Rev01]), Some(lost_answer())),
            (
                case("reversal/nothing-sent", &[Rev08]),
                Some(finished(Verdict::Pass, &[])),
            ),
            (
                case("code/keypad", &[Code06]),
                Some(says(
                    finished(Verdict::NotApplicable, &[]),
                    "the terminal does not claim manualCode",
                    "终端未声明支持manualCode",
                )),
            ),
            (
                case("code/shown", &[Code07]),
                Some(says(
                    finished(Verdict::Inconclusive, &[]),
                    "a fault was armed and never fired",
                    "已设定的故障未触发",
                )),
            ),
            (
                case("transaction/receipt", &[Txn14]),
                Some(says(
                    finished(Verdict::Error, &[]),
                    "the terminal ended",
                    "终端结束了",
                )),
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
            let result = finished(Verdict::Fail, &[Rev01]);
            (
                case(&format!("reversal/case-{n:02}"), &[Rev01]),
                Some(result),
            )
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
        let summary = mixed();
        let replay = Replay::default();
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
            replay: &replay,
            results: None,
        };
        assert_eq!(
            report.verdict(&summary, &summary.judgements()),
            "\u{1b}[1m\u{1b}[31mNOT CONFORMANT\u{1b}[0m\u{1b}[0m: requirements broken: 1, in 1 of 4 scenarios\n"
        );
    }
}
