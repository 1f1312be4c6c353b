//! Colour, where it is wanted. Nothing that is said depends on it.

use crate::evidence::Outcome;

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// It is.
    pub colored: bool,
}

impl Style {
    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Faint.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// As something that failed.
    pub fn red(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// As something that holds.
    pub fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// As something to look at.
    pub fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// As what came of a case or a requirement.
    pub fn outcome(self, outcome: Outcome, text: &str) -> String {
        match outcome {
            Outcome::Pass => self.green(text),
            Outcome::Fail | Outcome::Error => self.red(text),
            Outcome::Warning | Outcome::Inconclusive | Outcome::ExpectedFailure => {
                self.yellow(text)
            }
            Outcome::NotApplicable | Outcome::NotRun => self.faint(text),
        }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colored {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
