//! The two streams that people and programs read.

use std::env;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use counterproof_sim::vocabulary::Lang;

use super::args::ColorArg;
use crate::exit::{Exit, Failure};
use crate::report::style::Style;
use crate::texts::cli as texts;

/// Language and looks of what is printed.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Its language.
    pub lang: Lang,
    /// Its colour.
    pub style: Style,
}

impl Console {
    /// As asked for, and as standard output and the environment have it.
    pub fn new(lang: Lang, color: ColorArg) -> Self {
        let colored = match color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => {
                let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
                !set("NO_COLOR") && !dumb && io::stdout().is_terminal()
            }
        };
        Self {
            lang,
            style: Style { colored },
        }
    }

    /// Without colour.
    pub const fn plain(lang: Lang) -> Self {
        let style = Style { colored: false };
        Self { lang, style }
    }

    /// Whether somebody watches standard output.
    pub fn is_watched() -> bool {
        io::stdout().is_terminal()
    }

    /// Prints to standard output. Nobody left to read it (`| head`) is no failure.
    ///
    /// # Errors
    /// When it cannot be written, to a full disk for instance.
    pub fn print(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure {
                exit: Exit::Broken,
                text: texts::cannot_write(self.lang, "standard output", error),
            }),
        }
    }
}

/// Prints a line to standard error.
pub fn complain(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
