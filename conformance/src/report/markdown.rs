//! Markdown: `summary.md`, which GitHub shows as the summary of a step. Bounded, whatever happens in a
//! run: the step summary of GitHub ends at one mebibyte.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use counterproof_scenarios::requirements::Area;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::glyph;
use super::plain::{message, story, visible};
use super::practices;
use crate::evidence::end::ExpectationEnd;
use crate::evidence::{CaseEvidence, Outcome, Reporter, RunEnd, RunHeader, RunVerdict};
use crate::texts::{formats as texts, report as words};

/// Name of the file.
pub const FILE: &str = "summary.md";

/// Scenarios that are told in full.
const TOLD: usize = 30;

/// `summary.md` in the making.
#[derive(Debug)]
pub struct Markdown {
    path: PathBuf,
    /// A file to which the same is appended.
    summary: Option<PathBuf>,
    lang: Lang,
    header: Option<RunHeader>,
    failures: Chosen,
    undecided: Chosen,
}

/// The first of many, and how many there are.
#[derive(Debug, Default)]
struct Chosen {
    told: Vec<CaseEvidence>,
    count: usize,
}

impl Chosen {
    fn add(&mut self, case: &CaseEvidence) {
        self.count += 1;
        if self.told.len() < TOLD {
            let mut case = case.clone();
            case.record = None;
            self.told.push(case);
        }
    }
}

impl Markdown {
    /// The file at `path`, in `lang`, and once more at the end of `summary`.
    pub fn new(path: PathBuf, summary: Option<PathBuf>, lang: Lang) -> Self {
        Self {
            path,
            summary,
            lang,
            header: None,
            failures: Chosen::default(),
            undecided: Chosen::default(),
        }
    }

    fn text(&self, header: &RunHeader, end: &RunEnd) -> String {
        let mut text = self.heading(header, end);
        self.areas(&mut text, end);
        self.broken(&mut text, end);
        self.practices(&mut text, end);
        self.expectations(&mut text, header, end);
        self.cases(&mut text, texts::failures(self.lang), &self.failures);
        self.cases(&mut text, texts::undecided(self.lang), &self.undecided);
        text
    }

    fn heading(&self, header: &RunHeader, end: &RunEnd) -> String {
        let lang = self.lang;
        let mut text = format!(
            "# counterproof: {} {}\n\n",
            verdict_mark(end.verdict),
            verdict_word(end.verdict, lang)
        );
        let counts: Vec<String> = Outcome::ALL
            .iter()
            .filter(|outcome| end.counts.of(**outcome) > 0)
            .map(|outcome| {
                let count = end.counts.of(*outcome);
                format!(
                    "{} {} {count}",
                    glyph(*outcome),
                    outcome_word(*outcome, lang)
                )
            })
            .collect();
        let _ = writeln!(text, "{}\n", counts.join(" · "));
        let mut row = |name: &str, value: &str| {
            let _ = writeln!(text, "- {name}: {}", inline(value));
        };
        row(texts::terminal(lang), &header.product());
        if header.live.is_some() {
            row(texts::mode(lang), &header.mode());
        }
        row(
            texts::suite(lang),
            &format!("{} {}", header.version, header.suite),
        );
        let seed = if header.seeds > 1 {
            format!("{} (× {})", header.seed, header.seeds)
        } else {
            header.seed.to_string()
        };
        row(texts::seed(lang), &seed);
        if !header.profiles.is_empty() {
            row(texts::profiles(lang), &header.profiles.join(", "));
        }
        if !header.wallets.is_empty() {
            let wallets: Vec<&str> = header
                .wallets
                .iter()
                .map(|wallet| wallet.name(lang))
                .collect();
            row(texts::wallets(lang), &wallets.join(", "));
        }
        if let Some(shard) = header.shard {
            row(texts::shard(lang), &shard.to_string());
        }
        text.push('\n');
        text
    }

