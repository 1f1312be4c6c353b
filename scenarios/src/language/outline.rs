//! Outlines: what is wrong with their examples, and one scenario for each row, in time linear in
//! the rows. Not here: where the examples stand in the file.

use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, quoted};
use super::distance;
use super::model::{Fill, Place, Row, Scenario, Step, Tag};
use super::slug;
use super::source::Source;
use super::table;

/// A scenario with placeholders and the tables that fill them.
pub(super) struct Outline<'a> {
    /// The scenario as written; its id is not used.
    pub(super) template: Scenario,
    /// At least one.
    pub(super) examples: Vec<Examples<'a>>,
}

/// One block of examples.
pub(super) struct Examples<'a> {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) tags: Vec<Tag>,
    pub(super) table: &'a table::Table,
}

/// A part of a template.
enum Part<'a> {
    Text(&'a str),
    /// The name in a placeholder, and the placeholder with its brackets.
    Place(&'a str, &'a str),
}

/// Whether `text` has a placeholder for `column`.
pub(super) fn mentions(text: &str, column: &str) -> bool {
    parts(text)
        .iter()
        .any(|part| matches!(part, Part::Place(name, _) if *name == column))
}

/// Whether `text` has any placeholder.
pub(super) fn has_places(text: &str) -> bool {
    parts(text)
        .iter()
        .any(|part| matches!(part, Part::Place(..)))
}

/// Cuts a template at its placeholders `<name>`, wide brackets included. What has a blank inside
/// its brackets at either end, or is empty, is text.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut open) = (0, None);
    for (at, c) in text.char_indices() {
        match c {
            '<' | '＜' => open = Some((at, at + c.len_utf8())),
            '>' | '＞' => {
                let Some((from, inside)) = open.take() else {
                    continue;
                };
                let name = &text[inside..at];
                let end = at + c.len_utf8();
                if name.is_empty() || name.trim() != name {
                    continue;
                }
                if from > start {
                    parts.push(Part::Text(&text[start..from]));
                }
                parts.push(Part::Place(name, &text[from..end]));
                start = end;
            }
            _ => {}
        }
    }
    if start < text.len() {
        parts.push(Part::Text(&text[start..]));
    }
    parts
}

/// The scenarios of an outline with their ids; mistakes go to `out`.
pub(super) fn expand(
    outline: &Outline<'_>,
    area: &str,
    source: &Source,
    out: &mut Vec<Diagnostic>,
) -> Vec<Scenario> {
    check(outline, source, out);
    let template = &outline.template;
    let texts = Texts::of(template);
    let mut scenarios = Vec::new();
    for examples in &outline.examples {
        let Some((header, rows)) = examples.table.rows.split_first() else {
            continue;
        };
        let columns: Arc<[String]> = header.cells.iter().map(|cell| cell.text.clone()).collect();
        let mut tags = template.tags.clone();
        add_tags(&mut tags, &examples.tags);
        let column = |name: &str| columns.iter().position(|column| column == name);
        let filler = Filler { column: &column };
        for row in rows {
            let mut steps = Vec::with_capacity(template.steps.len());
            for (step, texts) in template.steps.iter().zip(&texts.steps) {
                steps.push(filler.step(step, texts, &row.cells));
            }
            scenarios.push(Scenario {
                id: String::new(),
                keyword: template.keyword.clone(),
                name: filler.text(&texts.name, &row.cells, None),
                line: template.line,
                tags: tags.clone(),
                description: template.description.clone(),
                steps,
                row: Some(Row {
                    line: row.line,
                    examples: examples.name.clone(),
                    columns: columns.clone(),
                    cells: row.cells.iter().map(|cell| cell.text.clone()).collect(),
                }),
            });
        }
    }
    let ids = slug::rows(area, &template.name, &scenarios);
    for (scenario, id) in scenarios.iter_mut().zip(ids) {
        scenario.id = id;
    }
    scenarios
}

