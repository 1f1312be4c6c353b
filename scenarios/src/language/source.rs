//! The text of one feature file, and full-width writing made plain.
//!
//! [`plain`] replaces character for character, so that a column in plain text is the same column
//! in the text as written. What stands between quotes is left as it is, apart from the quotes:
//! a scanner may be meant to read `１２３` in full-width digits. Table cells, doc strings, names
//! and descriptions are never made plain. Not here: keywords and what a line means.

use std::borrow::Cow;
use std::ops::Range;

use super::diagnostic::Diagnostic;

/// A feature file as text, with its lines found.
///
/// A byte order mark at the start is not part of the text; a line ends with LF, CRLF or CR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    path: String,
    text: String,
    lines: Vec<Range<usize>>,
}

impl Source {
    /// Finds the lines of `text`; `path` is how messages name the file.
    pub fn new(path: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let lines = find_lines(&text);
        Self {
            path: path.into(),
            text,
            lines,
        }
    }

    /// The file, as the caller named it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are; a line end at the very end begins no further line.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Line `number` (from 1) as written, without its line end; empty past the end.
    pub fn line(&self, number: usize) -> &str {
        number
            .checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .map_or("", |range| &self.text[range.clone()])
    }

    /// A mistake at `length` characters from `column` (from 1) of `line` (from 1).
    pub fn diagnostic(
        &self,
        line: usize,
        column: usize,
        length: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            path: self.path.clone(),
            line,
            column,
            length,
            message: message.into(),
            help: help.into(),
            source: self.line(line).to_owned(),
        }
    }

    /// A mistake of everything in `line` (from 1).
    pub fn whole_line(
        &self,
        line: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let text = self.line(line);
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let length = text.trim().chars().count();
        self.diagnostic(line, indent + 1, length, message, help)
    }
}

fn find_lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let end = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => at + 2,
            b'\n' | b'\r' => at + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(start..at);
        (start, at) = (end, end);
    }
    if start < bytes.len() {
        lines.push(start..bytes.len());
    }
    lines
}

