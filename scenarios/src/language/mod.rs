//! The language layer: between the text of a `.feature` file and whoever runs it.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`source`] | the text of a file, and full-width writing made plain, character for character |
//! | [`diagnostic`] | a mistake with its place, and how it is printed |
//! | [`mod@parse`] | text to [`model::Feature`], every mistake located |
//! | [`model`] | what a parsed file is: plain data, outlines expanded |
//! | [`slug`] | the ids of scenarios, which survive edits |
//! | [`tags`] | tag expressions, `@a and not (@b or @c)` |
//! | [`expression`] | patterns of steps with typed parameters, and the matcher over all of them |
//! | [`lint`] | whole suites against the matcher: undefined, ambiguous, ill-valued steps |
//!
//! Who does what while a file is read: `scan` cuts the text into tables, doc strings, tags and
//! lines of words; `structure` names every mistake of form and writes a *skeleton* (headers,
//! steps, descriptions); the `gherkin` crate reads the skeleton and says which line is what in
//! which language; `tree` puts tables, places and tags back on its tree; `outline` expands. The
//! crate never sees tables, comments or doc strings, because it loses their places, swallows
//! what it does not know and takes time quadratic in their lines.
//!
//! Not here: what a step does, terminals, simulations. Nothing here reads a file.

pub mod diagnostic;
pub(crate) mod distance;
pub mod expression;
mod keywords;
pub mod lint;
pub mod model;
mod outline;
pub mod parse;
mod scan;
mod skeleton;
pub mod slug;
pub mod source;
mod structure;
mod table;
pub mod tags;
mod tree;

pub use diagnostic::Diagnostic;
pub use distance::nearest;
pub use expression::{Arg, Kinds, Match, Matcher, Pattern};
pub use model::{Case, Feature, Role, Scenario, Step};
pub use parse::{Parsed, parse};
