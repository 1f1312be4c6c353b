//! Whole suites against the step table: steps that do not exist, that fit several patterns, or whose
//! values are wrong; lines that look like description and are steps; ids that two files share. Not
//! here: mistakes of form, which [`super::parse()`] finds, file by file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::diagnostic::{Diagnostic, quoted};
use super::expression::{Match, Matcher, snippet};
use super::model::{Feature, Fill, Place, Prose, Step};
use super::source::is_cjk;
use super::tree::duplicate;

/// Every mistake in the steps of these features, in their order and in that of their lines.
///
/// Takes features with mistakes of form too, so that one go shows everything. A step of an outline
/// that is undefined is reported once, however many rows there are; a wrong value in a cell is
/// reported at the cell.
pub fn lint(features: &[Feature], matcher: &Matcher) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut ids: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (index, feature) in features.iter().enumerate() {
        let mut found = Linter {
            feature,
            matcher,
            good: BTreeSet::new(),
            fitting: BTreeSet::new(),
            partly: BTreeMap::new(),
            undefined: BTreeSet::new(),
            out: Vec::new(),
        }
        .run();
        for case in feature.cases() {
            let scenario = case.scenario;
            match ids.get(scenario.id.as_str()) {
                None => {
                    ids.insert(&scenario.id, (index, scenario.place()));
                }
                // Within one file it was reported when that was parsed.
                Some((first, _)) if *first == index => {}
                Some((first, line)) => {
                    let path = features[*first].source.path();
                    found.push(duplicate(feature, scenario, &format!("at {path}:{line}")));
                }
            }
        }
        found.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        found.dedup();
        out.extend(found);
    }
    out
}

struct Linter<'a> {
    feature: &'a Feature,
    matcher: &'a Matcher,
    /// Texts that were found good: most steps of an outline are alike in every row.
    good: BTreeSet<&'a str>,
    /// Lines of steps that fit a pattern in some row.
    fitting: BTreeSet<usize>,
    /// Lines of steps that were reported already as fitting no pattern, or several.
    undefined: BTreeSet<usize>,
    /// Values of which a cell is a part, by the line of their step: reported at the cell and at
    /// the step. Which is at fault is known when all rows have been seen.
    partly: BTreeMap<usize, Vec<(Diagnostic, Diagnostic)>>,
    out: Vec<Diagnostic>,
}

impl<'a> Linter<'a> {
    fn run(mut self) -> Vec<Diagnostic> {
        let feature = self.feature;
        for background in feature.backgrounds() {
            self.steps(&background.steps);
            self.prose(&background.description);
        }
        self.prose(&feature.description);
        for rule in &feature.rules {
            self.prose(&rule.description);
        }
        let mut last = 0;
        for case in feature.cases() {
            self.steps(&case.scenario.steps);
            // The rows of an outline share one description.
            if case.scenario.line != last {
                self.prose(&case.scenario.description);
            }
            last = case.scenario.line;
        }
        for (line, rows) in self.partly {
            if self.fitting.contains(&line) {
                self.out.extend(rows.into_iter().map(|(cell, _)| cell));
            } else {
                self.out
                    .extend(rows.into_iter().map(|(_, step)| step).take(1));
            }
        }
        self.out
    }

    fn steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            if self.good.contains(step.text.as_str()) {
                self.fitting.insert(step.line);
                continue;
            }
            if self.undefined.contains(&step.line) {
                continue;
            }
            match self.matcher.find(&step.text) {
                Match::One { .. } => {
                    self.good.insert(&step.text);
                    self.fitting.insert(step.line);
                }
                Match::None { .. } => {
                    self.undefined.insert(step.line);
                    self.undefined(step);
                }
                Match::Many(indexes) => {
                    self.undefined.insert(step.line);
                    let patterns: Vec<&str> = indexes
                        .into_iter()
                        .map(|index| self.matcher.patterns()[index].source())
                        .collect();
                    let help = format!(
                        "the step table is at fault; these patterns fit:\n  {}",
                        patterns.join("\n  ")
                    );
                    self.whole(step, "this step has several meanings", help);
                }
                Match::Bad {
                    span,
                    why,
                    help,
                    index,
                    ..
                } => {
                    let pattern = self.matcher.patterns()[index].source();
                    let help = format!("{help}\nthe step is \"{pattern}\"");
                    let source = &self.feature.source;
                    let at = |place: Place| {
                        source.diagnostic(place.line, place.column, place.length, &why, &help)
                    };
                    let place = step.place(span.clone());
                    let inside = |fill: &&Fill| {
                        span.start <= fill.filled.start && fill.filled.end <= span.end
                    };
                    match step.fills.iter().find(inside) {
                        Some(fill) if place.line == step.line => {
                            let both = (at(fill.cell), at(place));
                            self.partly.entry(step.line).or_default().push(both);
                        }
                        _ => self.out.push(at(place)),
                    }
                }
            }
        }
    }

    fn undefined(&mut self, step: &Step) {
        let mut help = String::new();
        let nearest = self.matcher.nearest(&step.text, &self.feature.language);
        match nearest.as_slice() {
            [] => {}
            [one] => help = format!("did you mean \"{}\"?\n", one.pattern),
            several => {
                help.push_str("did you mean one of these?\n");
                for suggestion in several {
                    help.push_str("  ");
                    help.push_str(&suggestion.pattern);
                    help.push('\n');
                }
            }
        }
        help.push_str(if help.is_empty() {
            "no step is like it; the step table could have"
        } else {
            "if it is new, the step table could have"
        });
        let _ = write!(help, " \"{}\"", snippet(&step.text));
        let message = if step.fills.is_empty() {
            "undefined step".to_owned()
        } else {
            format!("undefined step {}", quoted(&step.text))
        };
        self.whole(step, &message, help);
    }

    fn whole(&mut self, step: &Step, message: &str, help: String) {
        let source = &self.feature.source;
        let length = source.line(step.line).trim_end().chars().count() + 1;
        let length = length.saturating_sub(step.column);
        self.out
            .push(source.diagnostic(step.line, step.column, length, message, help));
    }

    /// Reports description that would be a step if its keyword were one.
    fn prose(&mut self, lines: &[Prose]) {
        for prose in lines {
            let text = prose.text.as_str();
            if rests(text).any(|rest| self.matcher.fits(rest)) {
                self.out.push(self.feature.source.whole_line(
                    prose.line,
                    "this line is read as description, not as a step",
                    "begin it with a keyword of the file's language, such as Given (假如)",
                ));
            }
        }
    }
}

