//! The kinds of parameters: what they look like in a step and what they mean. Not here: patterns.

use std::sync::Arc;

use super::super::diagnostic::quoted;
use super::super::source;
use super::enumeration::{Enumeration, Kinds};
use super::measures::{self, amount, duration};

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Of `{int}`.
    Int(u64),
    /// Of `{string}`, escapes resolved, and of `{word}`.
    Text(String),
    /// Of `{amount}`, in fen.
    Amount(u64),
    /// Of `{duration}`, in microseconds.
    Duration(u64),
    /// Of an enumeration: its name and the index of the choice.
    Choice {
        /// The name of the enumeration.
        kind: Arc<str>,
        /// The index of the choice in it.
        index: usize,
    },
}

/// A kind of parameter.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `{int}`
    Int,
    /// `{string}`
    Text,
    /// `{word}`
    Word,
    /// `{amount}`
    Amount,
    /// `{duration}`
    Duration,
    /// Any other name.
    Choice(Arc<Enumeration>),
}

/// Text that is no value of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why} ({help})")]
pub struct BadValue {
    /// What is wrong.
    pub why: String,
    /// What to write instead.
    pub help: String,
}

/// The kinds that every table has.
pub(super) const BUILT_IN: [Kind; 5] = [
    Kind::Int,
    Kind::Text,
    Kind::Word,
    Kind::Amount,
    Kind::Duration,
];

const INT: &str = "[0-9]+";
const TEXT: &str = r#""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"#;
const WORD: &str = r#"[^ "]+"#;
impl Kind {
    /// The kind of this name, built in or an enumeration.
    pub fn named(name: &str, kinds: &dyn Kinds) -> Option<Self> {
        BUILT_IN
            .into_iter()
            .find(|kind| kind.name() == name)
            .or_else(|| kinds.enumeration(name).map(Self::Choice))
    }

    /// What stands in the braces.
    pub fn name(&self) -> &str {
        match self {
            Self::Int => "int",
            Self::Text => "string",
            Self::Word => "word",
            Self::Amount => "amount",
            Self::Duration => "duration",
            Self::Choice(enumeration) => enumeration.name(),
        }
    }

    /// Reads text as this kind, for values that stand alone, as in the cell of a table. Full-width
    /// writing is made plain first; the quotes of a `{string}` may be left out.
    ///
    /// # Errors
    /// When it is no value of this kind.
    pub fn read(&self, text: &str) -> Result<Arg, BadValue> {
        let plain = source::plain(text.trim());
        match self {
            Self::Text if unquote(&plain).is_none() => Ok(Arg::Text(text.trim().to_owned())),
            _ => self.value(&plain),
        }
    }

    /// Reads what a pattern has captured: plain and trimmed.
    pub(super) fn value(&self, text: &str) -> Result<Arg, BadValue> {
        match self {
            Self::Int => int(text).map(Arg::Int),
            Self::Text => unquote(text).map(Arg::Text).ok_or_else(|| BadValue {
                why: format!("text in quotes is expected, not {text}"),
                help: format!("write \"{}\"", text.trim_matches(['"', '\''])),
            }),
            Self::Word => Ok(Arg::Text(text.to_owned())),
            Self::Amount => amount(text).map(Arg::Amount),
            Self::Duration => duration(text).map(Arg::Duration),
            Self::Choice(enumeration) => enumeration.value(text),
        }
    }

    /// A regular expression for what is certainly of this kind.
    pub(super) fn strict(&self) -> String {
        match self {
            Self::Int => INT.to_owned(),
            Self::Text => TEXT.to_owned(),
            Self::Word => WORD.to_owned(),
            Self::Amount => measures::AMOUNT.to_owned(),
            Self::Duration => measures::duration_regex(),
            Self::Choice(enumeration) => enumeration.regex().to_owned(),
        }
    }

