//! Patterns: their syntax and the regular expressions made of them. Not here: finding the pattern of
//! a step.

use std::fmt;
use std::sync::OnceLock;

use regex::Regex;
use unicode_width::UnicodeWidthStr;

use super::super::diagnostic::{quoted, underline};
use super::super::distance;
use super::super::source::plain_char;
use super::enumeration::Kinds;
use super::regexes::regex_of;
use super::suggest::{self, Token};
use super::values::{BUILT_IN, Kind};

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    kinds: Vec<Kind>,
    /// Fits a step whose words are those of the pattern, whatever its values.
    pub(super) words: String,
    /// Fits a step whose values look right too.
    pub(super) strict: String,
    /// Fits a step whose values may be wrong, and cuts them out.
    loose: String,
    /// Screen columns of text that is no parameter.
    pub(super) width: usize,
    pub(super) tokens: Vec<Token>,
    strict_regex: OnceLock<Option<Regex>>,
    loose_regex: OnceLock<Option<Regex>>,
}

/// A pattern that does not compile. Its `Display` shows the pattern with a caret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// The column of the mistake, from 1, in characters.
    pub column: usize,
    /// The length of the mistake in characters.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, carets) = underline(&self.pattern, self.column, self.length);
        writeln!(
            f,
            "pattern of a step, column {}: {}",
            self.column, self.message
        )?;
        write!(f, "  {shown}\n  {carets}\n  = help: {}", self.help)
    }
}

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Parameter(Kind),
    /// What may be left out.
    Optional(String),
    /// Alternatives, each of text and optional text.
    Either(Vec<Vec<Node>>),
}

impl Pattern {
    /// Compiles a pattern; `kinds` are the enumerations it may name.
    ///
    /// # Errors
    /// When the syntax is wrong or a parameter has an unknown kind.
    ///
    /// ```
    /// use counterproof_scenarios::language::expression::{Arg, Enumerations, Match, Matcher, Pattern};
    /// let mut kinds = Enumerations::new();
    /// kinds.add("profile", [["weak", "弱信号"], ["strong", "强信号"]])?;
    /// let patterns = vec![
    ///     Pattern::compile("the link is {profile} for {duration}", &kinds)?,
    ///     Pattern::compile("网络{duration}内为{profile}", &kinds)?,
    /// ];
    /// let matcher = Matcher::new(patterns)?;
    /// let Match::One { index, args } = matcher.find("网络 ５ 秒 内为弱信号") else { panic!() };
    /// assert_eq!(index, 1);
    /// assert_eq!(args[0], Arg::Duration(5_000_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(pattern: &str, kinds: &dyn Kinds) -> Result<Self, PatternError> {
        let nodes = Parser::new(pattern, kinds).parse()?;
        let mut parameters = Vec::new();
        for node in &nodes {
            if let Node::Parameter(kind) = node {
                parameters.push(kind.clone());
            }
        }
        let text = |node: &Node| match node {
            Node::Text(text) => text.trim().width(),
            _ => 0,
        };
        Ok(Self {
            source: pattern.to_owned(),
            kinds: parameters,
            words: regex_of(&nodes, &|_| ".+".to_owned()),
            strict: regex_of(&nodes, &Kind::strict),
            loose: regex_of(&nodes, &|kind| kind.loose().to_owned()),
            width: nodes.iter().map(text).sum(),
            tokens: tokens_of(&nodes),
            strict_regex: OnceLock::new(),
            loose_regex: OnceLock::new(),
        })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The kinds of its parameters, in order.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The regular expression that plain text of a step must fit, anchored, with one group for
    /// each parameter; for tools that bring a matcher of their own.
    pub fn regex(&self) -> &str {
        &self.strict
    }

    pub(super) fn strict_regex(&self) -> Option<&Regex> {
        build(&self.strict_regex, &self.strict)
    }

    pub(super) fn loose_regex(&self) -> Option<&Regex> {
        build(&self.loose_regex, &self.loose)
    }
}

/// Regular expressions of single patterns are built when they are first needed: a run uses few of
/// a table's patterns.
fn build<'a>(cell: &'a OnceLock<Option<Regex>>, text: &str) -> Option<&'a Regex> {
    cell.get_or_init(|| Regex::new(text).ok()).as_ref()
}

struct Parser<'a> {
    pattern: &'a str,
    chars: Vec<char>,
    at: usize,
    kinds: &'a dyn Kinds,
}

impl<'a> Parser<'a> {
    fn new(pattern: &'a str, kinds: &'a dyn Kinds) -> Self {
        Self {
            pattern,
            chars: pattern.chars().collect(),
            at: 0,
            kinds,
        }
    }

