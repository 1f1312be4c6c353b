//! What a run is told as: to people on the console, to programs as `results.json`; and the kill matrix. All of it is
//! made from the record and the verdicts; nothing here judges.

mod actions;
pub mod columns;
pub mod console;
pub mod failure;
pub mod html;
pub mod mask;
pub mod message;
pub mod mutants;
pub mod ranking;
pub mod results;
pub mod style;
#[cfg(test)]
pub mod testing;
pub mod timeline;

use counterproof_scenarios::case::Case;
use counterproof_scenarios::verdict::Verdict;

use crate::run::summary::Finished;

/// One character for a verdict, so that nothing depends on colour.
pub const fn glyph(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Warning => "!",
        Verdict::NotApplicable => "–",
        Verdict::Inconclusive => "?",
        Verdict::Error => "E",
    }
}

/// A case in one line: what it broke, its id, its place.
pub fn headline(case: &Case, finished: &Finished) -> String {
    let broken: Vec<&str> = finished
        .broken
        .iter()
        .map(|requirement| requirement.id())
        .collect();
    let broken = if broken.is_empty() {
        String::new()
    } else {
        broken.join(" ") + "  "
    };
    format!("{broken}{}  {}", case.id, place(case, finished))
}

/// File and line of the step that noticed, else of the scenario.
pub fn place(case: &Case, finished: &Finished) -> String {
    let line = finished.breaches.iter().find_map(|breach| breach.line);
    format!(
        "{}:{}",
        case.scenario.path,
        line.unwrap_or(case.scenario.line)
    )
}