/// A line, and what is left of it without a first word that may have been meant as a keyword: up
/// to a blank, or up to three Chinese characters.
fn rests(text: &str) -> impl Iterator<Item = &str> {
    let blank = text.find(char::is_whitespace);
    let word = blank.map(|at| text[at..].trim_start());
    let characters = text
        .char_indices()
        .take(4)
        .skip(1)
        .take_while(|(at, _)| text[..*at].chars().all(is_cjk))
        .map(|(at, _)| &text[at..]);
    std::iter::once(text).chain(word).chain(characters)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::diagnostic::render;
    use super::super::expression::{Enumerations, Pattern};
    use super::super::parse;
    use super::*;

    static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
        let mut kinds = Enumerations::new();
        kinds
            .add("profile", [["weak", "弱信号"], ["strong", "强信号"]])
            .expect("profiles");
        let patterns = [
            "the terminal is switched on",
            "终端已开机",
            "the link is {profile}",
            "网络为{profile}",
            "the customer pays {amount}",
            "顾客支付{amount}",
            "the payment is approved",
            "支付成功",
            "the order {word} is refunded",
            "the order A1 is refunded",
        ];
        let compiled = patterns.map(|pattern| Pattern::compile(pattern, &kinds).expect(pattern));
        Matcher::new(compiled.into()).expect("a matcher")
    });

    fn linted(files: &[(&str, &str)]) -> String {
        let mut all = Vec::new();
        let mut features = Vec::new();
        for (path, text) in files {
            let parsed = parse(path, text);
            all.extend(parsed.diagnostics);
            features.extend(parsed.feature);
        }
        all.extend(lint(&features, &MATCHER));
        render(&all)
    }

    #[test]
    fn every_wrong_step_is_shown() {
        insta::assert_snapshot!(linted(&[(
            "features/pay/en.feature",
            "Feature: Pay
  Background:
    Given the terminal is swiched on

  Scenario: Pays
    Hello the payment is approved
    Given the link is weka
    When the customer pays 128
    And the order A1 is refunded
    And something quite different
    Then the payment is approved

  Scenario Outline: Pays <sum> on <profile>
    Given the link is <profile> today
    When the link is <profile>
    And the customer pays <sum> yuan
    Then the payment is approved
    Examples:
      | profile | sum  |
      | weak    | 1    |
      | weka    | 2    |
      | strong  | many |
"
        )]));
    }

    #[test]
    fn chinese_steps_get_chinese_suggestions() {
        insta::assert_snapshot!(linted(&[(
            "features/pay/zh.feature",
            "# language: zh-CN
功能：支付
  场景：弱网支付
    假如 终端开机
    并且 网络为“弱信号”
    当 顾客支付 １２８ 美元
    那么 支付成功了
"
        )]));
    }

    #[test]
    fn files_must_not_share_an_id() {
        let text = "Feature: x\nScenario: Pays\nThen the payment is approved\n";
        insta::assert_snapshot!(linted(&[
            ("features/pay/a.feature", text),
            ("features/pay/b.feature", text),
            ("features/other/b.feature", text),
        ]));
    }

    #[test]
    fn an_undefined_step_of_an_outline_is_reported_once() {
        let mut text = String::from(
            "Feature: x\nScenario Outline: y\nGiven nothing like <n>\nThen the payment is approved\nExamples:\n| n |\n",
        );
        for row in 0..2_000 {
            let _ = writeln!(text, "| {row} |");
        }
        let feature = parse("x.feature", &text)
            .into_result()
            .expect("form is good");
        assert_eq!(lint(&[feature], &MATCHER).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_panics(text in any::<String>(), words in "(the|link|is|网络为|weak|\"|<n>| |\n|Given |Then ){0,20}") {
            for text in [&text, &words] {
                let whole = format!("Feature: x\nScenario Outline: y\nGiven {text}\nThen <n>\nExamples:\n|n|\n|{text}|\n");
                lint(&parse("x.feature", &whole).feature.into_iter().collect::<Vec<_>>(), &MATCHER);
            }
        }
    }
}
