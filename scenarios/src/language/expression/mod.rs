//! Patterns of steps with typed parameters, in the manner of Cucumber expressions, and one matcher
//! over all patterns of a table.
//!
//! | in a pattern | stands for |
//! | --- | --- |
//! | `{int}` | a whole number in digits |
//! | `{string}` | text in `"…"` or `'…'` (after full-width quotes were made plain) |
//! | `{word}` | text without blanks and quotes |
//! | `{amount}` | money: `128.50 yuan`, `128.5元`, `¥128.50`, `12850 fen`, `12850分`, or bare `128.50` |
//! | `{duration}` | `5 seconds`, `200 ms`, `2 minutes`, `1 hour`, `5秒`, `200毫秒`, `2分钟`, `1分30秒` |
//! | `{name}` | one of the choices of the enumeration `name`, in any of its spellings |
//! | `(text)` | text that may be left out |
//! | `a/b` | either word |
//! | `\` | takes `{`, `(`, `/` or `\` for itself |
//!
//! Patterns and steps are made plain before they meet, so `（` in a pattern is a parenthesis.
//! Between Chinese writing and anything else blanks may be there or not: `等待{duration}` fits
//! `等待 5 秒`. Not here: what a step does; which steps there are.

mod enumeration;
mod matcher;
mod measures;
mod regexes;
mod suggest;
mod syntax;
mod values;

pub use enumeration::{Enumeration, EnumerationError, Enumerations, Kinds};
pub use matcher::{Match, Matcher, MatcherError, Suggestion};
pub use suggest::snippet;
pub use syntax::{Pattern, PatternError};
pub use values::{Arg, BadValue, Kind};

#[cfg(test)]
mod tests;
