//! What a parsed feature file is: plain data that owns itself, outlines expanded, every part with
//! its place. Text is as written; full-width writing in steps is made plain by whoever matches
//! them. Not here: how it is read.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::source::{self, Source};

/// One feature file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The file.
    pub source: Arc<Source>,
    /// What the ids of its scenarios begin with, from its path; see [`super::slug::area`].
    pub area: String,
    /// The code in `# language:`, `en` without one.
    pub language: String,
    /// The keyword as written.
    pub keyword: String,
    /// The name.
    pub name: String,
    /// The line of the header, from 1.
    pub line: usize,
    /// The tags above the header.
    pub tags: Vec<Tag>,
    /// The lines between the header and what follows it.
    pub description: Vec<Prose>,
    /// The steps that precede those of every scenario of the file.
    pub background: Option<Background>,
    /// The scenarios before the first rule, outlines expanded, in the order of the file.
    pub scenarios: Vec<Scenario>,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// A rule: scenarios under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The keyword as written.
    pub keyword: String,
    /// The name.
    pub name: String,
    /// The line of the header, from 1.
    pub line: usize,
    /// The tags above the header.
    pub tags: Vec<Tag>,
    /// The lines between the header and what follows it.
    pub description: Vec<Prose>,
    /// The steps that precede those of every scenario of the rule.
    pub background: Option<Background>,
    /// The scenarios, outlines expanded.
    pub scenarios: Vec<Scenario>,
}

/// Steps that precede those of other scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Background {
    /// The keyword as written.
    pub keyword: String,
    /// The name, mostly empty.
    pub name: String,
    /// The line of the header, from 1.
    pub line: usize,
    /// The lines between the header and the first step.
    pub description: Vec<Prose>,
    /// The steps; never empty in a file without mistakes.
    pub steps: Vec<Step>,
}

/// One scenario to run: a plain one, or one row of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// `area/slug-of-the-name`, unique in a suite without mistakes; see [`super::slug`].
    pub id: String,
    /// The keyword as written.
    pub keyword: String,
    /// The name, placeholders filled.
    pub name: String,
    /// The line of the header, from 1; of a row see [`Scenario::place`].
    pub line: usize,
    /// Every tag that holds for it, each once: of the feature, of the rule, its own, and of the
    /// examples.
    pub tags: Vec<Tag>,
    /// The lines between the header and the first step.
    pub description: Vec<Prose>,
    /// The steps of its own, without backgrounds; see [`Case::steps`].
    pub steps: Vec<Step>,
    /// The row that filled it in, if it is one of an outline.
    pub row: Option<Row>,
}

/// A row of an outline's examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of the row, from 1.
    pub line: usize,
    /// The name of the examples, mostly empty.
    pub examples: String,
    /// The headers of the columns.
    pub columns: Arc<[String]>,
    /// The cells, as many as columns.
    pub cells: Vec<String>,
}

/// What kind of step it is. `And` and `But` are of the kind of the step before, and a first one
/// is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The state of the world before.
    Given,
    /// What happens.
    When,
    /// What must hold.
    Then,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The keyword as written, without blanks.
    pub keyword: String,
    /// The kind, found through `And` and `But`.
    pub role: Role,
    /// The text as written, placeholders filled.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
    /// The column of the text, from 1, in characters.
    pub column: usize,
    /// The doc string under it.
    pub docstring: Option<DocString>,
    /// The table under it.
    pub table: Option<Table>,
    /// Where placeholders were filled, in the order of the text.
    pub fills: Vec<Fill>,
}

/// A place where a cell of the examples was put into the text of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Characters of the filled text.
    pub filled: Range<usize>,
    /// Characters of the text as written.
    pub written: Range<usize>,
    /// Where the cell stands.
    pub cell: Place,
}

/// Characters of a source line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// How many characters.
    pub length: usize,
}

/// Text under a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocString {
    /// What stands behind the opening marks, mostly empty.
    pub media_type: String,
    /// The text without the indentation of the opening marks, lines joined by LF.
    pub text: String,
    /// The line of the opening marks, from 1.
    pub line: usize,
}

/// A table under a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The rows, all of one length.
    pub rows: Vec<Vec<String>>,
    /// The line of each row, from 1.
    pub lines: Vec<usize>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The tag with its `@`.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column of the `@`, from 1, in characters.
    pub column: usize,
}

