//! From the tree that `gherkin` read off the skeleton to the model: tables, doc strings, tags and
//! places put back, outlines expanded, and what can only be seen on whole scenarios checked. Not
//! here: mistakes that keep a file from being read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, quoted};
use super::keywords::Keywords;
use super::model::{Background, Feature, Prose, Role, Rule, Scenario, Step, Table, Tag};
use super::outline::{self, Outline, add_tags};
use super::scan::Scan;
use super::skeleton::{Origin, Part, Skeleton};
use super::slug;
use super::source::Source;
use super::table;

/// Everything that is known about a file besides its tree.
pub(super) struct File<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) scan: &'a Scan,
    pub(super) skeleton: &'a Skeleton,
    /// The code of the language.
    pub(super) language: &'a str,
    pub(super) keywords: Option<&'static Keywords>,
}

/// Builds the model; mistakes go to `out`.
pub(super) fn build(
    file: &File<'_>,
    tree: &gherkin::Feature,
    out: &mut Vec<Diagnostic>,
) -> Feature {
    let mut builder = Builder {
        file,
        area: slug::area(file.source.path()),
        tags: file.scan.tags.clone(),
        prose: BTreeMap::new(),
        out,
    };
    builder.sort_lines(tree);
    let feature = builder.feature(tree);
    builder.tags_above_nothing();
    builder.ids(&feature);
    feature
}

struct Builder<'a> {
    file: &'a File<'a>,
    area: String,
    /// Tags whose header has not been seen yet, by its line.
    tags: BTreeMap<usize, Vec<Tag>>,
    /// Description by the line of its header.
    prose: BTreeMap<usize, Vec<Prose>>,
    out: &'a mut Vec<Diagnostic>,
}

/// The place of a header.
struct Header {
    line: usize,
    keyword: String,
    name: String,
}

impl<'a> Builder<'a> {
    /// Finds the description of each header, and lines that the crate took for description
    /// although they begin with a keyword.
    fn sort_lines(&mut self, tree: &gherkin::Feature) {
        let (headers, steps) = nodes(tree);
        let mut header = 0;
        for (index, origin) in self.file.skeleton.lines.iter().enumerate() {
            let number = index + 1;
            if headers.contains(&number) {
                header = origin.line;
            } else if origin.part == Part::Words && !steps.contains(&number) {
                let text = self.file.source.line(origin.line).trim().to_owned();
                let line = origin.line;
                self.prose
                    .entry(header)
                    .or_default()
                    .push(Prose { line, text });
            } else if let Part::Keyword(keyword) = origin.part
                && !steps.contains(&number)
            {
                self.out.push(self.file.source.whole_line(
                    origin.line,
                    format!("{} does not belong here", quoted(keyword.trim_end())),
                    "the lines above it are read as if it were description",
                ));
            }
        }
    }

    fn feature(&mut self, tree: &gherkin::Feature) -> Feature {
        let header = self.header(tree.position.line, &tree.keyword);
        let tags = self.take_tags(header.line);
        let background = tree.background.as_ref().map(|b| self.background(b));
        let scenarios = self.scenarios(&tree.scenarios, &tags);
        let rules = tree
            .rules
            .iter()
            .map(|rule| self.rule(rule, &tags))
            .collect();
        Feature {
            source: self.file.source.clone(),
            area: self.area.clone(),
            language: self.file.language.to_owned(),
            keyword: header.keyword,
            name: header.name,
            line: header.line,
            tags,
            description: self.prose.remove(&header.line).unwrap_or_default(),
            background,
            scenarios,
            rules,
        }
    }

    fn rule(&mut self, tree: &gherkin::Rule, above: &[Tag]) -> Rule {
        let header = self.header(tree.position.line, &tree.keyword);
        let tags = self.take_tags(header.line);
        let mut inherited = above.to_vec();
        add_tags(&mut inherited, &tags);
        Rule {
            keyword: header.keyword,
            name: header.name,
            line: header.line,
            tags,
            description: self.prose.remove(&header.line).unwrap_or_default(),
            background: tree.background.as_ref().map(|b| self.background(b)),
            scenarios: self.scenarios(&tree.scenarios, &inherited),
        }
    }

    fn background(&mut self, tree: &gherkin::Background) -> Background {
        let header = self.header(tree.position.line, &tree.keyword);
        Background {
            keyword: header.keyword,
            name: header.name,
            line: header.line,
            description: self.prose.remove(&header.line).unwrap_or_default(),
            steps: self.steps(&tree.steps),
        }
    }

