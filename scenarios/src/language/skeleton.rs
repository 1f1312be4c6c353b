//! What the `gherkin` crate is given to read in place of the file: headers, steps and
//! descriptions, a stand-in for each table and doc string, nothing else. Not here: what is a
//! mistake.

use std::collections::BTreeSet;

use super::scan::{Kind, Scan};

/// What `gherkin` is given to read, and where each of its lines comes from.
///
/// Tables are there as one row with the index of the table, doc strings as their index.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    pub(super) text: String,
    pub(super) lines: Vec<Origin>,
    /// Lines of the headers of scenarios that are not whole: what follows from a mistake in
    /// them is no mistake of its own.
    pub(super) damaged: BTreeSet<usize>,
}

/// Where a line of a skeleton comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The line in the file, from 1.
    pub(super) line: usize,
    pub(super) part: Part,
}

/// What a line of a skeleton is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A header or a step, with its keyword as written.
    Keyword(&'static str),
    /// Description; or in a language without a table, words of any kind.
    Words,
    /// Put there in place of something that is missing, or for a table or doc string.
    Stub,
}

impl Skeleton {
    pub(super) fn push(&mut self, text: &str, line: usize, part: Part) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lines.push(Origin { line, part });
    }

    pub(super) fn table(&mut self, index: usize, line: usize) {
        self.push(&format!("|{index}|"), line, Part::Stub);
    }

    pub(super) fn doc(&mut self, index: usize, line: usize) {
        for text in ["\"\"\"", &index.to_string(), "\"\"\""] {
            self.push(text, line, Part::Stub);
        }
    }
}

/// The skeleton of a file whose keywords only `gherkin` knows: its lines as they are.
pub(super) fn unchecked(scan: &Scan) -> Skeleton {
    let mut skeleton = Skeleton::default();
    for item in &scan.items {
        match &item.kind {
            Kind::Words { plain, .. } => skeleton.push(plain, item.line, Part::Words),
            Kind::Table(index) => skeleton.table(*index, item.line),
            Kind::Doc(index) => skeleton.doc(*index, item.line),
        }
    }
    skeleton
}
