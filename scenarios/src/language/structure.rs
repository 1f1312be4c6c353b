//! The form of a file in a language whose keywords we have: every mistake is named at its place,
//! and a skeleton without mistakes is written for the `gherkin` crate, which would swallow most of
//! them as description. Not here: anything about the content of steps and tables.

use super::diagnostic::{Diagnostic, quoted};
use super::keywords::{self, Block, Keywords};
use super::scan::{Kind, Scan};
use super::skeleton::{Part, Skeleton};
use super::source::Source;

/// Walks through a file and writes its skeleton; mistakes go to `out`.
pub(super) fn check(
    source: &Source,
    scan: &Scan,
    keywords: &'static Keywords,
    out: &mut Vec<Diagnostic>,
) -> Skeleton {
    let mut walk = Walk {
        source,
        keywords,
        out,
        skeleton: Skeleton::default(),
        preface: None,
        feature: None,
        rule: None,
        scenarios: 0,
        background: true,
        block: Within::Nothing,
        head: 0,
        outline: false,
        examples: 0,
        steps: 0,
        argument: Argument::None,
        stray: Stray::default(),
    };
    for item in &scan.items {
        match &item.kind {
            Kind::Words { plain, indent } => walk.words(Words {
                plain,
                line: item.line,
                column: indent + 1,
            }),
            Kind::Table(index) => walk.table(*index, item.line),
            Kind::Doc(index) => walk.doc(*index, item.line),
        }
    }
    walk.end(scan.last.max(1));
    walk.skeleton
}

/// A line of words with its place.
#[derive(Clone, Copy)]
struct Words<'a> {
    plain: &'a str,
    line: usize,
    column: usize,
}

/// The block that the walk is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before the feature.
    Nothing,
    /// The description of the feature or of a rule.
    Description,
    Background,
    Scenario,
    Examples,
    /// A block that was reported as misplaced: what is in it is not looked at.
    Misplaced,
}

/// What the last step, or the examples, have been given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// There is nothing that could be given a table.
    None,
    /// A step or examples wait for one.
    Open,
    /// They have it.
    Given,
}

/// Steps in the description of a feature or rule: prose, or steps without a scenario.
#[derive(Default)]
struct Stray {
    lines: Vec<(usize, usize, usize)>,
    argument: bool,
    /// A line that would be a header if it had a colon.
    colonless: Option<(usize, &'static str)>,
}

struct Walk<'a> {
    source: &'a Source,
    keywords: &'static Keywords,
    out: &'a mut Vec<Diagnostic>,
    skeleton: Skeleton,
    /// The first words before any header: line, column, length.
    preface: Option<(usize, usize, usize)>,
    /// The line of the feature's header, once there was one (or it was reported missing).
    feature: Option<usize>,
    /// The line of the rule and how many scenarios the file had before it.
    rule: Option<(usize, usize)>,
    scenarios: usize,
    /// Whether a background may still come.
    background: bool,
    block: Within,
    /// The line of the header of the current background or scenario.
    head: usize,
    outline: bool,
    /// The line of the header of the current examples.
    examples: usize,
    steps: usize,
    argument: Argument,
    stray: Stray,
}