/// Adds the tags that are not there yet.
pub(super) fn add_tags(tags: &mut Vec<Tag>, more: &[Tag]) {
    for tag in more {
        if !tags.iter().any(|have| have.name == tag.name) {
            tags.push(tag.clone());
        }
    }
}

/// Every text of a template, cut once for all rows.
struct Texts<'a> {
    name: Vec<Part<'a>>,
    steps: Vec<StepTexts<'a>>,
}

struct StepTexts<'a> {
    text: Vec<Part<'a>>,
    docstring: Vec<Part<'a>>,
    table: Vec<Vec<Vec<Part<'a>>>>,
}

impl<'a> Texts<'a> {
    fn of(template: &'a Scenario) -> Self {
        let steps = template.steps.iter().map(|step| StepTexts {
            text: parts(&step.text),
            docstring: step
                .docstring
                .as_ref()
                .map_or(Vec::new(), |doc| parts(&doc.text)),
            table: step.table.as_ref().map_or(Vec::new(), |table| {
                let row = |row: &'a Vec<String>| row.iter().map(|cell| parts(cell)).collect();
                table.rows.iter().map(row).collect()
            }),
        });
        Self {
            name: parts(&template.name),
            steps: steps.collect(),
        }
    }

    /// The names of all placeholders.
    fn places(&self) -> impl Iterator<Item = &'a str> {
        let steps = self.steps.iter().flat_map(|step| {
            let cells = step.table.iter().flatten().flatten();
            step.text.iter().chain(&step.docstring).chain(cells)
        });
        self.name.iter().chain(steps).filter_map(|part| match part {
            Part::Place(name, _) => Some(*name),
            Part::Text(_) => None,
        })
    }
}

/// Puts cells in the place of placeholders.
struct Filler<'a> {
    column: &'a dyn Fn(&str) -> Option<usize>,
}

impl Filler<'_> {
    fn step(&self, step: &Step, texts: &StepTexts<'_>, cells: &[table::Cell]) -> Step {
        let mut fills = Vec::new();
        Step {
            keyword: step.keyword.clone(),
            role: step.role,
            text: self.text(&texts.text, cells, Some(&mut fills)),
            line: step.line,
            column: step.column,
            docstring: step.docstring.as_ref().map(|doc| super::model::DocString {
                text: self.text(&texts.docstring, cells, None),
                ..doc.clone()
            }),
            table: step.table.as_ref().map(|table| super::model::Table {
                rows: texts
                    .table
                    .iter()
                    .map(|row| {
                        row.iter()
                            .map(|cell| self.text(cell, cells, None))
                            .collect()
                    })
                    .collect(),
                lines: table.lines.clone(),
            }),
            fills,
        }
    }

    fn text(
        &self,
        parts: &[Part<'_>],
        cells: &[table::Cell],
        mut fills: Option<&mut Vec<Fill>>,
    ) -> String {
        let mut out = String::new();
        let (mut filled, mut written) = (0, 0);
        for part in parts {
            let (text, length, cell) = match part {
                Part::Text(text) => (*text, None, None),
                Part::Place(name, whole) => {
                    match (self.column)(name).and_then(|column| cells.get(column)) {
                        Some(cell) => (
                            cell.text.as_str(),
                            Some(whole.chars().count()),
                            Some(cell.place),
                        ),
                        None => (*whole, None, None),
                    }
                }
            };
            out.push_str(text);
            if let Some(fills) = fills.as_deref_mut() {
                let count = text.chars().count();
                let length = length.unwrap_or(count);
                if let Some(cell) = cell {
                    fills.push(Fill {
                        filled: filled..filled + count,
                        written: written..written + length,
                        cell,
                    });
                }
                filled += count;
                written += length;
            }
        }
        out
    }
}

