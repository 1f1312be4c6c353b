//! A mistake in a feature file: where it is, what it is, what to do. Printed with the source line
//! and a caret that stays under the right character where characters are two columns wide.
//! Not here: what counts as a mistake.

use std::fmt::{self, Write as _};

use unicode_width::UnicodeWidthChar;

/// Columns of a source line that are shown; longer lines are cut around the caret.
const WINDOW: usize = 100;
/// A tab is shown as this many blanks.
const TAB: &str = "    ";

/// One located mistake.
///
/// Its [`Display`](fmt::Display) is the full text for the command line, without colour and
/// without a final line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as the caller named it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters (a wide character counts once).
    pub column: usize,
    /// Characters that are underlined; 0 is shown as one caret.
    pub length: usize,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it; may have several lines, may be empty.
    pub help: String,
    /// The source line as written, without its line end.
    pub source: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let (shown, carets) = underline(&self.source, self.column, self.length);
        writeln!(
            f,
            "{}:{}:{}: {}",
            self.path,
            self.line,
            self.column,
            printable(&self.message)
        )?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{number} | {shown}").trim_end())?;
        write!(f, "{margin} | {carets}")?;
        for (index, line) in self.help.lines().enumerate() {
            let lead = if index == 0 { "= help:" } else { "       " };
            write!(f, "\n{margin} {lead} {}", printable(line))?;
        }
        Ok(())
    }
}

/// All of them as the command line prints them: in the given order, a blank line between, and a
/// last line that counts. Empty for none.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let _ = write!(text, "{diagnostic}\n\n");
    }
    let mut files: Vec<&str> = diagnostics.iter().map(|d| d.path.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    match (diagnostics.len(), files.len()) {
        (0, _) => {}
        (1, _) => text.push_str("1 mistake\n"),
        (count, 1) => {
            let _ = writeln!(text, "{count} mistakes in 1 file");
        }
        (count, files) => {
            let _ = writeln!(text, "{count} mistakes in {files} files");
        }
    }
    text
}

/// The line as it can be shown and the carets under `length` characters from `column` (from 1).
///
/// Control characters become visible stand-ins, tabs blanks; a line wider than a screen is cut
/// to the part around the caret.
pub(super) fn underline(line: &str, column: usize, length: usize) -> (String, String) {
    let target = column.saturating_sub(1);
    let mut before = 0;
    for c in line.chars().take(target) {
        before += width(c);
    }
    let first = before.saturating_sub(WINDOW * 3 / 4);
    let (mut shown, mut carets) = (String::new(), String::new());
    let (mut at, mut blank, mut marked) = (0, 0, 0);
    if first > 0 {
        shown.push('…');
        blank += 1;
    }
    for (index, c) in line.chars().enumerate() {
        let wide = width(c);
        at += wide;
        if at <= first {
            continue;
        }
        if at - first > WINDOW {
            shown.push('…');
            break;
        }
        push_printable(&mut shown, c);
        if index < target {
            blank += wide;
        } else if index < target.saturating_add(length.max(1)) {
            marked += wide;
        }
    }
    carets.extend(std::iter::repeat_n(' ', blank));
    carets.extend(std::iter::repeat_n('^', marked.max(1)));
    (shown, carets)
}

fn width(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        // Shown as one stand-in.
        c => c.width().unwrap_or(1),
    }
}

fn push_printable(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str(TAB),
        // A feature file must not be able to drive the terminal it is printed on.
        c if c.is_control() => out.push('\u{fffd}'),
        c => out.push(c),
    }
}

fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_printable(&mut out, c);
    }
    out
}

/// `text` in double quotes for a message, cut when it is long.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        format!("\"{text}\"")
    } else {
        let start: String = text.chars().take(MOST).collect();
        format!("\"{start}…\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &str, column: usize, length: usize) -> Diagnostic {
        Diagnostic {
            path: "features/a.feature".into(),
            line: 7,
            column,
            length,
            message: "wrong".into(),
            help: "first\nsecond".into(),
            source: source.into(),
        }
    }

    #[test]
    fn the_caret_stands_under_wide_characters() {
        insta::assert_snapshot!(at("  假如 网络为 weka", 10, 4));
        let (shown, carets) = underline("假如网络", 3, 2);
        assert_eq!(shown, "假如网络");
        assert_eq!(carets, "    ^^^^");
    }

    #[test]
    fn tabs_and_control_characters_do_not_move_the_caret() {
        let (shown, carets) = underline("\tx\u{1b}y", 4, 1);
        assert_eq!(shown, "    x\u{fffd}y");
        assert_eq!(carets, "      ^");
    }

    #[test]
    fn a_column_past_the_end_is_one_caret_after_it() {
        assert_eq!(underline("ab", 3, 0), ("ab".into(), "  ^".into()));
        assert_eq!(underline("", 1, 0), (String::new(), "^".into()));
    }

    #[test]
    fn a_line_of_64_kib_is_cut_around_the_caret() {
        let long = format!("{}X{}", "1".repeat(40_000), "2".repeat(24_000));
        let (shown, carets) = underline(&long, 40_001, 1);
        assert!(shown.chars().count() <= WINDOW + 2);
        let under = shown.chars().nth(carets.len() - 1);
        assert_eq!(under, Some('X'));
    }

    #[test]
    fn the_last_line_counts() {
        assert_eq!(render(&[]), "");
        assert!(render(&[at("a", 1, 1)]).ends_with("\n1 mistake\n"));
        let two = render(&[at("a", 1, 1), at("b", 1, 1)]);
        assert!(two.ends_with("\n2 mistakes in 1 file\n"));
    }
}