impl Walk<'_> {
    fn words(&mut self, words: Words<'_>) {
        if let Some((block, keyword)) = self.keywords.block(words.plain) {
            self.header(block, keyword, words);
        } else if let Some(keyword) = self.keywords.step(words.plain) {
            self.step(keyword, words);
        } else if let Some(block) = self.mistyped_header(words) {
            self.header(block, self.keywords.first(block), words);
        } else {
            self.prose(words);
        }
    }

    fn header(&mut self, block: Block, keyword: &'static str, words: Words<'_>) {
        if block == Block::Feature {
            if let Some(line) = self.feature {
                let message = format!("a second {keyword} (the first is in line {line})");
                self.report(
                    words,
                    keyword,
                    message,
                    "a file holds one; begin another file",
                );
                return;
            }
            if let Some((line, column, length)) = self.preface {
                let message = format!("words above the {keyword} header");
                let help = "only comments and tags stand above it; description stands below";
                self.out
                    .push(self.source.diagnostic(line, column, length, message, help));
            }
            self.feature = Some(words.line);
            self.block = Within::Description;
            self.push_header(keyword, words.line);
            return;
        }
        self.need_feature(words.line, words.column, keyword.chars().count());
        if block == Block::Examples {
            self.examples_header(keyword, words);
            return;
        }
        self.close();
        self.head = words.line;
        self.steps = 0;
        self.argument = Argument::None;
        match block {
            Block::Background if !self.background => {
                let message = format!("{keyword} is too late here");
                let help = format!(
                    "there is one {keyword} for a feature and one for a rule, before their first scenario"
                );
                self.report(words, keyword, message, help);
                self.block = Within::Misplaced;
                return;
            }
            Block::Background => {
                self.background = false;
                self.block = Within::Background;
            }
            Block::Rule => {
                self.close_rule();
                self.rule = Some((words.line, self.scenarios));
                self.background = true;
                self.block = Within::Description;
            }
            Block::Scenario | Block::Outline | Block::Feature | Block::Examples => {
                self.background = false;
                self.scenarios += 1;
                self.outline = block == Block::Outline;
                self.block = Within::Scenario;
            }
        }
        self.push_header(keyword, words.line);
    }

    fn examples_header(&mut self, keyword: &'static str, words: Words<'_>) {
        match self.block {
            Within::Scenario => self.need_steps(),
            Within::Examples => self.need_table(),
            Within::Nothing | Within::Description | Within::Background | Within::Misplaced => {
                if self.block != Within::Misplaced {
                    let outline = self.keywords.first(Block::Outline);
                    let message = format!("{keyword} without a scenario");
                    let help = format!("{keyword} stand below the steps of a {outline}");
                    self.report(words, keyword, message, help);
                }
                self.close();
                self.block = Within::Misplaced;
                return;
            }
        }
        self.examples = words.line;
        self.block = Within::Examples;
        self.argument = Argument::Open;
        self.push_header(keyword, words.line);
    }

    fn step(&mut self, keyword: &'static str, words: Words<'_>) {
        match self.block {
            Within::Nothing => {
                self.need_feature(words.line, words.column, keyword.trim_end().chars().count());
                self.stray(keyword, words);
            }
            Within::Description => self.stray(keyword, words),
            Within::Background | Within::Scenario => {
                self.steps += 1;
                self.argument = Argument::Open;
                self.push_step(keyword, words);
            }
            Within::Examples => {
                if self.skeleton.damaged.insert(self.head) {
                    self.report(
                        words,
                        keyword,
                        "a step after the examples",
                        "the examples stand below the last step of their scenario",
                    );
                }
            }
            Within::Misplaced => {}
        }
    }

    /// A step where there is no scenario yet: kept as description until it is clear.
    fn stray(&mut self, keyword: &'static str, words: Words<'_>) {
        let length = keyword.trim_end().chars().count();
        self.stray.lines.push((words.line, words.column, length));
        self.push_prose(words.line);
    }

    fn prose(&mut self, words: Words<'_>) {
        match self.block {
            Within::Nothing => {
                let length = words.plain.chars().count();
                let place = (words.line, words.column, length);
                self.preface.get_or_insert(place);
            }
            Within::Description => {
                if let Some(keyword) = self.keywords.block_without_colon(words.plain) {
                    self.stray.colonless.get_or_insert((words.line, keyword));
                }
                self.push_prose(words.line);
            }
            Within::Background | Within::Scenario => {
                let strict = self.steps == 0;
                if !self.mistyped_step(words, strict) {
                    self.push_prose(words.line);
                }
            }
            Within::Examples if self.argument == Argument::Open => {
                self.push_prose(words.line);
            }
            Within::Examples => {
                let first = keywords::first_word(words.plain);
                self.skeleton.damaged.insert(self.head);
                let message = format!("unknown keyword {}", quoted(first));
                let help = "below the rows of examples only a header or tags can follow";
                self.report(words, first, message, help);
            }
            Within::Misplaced => {}
        }
    }

    /// Reports a line that was meant to be a step, or that can be nothing else. Where steps have
    /// not begun (`strict`), a line is description unless it looks very much like a step.
    fn mistyped_step(&mut self, words: Words<'_>, strict: bool) -> bool {
        let own = self.keywords;
        let steps = own.step_list();
        let (written, message, help) = if let Some(word) = own.bare_step(words.plain) {
            let help = format!("write what happens behind {word}");
            (word.to_owned(), "a step without text".to_owned(), help)
        } else if let Some((other, word)) = foreign(own, words.plain, Keywords::step) {
            (
                word.trim_end().to_owned(),
                format!("{} is a keyword of {}", quoted(word.trim_end()), other.name),
                format!("this file is in {}: a step begins with {steps}", own.name),
            )
        } else if let Some((written, meant)) = own.meant_step(words.plain, strict) {
            let message = format!("unknown keyword {}", quoted(&written));
            (written, message, format!("did you mean \"{meant}\"?"))
        } else if strict {
            return false;
        } else {
            let first = keywords::first_word(words.plain);
            let help = format!(
                "a step begins with {steps}\ndescription stands directly below its header, above the first step"
            );
            let message = format!("unknown keyword {}", quoted(first));
            (first.to_owned(), message, help)
        };
        self.report(words, &written, message, help);
        self.skeleton.damaged.insert(self.head);
        self.stub_step();
        self.argument = Argument::Open;
        true
    }

    /// Reports a line that was meant to be a header, and tells which.
    fn mistyped_header(&mut self, words: Words<'_>) -> Option<Block> {
        let own = self.keywords;
        if let Some((other, (block, word))) = foreign(own, words.plain, Keywords::block) {
            let message = format!("{} is a keyword of {}", quoted(word), other.name);
            let help = format!("this file is in {}: write {}:", own.name, own.first(block));
            self.report(words, word, message, help);
            return Some(block);
        }
        // Below steps there is no description that could begin like this.
        let below = match self.block {
            Within::Background | Within::Scenario => self.steps > 0,
            Within::Examples => self.argument == Argument::Given,
            Within::Nothing | Within::Description | Within::Misplaced => false,
        };
        if below && let Some(keyword) = own.block_without_colon(words.plain) {
            let message = format!("a colon is missing after {}", quoted(keyword));
            let help = format!("write \"{keyword}: …\"");
            self.report(words, keyword, message, help);
            return own.block(&format!("{keyword}:")).map(|(block, _)| block);
        }
        let (written, meant) = own.meant_block(words.plain)?;
        let (block, _) = own.block(&format!("{meant}:"))?;
        let message = format!("unknown keyword {}", quoted(&written));
        self.report(
            words,
            &written,
            message,
            format!("did you mean \"{meant}:\"?"),
        );
        Some(block)
    }

    fn table(&mut self, index: usize, line: usize) {
        self.give(line, "table", |skeleton| skeleton.table(index, line));
    }

    fn doc(&mut self, index: usize, line: usize) {
        if self.block == Within::Examples && self.argument == Argument::Open {
            self.report_line(line, "a doc string under examples", "examples are a table");
            self.skeleton.damaged.insert(self.head);
            return;
        }
        self.give(line, "doc string", |skeleton| skeleton.doc(index, line));
    }

    fn give(&mut self, line: usize, what: &str, push: impl FnOnce(&mut Skeleton)) {
        let message = match (self.block, self.argument) {
            (Within::Misplaced, _) => return,
            (Within::Background | Within::Scenario | Within::Examples, Argument::Open) => {
                self.argument = Argument::Given;
                push(&mut self.skeleton);
                return;
            }
            (Within::Description, _) if !self.stray.lines.is_empty() => {
                self.stray.argument = true;
                return;
            }
            (_, Argument::Given) => {
                format!("the step has something below it already, before this {what}")
            }
            _ => format!("a {what} that belongs to nothing"),
        };
        let help = format!("a {what} stands directly below its step, one for each step");
        self.report_line(line, message, help);
    }

    fn end(&mut self, last: usize) {
        if self.feature.is_none() {
            let column = self.source.line(last).chars().count() + 1;
            self.need_feature(last, column, 0);
        }
        let stray = !self.stray.lines.is_empty() && self.block == Within::Description;
        self.close_with(true);
        self.close_rule();
        if self.scenarios == 0
            && !stray
            && let Some(line) = self.feature.filter(|line| *line > 0)
            && self.out.is_empty()
        {
            let help = format!("add a {}:", self.keywords.first(Block::Scenario));
            self.report_line(line, "a feature without a scenario", help);
        }
    }

    fn close(&mut self) {
        self.close_with(false);
    }

    /// Ends the current block; `last`: because the file ends.
    fn close_with(&mut self, last: bool) {
        match self.block {
            Within::Nothing | Within::Misplaced => {}
            Within::Description => self.close_description(last),
            Within::Background => self.need_steps(),
            Within::Scenario => {
                self.need_steps();
                if self.outline {
                    let examples = self.keywords.first(Block::Examples);
                    let message = format!("an outline without {examples}");
                    let help = format!(
                        "add {examples}: and a table below the steps, or make it a {}:",
                        self.keywords.first(Block::Scenario)
                    );
                    self.report_line(self.head, message, help);
                }
            }
            Within::Examples => self.need_table(),
        }
        self.stray = Stray::default();
    }

    fn close_description(&mut self, last: bool) {
        let stray = std::mem::take(&mut self.stray);
        let Some(&(line, column, length)) = stray.lines.first() else {
            return;
        };
        // One line of prose may begin like a step; steps come in company.
        if stray.lines.len() > 1 || stray.argument || last {
            let scenario = self.keywords.first(Block::Scenario);
            let help = match stray.colonless {
                Some((at, keyword)) => {
                    format!("a colon is missing in line {at}: write \"{keyword}: …\"")
                }
                None => format!("put a \"{scenario}: …\" above it"),
            };
            let message = "a step before any scenario";
            let diagnostic = self.source.diagnostic(line, column, length, message, help);
            self.out.push(diagnostic);
        }
    }

    fn close_rule(&mut self) {
        if let Some((line, before)) = self.rule.take()
            && before == self.scenarios
        {
            let scenario = self.keywords.first(Block::Scenario);
            let help = format!("add a {scenario}: below it, or take it out");
            self.report_line(line, "a rule without a scenario", help);
            self.skeleton
                .push(&format!("{scenario}:"), line, Part::Stub);
            self.stub_step();
        }
    }

    fn need_feature(&mut self, line: usize, column: usize, length: usize) {
        if self.feature.is_some() {
            return;
        }
        self.feature = Some(0);
        self.block = Within::Description;
        let (line, column, length) = self.preface.unwrap_or((line, column, length));
        let keyword = self.keywords.first(Block::Feature);
        let help = format!("a file begins with \"{keyword}: …\"");
        let message = format!("the {keyword} header is missing");
        let diagnostic = self.source.diagnostic(line, column, length, message, help);
        self.out.push(diagnostic);
        self.skeleton.push(&format!("{keyword}:"), line, Part::Stub);
    }

    fn need_steps(&mut self) {
        if self.steps > 0 {
            return;
        }
        if !self.skeleton.damaged.contains(&self.head) {
            let message = match self.block {
                Within::Background => "a background without steps",
                _ => "a scenario without steps",
            };
            let help = format!(
                "a step begins with {}; what stands here is description",
                self.keywords.step_list()
            );
            self.report_line(self.head, message, help);
            self.skeleton.damaged.insert(self.head);
        }
        self.stub_step();
    }

    fn need_table(&mut self) {
        if self.argument == Argument::Open {
            if self.skeleton.damaged.insert(self.head) {
                let help = "add a table: a row of column names and a row for each example";
                self.report_line(self.examples, "examples without a table", help);
            }
            self.skeleton.push("|-|", self.examples, Part::Stub);
        }
        self.argument = Argument::None;
    }

    fn stub_step(&mut self) {
        self.steps += 1;
        self.skeleton.push("* -", self.head, Part::Stub);
    }

    /// Writes a header; its name is not needed to read the file.
    fn push_header(&mut self, keyword: &'static str, line: usize) {
        let text = format!("{}:", keywords::for_crate(keyword));
        self.skeleton.push(&text, line, Part::Keyword(keyword));
    }

    /// Writes a stand-in for description: the crate refuses some that begins like a header.
    fn push_prose(&mut self, line: usize) {
        self.skeleton.push("-", line, Part::Words);
    }

    fn push_step(&mut self, keyword: &'static str, words: Words<'_>) {
        let text = match words.plain.strip_prefix(keyword) {
            // The crate takes `*` for a given step whatever came before.
            Some(rest) if keyword == "* " => format!("{}{rest}", self.keywords.joint()),
            _ => words.plain.to_owned(),
        };
        self.skeleton
            .push(&text, words.line, Part::Keyword(keyword));
    }

    fn report(
        &mut self,
        words: Words<'_>,
        written: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let length = written.trim_end().chars().count();
        let diagnostic = self
            .source
            .diagnostic(words.line, words.column, length, message, help);
        self.out.push(diagnostic);
    }

    /// Reports a whole line.
    fn report_line(&mut self, line: usize, message: impl Into<String>, help: impl Into<String>) {
        self.out.push(self.source.whole_line(line, message, help));
    }
}

/// What `find` finds in `line` with the keywords of another language.
fn foreign<T>(
    own: &Keywords,
    line: &str,
    find: impl Fn(&Keywords, &str) -> Option<T>,
) -> Option<(&'static Keywords, T)> {
    let other = keywords::speaking(line).filter(|other| other.code != own.code)?;
    Some((other, find(other, line)?))
}
