//! The matcher: which of all patterns a step fits, and if none, why. Not here: the table that the
//! patterns come from.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::bytes::{RegexSet, RegexSetBuilder};
use unicode_width::UnicodeWidthStr;

use super::super::source::{self, is_cjk};
use super::suggest;
use super::syntax::Pattern;
use super::values::{Arg, BadValue};

/// All patterns of a table, behind one set of regular expressions.
///
/// The set knows only the words of the patterns, so that it is built in no time; whether the
/// values fit is asked of the few patterns whose words do.
#[derive(Debug)]
pub struct Matcher {
    patterns: Vec<Pattern>,
    words: RegexSet,
}

/// Patterns that make no matcher.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MatcherError {
    /// Two patterns fit exactly the same steps.
    #[error("pattern {second} fits the same steps as pattern {first}: \"{pattern}\"; remove one")]
    Twice {
        /// The index of the first.
        first: usize,
        /// The index of the second.
        second: usize,
        /// The second as written.
        pattern: String,
    },
    /// Together they are more than the matcher can hold.
    #[error("the patterns are too many or too large for one matcher")]
    Size(#[from] regex::Error),
}

/// What the matcher says of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// One pattern fits.
    One {
        /// The index of the pattern.
        index: usize,
        /// The values of its parameters, in order.
        args: Vec<Arg>,
    },
    /// None fits.
    None {
        /// The nearest ones, in the writing of the step.
        nearest: Vec<Suggestion>,
    },
    /// Several fit; the table is at fault.
    Many(Vec<usize>),
    /// One fits but for a value.
    Bad {
        /// The index of the pattern.
        index: usize,
        /// Which of its parameters, from 0.
        argument: usize,
        /// Where the value stands in the text, in characters.
        span: Range<usize>,
        /// What is wrong, such as `unknown profile "weka"`.
        why: String,
        /// What to write instead.
        help: String,
    },
}

/// A pattern that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its index.
    pub index: usize,
    /// It as written.
    pub pattern: String,
}

/// Memory that the set may take: some ten thousand patterns.
const SIZE: usize = 256 << 20;

impl Matcher {
    /// A matcher over patterns, known by their indexes.
    ///
    /// # Errors
    /// When two patterns are the same, or they are too large together.
    pub fn new(patterns: Vec<Pattern>) -> Result<Self, MatcherError> {
        let mut seen = BTreeMap::new();
        for (second, pattern) in patterns.iter().enumerate() {
            if let Some(first) = seen.insert(pattern.strict.as_str(), second) {
                let pattern = pattern.source().to_owned();
                return Err(MatcherError::Twice {
                    first,
                    second,
                    pattern,
                });
            }
        }
        let words = RegexSetBuilder::new(patterns.iter().map(|pattern| &pattern.words))
            .unicode(false)
            .size_limit(SIZE)
            .dfa_size_limit(SIZE)
            .build()?;
        Ok(Self { patterns, words })
    }

    /// The patterns, in the order of their indexes.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Finds the pattern of a step. Full-width writing is made plain first.
    pub fn find(&self, text: &str) -> Match {
        let plain = source::plain(text);
        let trimmed = plain.trim();
        let lead = plain.len() - plain.trim_start().len();
        let lead = plain[..lead].chars().count();
        let mut good: Vec<(usize, Vec<Arg>)> = Vec::new();
        let mut bad: Option<Match> = None;
        let candidates = self.words.matches(trimmed.as_bytes());
        for index in &candidates {
            match self.read(index, trimmed, lead) {
                Ok(args) => good.push((index, args)),
                Err(failure) => bad = bad.or(failure),
            }
        }
        match good.len() {
            0 => {}
            1 => {
                let (index, args) = good.swap_remove(0);
                return Match::One { index, args };
            }
            _ => return Match::Many(good.into_iter().map(|(index, _)| index).collect()),
        }
        if let Some(bad) = bad.or_else(|| self.loosely(candidates.iter(), trimmed, lead)) {
            return bad;
        }
        let chinese = unquoted(trimmed).contains(is_cjk);
        Match::None {
            nearest: suggest::nearest(trimmed, &self.patterns, chinese),
        }
    }