/// Reports what is wrong with the columns and rows.
fn check(outline: &Outline<'_>, source: &Source, out: &mut Vec<Diagnostic>) {
    let texts = Texts::of(&outline.template);
    let used: Vec<&str> = texts.places().collect();
    let mut unknown: Vec<(Place, String, &Examples<'_>)> = Vec::new();
    for examples in &outline.examples {
        let Some((header, rows)) = examples.table.rows.split_first() else {
            continue;
        };
        if rows.is_empty() {
            out.push(source.whole_line(
                header.line,
                "examples without a row",
                "the first row names the columns; add a row for each example",
            ));
        }
        let names: Vec<&str> = header.cells.iter().map(|cell| cell.text.as_str()).collect();
        for (index, cell) in header.cells.iter().enumerate() {
            let (message, help) = if cell.text.is_empty() {
                let help = "give it the name of a placeholder, or take it out";
                ("a column without a name".to_owned(), help.to_owned())
            } else if names[..index].contains(&cell.text.as_str()) {
                let message = format!("a second column {}", quoted(&cell.text));
                (message, "give it a name of its own".to_owned())
            } else if !used.contains(&cell.text.as_str()) {
                let near = distance::nearest(
                    &cell.text,
                    used.iter().copied().filter(|name| !names.contains(name)),
                );
                let help = match near {
                    Some(name) => format!("the scenario says <{name}>"),
                    None => format!(
                        "write <{}> in a step or in the name, or take the column out",
                        cell.text
                    ),
                };
                (
                    format!("the column {} is never used", quoted(&cell.text)),
                    help,
                )
            } else {
                continue;
            };
            let Place { column, length, .. } = cell.place;
            out.push(source.diagnostic(header.line, column, length, message, help));
        }
        for step in &outline.template.steps {
            for (range, name) in characters_of_places(&step.text) {
                let place = step.place(range);
                if !names.contains(&name) && !unknown.iter().any(|(known, ..)| *known == place) {
                    unknown.push((place, name.to_owned(), examples));
                }
            }
        }
        let name = &outline.template.name;
        for (range, name) in characters_of_places(name) {
            let place = name_place(&outline.template, range, source);
            if !names.contains(&name) && !unknown.iter().any(|(known, ..)| *known == place) {
                unknown.push((place, name.to_owned(), examples));
            }
        }
    }
    for (place, name, examples) in unknown {
        let header = examples.table.rows.first();
        let names = || {
            let cells = header.iter().flat_map(|row| &row.cells);
            cells
                .map(|cell| cell.text.as_str())
                .filter(|name| !name.is_empty())
        };
        let help = match distance::nearest(&name, names()) {
            Some(near) => format!("did you mean <{near}>?"),
            None => format!("the columns are {}", names().collect::<Vec<_>>().join(", ")),
        };
        let message = format!(
            "<{name}> is no column of the examples in line {}",
            examples.line
        );
        out.push(source.diagnostic(place.line, place.column, place.length, message, help));
    }
}

fn name_place(template: &Scenario, range: Range<usize>, source: &Source) -> Place {
    let line = source.line(template.line).trim_end();
    let start = line.chars().count() - template.name.chars().count().min(line.chars().count());
    Place {
        line: template.line,
        column: start + range.start + 1,
        length: range.len(),
    }
}

/// The placeholders of a text: where (in characters) and which.
fn characters_of_places(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut at = 0;
    let mut places = Vec::new();
    for part in parts(text) {
        let length = match part {
            Part::Text(text) => text.chars().count(),
            Part::Place(name, whole) => {
                let length = whole.chars().count();
                places.push((at..at + length, name));
                length
            }
        };
        at += length;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        characters_of_places(text)
            .into_iter()
            .map(|(_, n)| n)
            .collect()
    }

    #[test]
    fn placeholders_are_found_in_both_widths() {
        assert_eq!(names("付＜金额＞元 <a b> <<c>>"), ["金额", "a b", "c"]);
        assert_eq!(names("1 < 2 > 1, <>, < a >, <"), [""; 0]);
        assert_eq!(characters_of_places("付＜金额＞元")[0].0, 1..5);
    }

    #[test]
    fn many_open_brackets_take_linear_time() {
        assert_eq!(names(&"<".repeat(1_000_000)), [""; 0]);
    }
}
