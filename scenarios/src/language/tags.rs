//! Cucumber tag expressions: `@a and not (@b or @c)`. `not` binds before `and`, `and` before `or`;
//! `\` escapes a blank, a parenthesis or itself inside a tag; an expression of blanks holds for
//! everything. Full-width `＠`, parentheses and blanks are taken for their ASCII forms. Not here:
//! which tags exist.

use std::fmt;
use std::str::FromStr;

use super::diagnostic::underline;
use super::source::plain_char;

/// A parsed tag expression.
///
/// ```
/// use counterproof_scenarios::language::tags::Expression;
/// let weak: Expression = "@network and not (@slow or @live)".parse()?;
/// assert!(weak.matches(&["@network", "@REV-01"]));
/// assert!(!weak.matches(&["@network", "@live"]));
/// # Ok::<(), counterproof_scenarios::language::tags::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// In reverse Polish order, so that no nesting can exhaust the stack.
    operations: Vec<Operation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operation {
    Tag(String),
    Not,
    And,
    Or,
}

/// A tag expression that does not parse. Its `Display` shows the expression with a caret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    /// The expression as given.
    pub expression: String,
    /// The column of the mistake, from 1, in characters.
    pub column: usize,
    /// The length of the mistake in characters.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, carets) = underline(&self.expression, self.column, self.length);
        writeln!(
            f,
            "tag expression, column {}: {}",
            self.column, self.message
        )?;
        write!(f, "  {shown}\n  {carets}\n  = help: {}", self.help)
    }
}

impl Expression {
    /// Whether it holds for something with exactly these tags, written with their `@`.
    pub fn matches<S: AsRef<str>>(&self, tags: &[S]) -> bool {
        let mut stack = Vec::new();
        for operation in &self.operations {
            let value = match operation {
                Operation::Tag(name) => tags.iter().any(|tag| tag.as_ref() == name),
                Operation::Not => !stack.pop().unwrap_or(false),
                Operation::And => both(&mut stack, |a, b| a && b),
                Operation::Or => both(&mut stack, |a, b| a || b),
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(true)
    }

    /// The tags that it mentions, in order, repetitions left out; so that a tag that no scenario has can
    /// be pointed out.
    pub fn mentions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for operation in &self.operations {
            if let Operation::Tag(name) = operation
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }
}

impl fmt::Display for Expression {
    /// Fully parenthesised, the way Cucumber writes it: `( @a and not ( @b ) )`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text grows around what is there already; each operand is a range of parts.
        let mut stack: Vec<Vec<&str>> = Vec::new();
        let escaped: Vec<String> = self.operations.iter().map(Operation::escaped).collect();
        for (operation, name) in self.operations.iter().zip(&escaped) {
            let text = match operation {
                Operation::Tag(_) => vec![name.as_str()],
                Operation::Not => {
                    let of = stack.pop().unwrap_or_default();
                    // `( @a and @b )` has its parentheses already.
                    if of.first() == Some(&"( ") {
                        [vec!["not "], of].concat()
                    } else {
                        [vec!["not ( "], of, vec![" )"]].concat()
                    }
                }
                Operation::And | Operation::Or => {
                    let right = stack.pop().unwrap_or_default();
                    let left = stack.pop().unwrap_or_default();
                    [vec!["( "], left, vec![name.as_str()], right, vec![" )"]].concat()
                }
            };
            stack.push(text);
        }
        match stack.pop() {
            Some(parts) => f.write_str(&parts.concat()),
            None => f.write_str("true"),
        }
    }
}

impl Operation {
    fn escaped(&self) -> String {
        let name = match self {
            Self::Tag(name) => name,
            Self::Not => return String::new(),
            Self::And => return " and ".into(),
            Self::Or => return " or ".into(),
        };
        let mut out = String::with_capacity(name.len());
        for c in name.chars() {
            if matches!(c, '\\' | '(' | ')') || c.is_whitespace() {
                out.push('\\');
            }
            out.push(c);
        }
        out
    }
}

fn both(stack: &mut Vec<bool>, operator: impl Fn(bool, bool) -> bool) -> bool {
    let right = stack.pop().unwrap_or(false);
    let left = stack.pop().unwrap_or(false);
    operator(left, right)
}

/// A token with its place (index of the first character, length in characters).
struct Token {
    kind: Kind,
    at: usize,
    length: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Tag(String),
    Not,
    And,
    Or,
    Open,
    Close,
}

impl FromStr for Expression {
    type Err = Error;