/// Whether `c` belongs to a script that is written without blanks between words (Han, kana,
/// hangul, and their punctuation).
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fff}' | '\u{3001}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Full-width digits, letters and signs to their ASCII forms, typographic quotes to `"` and `'`,
/// tabs and wide blanks to a blank; text between quotes stays as it is.
///
/// One character in, one character out. A quote that is never closed quotes nothing; a pair of
/// wide quotes around a `"` is left as it is. Where every quote is closed, making plain a second
/// time changes nothing.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_ascii() && c != '\t') {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut quotes = Quotes::default();
    let mut at = 0;
    while at < chars.len() {
        match quotes.pair(&chars, at) {
            Some(Pair { end, mark: None }) => {
                out.extend(&chars[at..=end]);
                at = end + 1;
            }
            Some(Pair {
                end,
                mark: Some(mark),
            }) => {
                out.push(mark);
                out.extend(&chars[at + 1..end]);
                out.push(mark);
                at = end + 1;
            }
            None => {
                out.push(plain_char(chars[at]));
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// The plain form of one character outside quotes.
pub(super) fn plain_char(c: char) -> char {
    match c {
        '\t' | '\u{3000}' | '\u{a0}' => ' ',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '￥' => '¥',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Quoted text from one quote to the next.
struct Pair {
    /// The index of the closing quote.
    end: usize,
    /// What both quotes become; `None` leaves them, because a `"` stands inside.
    mark: Option<char>,
}

/// Finds closing quotes in time linear in the text: a kind of quote that was once not closed is
/// not looked for again.
#[derive(Default)]
struct Quotes {
    unclosed: [bool; 6],
}

impl Quotes {
    fn pair(&mut self, chars: &[char], at: usize) -> Option<Pair> {
        match chars[at] {
            '"' => self.close(chars, at, 0, |c| c == '"').map(Pair::ascii),
            '＂' => {
                let end = self.close(chars, at, 1, |c| c == '＂')?;
                Some(Pair::double(chars, at, end))
            }
            '“' | '”' => {
                let end = self
                    .close(chars, at, 2, |c| c == '“' || c == '”')
                    .or_else(|| self.close(chars, at, 0, |c| c == '"'))?;
                Some(Pair::double(chars, at, end))
            }
            '「' => {
                let end = self.close(chars, at, 3, |c| c == '」')?;
                Some(Pair::double(chars, at, end))
            }
            '『' => {
                let end = self.close(chars, at, 4, |c| c == '』')?;
                Some(Pair::double(chars, at, end))
            }
            '\'' | '‘' | '’' if at == 0 || opens_after(chars[at - 1]) => {
                let end = self.close_single(chars, at)?;
                Some(Pair {
                    end,
                    mark: Some('\''),
                })
            }
            _ => None,
        }
    }

    fn close(
        &mut self,
        chars: &[char],
        at: usize,
        kind: usize,
        closes: impl Fn(char) -> bool,
    ) -> Option<usize> {
        if self.unclosed[kind] {
            return None;
        }
        let mut index = at + 1;
        while index < chars.len() {
            if closes(chars[index]) {
                return Some(index);
            }
            index += if chars[index] == '\\' { 2 } else { 1 };
        }
        self.unclosed[kind] = true;
        None
    }

    /// A single quote is an apostrophe unless it stands at the edge of words on both ends.
    fn close_single(&mut self, chars: &[char], at: usize) -> Option<usize> {
        if self.unclosed[5] {
            return None;
        }
        let mut index = at + 1;
        while index < chars.len() {
            let edge = chars.get(index + 1).is_none_or(|&c| opens_after(c));
            if matches!(chars[index], '\'' | '‘' | '’') && edge {
                return Some(index);
            }
            index += if chars[index] == '\\' { 2 } else { 1 };
        }
        self.unclosed[5] = true;
        None
    }
}

impl Pair {
    fn ascii(end: usize) -> Self {
        Self {
            end,
            mark: Some('"'),
        }
    }

    fn double(chars: &[char], at: usize, end: usize) -> Self {
        let mark = (!chars[at + 1..end].contains(&'"')).then_some('"');
        Self { end, mark }
    }
}

fn opens_after(c: char) -> bool {
    let c = plain_char(c);
    !c.is_alphanumeric() && c != '\'' || is_cjk(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn full_width_writing_becomes_plain() {
        assert_eq!(
            plain("顾客支付１２８．５０元，（等待５秒）：完"),
            "顾客支付128.50元,(等待5秒):完"
        );
        assert_eq!(plain("\u{3000}＠弱网\t＃"), " @弱网 #");
    }

    #[test]
    fn quotes_change_and_what_they_hold_does_not() {
        assert_eq!(plain("扫描“６２５０，ａ”后"), "扫描\"６２５０，ａ\"后");
        assert_eq!(
            plain("扫描「１」和『２』和＂３＂"),
            "扫描\"１\"和\"２\"和\"３\""
        );
        assert_eq!(plain("扫描‘１’后"), "扫描'１'后");
        assert_eq!(plain("扫描\"“１”\"后"), "扫描\"“１”\"后");
        assert_eq!(plain("扫描“１\"后"), "扫描\"１\"后");
        assert_eq!(plain("“““"), "\"\"\"");
    }

    #[test]
    fn an_apostrophe_quotes_nothing() {
        assert_eq!(
            plain("the customer’s phone isn’t １"),
            "the customer's phone isn't 1"
        );
    }

    #[test]
    fn an_unclosed_quote_quotes_nothing() {
        assert_eq!(plain("扫描“１"), "扫描\"1");
        assert_eq!(plain("扫描「１"), "扫描「1");
        assert_eq!(plain("扫描「\"１」"), "扫描「\"１」");
    }

    #[test]
    fn lines_end_in_every_way_and_the_mark_is_no_column() {
        let source = Source::new("a", "\u{feff}one\r\ntwo\rthree\n\nfive");
        let lines: Vec<&str> = (1..=source.len()).map(|n| source.line(n)).collect();
        assert_eq!(lines, ["one", "two", "three", "", "five"]);
        assert_eq!(source.line(0), "");
        assert_eq!(source.line(6), "");
        assert_eq!(Source::new("a", "x\n").len(), 1);
        assert!(Source::new("a", "\u{feff}").is_empty());
    }

    /// Text in which quotes, digits and line ends of all widths are likely.
    fn mixed() -> impl Strategy<Value = String> {
        let likely = proptest::sample::select(
            "\"'“”「」『』＂＇‘’\\１ａ：（，\u{3000}\t \n\r假a1@＠|｜"
                .chars()
                .collect::<Vec<_>>(),
        );
        proptest::collection::vec(prop_oneof![4 => likely, 1 => any::<char>()], 0..60)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn plain_keeps_every_line_and_column(text in mixed()) {
            let out = plain(&text);
            prop_assert_eq!(out.chars().count(), text.chars().count());
            for (a, b) in text.chars().zip(out.chars()) {
                prop_assert_eq!(matches!(a, '\n' | '\r'), matches!(b, '\n' | '\r'));
            }
        }

        #[test]
        fn plain_twice_is_plain_once(pieces in proptest::collection::vec(
            proptest::sample::select(vec!["“１”", "「ａ」", "\"２\"", " ", "，", "３", "a", "假", "‘４’ ", "『\"』"]),
            0..12,
        )) {
            let once = plain(&pieces.concat()).into_owned();
            prop_assert_eq!(plain(&once), once.as_str());
        }
    }

    #[test]
    fn many_open_quotes_take_linear_time() {
        let hostile = "「“『＂‘".repeat(20_000);
        assert_eq!(plain(&hostile).chars().count(), 100_000);
    }
}