    /// A regular expression for what was perhaps meant to be of this kind.
    pub(super) fn loose(&self) -> &'static str {
        match self {
            Self::Int => r"[^ ]+?",
            Self::Text => r".+?",
            Self::Word => WORD,
            Self::Amount | Self::Duration => r"[^ ]+?(?: +[^ ]+?){0,2}",
            Self::Choice(_) => r"[^ ]+?(?: +[^ ]+?){0,4}",
        }
    }
}

fn int(text: &str) -> Result<u64, BadValue> {
    text.parse().map_err(|_| {
        if digits(text) {
            too_large(text)
        } else {
            BadValue {
                why: format!("{} is no whole number", quoted(text)),
                help: "write it in digits, such as 3".into(),
            }
        }
    })
}

/// Whether `text` is ASCII digits, at least one.
pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn too_large(text: &str) -> BadValue {
    BadValue {
        why: format!("{} is too large", quoted(text)),
        help: "the largest number is 18446744073709551615".into(),
    }
}

/// The text between quotes, escapes resolved: `\"`, `\'`, `\\`, `\n`, `\r`, `\t` and `\u{1f}`; any
/// other `\` is itself.
fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.get(1..)?.strip_suffix(quote)?;
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let (c, length) = match tail.chars().next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some(c @ ('"' | '\'' | '\\')) => (c, 1),
            Some('u') => unicode(tail).unwrap_or(('\\', 0)),
            _ => ('\\', 0),
        };
        out.push(c);
        rest = &tail[length..];
    }
    out.push_str(rest);
    Some(out)
}

/// The character of `u{…}` at the start of `text`, and the length of that.
fn unicode(text: &str) -> Option<(char, usize)> {
    let hex = text.strip_prefix("u{")?;
    let end = hex.find('}').filter(|end| *end <= 6)?;
    let c = u32::from_str_radix(&hex[..end], 16)
        .ok()
        .and_then(char::from_u32)?;
    Some((c, end + 3))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    #[test]
    fn quoted_text_resolves_its_escapes() {
        let text = |text| unquote(text).expect(text);
        assert_eq!(
            text(r#""a\"b\\c\n\r\t\u{1b}\x\u{zz}""#),
            "a\"b\\c\n\r\t\u{1b}\\x\\u{zz}"
        );
        assert_eq!(text("'a\"b'"), "a\"b");
        assert_eq!(unquote("a"), None);
        assert_eq!(unquote("\""), None);
    }

    #[test]
    fn cells_are_read_like_parameters() {
        assert_eq!(
            Kind::Amount.read(" １２８．５０元 "),
            Ok(Arg::Amount(12_850))
        );
        assert_eq!(Kind::Text.read("１２３"), Ok(Arg::Text("１２３".into())));
        assert_eq!(Kind::Text.read("“１２３”"), Ok(Arg::Text("１２３".into())));
        assert!(Kind::Int.read("three").is_err());
    }

    proptest! {
        /// What a strict expression takes has a value, unless it is out of range.
        #[test]
        fn strict_expressions_take_only_values(
            text in r#"[¥"']?[0-9]{1,4}[.,]?[0-9]{0,3} ?(yuan|元|fen|分|分钟|s|ms|min|day)?( ?5秒)?["']?"#
        ) {
            static WHOLE: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
                [Kind::Int, Kind::Text, Kind::Amount, Kind::Duration]
                    .map(|kind| {
                        let whole = Regex::new(&format!("^(?:{})$", kind.strict()));
                        (kind, whole.expect("valid"))
                    })
                    .into()
            });
            for (kind, whole) in WHOLE.iter() {
                let text = text.trim();
                let value = kind.value(text);
                if whole.is_match(text) {
                    prop_assert!(
                        value.is_ok() || value.as_ref().is_err_and(|bad| bad.why.contains("large")),
                        "{} {}", kind.name(), text
                    );
                } else if !matches!(kind, Kind::Int) {
                    prop_assert!(value.is_err(), "{} {}", kind.name(), text);
                }
            }
        }
    }
}
