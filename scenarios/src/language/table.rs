//! Rows of cells with their places, and rows that are not as they should be. Not here: what a table
//! belongs to.

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::model::Place;
use super::source::Source;

/// Rows of cells; every row has as many as the first.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) place: Place,
}

/// Reads the row in `line`, which begins with `bar` after `indent` characters.
pub(super) fn row(
    source: &Source,
    line: usize,
    indent: usize,
    bar: char,
    out: &mut Vec<Diagnostic>,
) -> Row {
    let chars: Vec<char> = source.line(line).chars().collect();
    // Where a row begins with a narrow bar, a wide one is text.
    let is_bar = |c: char| c == '|' || c == bar;
    let mut cells = Vec::new();
    let (mut start, mut at) = (indent + 1, indent + 1);
    let mut text = String::new();
    while at < chars.len() {
        match chars[at] {
            '\\' if at + 1 < chars.len() => {
                match chars[at + 1] {
                    'n' => text.push('\n'),
                    c if c == '\\' || is_bar(c) => text.push(c),
                    c => text.extend(['\\', c]),
                }
                at += 2;
            }
            c if is_bar(c) => {
                cells.push(cell(line, &chars, start..at, &text));
                text.clear();
                at += 1;
                start = at;
            }
            c => {
                text.push(c);
                at += 1;
            }
        }
    }
    let rest = chars[start.min(chars.len())..].iter().collect::<String>();
    let left = rest.trim();
    if !left.is_empty() && !left.starts_with('#') {
        let lead = rest.chars().take_while(|c| c.is_whitespace()).count();
        out.push(source.diagnostic(
            line,
            start + lead + 1,
            left.chars().count(),
            "the row does not end with |",
            "close the last cell with |; inside a cell | is written \\|",
        ));
        cells.push(cell(line, &chars, start..chars.len(), &text));
    } else if cells.is_empty() {
        out.push(source.diagnostic(
            line,
            indent + 1,
            1,
            "a row without a cell",
            "a row is | cell | cell |",
        ));
    }
    Row { line, cells }
}

fn cell(line: usize, chars: &[char], range: Range<usize>, text: &str) -> Cell {
    let written = &chars[range.clone()];
    let lead = written.iter().take_while(|c| c.is_whitespace()).count();
    let tail = written
        .iter()
        .rev()
        .take_while(|c| c.is_whitespace())
        .count();
    Cell {
        // A `\n` at its ends was written on purpose.
        text: text
            .trim_matches(|c: char| c.is_whitespace() && c != '\n')
            .to_owned(),
        place: Place {
            line,
            column: if lead < written.len() {
                range.start + lead + 1
            } else {
                range.start + 1
            },
            length: written.len().saturating_sub(lead + tail),
        },
    }
}

/// Reports a row that is not as long as the first, and makes it so.
pub(super) fn uneven(row: &mut Row, first: &Row, source: &Source, out: &mut Vec<Diagnostic>) {
    let (have, want) = (row.cells.len(), first.cells.len());
    if have == want || have == 0 {
        row.cells.truncate(want);
    } else {
        let place = match row.cells.get(want) {
            Some(extra) => extra.place,
            None => Place {
                line: row.line,
                column: source.line(row.line).trim_end().chars().count(),
                length: 1,
            },
        };
        let cells = |count| if count == 1 { "cell" } else { "cells" };
        out.push(source.diagnostic(
            row.line,
            place.column,
            place.length,
            format!(
                "this row has {have} {}, the first row of its table (line {}) has {want}",
                cells(have),
                first.line
            ),
            "every row has as many cells as the first; a | inside a cell is written \\|",
        ));
        row.cells.truncate(want);
    }
    while row.cells.len() < want {
        row.cells.push(Cell {
            text: String::new(),
            place: Place {
                line: row.line,
                column: 1,
                length: 1,
            },
        });
    }
}