    fn scenarios(&mut self, trees: &[gherkin::Scenario], above: &[Tag]) -> Vec<Scenario> {
        let mut scenarios = Vec::new();
        for tree in trees {
            if self.origin(tree.position.line).part == Part::Stub {
                continue;
            }
            let header = self.header(tree.position.line, &tree.keyword);
            let mut tags = above.to_vec();
            add_tags(&mut tags, &self.take_tags(header.line));
            let template = Scenario {
                id: slug::id(&self.area, &header.name),
                keyword: header.keyword,
                name: header.name,
                line: header.line,
                tags,
                description: self.prose.remove(&header.line).unwrap_or_default(),
                steps: self.steps(&tree.steps),
                row: None,
            };
            self.check(&template);
            if tree.examples.is_empty() {
                scenarios.push(template);
            } else {
                let examples = self.examples(&tree.examples);
                let outline = Outline { template, examples };
                scenarios.extend(outline::expand(
                    &outline,
                    &self.area,
                    self.file.source,
                    self.out,
                ));
            }
        }
        scenarios
    }

    fn examples(&mut self, trees: &[gherkin::Examples]) -> Vec<outline::Examples<'a>> {
        let mut examples = Vec::new();
        for tree in trees {
            let header = self.header(tree.position.line, &tree.keyword);
            let tags = self.take_tags(header.line);
            if let Some(table) = self.table(tree.table.as_ref()) {
                examples.push((header, tags, table));
            } else if self.file.keywords.is_none() {
                self.out.push(self.file.source.whole_line(
                    header.line,
                    "examples without a table",
                    "add a table: a row of column names and a row for each example",
                ));
            }
        }
        let tables: &'a [table::Table] = &self.file.scan.tables;
        examples
            .into_iter()
            .map(|(header, tags, table)| outline::Examples {
                line: header.line,
                name: header.name,
                tags,
                table: &tables[table],
            })
            .collect()
    }

    fn steps(&self, trees: &[gherkin::Step]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::with_capacity(trees.len());
        for tree in trees {
            let origin = self.origin(tree.position.line);
            let keyword = match origin.part {
                Part::Stub => continue,
                Part::Keyword(keyword) => keyword,
                Part::Words => tree.keyword.as_str(),
            };
            let before = steps.last().map_or(Role::Given, |step| step.role);
            let role = match tree.ty {
                _ if tree.keyword.trim() == "*" => before,
                gherkin::StepType::Given => Role::Given,
                gherkin::StepType::When => Role::When,
                gherkin::StepType::Then => Role::Then,
            };
            let raw = self.file.source.line(origin.line);
            let blank = |c: &char| c.is_whitespace();
            let indent = raw.chars().take_while(blank).count();
            let length = keyword.trim_end().chars().count();
            let gap = raw.chars().skip(indent + length).take_while(blank).count();
            let start = indent + length + gap;
            let text: String = raw.trim_end().chars().skip(start).collect();
            let doc = tree.docstring.as_ref().and_then(|text| {
                let index: usize = text.trim().parse().ok()?;
                self.file.scan.docs.get(index).cloned()
            });
            steps.push(Step {
                keyword: raw.chars().skip(indent).take(length).collect(),
                role,
                text,
                line: origin.line,
                column: start + 1,
                docstring: doc,
                table: self
                    .table(tree.table.as_ref())
                    .map(|index| values(&self.file.scan.tables[index])),
                fills: Vec::new(),
            });
        }
        steps
    }

    /// The index of the table that a stand-in stands for.
    fn table(&self, tree: Option<&gherkin::Table>) -> Option<usize> {
        let index: usize = tree?.rows.first()?.first()?.parse().ok()?;
        (index < self.file.scan.tables.len()).then_some(index)
    }

    fn header(&self, number: usize, keyword: &str) -> Header {
        let origin = self.origin(number);
        let raw = self.file.source.line(origin.line).trim();
        let (written, name) = match (raw.find([':', '：']), origin.part) {
            (Some(at), Part::Keyword(_) | Part::Words) => {
                let rest = &raw[at..];
                let colon = rest.chars().next().map_or(0, char::len_utf8);
                (&raw[..at], &rest[colon..])
            }
            // Its colon was reported missing.
            (None, Part::Keyword(keyword)) => (keyword, raw.strip_prefix(keyword).unwrap_or("")),
            (None, Part::Words) | (_, Part::Stub) => (keyword, ""),
        };
        Header {
            line: origin.line,
            keyword: written.to_owned(),
            name: name.trim().to_owned(),
        }
    }

    fn origin(&self, number: usize) -> Origin {
        let lines = &self.file.skeleton.lines;
        let index = number.saturating_sub(1);
        lines.get(index).copied().unwrap_or(Origin {
            line: 1,
            part: Part::Stub,
        })
    }

    fn take_tags(&mut self, line: usize) -> Vec<Tag> {
        self.tags.remove(&line).unwrap_or_default()
    }

    /// What can only be said of a whole scenario.
    fn check(&mut self, scenario: &Scenario) {
        let source = self.file.source;
        if scenario.name.is_empty() {
            self.out.push(source.whole_line(
                scenario.line,
                "a scenario without a name",
                "name it: its id is made of the name",
            ));
        } else if scenario.id.ends_with('/') {
            self.out.push(source.whole_line(
                scenario.line,
                "the name has neither a letter nor a digit",
                "name it in words: its id is made of the name",
            ));
        }
        if self.file.skeleton.damaged.contains(&scenario.line) {
            return;
        }
        if scenario.steps.is_empty() {
            self.out.push(source.whole_line(
                scenario.line,
                "a scenario without steps",
                "a line that does not begin with a keyword is description",
            ));
        } else if scenario.steps.iter().all(|step| step.role != Role::Then) {
            let then = self.file.keywords.map_or("Then", |keywords| keywords.then);
            self.out.push(source.whole_line(
                scenario.line,
                format!("a scenario without a {then}: it checks nothing"),
                format!("say what must hold in a step that begins with {then}"),
            ));
        }
    }

    /// Reports tags that stand above something that takes none. Tags above a line that was left
    /// out for another mistake are passed over.
    fn tags_above_nothing(&mut self) {
        let seen: BTreeSet<usize> = self.file.skeleton.lines.iter().map(|o| o.line).collect();
        for (line, tags) in &self.tags {
            if let Some(tag) = tags.first()
                && (*line == 0 || seen.contains(line))
            {
                self.out.push(self.file.source.diagnostic(
                    tag.line,
                    tag.column,
                    tag.name.chars().count(),
                    "tags that belong to nothing",
                    "tags stand directly above the header of a feature, rule, scenario or examples",
                ));
            }
        }
    }

    /// Reports scenarios of this file that have the same id.
    fn ids(&mut self, feature: &Feature) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for case in feature.cases() {
            let scenario = case.scenario;
            let place = scenario.place();
            match first.get(scenario.id.as_str()) {
                None => {
                    first.insert(&scenario.id, place);
                }
                Some(_) if scenario.id.ends_with('/') => {}
                Some(line) => {
                    let place = format!("in line {line}");
                    self.out.push(duplicate(feature, scenario, &place));
                }
            }
        }
    }
}

