//! How the program ends. The numbers are a contract.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every requirement that was tested holds; what was asked for was done.
    Conformant,
    /// A requirement of level M was broken; for `mutants`: the suite has a hole.
    NotConformant,
    /// The command line, a file or a setting is wrong.
    Usage,
    /// The terminal's adapter, or the suite, broke.
    Broken,
    /// Nothing was selected.
    NothingSelected,
    /// A failure that was expected did not come.
    Stale,
    /// Evidence was changed, or is none.
    Invalid,
    /// Something could not be decided: a fault that never fired, a run that was stopped.
    Incomplete,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::NotConformant => 1,
            Self::Usage => 2,
            Self::Broken => 3,
            Self::NothingSelected => 4,
            Self::Stale => 5,
            Self::Incomplete => 6,
            Self::Invalid => 8,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why the program cannot do what it was asked for: what to say, and how to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How to end.
    pub exit: Exit,
    /// What to say, in the language of the user; may have several lines.
    pub text: String,
}

impl Failure {
    /// The command line, a file or a setting is wrong.
    pub fn usage(text: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            text: text.into(),
        }
    }
}
