//! What a run is told as: to people on the console, to programs as `results.json`; and the kill matrix. All of it is
//! made from the record and the verdicts; nothing here judges.

mod actions;
pub mod annotations;
pub mod columns;
pub mod console;
pub mod failure;
pub mod html;
pub mod junit;
pub mod kinds;
pub mod markdown;
pub mod mask;
pub mod message;
pub mod messages;
pub mod mutants;
pub mod pcap;
pub mod plain;
pub mod practices;
pub mod ranking;
pub mod results;
pub mod style;
#[cfg(test)]
pub mod testing;
pub mod timeline;

use crate::evidence::{CaseEvidence, Outcome};

/// One character for an outcome, so that nothing depends on colour.
pub const fn glyph(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✓",
        Outcome::Fail => "✗",
        Outcome::ExpectedFailure => "x",
        Outcome::Warning => "!",
        Outcome::NotApplicable => "–",
        Outcome::Inconclusive => "?",
        Outcome::Error => "E",
        Outcome::NotRun => "·",
    }
}

/// A case in one line: what it broke, its id, its place.
pub fn headline(case: &CaseEvidence) -> String {
    let broken: Vec<&str> = case
        .broken
        .iter()
        .map(|requirement| requirement.id())
        .collect();
    let broken = if broken.is_empty() {
        String::new()
    } else {
        broken.join(" ") + "  "
    };
    format!("{broken}{}  {}", case.id, case.place_in_file())
}
