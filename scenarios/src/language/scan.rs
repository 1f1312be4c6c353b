//! The first look at a file, the same in every language: which lines are tags, tables and doc
//! strings, with the place of every cell, and which are words. Not here: keywords; what the words
//! are is found out by `structure` and the `gherkin` crate.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::model::{DocString, Place, Tag};
use super::source::{self, Source};
use super::table::{self, Row, Table};

/// A file cut into parts.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The parts that `gherkin` must know of, in the order of the file.
    pub(super) items: Vec<Item>,
    pub(super) tables: Vec<Table>,
    pub(super) docs: Vec<DocString>,
    /// Tags by the line of words that they stand above; 0 for those above nothing.
    pub(super) tags: BTreeMap<usize, Vec<Tag>>,
    /// The code in `# language:` and where it stands.
    pub(super) language: Option<(String, Place)>,
    /// The line of the last word, row or doc string; 0 for none.
    pub(super) last: usize,
}

/// A part and the line at which it begins.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A line that is a header, a step or description: plain and trimmed, with the number of
    /// characters before it.
    Words { plain: String, indent: usize },
    /// An index into the tables.
    Table(usize),
    /// An index into the doc strings.
    Doc(usize),
}

/// The marks around a doc string, made plain.
const FENCES: [&str; 2] = ["\"\"\"", "```"];

/// Cuts a file into its parts; mistakes go to `out`.
pub(super) fn scan(source: &Source, out: &mut Vec<Diagnostic>) -> Scan {
    let mut scan = Scan::default();
    let mut tags: Vec<Tag> = Vec::new();
    let mut line = 0;
    while line < source.len() {
        line += 1;
        let raw = source.line(line);
        let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
        let trimmed = raw.trim();
        let Some(first) = trimmed.chars().next() else {
            continue;
        };
        match source::plain_char(first) {
            '#' => comment(&mut scan, source, line, indent, trimmed, out),
            '@' => tag_line(source, line, &mut tags, out),
            '|' | '｜' => {
                let row = table::row(source, line, indent, first, out);
                scan.add_row(line, row, source, out);
                scan.last = line;
            }
            _ => {
                let plain = source::plain(trimmed);
                let fence = FENCES.into_iter().find(|fence| plain.starts_with(fence));
                let kind = if let Some(fence) = fence {
                    let (doc, end) = doc_string(source, line, indent, &plain, fence, out);
                    scan.docs.push(doc);
                    scan.items.push(Item {
                        line,
                        kind: Kind::Doc(scan.docs.len() - 1),
                    });
                    line = end;
                    scan.last = line;
                    continue;
                } else {
                    Kind::Words {
                        plain: plain.into_owned(),
                        indent,
                    }
                };
                if !tags.is_empty() {
                    scan.tags.insert(line, std::mem::take(&mut tags));
                }
                scan.items.push(Item { line, kind });
                scan.last = line;
            }
        }
    }
    if !tags.is_empty() {
        scan.tags.insert(0, tags);
    }
    scan
}

impl Scan {
    fn add_row(&mut self, line: usize, row: Row, source: &Source, out: &mut Vec<Diagnostic>) {
        let open = if let Some(Item {
            kind: Kind::Table(index),
            ..
        }) = self.items.last()
        {
            *index
        } else {
            self.tables.push(Table { rows: Vec::new() });
            let index = self.tables.len() - 1;
            self.items.push(Item {
                line,
                kind: Kind::Table(index),
            });
            index
        };
        let table = &mut self.tables[open];
        let mut row = row;
        if let Some(first) = table.rows.first() {
            table::uneven(&mut row, first, source, out);
        }
        table.rows.push(row);
    }
}

