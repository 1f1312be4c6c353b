//! The kinds of parameters: what they look like in a step and what they mean. Not here: patterns.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::super::diagnostic::quoted;
use super::super::distance;
use super::super::source::{self, is_cjk};

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

/// The enumerations that a step table brings along.
pub trait Kinds {
    /// The enumeration of this name, if there is one.
    fn enumeration(&self, name: &str) -> Option<Arc<Enumeration>>;

    /// The names of all enumerations, for messages.
    fn names(&self) -> Vec<String>;
}

/// Enumerations in a map; what most callers need of [`Kinds`].
#[derive(Clone, Debug, Default)]
pub struct Enumerations(BTreeMap<String, Arc<Enumeration>>);

/// A closed set of choices, each with every spelling that a step may use.
#[derive(Clone, Debug)]
pub struct Enumeration {
    name: Arc<str>,
    choices: Vec<Vec<String>>,
    by_spelling: BTreeMap<String, usize>,
}

/// Two choices of an enumeration that are spelled alike, or one that is not spelled at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnumerationError {
    /// A spelling means two choices.
    #[error("in the enumeration {name} \"{spelling}\" means choice {first} and choice {second}; take it from one of them")]
    Ambiguous {
        /// The enumeration.
        name: String,
        /// The spelling.
        spelling: String,
        /// The index of the first choice.
        first: usize,
        /// The index of the second choice.
        second: usize,
    },
    /// A spelling is blank, or a choice has none.
    #[error("in the enumeration {name} choice {index} has a blank spelling or none")]
    Blank {
        /// The enumeration.
        name: String,
        /// The index of the choice.
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

/// Names of the kinds that are built in.
pub(super) const BUILT_IN: [&str; 5] = ["int", "string", "word", "amount", "duration"];

const INT: &str = "[0-9]+";
const TEXT: &str = r#""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"#;
const WORD: &str = r#"[^ "]+"#;
const AMOUNT: &str = concat!(
    r"(?:¥|RMB|CNY) *(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?(?: *(?:yuan|元))?",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})? *(?:yuan|元)",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) *(?:fen|分)",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{2}",
);

/// Units of time in microseconds, longer spellings first.
const UNITS: [(&str, u64); 28] = [
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("microsecond", 1),
    ("millisecond", 1_000),
    ("seconds", 1_000_000),
    ("minutes", 60_000_000),
    ("second", 1_000_000),
    ("minute", 60_000_000),
    ("hours", 3_600_000_000),
    ("hour", 3_600_000_000),
    ("days", 86_400_000_000),
    ("day", 86_400_000_000),
    ("secs", 1_000_000),
    ("mins", 60_000_000),
    ("sec", 1_000_000),
    ("min", 60_000_000),
    ("µs", 1),
    ("us", 1),
    ("ms", 1_000),
    ("h", 3_600_000_000),
    ("s", 1_000_000),
    ("微秒", 1),
    ("毫秒", 1_000),
    ("秒钟", 1_000_000),
    ("秒", 1_000_000),
    ("分钟", 60_000_000),
    ("小时", 3_600_000_000),
    ("天", 86_400_000_000),
];
/// `1分30秒`: after the longer units that begin with it.
const MINUTE_SIGN: (&str, u64) = ("分", 60_000_000);

impl Enumerations {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an enumeration; one of the same name is replaced.
    ///
    /// # Errors
    /// When its spellings are not good; see [`Enumeration::new`].
    pub fn add<C, S>(
        &mut self,
        name: &str,
        choices: impl IntoIterator<Item = C>,
    ) -> Result<(), EnumerationError>
    where
        C: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let enumeration = Enumeration::new(name, choices)?;
        self.0.insert(name.to_owned(), Arc::new(enumeration));
        Ok(())
    }
}