    fn areas(&self, text: &mut String, end: &RunEnd) {
        let lang = self.lang;
        let heads = [
            words::held(lang),
            words::broken(lang),
            words::warned(lang),
            words::open(lang),
            words::not_applicable(lang),
        ];
        let _ = writeln!(text, "| {} | {} |", texts::area(lang), heads.join(" | "));
        text.push_str("| --- | --: | --: | --: | --: | --: |\n");
        for area in Area::ALL {
            let of_area = end.requirements.iter().filter(|(r, _)| r.area() == *area);
            let outcomes: Vec<Outcome> = of_area.map(|(_, end)| end.outcome).collect();
            if outcomes.is_empty() {
                continue;
            }
            let count = |kinds: &[Outcome]| {
                let count = outcomes.iter().filter(|o| kinds.contains(o)).count();
                if count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                }
            };
            let _ = writeln!(
                text,
                "| {} {} | {} | {} | {} | {} | {} |",
                area.id(),
                area.name(lang),
                count(&[Outcome::Pass]),
                count(&[Outcome::Fail, Outcome::ExpectedFailure]),
                count(&[Outcome::Warning]),
                count(&[Outcome::Inconclusive, Outcome::Error, Outcome::NotRun]),
                count(&[Outcome::NotApplicable]),
            );
        }
        text.push('\n');
    }

    fn broken(&self, text: &mut String, end: &RunEnd) {
        let lang = self.lang;
        let ranked = super::ranking::rank(&end.requirements);
        if ranked.is_empty() {
            return;
        }
        let _ = writeln!(text, "## {}\n", texts::broken(lang));
        let _ = writeln!(
            text,
            "| | {} | {} | {} |\n| --- | --- | --- | --: |",
            texts::requirement(lang),
            texts::sentence(lang),
            texts::scenarios(lang)
        );
        for (requirement, end) in ranked {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                glyph(end.outcome),
                requirement.id(),
                inline(requirement.sentence(lang)),
                words::scenarios_of(lang, end.failed.len(), end.scenarios)
            );
        }
        text.push('\n');
    }

    fn practices(&self, text: &mut String, end: &RunEnd) {
        let lang = self.lang;
        if end.practices.is_empty() {
            return;
        }
        let _ = writeln!(text, "## {}\n", words::practices(lang));
        let _ = writeln!(
            text,
            "| {} | {} |\n| --- | --- |",
            texts::practice(lang),
            texts::seen(lang)
        );
        for (practice, end) in &end.practices {
            let (name, seen) = (practice.name(lang), practices::seen(end, lang));
            let _ = writeln!(text, "| {name} | {seen} |");
        }
        text.push('\n');
    }

    fn expectations(&self, text: &mut String, header: &RunHeader, end: &RunEnd) {
        let lang = self.lang;
        let Some(file) = &header.expectations else {
            return;
        };
        let _ = writeln!(text, "## {}\n", texts::expected_failures(lang));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |\n| --- | --- | --- | --- |",
            texts::requirement(lang),
            texts::reason(lang),
            texts::until(lang),
            texts::state(lang)
        );
        for (entry, state) in file.entries.iter().zip(&end.expectations) {
            let reason = match &entry.link {
                Some(link) => format!("{} {}", inline(&entry.reason), inline(link)),
                None => inline(&entry.reason),
            };
            let _ = writeln!(
                text,
                "| {} | {reason} | {} | {} |",
                inline(&entry.to_string()),
                inline(entry.expires.as_deref().unwrap_or("–")),
                expectation_word(*state, lang)
            );
        }
        text.push('\n');
    }

    fn cases(&self, text: &mut String, heading: &str, chosen: &Chosen) {
        if chosen.count == 0 {
            return;
        }
        let _ = writeln!(text, "## {heading}\n");
        for case in &chosen.told {
            let _ = writeln!(
                text,
                "<details><summary>{} {} – {}</summary>\n",
                glyph(case.outcome()),
                html(&case.id),
                html(&message(case, self.lang))
            );
            let place = inline(&case.place_in_file());
            let _ = writeln!(
                text,
                "{place}\n\n{}",
                fenced(&story(case, self.lang).join("\n"))
            );
            text.push_str("</details>\n\n");
        }
        let more = chosen.count - chosen.told.len();
        if more > 0 {
            let _ = writeln!(text, "{}\n", texts::more_than_shown(self.lang, more));
        }
    }
}

impl Reporter for Markdown {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        match case.outcome() {
            Outcome::Fail | Outcome::Warning => self.failures.add(case),
            Outcome::Error | Outcome::Inconclusive | Outcome::NotRun => self.undecided.add(case),
            Outcome::Pass | Outcome::NotApplicable | Outcome::ExpectedFailure => {}
        }
        Ok(())
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Ok(());
        };
        let text = self.text(&header, end);
        File::create(&self.path)?.write_all(text.as_bytes())?;
        match &self.summary {
            Some(summary) => {
                let mut file = OpenOptions::new().create(true).append(true).open(summary)?;
                file.write_all(text.as_bytes())
            }
            None => Ok(()),
        }
    }
}