fn comment(
    scan: &mut Scan,
    source: &Source,
    line: usize,
    indent: usize,
    text: &str,
    out: &mut Vec<Diagnostic>,
) {
    let plain = source::plain(text);
    let Some(rest) = plain[1..].trim_start().strip_prefix("language") else {
        return;
    };
    let Some(code) = rest.trim_start().strip_prefix(':') else {
        return;
    };
    let length = text.trim_end().chars().count();
    let code_column = indent + 1 + length - code.trim_start().chars().count();
    let place = Place {
        line,
        column: code_column,
        length: code.trim().chars().count(),
    };
    if scan.last == 0 && scan.language.is_none() {
        scan.language = Some((code.trim().to_owned(), place));
    } else {
        out.push(source.diagnostic(
            line,
            indent + 1,
            length,
            "the language is chosen too late",
            "\"# language:\" counts once, before the first header",
        ));
    }
}

/// Collects the tags of a line; a word without `@` is a mistake.
fn tag_line(source: &Source, line: usize, tags: &mut Vec<Tag>, out: &mut Vec<Diagnostic>) {
    let chars: Vec<char> = source.line(line).chars().map(source::plain_char).collect();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if chars[at].is_whitespace() {
            at += 1;
            continue;
        }
        if chars[at] == '#' {
            return;
        }
        at += 1;
        while at < chars.len() && !chars[at].is_whitespace() && chars[at] != '@' {
            at += 1;
        }
        let name: String = chars[start..at].iter().collect();
        if name.len() > 1 && name.starts_with('@') {
            tags.push(Tag {
                name,
                line,
                column: start + 1,
            });
        } else {
            let message = if name == "@" {
                "a tag without a name".to_owned()
            } else {
                format!("\"{name}\" is no tag")
            };
            let help = "a tag is @ and a name without blanks; tags stand side by side with a blank between";
            out.push(source.diagnostic(line, start + 1, at - start, message, help));
            if name == "@" {
                // What follows was meant to be its name.
                while at < chars.len() && chars[at] != '@' {
                    at += 1;
                }
            }
        }
    }
}