/// A line of description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    /// The line, from 1.
    pub line: usize,
    /// The text as written, trimmed.
    pub text: String,
}

/// A scenario with what surrounds it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The file.
    pub feature: &'a Feature,
    /// The rule, if it stands under one.
    pub rule: Option<&'a Rule>,
    /// The scenario.
    pub scenario: &'a Scenario,
}

impl Feature {
    /// Every scenario, in the order of the file.
    pub fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        let top = self.scenarios.iter().map(|scenario| (None, scenario));
        let ruled = self.rules.iter().flat_map(|rule| {
            let scenarios = rule.scenarios.iter();
            scenarios.map(move |scenario| (Some(rule), scenario))
        });
        top.chain(ruled).map(|(rule, scenario)| Case {
            feature: self,
            rule,
            scenario,
        })
    }

    /// The backgrounds, in the order of the file.
    pub fn backgrounds(&self) -> impl Iterator<Item = &Background> {
        let of_rules = self
            .rules
            .iter()
            .filter_map(|rule| rule.background.as_ref());
        self.background.iter().chain(of_rules)
    }
}

impl<'a> Case<'a> {
    /// Every step to run: of the feature's background, of the rule's, of the scenario.
    pub fn steps(self) -> impl Iterator<Item = &'a Step> {
        let ruled = self.rule.and_then(|rule| rule.background.as_ref());
        let backgrounds = self.feature.background.iter().chain(ruled);
        backgrounds
            .flat_map(|background| &background.steps)
            .chain(&self.scenario.steps)
    }
}

impl Scenario {
    /// The line at which it stands: that of its row, or of its header.
    pub fn place(&self) -> usize {
        self.row.as_ref().map_or(self.line, |row| row.line)
    }
}

impl Row {
    /// The name and the cell of a column, from 0.
    pub fn pair(&self, column: usize) -> Option<(&str, &str)> {
        Some((self.columns.get(column)?, self.cells.get(column)?))
    }
}

impl Step {
    /// The text with full-width writing made plain; what patterns are matched against.
    pub fn plain(&self) -> Cow<'_, str> {
        source::plain(&self.text)
    }

    /// Where these characters of the text stand in the file: in a cell of the examples, if one
    /// was filled in there, else in the step.
    pub fn place(&self, characters: Range<usize>) -> Place {
        let mut shift = 0_isize;
        for fill in &self.fills {
            let inside = fill.filled.start <= characters.start && characters.end <= fill.filled.end;
            if inside && !fill.filled.is_empty() {
                return fill.cell;
            }
            if fill.filled.end <= characters.start {
                shift = fill.written.end.cast_signed() - fill.filled.end.cast_signed();
            }
        }
        let start = characters.start.saturating_add_signed(shift);
        Place {
            line: self.line,
            column: self.column + start,
            length: self.written_length(&characters),
        }
    }

    /// How many characters of the text as written became these.
    fn written_length(&self, characters: &Range<usize>) -> usize {
        let mut length = characters.len();
        for fill in &self.fills {
            if characters.start <= fill.filled.start && fill.filled.end <= characters.end {
                length = (length + fill.written.len()).saturating_sub(fill.filled.len());
            }
        }
        length
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_filled_step_is_the_cell_or_the_step() {
        // Written: `a <x> b <y> c`, filled: `a 12 b 3 c`.
        let cell = |column| Place {
            line: 9,
            column,
            length: 2,
        };
        let step = Step {
            keyword: "Given".into(),
            role: Role::Given,
            text: "a 12 b 3 c".into(),
            line: 4,
            column: 11,
            docstring: None,
            table: None,
            fills: vec![
                Fill {
                    filled: 2..4,
                    written: 2..5,
                    cell: cell(7),
                },
                Fill {
                    filled: 7..8,
                    written: 8..11,
                    cell: cell(12),
                },
            ],
        };
        assert_eq!(step.place(2..4), cell(7));
        assert_eq!(step.place(7..8), cell(12));
        let at = |column, length| Place {
            line: 4,
            column,
            length,
        };
        assert_eq!(step.place(0..1), at(11, 1));
        assert_eq!(step.place(5..6), at(17, 1));
        assert_eq!(step.place(9..10), at(23, 1));
        assert_eq!(step.place(0..10), at(11, 13));
    }
}