    /// Parses by operator precedence, without recursion.
    fn from_str(text: &str) -> Result<Self, Error> {
        let fail = |at: usize, length: usize, message: String, help| Error {
            expression: text.to_owned(),
            column: at + 1,
            length,
            message,
            help,
        };
        let tokens = tokens(text, &fail)?;
        let mut operations = Vec::new();
        let mut waiting: Vec<&Token> = Vec::new();
        let mut operand_next = true;
        for token in &tokens {
            match (&token.kind, operand_next) {
                (Kind::Tag(name), true) => {
                    operations.push(Operation::Tag(name.clone()));
                    operand_next = false;
                }
                (Kind::Not | Kind::Open, true) => waiting.push(token),
                (Kind::And | Kind::Or | Kind::Close, true) => {
                    return Err(fail(
                        token.at,
                        token.length,
                        "a tag is expected here".into(),
                        "write a tag, \"not\" or ( here; to name a tag \"and\", \"or\" or \"not\", give it its @",
                    ));
                }
                (Kind::Tag(_) | Kind::Not | Kind::Open, false) => {
                    return Err(fail(
                        token.at,
                        token.length,
                        "an operator is expected here".into(),
                        "write \"and\" or \"or\" between two tags",
                    ));
                }
                (Kind::And | Kind::Or, false) => {
                    while let Some(top) = waiting.last()
                        && top.kind != Kind::Open
                        && top.kind.binds() >= token.kind.binds()
                    {
                        operations.extend(top.kind.operation());
                        waiting.pop();
                    }
                    waiting.push(token);
                    operand_next = true;
                }
                (Kind::Close, false) => loop {
                    match waiting.pop() {
                        Some(top) if top.kind == Kind::Open => break,
                        Some(top) => operations.extend(top.kind.operation()),
                        None => {
                            return Err(fail(
                                token.at,
                                1,
                                "this ) closes nothing".into(),
                                "take it out, or open it with (; inside a tag it is written \\)",
                            ));
                        }
                    }
                },
            }
        }
        if operand_next && let Some(last) = tokens.last() {
            return Err(fail(
                last.at + last.length,
                1,
                "a tag is expected at the end".into(),
                "write a tag after the last operator",
            ));
        }
        while let Some(top) = waiting.pop() {
            if top.kind == Kind::Open {
                return Err(fail(
                    top.at,
                    1,
                    "this ( is never closed".into(),
                    "add ) where it ends; inside a tag it is written \\(",
                ));
            }
            operations.extend(top.kind.operation());
        }
        Ok(Self { operations })
    }
}

impl Kind {
    fn binds(&self) -> u8 {
        match self {
            Self::Not => 3,
            Self::And => 2,
            Self::Or => 1,
            Self::Tag(_) | Self::Open | Self::Close => 0,
        }
    }

