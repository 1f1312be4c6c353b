//! Annotations of GitHub Actions: a line `::error file=…,line=…` for each scenario that does not hold, on
//! standard output, where the runner looks for them. GitHub shows ten of a kind; there are no more here.

use std::io::{self, Write};

use counterproof_sim::vocabulary::Lang;

use super::plain::message;
use crate::evidence::{CaseEvidence, Outcome, Reporter, RunEnd, RunHeader};
use crate::texts::formats as texts;

/// Annotations of a kind that GitHub shows.
const SHOWN: usize = 10;

/// Annotations in the making.
#[derive(Debug)]
pub struct Annotations<W> {
    to: W,
    lang: Lang,
    lines: Vec<String>,
    errors: usize,
    warnings: usize,
    left_out: usize,
}

impl<W: Write> Annotations<W> {
    /// Annotations that are written to `to`, in `lang`.
    pub const fn new(to: W, lang: Lang) -> Self {
        Self {
            to,
            lang,
            lines: Vec::new(),
            errors: 0,
            warnings: 0,
            left_out: 0,
        }
    }
}

impl<W: Write> Reporter for Annotations<W> {
    fn begin(&mut self, _: &RunHeader) -> io::Result<()> {
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let (kind, count) = match case.outcome() {
            Outcome::Fail | Outcome::Error => ("error", &mut self.errors),
            Outcome::Warning | Outcome::Inconclusive => ("warning", &mut self.warnings),
            Outcome::Pass | Outcome::ExpectedFailure | Outcome::NotApplicable | Outcome::NotRun => {
                return Ok(());
            }
        };
        *count += 1;
        if *count > SHOWN {
            self.left_out += 1;
            return Ok(());
        }
        let ids: Vec<&str> = case.broken.iter().map(|r| r.id()).collect();
        self.lines.push(format!(
            "::{kind} file={},line={},title={}::{}",
            property(&case.scenario.path),
            case.line(),
            property(&format!("{} {}", ids.join(" "), case.id)),
            data(&message(case, self.lang))
        ));
        Ok(())
    }

    fn end(&mut self, _: &RunEnd) -> io::Result<()> {
        for line in &self.lines {
            writeln!(self.to, "{line}")?;
        }
        if self.left_out > 0 {
            let more = texts::annotations_left_out(self.lang, self.left_out);
            writeln!(self.to, "::notice::{}", data(&more))?;
        }
        self.to.flush()
    }
}

/// A message as a workflow command takes it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::Rev01;
    use counterproof_scenarios::verdict::{Sentence, Verdict};

    use super::*;
    use crate::report::testing::{case, ended};

    #[test]
    fn a_failure_stands_at_its_line_and_cannot_write_commands_of_its_own() {
        let mut said = Vec::new();
        let mut annotations = Annotations::new(&mut said, Lang::En);
        let text = "expected 100%; seen\n::set-env name=A::b\u{1b}[2J";
        annotations
            .case(&CaseEvidence {
                message: Sentence::new(text, text),
                ..ended(case("reversal/a,b:c", &[Rev01]), Verdict::Fail, &[Rev01])
            })
            .unwrap();
        let end = crate::report::testing::summary(Vec::new()).end;
        annotations.end(&end).unwrap();
        assert_eq!(
            String::from_utf8(said).unwrap(),
            "::error file=features/reversal/a%2Cb%3Ac.feature,line=3,title=REV-01 reversal/a%2Cb%3Ac#1::\
             expected 100%25; seen%0A::set-env name=A::b\\u{1b}[2J\n"
        );
    }

    #[test]
    fn of_many_failures_ten_are_annotated_and_the_others_counted() {
        let mut said = Vec::new();
        let mut annotations = Annotations::new(&mut said, Lang::En);
        for _ in 0..25 {
            let case = ended(case("reversal/a", &[Rev01]), Verdict::Fail, &[Rev01]);
            annotations.case(&case).unwrap();
        }
        let end = crate::report::testing::summary(Vec::new()).end;
        annotations.end(&end).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(said.lines().count(), 11);
        assert!(
            said.ends_with("::notice::15 more scenarios do not hold\n"),
            "{said}"
        );
    }
}