impl Kinds for Enumerations {
    fn enumeration(&self, name: &str) -> Option<Arc<Enumeration>> {
        self.0.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

impl Enumeration {
    /// From the spellings of each choice, in the order of the indexes; the first spelling of a
    /// choice is its id. ASCII case does not count, nor do blanks beside Chinese writing.
    ///
    /// # Errors
    /// When two choices share a spelling or one has none.
    pub fn new<C, S>(
        name: &str,
        choices: impl IntoIterator<Item = C>,
    ) -> Result<Self, EnumerationError>
    where
        C: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let choices: Vec<Vec<String>> = choices
            .into_iter()
            .map(|spellings| spellings.into_iter().map(Into::into).collect())
            .collect();
        let mut by_spelling = BTreeMap::new();
        for (index, spellings) in choices.iter().enumerate() {
            if spellings.is_empty() {
                let name = name.to_owned();
                return Err(EnumerationError::Blank { name, index });
            }
            for spelling in spellings {
                let folded = fold(spelling);
                if folded.is_empty() {
                    let name = name.to_owned();
                    return Err(EnumerationError::Blank { name, index });
                }
                if let Some(first) = by_spelling.insert(folded, index)
                    && first != index
                {
                    return Err(EnumerationError::Ambiguous {
                        name: name.to_owned(),
                        spelling: spelling.clone(),
                        first,
                        second: index,
                    });
                }
            }
        }
        Ok(Self {
            name: name.into(),
            choices,
            by_spelling,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The spellings of each choice; the first of a choice is its id.
    pub fn choices(&self) -> &[Vec<String>] {
        &self.choices
    }

    /// The index of the choice that is spelled so.
    pub fn find(&self, text: &str) -> Option<usize> {
        self.by_spelling.get(&fold(text)).copied()
    }

    /// One spelling of each choice, in Chinese where there is one and it is asked for.
    fn listed(&self, chinese: bool) -> Vec<&str> {
        let of = |spellings: &'_ Vec<String>| -> usize {
            spellings
                .iter()
                .position(|s| chinese && s.contains(is_cjk))
                .unwrap_or(0)
        };
        self.choices
            .iter()
            .map(|spellings| spellings[of(spellings)].as_str())
            .collect()
    }

    fn bad(&self, text: &str) -> BadValue {
        const MOST: usize = 12;
        let why = format!("unknown {} {}", self.name, quoted(text));
        let unquoted = text.trim_matches(['"', '\'']);
        if unquoted != text && self.find(unquoted).is_some() {
            let help = format!("write {unquoted} without quotes");
            return BadValue { why, help };
        }
        let all = self.choices.iter().flatten().map(String::as_str);
        if let Some(near) = distance::nearest(unquoted, all) {
            let help = format!("did you mean \"{near}\"?");
            return BadValue { why, help };
        }
        let listed = self.listed(text.contains(is_cjk));
        let mut help = String::new();
        for (index, choice) in listed.iter().take(MOST).enumerate() {
            let comma = if index == 0 { "it is one of " } else { ", " };
            let _ = write!(help, "{comma}{choice}");
        }
        if listed.len() > MOST {
            let _ = write!(help, " and {} more", listed.len() - MOST);
        }
        BadValue { why, help }
    }
}

/// A spelling without what does not count: case, and blanks beside Chinese writing.
fn fold(text: &str) -> String {
    let plain = source::plain(text.trim());
    let mut out = String::with_capacity(plain.len());
    let mut blank = false;
    for c in plain.chars() {
        if c == ' ' {
            blank = true;
            continue;
        }
        if blank && !is_cjk(c) && !out.ends_with(is_cjk) {
            out.push(' ');
        }
        blank = false;
        out.extend(c.to_lowercase());
    }
    out
}

impl Kind {
    /// The kind of this name, built in or an enumeration.
    pub fn named(name: &str, kinds: &dyn Kinds) -> Option<Self> {
        Some(match name {
            "int" => Self::Int,
            "string" => Self::Text,
            "word" => Self::Word,
            "amount" => Self::Amount,
            "duration" => Self::Duration,
            name => Self::Choice(kinds.enumeration(name)?),
        })
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
            Self::Choice(enumeration) => match enumeration.find(text) {
                Some(index) => Ok(Arg::Choice {
                    kind: enumeration.name.clone(),
                    index,
                }),
                None => Err(enumeration.bad(text)),
            },
        }
    }

    /// A regular expression for what is certainly of this kind.
    pub(super) fn strict(&self) -> String {
        match self {
            Self::Int => INT.to_owned(),
            Self::Text => TEXT.to_owned(),
            Self::Word => WORD.to_owned(),
            Self::Amount => AMOUNT.to_owned(),
            Self::Duration => {
                let units: Vec<&str> = UNITS
                    .iter()
                    .chain([&MINUTE_SIGN])
                    .map(|(unit, _)| *unit)
                    .collect();
                let one = format!(r"[0-9]+(?:\.[0-9]+)? *(?:{})", units.join("|"));
                format!("{one}(?: *{one})*")
            }
            Self::Choice(enumeration) => {
                let mut spellings: Vec<&String> = enumeration.by_spelling.keys().collect();
                // The longest first: a spelling may begin another one.
                spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
                let mut out = String::from("(?i:");
                for (index, spelling) in spellings.into_iter().enumerate() {
                    if index > 0 {
                        out.push('|');
                    }
                    super::syntax::literal(&mut out, spelling);
                }
                out.push(')');
                out
            }
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
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().map_err(|_| {
        if digits {
            too_large(text)
        } else {
            BadValue {
                why: format!("{} is no whole number", quoted(text)),
                help: "write it in digits, such as 3".into(),
            }
        }
    })
}

fn too_large(text: &str) -> BadValue {
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
    let c = u32::from_str_radix(&hex[..end], 16).ok().and_then(char::from_u32)?;
    Some((c, end + 3))
}

fn amount(text: &str) -> Result<u64, BadValue> {
    let bad = || {
        let bare = text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
        BadValue {
            why: format!("{} is no amount", quoted(text)),
            help: if bare {
                format!("yuan or fen? write {text} yuan or {text} fen ({text}元, {text}分)")
            } else {
                "write 128.50 yuan or 12850 fen (128.50元, 12850分)".into()
            },
        }
    };
    let mut number = text.trim();
    let mut yuan = false;
    for sign in ["¥", "RMB", "CNY"] {
        if let Some(rest) = number.strip_prefix(sign) {
            (number, yuan) = (rest.trim_start(), true);
        }
    }
    let mut fen = false;
    for (unit, whole) in [("yuan", true), ("元", true), ("fen", false), ("分", false)] {
        if let Some(rest) = number.strip_suffix(unit) {
            (number, yuan, fen) = (rest.trim_end(), yuan || whole, fen || !whole);
        }
    }
    let (whole, cents) = match number.split_once('.') {
        Some((whole, cents)) => (whole, Some(cents)),
        None => (number, None),
    };
    // Bare it is yuan, but only where it cannot be taken for fen.
    let bare = !yuan && !fen && cents.is_some_and(|cents| cents.len() == 2);
    if yuan == fen && !bare || fen && cents.is_some() {
        return Err(bad());
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = ungroup(whole).filter(|whole| digits(whole)).ok_or_else(bad)?;
    let cents = cents.unwrap_or("");
    if number.contains('.') && !digits(cents) || cents.len() > 2 {
        return Err(bad());
    }
    let value = whole.parse::<u64>().ok();
    let value = if fen {
        value
    } else {
        let cents: u64 = format!("{cents:0<2}").parse().map_err(|_| bad())?;
        value
            .and_then(|yuan| yuan.checked_mul(100))
            .and_then(|fen| fen.checked_add(cents))
    };
    value.ok_or_else(|| too_large(text))
}

/// Takes the commas out of `1,234,567`; `None` where they stand wrong.
fn ungroup(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let mut out = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

fn duration(text: &str) -> Result<u64, BadValue> {
    let bad = || BadValue {
        why: format!("{} is no length of time", quoted(text)),
        help: "write 5 seconds, 200 ms, 2 minutes or 1 hour (5秒, 200毫秒, 2分钟, 1小时)".into(),
    };
    let mut rest = text.trim();
    let mut sum: Option<u64> = None;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(bad)?;
        let number = &rest[..end];
        rest = rest[end..].trim_start();
        let (unit, micros) = UNITS
            .iter()
            .chain([&MINUTE_SIGN])
            .find(|(unit, _)| {
                rest.strip_prefix(unit).is_some_and(|tail| {
                    !unit.ends_with(|c: char| c.is_ascii_alphabetic())
                        || !tail.starts_with(|c: char| c.is_ascii_alphabetic())
                })
            })
            .ok_or_else(bad)?;
        rest = rest[unit.len()..].trim_start();
        let micros = scaled(number, *micros).ok_or_else(bad)?;
        let micros = micros.ok_or_else(|| too_large(text))?;
        sum = Some(sum.unwrap_or(0).checked_add(micros).ok_or_else(|| too_large(text))?);
    }
    sum.ok_or_else(bad)
}

/// `number` times `unit` without rounding: the outer `None` for what is no number or finer than a
/// microsecond, the inner one for what is too large.
fn scaled(number: &str, unit: u64) -> Option<Option<u64>> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !digits(whole) || !digits(fraction) || fraction.len() > 12 {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = fraction.parse::<u128>().ok()? * u128::from(unit);
    if part % scale != 0 {
        return None;
    }
    let Ok(whole) = whole.parse::<u64>() else {
        return Some(None);
    };
    let sum = u128::from(whole) * u128::from(unit) + part / scale;
    Some(u64::try_from(sum).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    fn kinds() -> Vec<Kind> {
        vec![Kind::Int, Kind::Text, Kind::Amount, Kind::Duration]
    }

    #[test]
    fn amounts_are_fen() {
        for (text, fen) in [
            ("128.50 yuan", 12_850),
            ("128.5元", 12_850),
            ("128 元", 12_800),
            ("¥128.50", 12_850),
            ("¥ 128元", 12_800),
            ("RMB 1,234.05", 123_405),
            ("128.50", 12_850),
            ("12850 fen", 12_850),
            ("12850分", 12_850),
            ("0.01 yuan", 1),
            ("0元", 0),
        ] {
            assert_eq!(amount(text), Ok(fen), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_says_why() {
        for text in ["128", "128.5", "128.505元", "1.5分", "-1元", "1,23元", "元", ".5元", "5 yuan fen", ""] {
            assert!(amount(text).is_err(), "{text}");
        }
        let error = amount("128").expect_err("ambiguous");
        assert_eq!(
            error.to_string(),
            "\"128\" is no amount (yuan or fen? write 128 yuan or 128 fen (128元, 128分))"
        );
        let error = amount("184467440737095516.16元").expect_err("too large");
        assert!(error.why.ends_with("is too large"));
        assert_eq!(amount("184467440737095516.15元"), Ok(u64::MAX));
    }

    #[test]
    fn durations_are_microseconds() {
        for (text, micros) in [
            ("5 seconds", 5_000_000),
            ("1 second", 1_000_000),
            ("200 ms", 200_000),
            ("200ms", 200_000),
            ("1.5 s", 1_500_000),
            ("7 µs", 7),
            ("2 minutes", 120_000_000),
            ("1 hour 30 min", 5_400_000_000),
            ("2 days", 172_800_000_000),
            ("5秒", 5_000_000),
            ("5秒钟", 5_000_000),
            ("200 毫秒", 200_000),
            ("2分钟", 120_000_000),
            ("1分30秒", 90_000_000),
            ("1小时", 3_600_000_000),
            ("0.5秒", 500_000),
        ] {
            assert_eq!(duration(text), Ok(micros), "{text}");
        }
        for text in ["5", "seconds", "5 secondss", "5 sheep", "0.0000001 s", "-5 s", "5..5 s", ""] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration("99999999999999 days").expect_err("large").why.contains("too large"));
    }

    #[test]
    fn quoted_text_resolves_its_escapes() {
        let text = |text| unquote(text).expect(text);
        assert_eq!(text(r#""a\"b\\c\n\r\t\u{1b}\x\u{zz}""#), "a\"b\\c\n\r\t\u{1b}\\x\\u{zz}");
        assert_eq!(text("'a\"b'"), "a\"b");
        assert_eq!(unquote("a"), None);
        assert_eq!(unquote("\""), None);
    }

    #[test]
    fn choices_are_found_in_every_spelling() {
        let profiles = Enumeration::new(
            "profile",
            [vec!["weak", "weak signal", "弱信号"], vec!["4g", "4G 网络"]],
        )
        .expect("good");
        for text in ["weak", "WEAK", "Weak  Signal", "弱信号", "弱 信号"] {
            assert_eq!(profiles.find(text), Some(0), "{text}");
        }
        assert_eq!(profiles.find("4g网络"), Some(1));
        assert_eq!(profiles.find("weka"), None);
        let kind = Kind::Choice(Arc::new(profiles));
        let bad = kind.value("weka").expect_err("unknown");
        assert_eq!(bad.to_string(), "unknown profile \"weka\" (did you mean \"weak\"?)");
        let bad = kind.value("\"weak\"").expect_err("quoted");
        assert_eq!(bad.help, "write weak without quotes");
        let bad = kind.value("卫星").expect_err("unknown");
        assert_eq!(bad.help, "it is one of 弱信号, 4G 网络");
    }

    #[test]
    fn an_enumeration_must_be_unambiguous() {
        let error = Enumeration::new("wallet", [["a"], ["A"]]).expect_err("ambiguous");
        assert!(matches!(error, EnumerationError::Ambiguous { first: 0, second: 1, .. }));
        assert!(Enumeration::new("wallet", [[" "]]).is_err());
        assert!(Enumeration::new("wallet", [Vec::<String>::new()]).is_err());
    }

    #[test]
    fn cells_are_read_like_parameters() {
        assert_eq!(Kind::Amount.read(" １２８．５０元 "), Ok(Arg::Amount(12_850)));
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
            for kind in kinds() {
                let whole = Regex::new(&format!("^(?:{})$", kind.strict())).expect("valid");
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