    fn operation(&self) -> Option<Operation> {
        match self {
            Self::Not => Some(Operation::Not),
            Self::And => Some(Operation::And),
            Self::Or => Some(Operation::Or),
            Self::Tag(_) | Self::Open | Self::Close => None,
        }
    }
}

fn tokens(
    text: &str,
    fail: &impl Fn(usize, usize, String, &'static str) -> Error,
) -> Result<Vec<Token>, Error> {
    let chars: Vec<char> = text.chars().map(plain_char).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let kind = match chars[at] {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => {
                at += 1;
                Kind::Open
            }
            ')' => {
                at += 1;
                Kind::Close
            }
            _ => {
                let mut name = String::new();
                while at < chars.len() && !chars[at].is_whitespace() {
                    match chars[at] {
                        '(' | ')' => break,
                        ',' => {
                            return Err(fail(
                                at,
                                1,
                                "a comma combines nothing".into(),
                                "write \"@a or @b\" for either, \"@a and @b\" for both",
                            ));
                        }
                        '\\' => {
                            let escaped = chars.get(at + 1).copied();
                            match escaped {
                                Some(c) if matches!(c, '\\' | '(' | ')') || c.is_whitespace() => {
                                    name.push(c);
                                    at += 2;
                                }
                                _ => {
                                    let what = escaped.map_or_else(
                                        || "a \\ at the end escapes nothing".to_owned(),
                                        |c| format!("\"\\{c}\" is no escape"),
                                    );
                                    let length = 1 + usize::from(escaped.is_some());
                                    return Err(fail(
                                        at,
                                        length,
                                        what,
                                        "only a blank, ( , ) and \\ are escaped; write \\\\ for a \\",
                                    ));
                                }
                            }
                        }
                        c => {
                            name.push(c);
                            at += 1;
                        }
                    }
                }
                // An escape makes a word a tag: `\` never stands in an operator.
                match name.as_str() {
                    "not" => Kind::Not,
                    "and" => Kind::And,
                    "or" => Kind::Or,
                    _ => Kind::Tag(name),
                }
            }
        };
        tokens.push(Token {
            kind,
            at: start,
            length: at - start,
        });
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Expression {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn holds(text: &str, tags: &[&str]) -> bool {
        parsed(text).matches(tags)
    }

    fn formatted(text: &str) -> String {
        parsed(text).to_string()
    }

    #[test]
    fn operators_bind_as_cucumber_says() {
        assert_eq!(formatted("@a and @b and @c"), "( ( @a and @b ) and @c )");
        assert_eq!(
            formatted("not @a or @b and not @c or not @d or @e and @f"),
            "( ( ( not ( @a ) or ( @b and not ( @c ) ) ) or not ( @d ) ) or ( @e and @f ) )"
        );
        assert_eq!(
            formatted("not (@a and @b) and @c or not (@d or @f)"),
            "( ( not ( @a and @b ) and @c ) or not ( @d or @f ) )"
        );
        assert_eq!(formatted("not not @a"), "not ( not ( @a ) )");
        assert_eq!(formatted("@x or(@y) "), "( @x or @y )");
        assert_eq!(formatted(" "), "true");
    }

    #[test]
    fn escapes_are_read_and_written() {
        for text in [
            r"( @a\\ and @b )",
            r"( @a and @b\\\\ )",
            r"( @a\\\( and @b\\\) )",
            r"( @x\(1\) or @y\(2\) )",
            r"( @x\  or @y )",
        ] {
            assert_eq!(formatted(text), text);
        }
        assert!(holds(r"@x\(1\) or @y\(2\)", &["@y(2)"]));
        assert!(holds(r"@x\\ or @y\\\) or @z\\", &[r"@y\)"]));
        assert!(!holds(r"@x\\ or @y\\\) or @z\\", &["@y)"]));
    }

    #[test]
    fn it_holds_for_the_right_tags() {
        assert!(holds("", &[]));
        assert!(!holds("not @x", &["@x"]));
        assert!(holds("not @x", &["@y"]));
        assert!(holds("@x and @y", &["@y", "@x"]));
        assert!(!holds("@x and @y", &["@x"]));
        assert!(!holds("@x or @y", &[]));
        assert!(holds("＠弱网　and （not @慢）", &["@弱网"]));
    }

    #[test]
    fn it_tells_what_it_mentions() {
        assert_eq!(parsed("@b and (@a or not @b)").mentions(), ["@b", "@a"]);
    }

    #[test]
    fn mistakes_are_pointed_at() {
        let all: Vec<String> = [
            "@a @b or",
            "@a and (@b not)",
            "@a and or",
            "@a and",
            "or or",
            "@a,@b",
            "( @a and @b ) )",
            "( ( @a and @b )",
            r"@x or @\y or @z",
            r"@x\ or @y",
            r"@x\",
            "()",
            "弱网 @b",
        ]
        .iter()
        .map(|text| match text.parse::<Expression>() {
            Ok(expression) => format!("{text} parsed as {expression}"),
            Err(error) => error.to_string(),
        })
        .collect();
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let deep = format!("{}@a{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(holds(&deep, &["@a"]));
        let many = format!("{}@a", "not ".repeat(100_001));
        assert!(!holds(&many, &["@a"]));
    }

    proptest! {
        #[test]
        fn what_it_writes_it_reads_alike(text in r"(@[a-c]|and|or|not|\(|\)| |\\ ){0,12}") {
            if let Ok(expression) = text.parse::<Expression>() {
                let again = parsed(&expression.to_string().replace("true", ""));
                prop_assert_eq!(again, expression);
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<Expression>().map(|e| e.matches(&["@a"]));
        }
    }
}