/// The verdict of a run in words.
pub const fn verdict_word(verdict: RunVerdict, lang: Lang) -> &'static str {
    match verdict {
        RunVerdict::Conformant => words::conformant(lang),
        RunVerdict::AsExpected => words::as_expected(lang),
        RunVerdict::NotConformant => words::not_conformant(lang),
        RunVerdict::Stale => words::stale(lang),
        RunVerdict::Incomplete => words::incomplete(lang),
        RunVerdict::Error => words::error(lang),
    }
}

const fn verdict_mark(verdict: RunVerdict) -> &'static str {
    glyph(match verdict {
        RunVerdict::Conformant => Outcome::Pass,
        RunVerdict::AsExpected => Outcome::ExpectedFailure,
        RunVerdict::NotConformant | RunVerdict::Stale => Outcome::Fail,
        RunVerdict::Incomplete => Outcome::Inconclusive,
        RunVerdict::Error => Outcome::Error,
    })
}

/// An outcome in words.
pub const fn outcome_word(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Pass => texts::pass(lang),
        Outcome::Warning => texts::warning(lang),
        Outcome::Fail => texts::fail(lang),
        Outcome::ExpectedFailure => texts::expected_failure(lang),
        Outcome::NotApplicable => texts::not_applicable(lang),
        Outcome::Inconclusive => texts::inconclusive(lang),
        Outcome::Error => texts::error(lang),
        Outcome::NotRun => texts::not_run(lang),
    }
}

/// What became of an expectation, in words.
pub const fn expectation_word(state: ExpectationEnd, lang: Lang) -> &'static str {
    match state {
        ExpectationEnd::Met => texts::met(lang),
        ExpectationEnd::Stale => texts::stale(lang),
        ExpectationEnd::NotTried => texts::not_tried(lang),
        ExpectationEnd::Expired => texts::expired(lang),
    }
}

/// A text of somebody else's in a line of Markdown: nothing in it is markup.
fn inline(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '#' => {
                shown.push('\\');
                shown.push(c);
            }
            _ => shown.push(c),
        }
    }
    shown
}

/// A text of somebody else's inside an element of HTML, on one line.
fn html(text: &str) -> String {
    let text = visible(text).replace(['\n', '\t'], " ");
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A text as it is, in a fence that is longer than any in it.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}text\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::{Rev01, Txn03};
    use counterproof_scenarios::verdict::{Sentence, Verdict};

    use super::*;
    use crate::evidence::Digest;
    use crate::evidence::expectation::{Expectation, Expectations};
    use crate::report::testing::{case, ended, header, lost_answer, summary};

    fn written(header: &RunHeader, cases: Vec<CaseEvidence>, lang: Lang) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut markdown = Markdown::new(path.clone(), None, lang);
        markdown.begin(header).unwrap();
        for case in &cases {
            markdown.case(case).unwrap();
        }
        let mut end = summary(cases).end;
        end.expectations = vec![ExpectationEnd::Met; 1];
        markdown.end(&end).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        text.replace(env!("CARGO_PKG_VERSION"), "x.y.z")
    }

    #[test]
    fn a_run_is_told_in_both_languages() {
        let known = Expectations {
            file: "known.toml".into(),
            digest: Digest([9; 32]),
            entries: vec![Expectation {
                requirement: Txn03,
                scenario: Some("reversal/*".into()),
                profile: None,
                reason: "being | worked on".into(),
                link: Some("https://example.org/7".into()),
                expires: Some("2027-01-31".into()),
                expired: false,
            }],
        };
        let header = RunHeader {
            expectations: Some(known),
            ..header(4)
        };
        let cases = || {
            vec![
                lost_answer(case("reversal/silence", &[Rev01])),
                CaseEvidence {
                    expected: vec![Txn03],
                    ..ended(case("reversal/known", &[Txn03]), Verdict::Fail, &[Txn03])
                },
                ended(case("code/open", &[Rev01]), Verdict::Inconclusive, &[]),
                case("code/stopped", &[Rev01]),
            ]
        };
        insta::assert_snapshot!("english", written(&header, cases(), Lang::En));
        insta::assert_snapshot!("chinese", written(&header, cases(), Lang::Zh));
    }

    #[test]
    fn a_terminal_cannot_write_markup_and_the_file_is_bounded() {
        let text = "```\n</details><script>alert(1)</script> | [x](y) `z`";
        let bad = || CaseEvidence {
            message: Sentence::new(text, text),
            ..ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Rev01])
        };
        let cases = (0..2_000).map(|_| bad()).collect();
        let written = written(&header(2_000), cases, Lang::En);
        assert!(written.len() < 200_000, "{}", written.len());
        assert!(written.contains("… and 1970 more"), "{written}");
        let outside: String = written.split("````").step_by(2).collect();
        assert!(!outside.contains("<script>"), "{outside}");
    }
}