/// A scenario whose id another one has, `place` says where.
pub(super) fn duplicate(feature: &Feature, scenario: &Scenario, place: &str) -> Diagnostic {
    let (message, help) = match &scenario.row {
        None => (
            format!("this scenario has the same id as the one {place}"),
            format!("give it another name; the id is {}", quoted(&scenario.id)),
        ),
        Some(_) => (
            format!("this row has the same id as the scenario {place}"),
            format!(
                "rows are told apart by the letters and digits of their cells; the id is {}",
                quoted(&scenario.id)
            ),
        ),
    };
    feature.source.whole_line(scenario.place(), message, help)
}

fn values(table: &table::Table) -> Table {
    let row = |row: &table::Row| row.cells.iter().map(|cell| cell.text.clone()).collect();
    Table {
        rows: table.rows.iter().map(row).collect(),
        lines: table.rows.iter().map(|row| row.line).collect(),
    }
}

/// The lines of the skeleton that are headers, and those that are steps.
fn nodes(tree: &gherkin::Feature) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let mut headers = BTreeSet::from([tree.position.line]);
    let mut steps = BTreeSet::new();
    let of_rules = tree.rules.iter().flat_map(|rule| &rule.scenarios);
    for scenario in tree.scenarios.iter().chain(of_rules) {
        headers.insert(scenario.position.line);
        headers.extend(scenario.examples.iter().map(|e| e.position.line));
        steps.extend(scenario.steps.iter().map(|s| s.position.line));
    }
    headers.extend(tree.rules.iter().map(|rule| rule.position.line));
    let of_rules = tree
        .rules
        .iter()
        .filter_map(|rule| rule.background.as_ref());
    for background in tree.background.iter().chain(of_rules) {
        headers.insert(background.position.line);
        steps.extend(background.steps.iter().map(|s| s.position.line));
    }
    (headers, steps)
}
