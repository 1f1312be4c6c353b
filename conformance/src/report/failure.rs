//! One scenario that does not hold, in full: what it breaks, what was expected and seen, the fault
//! that fired, the exchange, what is likely behind it, what to do, and how to see it again.

use std::fmt::Write as _;

use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_scenarios::verdict::Breach;
use counterproof_sim::record::Record;
use counterproof_sim::time::Span;

use super::columns::{pad, pad_left, width, wrap};
use super::mask::mask;
use super::style::Style;
use super::timeline::{Kind, Line, Teller};
use crate::evidence::{CaseEvidence, Outcome};
use crate::texts::report as texts;
use crate::texts::timeline::left_out;

/// Lines of a timeline that are shown, unless all are asked for.
const SHOWN: usize = 60;
/// Lines of them from the beginning.
const HEAD: usize = 12;
/// Lines behind the one that shows the breach.
const AFTER: usize = 6;
/// Lines of standard error that are shown.
const STDERR: usize = 10;
/// Cells of the widest label of an item, in either language.
const LABEL: usize = 8;
/// Cells of a line before it is wrapped.
const WIDTH: usize = 110;

/// How failures are told.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// Who tells the record.
    pub teller: Teller<'a>,
    /// Its looks.
    pub style: Style,
    /// Whole timelines.
    pub whole: bool,
}