    /// Whether some pattern fits, its values aside.
    pub fn fits(&self, text: &str) -> bool {
        let plain = source::plain(text);
        let trimmed = plain.trim();
        let strictly = |index: usize| {
            let pattern = &self.patterns[index];
            pattern.kinds().is_empty()
                || pattern
                    .strict_regex()
                    .is_some_and(|regex| regex.is_match(trimmed))
        };
        self.words.matches(trimmed.as_bytes()).iter().any(strictly)
    }

    /// The patterns nearest to a step, for a file in this language (its code).
    pub fn nearest(&self, text: &str, language: &str) -> Vec<Suggestion> {
        let plain = source::plain(text);
        let chinese = language.starts_with("zh");
        let nearest = suggest::nearest(plain.trim(), &self.patterns, chinese);
        if nearest.is_empty() {
            // A step in another language than its file.
            return suggest::nearest(plain.trim(), &self.patterns, !chinese);
        }
        nearest
    }

    /// The values that a pattern reads; `Err(None)` if it does not fit at all.
    fn read(&self, index: usize, text: &str, lead: usize) -> Result<Vec<Arg>, Option<Match>> {
        let pattern = &self.patterns[index];
        if pattern.kinds().is_empty() {
            return Ok(Vec::new());
        }
        let regex = pattern.strict_regex().ok_or(None)?;
        self.read_with(regex, index, text, lead)
    }

    fn read_with(
        &self,
        regex: &regex::Regex,
        index: usize,
        text: &str,
        lead: usize,
    ) -> Result<Vec<Arg>, Option<Match>> {
        let kinds = self.patterns[index].kinds();
        let found = regex.captures(text).ok_or(None)?;
        let mut args = Vec::with_capacity(kinds.len());
        for (argument, kind) in kinds.iter().enumerate() {
            let value = found.get(argument + 1).ok_or(None)?;
            match kind.value(value.as_str()) {
                Ok(arg) => args.push(arg),
                Err(BadValue { why, help }) => {
                    let start = lead + text[..value.start()].chars().count();
                    let length = value.as_str().chars().count();
                    return Err(Some(Match::Bad {
                        index,
                        argument,
                        span: start..start + length,
                        why,
                        help,
                    }));
                }
            }
        }
        Ok(args)
    }

    /// The most specific pattern that fits but for a value.
    fn loosely(
        &self,
        candidates: impl Iterator<Item = usize>,
        text: &str,
        lead: usize,
    ) -> Option<Match> {
        let mut best: Option<(usize, Match)> = None;
        for index in candidates {
            let pattern = &self.patterns[index];
            let Some(regex) = pattern.loose_regex() else {
                continue;
            };
            if let Err(Some(bad)) = self.read_with(regex, index, text, lead)
                && best.as_ref().is_none_or(|(width, _)| *width < pattern.width)
                // Where the value outweighs the pattern, it is rather another step.
                && value_width(text, lead, &bad) <= pattern.width * 2
            {
                best = Some((pattern.width, bad));
            }
        }
        best.map(|(_, bad)| bad)
    }
}

fn value_width(text: &str, lead: usize, bad: &Match) -> usize {
    match bad {
        Match::Bad { span, .. } => {
            let value: String = text
                .chars()
                .skip(span.start - lead)
                .take(span.len())
                .collect();
            value.width()
        }
        Match::One { .. } | Match::None { .. } | Match::Many(_) => 0,
    }
}

/// Text without what stands in quotes.
fn unquoted(text: &str) -> String {
    let mut parts = text.split('"');
    let mut out = String::new();
    while let Some(part) = parts.next() {
        out.push_str(part);
        parts.next();
    }
    out
}
