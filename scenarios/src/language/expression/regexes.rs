//! The regular expressions made of patterns. Blanks beside Chinese writing may be there or not:
//! people put them between Chinese and Latin writing, or do not. Not here: the syntax of patterns.

use super::super::source::is_cjk;
use super::syntax::Node;
use super::values::Kind;

/// What stands at the edge of a part of a regular expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Nothing yet.
    Start,
    /// Writing without blanks between words.
    Cjk,
    /// A letter or digit of other writing, or a parameter.
    Word,
    /// A sign.
    Sign,
}

impl Edge {
    fn of(c: char) -> Self {
        match c {
            c if is_cjk(c) => Self::Cjk,
            c if c.is_alphanumeric() => Self::Word,
            _ => Self::Sign,
        }
    }
}

/// Writes a regular expression: blanks beside Chinese writing may be there or not.
struct Writer<'a> {
    out: &'a mut String,
    edge: Edge,
    blank: bool,
}

impl Writer<'_> {
    fn join(&mut self, next: Edge) {
        let cjk = self.edge == Edge::Cjk || next == Edge::Cjk;
        if self.edge == Edge::Start {
            // Text is trimmed before it is matched.
        } else if self.blank {
            self.out.push_str(if cjk { " *" } else { " +" });
        } else if cjk && (self.edge == Edge::Word || next == Edge::Word) {
            self.out.push_str(" *");
        }
        self.blank = false;
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c == ' ' {
                self.blank = true;
                continue;
            }
            let edge = Edge::of(c);
            self.join(edge);
            let mut one = [0; 4];
            self.out.push_str(&regex::escape(c.encode_utf8(&mut one)));
            self.edge = edge;
        }
    }

    fn optional(&mut self, text: &str) {
        // Its own blanks are part of what may be left out; the blanks around it are not.
        let first = text.chars().next().map_or(Edge::Sign, Edge::of);
        if self.blank {
            self.join(first);
        }
        self.out.push_str("(?:");
        for c in text.chars() {
            if c == ' ' {
                self.out.push_str(" +");
            } else {
                let mut one = [0; 4];
                self.out.push_str(&regex::escape(c.encode_utf8(&mut one)));
            }
        }
        self.out.push_str(")?");
        let last = text.chars().next_back().map_or(Edge::Sign, Edge::of);
        if self.edge == Edge::Start || last != self.edge {
            self.edge = Edge::Sign;
        }
    }

    fn either(&mut self, alternatives: &[Vec<Node>]) {
        let first = |nodes: &Vec<Node>| match nodes.first() {
            Some(Node::Text(text) | Node::Optional(text)) => {
                text.chars().next().map_or(Edge::Sign, Edge::of)
            }
            _ => Edge::Sign,
        };
        let cjk = alternatives.iter().all(|nodes| first(nodes) == Edge::Cjk);
        let edge = if cjk { Edge::Cjk } else { Edge::Word };
        self.join(edge);
        self.out.push_str("(?:");
        for (index, nodes) in alternatives.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            let mut inner = Writer {
                out: self.out,
                edge: Edge::Start,
                blank: false,
            };
            for node in nodes {
                match node {
                    Node::Text(text) => inner.text(text),
                    Node::Optional(text) => inner.optional(text),
                    Node::Parameter(_) | Node::Either(_) => {}
                }
            }
        }
        self.out.push(')');
        self.edge = edge;
    }
}

/// Writes text that a regular expression takes for itself, blanks beside Chinese writing optional.
pub(super) fn literal(out: &mut String, text: &str) {
    Writer {
        out,
        edge: Edge::Start,
        blank: false,
    }
    .text(text);
}

/// The regular expression of a pattern, anchored, with a group for each parameter; `value` gives
/// what stands in the group.
pub(super) fn regex_of(nodes: &[Node], value: &dyn Fn(&Kind) -> String) -> String {
    let mut out = String::from("(?s)^");
    let mut writer = Writer {
        out: &mut out,
        edge: Edge::Start,
        blank: false,
    };
    for node in nodes {
        match node {
            Node::Text(text) => writer.text(text),
            Node::Optional(text) => writer.optional(text),
            Node::Either(alternatives) => writer.either(alternatives),
            Node::Parameter(kind) => {
                writer.join(Edge::Word);
                writer.out.push('(');
                writer.out.push_str(&value(kind));
                writer.out.push(')');
                writer.edge = Edge::Word;
            }
        }
    }
    out.push('$');
    out
}