impl Telling<'_> {
    /// The block of one scenario that stands for the requirement `main`.
    pub fn failure(&self, case: &CaseEvidence, main: Requirement) -> String {
        let lang = self.teller.lang;
        let mut text = String::new();
        for requirement in &case.broken {
            let is_expected = case.expected.contains(requirement);
            let mark = super::glyph(match requirement.level() {
                _ if is_expected => Outcome::ExpectedFailure,
                Level::Must => Outcome::Fail,
                Level::Should => Outcome::Warning,
            });
            let head = format!("{mark} {requirement}");
            text.push_str(&self.style.bold(&self.style.red(&head)));
            text.push_str(&hanging(requirement.sentence(lang), "  ", width(&head) + 2));
        }
        text.push_str(&format_line(
            "  ",
            &format!(
                "{}  {}",
                self.style.bold(&case.scenario.title),
                case.place_in_file()
            ),
        ));
        text.push_str(&format_line("  ", &self.style.faint(&case.id)));
        // The same thing seen twice, on both copies of a receipt for instance, is told once.
        for (place, breach) in case.breaches.iter().enumerate() {
            let same = |other: &Breach| {
                (
                    &other.requirements,
                    &other.expected,
                    &other.seen,
                    other.line,
                ) == (
                    &breach.requirements,
                    &breach.expected,
                    &breach.seen,
                    breach.line,
                )
            };
            if !case.breaches[..place].iter().any(same) {
                text.push_str(&self.breach(case, breach));
            }
        }
        if case.breaches.is_empty() {
            self.item(
                &mut text,
                texts::happened(lang),
                self.secret_free(case.message.get(lang)).as_str(),
            );
        }
        text.push_str(&self.faults(case));
        match &case.record {
            Some(record) => text.push_str(&self.timeline(record, &case.breaches)),
            None => self.item(&mut text, texts::timeline(lang), &texts::no_record(lang)),
        }
        text.push_str(&self.stderr(&case.stderr));
        let help = main.help(lang);
        self.item(&mut text, texts::cause(lang), help.cause);
        self.item(&mut text, texts::remedy(lang), help.remedy);
        let page = texts::requirement_page(lang, main.page());
        self.item(&mut text, texts::more(lang), &page);
        self.command(&mut text, &case.replay);
        text
    }

    /// The command that runs the case again, on one line so that it can be copied.
    pub fn command(&self, text: &mut String, replay: &str) {
        let label = pad(texts::replay(self.teller.lang), LABEL);
        let _ = writeln!(
            text,
            "  {}  {}",
            self.style.faint(&label),
            self.style.bold(replay)
        );
    }

    /// A labelled item, wrapped and hanging.
    pub fn item(&self, text: &mut String, label: &str, what: &str) {
        let label = pad(label, LABEL);
        text.push_str("  ");
        text.push_str(&self.style.faint(&label));
        text.push_str(&hanging(what, "  ", LABEL + 4));
    }

    /// What the terminal wrote to standard error, its end.
    pub fn stderr(&self, stderr: &str) -> String {
        let mut text = String::new();
        let lines: Vec<&str> = stderr
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        for line in &lines[lines.len().saturating_sub(STDERR)..] {
            let line = super::actions::shown(&self.secret_free(line));
            self.item(&mut text, texts::stderr(self.teller.lang), &line);
        }
        text
    }

    fn breach(&self, case: &CaseEvidence, breach: &Breach) -> String {
        let lang = self.teller.lang;
        let mut text = String::new();
        if let Some(step) = breach.line.and_then(|line| case.step_at(line)) {
            self.item(
                &mut text,
                crate::texts::timeline::step(lang),
                &self.secret_free(step),
            );
        }
        let ids: Vec<&str> = breach.requirements.iter().map(|r| r.id()).collect();
        let expected = format!("{} [{}]", breach.expected.get(lang), ids.join(" "));
        self.item(
            &mut text,
            texts::expected(lang),
            &self.secret_free(&expected),
        );
        self.item(
            &mut text,
            texts::seen(lang),
            &self.secret_free(breach.seen.get(lang)),
        );
        text
    }

    fn faults(&self, case: &CaseEvidence) -> String {
        let lang = self.teller.lang;
        let mut text = String::new();
        for fault in &case.faults {
            let name = self.teller.fault(&fault.fault);
            let line = match fault.first {
                Some(first) => {
                    let after = case.began.map_or(Span::ZERO, |began| first.since(began));
                    texts::fired(lang, name, seconds(after), fault.fired)
                }
                None => texts::idle(lang, name),
            };
            self.item(&mut text, texts::faults(lang), &line);
        }
        text
    }

    fn timeline(&self, record: &Record, breaches: &[Breach]) -> String {
        let lines = self.teller.lines(record);
        let marked: Vec<usize> = breaches.iter().filter_map(|breach| breach.entry).collect();
        let actors = lines
            .iter()
            .map(|line| width(line.actor))
            .max()
            .unwrap_or(0);
        let mut text = format!(
            "  {}\n",
            self.style.faint(texts::timeline(self.teller.lang))
        );
        let mut last = None;
        for place in self.choose(&lines, &marked) {
            let gap = place - last.map_or(0, |last: usize| last + 1);
            if gap > 0 {
                let _ = writeln!(
                    text,
                    "      {}",
                    self.style.faint(&left_out(self.teller.lang, gap))
                );
            }
            last = Some(place);
            text.push_str(&self.line(&lines[place], actors, marked.contains(&lines[place].entry)));
        }
        text
    }

    /// Which lines are shown: the beginning, and what led to the breach.
    fn choose(&self, lines: &[Line], marked: &[usize]) -> Vec<usize> {
        if self.whole || lines.len() <= SHOWN {
            return (0..lines.len()).collect();
        }
        let breach = marked
            .first()
            .and_then(|entry| lines.iter().position(|l| l.entry >= *entry));
        let end = breach.map_or(lines.len(), |place| (place + AFTER).min(lines.len()));
        let start = end.saturating_sub(SHOWN - HEAD).max(HEAD);
        (0..HEAD).chain(start..end.max(start)).collect()
    }

    fn line(&self, line: &Line, actors: usize, is_marked: bool) -> String {
        let mark = if is_marked { "▶" } else { " " };
        let when = pad_left(&seconds(line.after), 10);
        let text = match line.kind {
            Kind::Step => self.style.bold(&line.text),
            Kind::Fault => self.style.yellow(&line.text),
            Kind::Message => line.text.clone(),
            Kind::Other => self.style.faint(&line.text),
        };
        format!(
            "  {} +{when}  {}  {text}\n",
            self.style.red(mark),
            pad(line.actor, actors)
        )
    }

    fn secret_free(&self, text: &str) -> String {
        mask(text, self.teller.show_codes)
    }
}

/// An offset in seconds and milliseconds, so that offsets stand under each other.
fn seconds(span: Span) -> String {
    format!(
        "{}.{:03} s",
        span.as_millis() / 1_000,
        span.as_millis() % 1_000
    )
}

fn format_line(indent: &str, text: &str) -> String {
    format!("{indent}{text}\n")
}

/// The text behind `lead`, wrapped, its further lines indented to `indent`.
pub(super) fn hanging(text: &str, lead: &str, indent: usize) -> String {
    let blanks = " ".repeat(indent);
    let lines = wrap(text, WIDTH.saturating_sub(indent));
    format!("{lead}{}\n", lines.join(&format!("\n{blanks}")))
}
