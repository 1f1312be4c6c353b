//! For a step that no pattern fits: the patterns that come nearest, and the pattern that would fit
//! it. Not here: deciding whether one fits.

use std::sync::LazyLock;

use regex::Regex;

use super::super::distance;
use super::super::source::{self, is_cjk};
use super::matcher::Suggestion;
use super::syntax::Pattern;
use super::values::Kind;

/// What suggestions compare: words, Chinese characters one by one, and values whatever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Value,
}

/// The cost of a token too many or too few; that of a wrong word is at most as much.
const GAP: usize = 6;
/// The cost of a word where a value is expected: it may be the name of a choice.
const NAME: usize = 2;
/// Longer steps are compared by their beginning.
const LONGEST: usize = 60;
/// How many patterns that share words with the step are compared closely.
const CLOSELY: usize = 24;
/// How many are suggested.
const MOST: usize = 3;

/// The tokens of plain text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        if tokens.len() >= LONGEST {
            break;
        }
        let end = if matches!(c, '"' | '\'') && rest[1..].contains(c) {
            tokens.push(Token::Value);
            rest[1..].find(c).map_or(1, |at| at + 2)
        } else if is_cjk(c) {
            tokens.push(Token::Word(c.to_string()));
            c.len_utf8()
        } else {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| c.is_whitespace() || is_cjk(*c) || *c == '"')
                .map_or(rest.len(), |(at, _)| at);
            tokens.push(if c.is_ascii_digit() || c == '¥' {
                Token::Value
            } else {
                Token::Word(rest[..end].to_lowercase())
            });
            end
        };
        rest = rest[end..].trim_start();
    }
    tokens
}

/// The patterns nearest to the plain text of a step, nearest first, in Chinese or not as asked.
pub(super) fn nearest(text: &str, patterns: &[Pattern], chinese: bool) -> Vec<Suggestion> {
    let step = tokens(text);
    let shared = |pattern: &Pattern| {
        let words = pattern.tokens.iter();
        words.filter(|token| step.contains(token)).count()
    };
    let mut candidates: Vec<(usize, usize)> = patterns
        .iter()
        .enumerate()
        .filter(|(_, pattern)| pattern.source().contains(is_cjk) == chinese)
        .map(|(index, pattern)| (shared(pattern), index))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    candidates.sort_by_key(|(shared, index)| (std::cmp::Reverse(*shared), *index));
    candidates.truncate(CLOSELY);
    let mut scored: Vec<(usize, usize)> = candidates
        .into_iter()
        .filter_map(|(_, index)| {
            let tokens = &patterns[index].tokens;
            let cost = distance::align(step.len(), tokens.len(), GAP, |i, j| {
                difference(&step[i], &tokens[j])
            });
            let worst = GAP * step.len().max(tokens.len());
            (cost * 100 <= worst * 55).then_some((cost, index))
        })
        .collect();
    scored.sort_unstable();
    // Not what is far worse than the best.
    let best = scored.first().map_or(0, |(cost, _)| *cost);
    scored
        .into_iter()
        .filter(|(cost, _)| *cost <= best + GAP)
        .take(MOST)
        .map(|(_, index)| Suggestion {
            index,
            pattern: patterns[index].source().to_owned(),
        })
        .collect()
}

fn difference(a: &Token, b: &Token) -> usize {
    match (a, b) {
        (Token::Value, Token::Value) => 0,
        (Token::Word(_), Token::Value) | (Token::Value, Token::Word(_)) => NAME,
        (Token::Word(a), Token::Word(b)) if a == b => 0,
        (Token::Word(a), Token::Word(b)) => {
            const LONG: usize = 24;
            let length = a.chars().count().max(b.chars().count());
            if length > LONG {
                GAP
            } else {
                (GAP * distance::edits(a, b)).div_ceil(length.max(1))
            }
        }
    }
}

/// The pattern that fits a step like this one, to begin a new row of the step table with: quoted
/// text, amounts, durations and numbers become parameters.
///
/// ```
/// use counterproof_scenarios::language::expression::snippet;
/// assert_eq!(
///     snippet("the customer pays 128.50 yuan with \"a/b\" within 5 seconds"),
///     "the customer pays {amount} with {string} within {duration}"
/// );
/// assert_eq!(snippet("等待５秒（重试３次）"), "等待{duration}\\(重试{int}次\\)");
/// ```
pub fn snippet(text: &str) -> String {
    static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let [text, amount, duration, int] =
            [Kind::Text, Kind::Amount, Kind::Duration, Kind::Int].map(|kind| kind.strict());
        // A duration such as 5分钟 begins like an amount: the longer one is meant.
        Regex::new(&format!(
            r"(?s)(?<string>{text})|(?<duration>{duration})(?:\b|$)|(?<amount>{amount})|(?<int>\b{int}\b|{int})"
        ))
        .ok()
    });
    let plain = source::plain(text);
    let mut out = String::with_capacity(plain.len());
    let mut done = 0;
    if let Some(value) = VALUE.as_ref() {
        for found in value.captures_iter(&plain) {
            let Some(whole) = found.get(0) else { continue };
            escape(&mut out, &plain[done..whole.start()]);
            let names = ["string", "duration", "amount", "int"];
            let name = names.into_iter().find(|name| found.name(name).is_some());
            out.push('{');
            out.push_str(name.unwrap_or("int"));
            out.push('}');
            done = whole.end();
        }
    }
    escape(&mut out, &plain[done..]);
    out
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '{' | '}' | '(' | ')' | '/' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}
