//! Enumerations: the closed sets of choices that a step table brings along, each choice in several
//! spellings. Not here: which enumerations there are.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::super::diagnostic::quoted;
use super::super::distance;
use super::super::source::{self, is_cjk};
use super::regexes;
use super::values::{Arg, BadValue};

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
    regex: String,
}

/// Two choices of an enumeration that are spelled alike, or one that is not spelled at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnumerationError {
    /// A spelling means two choices.
    #[error(
        "in the enumeration {name} \"{spelling}\" means choice {first} and choice {second}; take it from one of them"
    )]
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
            regex: any_of(by_spelling.keys()),
            choices,
            by_spelling,
        })
    }

    /// The value that the choice of this spelling has as an argument.
    ///
    /// # Errors
    /// When there is none, with the nearest spelling or all choices.
    pub(super) fn value(&self, text: &str) -> Result<Arg, BadValue> {
        match self.find(text) {
            Some(index) => Ok(Arg::Choice {
                kind: self.name.clone(),
                index,
            }),
            None => Err(self.bad(text)),
        }
    }

    /// A regular expression for all spellings.
    pub(super) fn regex(&self) -> &str {
        &self.regex
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

/// A spelling without what does not count: ASCII case, and blanks beside Chinese writing.
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
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A regular expression for any of these spellings, in any ASCII case.
fn any_of<'a>(spellings: impl Iterator<Item = &'a String>) -> String {
    let mut spellings: Vec<&String> = spellings.collect();
    // The longest first: a spelling may begin another one.
    spellings.sort_by_key(|spelling| Reverse(spelling.len()));
    let mut out = String::from("(?i-u:");
    for (index, spelling) in spellings.into_iter().enumerate() {
        if index > 0 {
            out.push('|');
        }
        regexes::literal(&mut out, spelling);
    }
    out.push(')');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let bad = profiles.value("weka").expect_err("unknown");
        assert_eq!(
            bad.to_string(),
            "unknown profile \"weka\" (did you mean \"weak\"?)"
        );
        let bad = profiles.value("\"weak\"").expect_err("quoted");
        assert_eq!(bad.help, "write weak without quotes");
        let bad = profiles.value("卫星").expect_err("unknown");
        assert_eq!(bad.help, "it is one of 弱信号, 4G 网络");
    }

    #[test]
    fn an_enumeration_must_be_unambiguous() {
        let error = Enumeration::new("wallet", [["a"], ["A"]]).expect_err("ambiguous");
        assert!(matches!(
            error,
            EnumerationError::Ambiguous {
                first: 0,
                second: 1,
                ..
            }
        ));
        assert!(Enumeration::new("wallet", [[" "]]).is_err());
        assert!(Enumeration::new("wallet", [Vec::<String>::new()]).is_err());
    }
}