    fn fail<T>(
        &self,
        at: usize,
        length: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Result<T, PatternError> {
        Err(PatternError {
            pattern: self.pattern.to_owned(),
            column: at + 1,
            length,
            message: message.into(),
            help: help.into(),
        })
    }

    fn parse(mut self) -> Result<Vec<Node>, PatternError> {
        let mut nodes = Vec::new();
        while let Some(&c) = self.chars.get(self.at) {
            if c.is_whitespace() {
                nodes.push(Node::Text(" ".into()));
                self.at += 1;
            } else if c == '{' {
                nodes.push(self.parameter()?);
            } else {
                self.word(&mut nodes)?;
            }
        }
        if nodes
            .iter()
            .all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
        {
            return self.fail(0, 1, "an empty pattern", "write the text of the step");
        }
        Ok(nodes)
    }

    fn parameter(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        let Some(length) = self.chars[start..].iter().position(|c| *c == '}') else {
            return self.fail(
                start,
                1,
                "this { is never closed",
                "close it with }, or write \\{",
            );
        };
        let name: String = self.chars[start + 1..start + length].iter().collect();
        self.at = start + length + 1;
        if let Some(kind) = Kind::named(&name, self.kinds) {
            return Ok(Node::Parameter(kind));
        }
        let names = self.kinds.names();
        let built_in = BUILT_IN.iter().map(Kind::name);
        let all = built_in.chain(names.iter().map(String::as_str));
        let help = match distance::nearest(&name, all.clone()) {
            Some(near) => format!("did you mean {{{near}}}?"),
            None => format!("the kinds are {}", all.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("unknown kind {}", quoted(&name));
        self.fail(start, length + 1, message, help)
    }

    /// Reads up to a blank or a parameter: text, optional text and alternatives.
    fn word(&mut self, nodes: &mut Vec<Node>) -> Result<(), PatternError> {
        let start = self.at;
        let mut alternatives: Vec<Vec<Node>> = vec![Vec::new()];
        while let Some(&c) = self.chars.get(self.at) {
            let current = alternatives.last_mut();
            match c {
                c if c.is_whitespace() || c == '{' => break,
                '/' => {
                    self.at += 1;
                    alternatives.push(Vec::new());
                }
                '(' => {
                    let optional = self.optional()?;
                    if let Some(current) = current {
                        current.push(Node::Optional(optional));
                    }
                }
                ')' | '}' => {
                    let message = format!("this {c} closes nothing");
                    return self.fail(self.at, 1, message, format!("open it, or write \\{c}"));
                }
                _ => {
                    let c = self.character()?;
                    if let Some(nodes) = current {
                        push_character(nodes, c);
                    }
                }
            }
        }
        if alternatives.len() == 1 {
            nodes.extend(alternatives.into_iter().flatten());
            return Ok(());
        }
        let length = self.at - start;
        let has_text = |nodes: &Vec<Node>| nodes.iter().any(|n| matches!(n, Node::Text(_)));
        if !alternatives.iter().all(has_text) {
            return self.fail(
                start,
                length,
                "an alternative without text",
                "write a word on both sides of /, or write \\/ for a /",
            );
        }
        let before = start.checked_sub(1).map(|at| self.chars[at]);
        if before == Some('}') || self.chars.get(self.at) == Some(&'{') {
            return self.fail(
                start,
                length,
                "a parameter in an alternative",
                "put a blank between them, or make two patterns of it; a / is written \\/",
            );
        }
        nodes.push(Node::Either(alternatives));
        Ok(())
    }

    /// Reads `(text)`.
    fn optional(&mut self) -> Result<String, PatternError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.chars.get(self.at) {
                None => {
                    let help = "close it with ), or write \\(";
                    return self.fail(start, 1, "this ( is never closed", help);
                }
                Some(')') => {
                    self.at += 1;
                    break;
                }
                Some('(' | '{') => {
                    let help = "only text can be left out; make two patterns of it";
                    return self.fail(self.at, 1, "optional text holds plain text only", help);
                }
                Some(_) => text.push(self.character()?),
            }
        }
        if text.trim().is_empty() {
            let help = "write what may be left out, or \\( for a (";
            return self.fail(start, self.at - start, "optional text without text", help);
        }
        Ok(text)
    }

    /// One character of text, its escape resolved, made plain.
    fn character(&mut self) -> Result<char, PatternError> {
        let at = self.at;
        self.at += 1;
        match (self.chars[at], self.chars.get(at + 1)) {
            ('\\', Some(&c)) if matches!(c, '{' | '}' | '(' | ')' | '/' | '\\') => {
                self.at += 1;
                Ok(c)
            }
            ('\\', _) => self.fail(at, 1, "this \\ escapes nothing", "write \\\\ for a \\"),
            (c, _) => Ok(plain_char(c)),
        }
    }
}

fn push_character(nodes: &mut Vec<Node>, c: char) {
    if let Some(Node::Text(text)) = nodes.last_mut() {
        text.push(c);
    } else {
        nodes.push(Node::Text(c.into()));
    }
}

/// The tokens that suggestions compare: of alternatives the first, optional text left out.
fn tokens_of(nodes: &[Node]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Text(part) => text.push_str(part),
            Node::Optional(_) => {}
            Node::Either(alternatives) => {
                for part in alternatives.iter().take(1).flatten() {
                    if let Node::Text(part) = part {
                        text.push_str(part);
                    }
                }
            }
            Node::Parameter(_) => {
                tokens.extend(suggest::tokens(&text));
                text.clear();
                tokens.push(Token::Value);
            }
        }
    }
    tokens.extend(suggest::tokens(&text));
    tokens
}
