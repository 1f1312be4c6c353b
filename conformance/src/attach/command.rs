//! The command line of a terminal's program, taken apart as a shell would, without a shell: blanks
//! part, quotes and backslashes keep together. Nothing is expanded; who wants variables or pipes
//! says `sh -c '…'`.

use std::fmt;

/// A program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// What is run: a name on the `PATH` or a path.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// Why a text is no command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACommand {
    /// There is nothing in it.
    Empty,
    /// This quote is never closed.
    OpenQuote(char),
}

impl CommandLine {
    /// Takes `text` apart.
    ///
    /// # Errors
    /// When there is nothing in it, or a quote is never closed.
    pub fn parse(text: &str) -> Result<Self, NotACommand> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
                '\'' => {
                    let word = word.get_or_insert_default();
                    loop {
                        match chars.next() {
                            Some('\'') => break,
                            Some(inner) => word.push(inner),
                            None => return Err(NotACommand::OpenQuote('\'')),
                        }
                    }
                }
                '"' => {
                    let word = word.get_or_insert_default();
                    loop {
                        match chars.next() {
                            Some('"') => break,
                            Some('\\') => match chars.next() {
                                Some(escaped @ ('"' | '\\')) => word.push(escaped),
                                Some(other) => word.extend(['\\', other]),
                                None => return Err(NotACommand::OpenQuote('"')),
                            },
                            Some(inner) => word.push(inner),
                            None => return Err(NotACommand::OpenQuote('"')),
                        }
                    }
                }
                '\\' => word.get_or_insert_default().extend(chars.next()),
                _ => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty());
        Ok(Self {
            program: program.ok_or(NotACommand::Empty)?,
            arguments: words.collect(),
        })
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.program)?;
        self.arguments
            .iter()
            .try_for_each(|word| write!(f, " {word}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let command = CommandLine::parse(text).unwrap();
        std::iter::once(command.program)
            .chain(command.arguments)
            .collect()
    }

    #[test]
    fn blanks_part_and_quotes_keep_together() {
        assert_eq!(
            words("python3 my_terminal.py"),
            ["python3", "my_terminal.py"]
        );
        assert_eq!(
            words("  a\t'b c' \"d \\\" e\" f\\ g ''"),
            ["a", "b c", "d \" e", "f g", ""]
        );
        assert_eq!(words(r#"sh -c 'exec "$0"'"#), ["sh", "-c", r#"exec "$0""#]);
        assert_eq!(words(r#""C:\dir""#), [r"C:\dir"]);
    }

    #[test]
    fn nothing_and_open_quotes_are_no_commands() {
        assert_eq!(CommandLine::parse("  "), Err(NotACommand::Empty));
        assert_eq!(CommandLine::parse("''"), Err(NotACommand::Empty));
        assert_eq!(
            CommandLine::parse("a 'b"),
            Err(NotACommand::OpenQuote('\''))
        );
        assert_eq!(
            CommandLine::parse("a \"b\\"),
            Err(NotACommand::OpenQuote('"'))
        );
    }
}