/// Reads from the opening marks at `line`; also returns the line of the closing ones.
fn doc_string(
    source: &Source,
    line: usize,
    indent: usize,
    plain: &str,
    fence: &str,
    out: &mut Vec<Diagnostic>,
) -> (DocString, usize) {
    let media_type = plain[fence.len()..].trim().to_owned();
    let mut doc = DocString {
        media_type,
        text: String::new(),
        line,
    };
    if doc.media_type.contains(fence) {
        out.push(source.diagnostic(
            line,
            indent + 1,
            plain.chars().count(),
            "a doc string in one line",
            format!("put {fence} on a line of its own before and after the text"),
        ));
        return (doc, line);
    }
    let escaped: String = fence.chars().flat_map(|c| ['\\', c]).collect();
    let mut lines: Vec<String> = Vec::new();
    for number in line + 1..=source.len() {
        let raw = source.line(number);
        if source::plain(raw.trim()) == fence {
            doc.text = lines.join("\n");
            return (doc, number);
        }
        let lead = raw.chars().take(indent).take_while(|c| c.is_whitespace());
        let skip: usize = lead.map(char::len_utf8).sum();
        lines.push(raw[skip..].replace(&escaped, fence));
    }
    out.push(source.diagnostic(
        line,
        indent + 1,
        fence.len(),
        "this doc string is never closed",
        format!("put {fence} on a line of its own where it ends"),
    ));
    (doc, source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(text: &str) -> (Scan, Vec<String>) {
        let mut out = Vec::new();
        let scan = scan(&Source::new("x", text), &mut out);
        let said = out
            .iter()
            .map(|d| format!("{}:{} {}", d.line, d.column, d.message))
            .collect();
        (scan, said)
    }

    #[test]
    fn cells_know_their_places() {
        let (scan, said) = scanned("  | 金额 | b\\|c |\n\n  # between\n  | 1 |  | # end\n");
        assert_eq!(said, [""; 0]);
        let rows = &scan.tables[0].rows;
        let cells: Vec<(&str, usize, usize, usize)> = rows
            .iter()
            .flat_map(|row| &row.cells)
            .map(|c| {
                (
                    c.text.as_str(),
                    c.place.line,
                    c.place.column,
                    c.place.length,
                )
            })
            .collect();
        assert_eq!(
            cells,
            [
                ("金额", 1, 5, 2),
                ("b|c", 1, 10, 4),
                ("1", 4, 5, 1),
                ("", 4, 8, 0)
            ]
        );
    }

    #[test]
    fn wide_bars_make_a_row_and_are_text_in_a_narrow_one() {
        let (scan, said) = scanned("｜a｜b|\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(scan.tables[0].rows[0].cells.len(), 2);
        let (scan, _) = scanned("|a｜b|\n");
        assert_eq!(scan.tables[0].rows[0].cells[0].text, "a｜b");
    }

    #[test]
    fn escapes_in_cells_are_those_of_gherkin() {
        let (scan, _) = scanned(r"| \n | \\n | \x | \");
        let cells: Vec<&str> = scan.tables[0].rows[0]
            .cells
            .iter()
            .map(|c| c.text.as_str())
            .collect();
        assert_eq!(cells, ["\n", "\\n", "\\x", "\\"]);
    }

    #[test]
    fn rows_that_are_wrong_are_pointed_at() {
        let (_, said) = scanned("| a | b |\n| 1 |\n| 1 | 2 | 3 |\n| 1 | 2\n|\n");
        assert_eq!(
            said,
            [
                "2:5 this row has 1 cell, the first row of its table (line 1) has 2",
                "3:11 this row has 3 cells, the first row of its table (line 1) has 2",
                "4:7 the row does not end with |",
                "5:1 a row without a cell",
            ]
        );
    }

    #[test]
    fn tags_belong_to_the_words_below() {
        let (scan, said) = scanned("@a ＠弱网　@c#1 # why\n\n@d@e\nFeature: x\n@f\n");
        assert_eq!(said, [""; 0]);
        let names = |line| -> Vec<&str> {
            scan.tags[&line]
                .iter()
                .map(|tag| tag.name.as_str())
                .collect()
        };
        assert_eq!(names(4), ["@a", "@弱网", "@c#1", "@d", "@e"]);
        assert_eq!(names(0), ["@f"]);
        assert_eq!(scan.tags[&4][1].column, 4);
    }

    #[test]
    fn tags_with_blanks_are_pointed_at() {
        let (scan, said) = scanned("@weak net @b\n@ c\nFeature: x");
        assert_eq!(said, ["1:7 \"net\" is no tag", "2:1 a tag without a name"]);
        assert_eq!(scan.tags[&3].len(), 2);
    }

    #[test]
    fn doc_strings_lose_the_indentation_of_their_marks_only() {
        let (scan, said) =
            scanned("  \"\"\"json\n    a # b\n  | c |\n\n e\n  \\\"\\\"\\\"\n  \"\"\"\nx");
        assert_eq!(said, [""; 0]);
        assert_eq!(scan.docs[0].media_type, "json");
        assert_eq!(scan.docs[0].text, "  a # b\n| c |\n\ne\n\"\"\"");
        assert_eq!(scan.items.len(), 2);
        let (scan, _) = scanned("```\n\"\"\"\n```\n“““\n“““\n");
        assert_eq!(scan.docs.len(), 2);
        assert_eq!(scan.docs[0].text, "\"\"\"");
    }

    #[test]
    fn doc_strings_that_are_wrong_are_pointed_at() {
        let (_, said) = scanned("\"\"\"a\"\"\"\n  ```\nx");
        assert_eq!(
            said,
            [
                "1:1 a doc string in one line",
                "2:3 this doc string is never closed"
            ]
        );
    }

    #[test]
    fn the_language_is_found_after_other_comments_and_in_wide_writing() {
        let (scan, said) = scanned("# hello\n ＃ language： zh-CN \n# language: en\n");
        let (code, place) = scan.language.expect("a language");
        assert_eq!(code, "zh-CN");
        assert_eq!((place.line, place.column, place.length), (2, 14, 5));
        assert_eq!(said, ["3:1 the language is chosen too late"]);
    }
}
