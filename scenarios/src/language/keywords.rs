//! The keywords of the two languages in which scenarios are written, for messages: `gherkin`
//! knows the keywords of 77 languages but does not tell them. A test holds this table against
//! it. Not here: any other language; those are read by `gherkin` alone.

use super::distance;

/// What a header begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Feature,
    Background,
    Rule,
    Scenario,
    Outline,
    Examples,
}

/// The keywords of one language.
#[derive(Debug)]
pub(super) struct Keywords {
    /// The code in `# language:`.
    pub(super) code: &'static str,
    /// The English name of the language.
    pub(super) name: &'static str,
    blocks: &'static [(Block, &'static [&'static str])],
    steps: &'static [&'static str],
    /// The one of `steps` that repeats the kind of the step before.
    joint: &'static str,
    /// The first keyword of what must hold.
    pub(super) then: &'static str,
    /// What people write instead: (written, keyword).
    mistaken: &'static [(&'static str, &'static str)],
}

static ENGLISH: Keywords = Keywords {
    code: "en",
    name: "English",
    blocks: &[
        (Block::Feature, &["Feature", "Business Need", "Ability"]),
        (Block::Background, &["Background"]),
        (Block::Rule, &["Rule"]),
        (Block::Scenario, &["Scenario", "Example"]),
        (Block::Outline, &["Scenario Outline", "Scenario Template"]),
        (Block::Examples, &["Examples", "Scenarios"]),
    ],
    steps: &["Given ", "When ", "Then ", "And ", "But ", "* "],
    joint: "And ",
    then: "Then",
    mistaken: &[
        ("If", "Given"),
        ("Test", "Scenario"),
        ("Outline", "Scenario Outline"),
    ],
};

static CHINESE: Keywords = Keywords {
    code: "zh-CN",
    name: "Chinese",
    blocks: &[
        (Block::Feature, &["功能"]),
        (Block::Background, &["背景"]),
        // 规则 is in Gherkin's own list but not in that of the crate; see `for_crate`.
        (Block::Rule, &["规则", "Rule"]),
        (Block::Scenario, &["场景", "剧本"]),
        (Block::Outline, &["场景大纲", "剧本大纲"]),
        (Block::Examples, &["例子"]),
    ],
    steps: &[
        "假如", "假设", "假定", "当", "那么", "而且", "并且", "同时", "但是", "* ",
    ],
    joint: "而且",
    then: "那么",
    mistaken: &[
        ("假入", "假如"),
        ("加入", "假如"),
        ("如果", "假如"),
        ("假使", "假如"),
        ("哪么", "那么"),
        ("那末", "那么"),
        ("那麼", "那么"),
        ("然后", "那么"),
        ("並且", "并且"),
        ("同時", "同时"),
        ("特性", "功能"),
        ("情景", "场景"),
        ("情境", "场景"),
        ("场境", "场景"),
        ("場景", "场景"),
        ("場景大綱", "场景大纲"),
        ("场景模板", "场景大纲"),
        ("场景概要", "场景大纲"),
        ("示例", "例子"),
        ("样例", "例子"),
        ("規則", "规则"),
        ("规测", "规则"),
    ],
};

static ALL: [&Keywords; 2] = [&ENGLISH, &CHINESE];

/// Words that begin an English sentence and are one letter away from a keyword.
const ORDINARY: [&str; 4] = ["They", "Them", "Than", "Give"];

/// The table of a language, for the languages that have one here.
pub(super) fn of(code: &str) -> Option<&'static Keywords> {
    ALL.into_iter().find(|keywords| keywords.code == code)
}

/// The language in which a line, made plain, is a header or a step.
pub(super) fn speaking(line: &str) -> Option<&'static Keywords> {
    ALL.into_iter()
        .find(|keywords| keywords.block(line).is_some() || keywords.step(line).is_some())
}

/// The keyword under which the `gherkin` crate knows it.
pub(super) fn for_crate(keyword: &'static str) -> &'static str {
    if keyword == "规则" { "Rule" } else { keyword }
}

impl Keywords {
    /// What `line` begins if it is a header, with its keyword. `line` is plain and trimmed.
    pub(super) fn block(&self, line: &str) -> Option<(Block, &'static str)> {
        self.blocks.iter().find_map(|(block, words)| {
            let word = words.iter().find(|word| {
                line.strip_prefix(**word)
                    .is_some_and(|rest| rest.starts_with(':'))
            })?;
            Some((*block, *word))
        })
    }

    /// The keyword of `line` if it is a step, with its blank where it has one. `line` is plain
    /// and trimmed.
    pub(super) fn step(&self, line: &str) -> Option<&'static str> {
        self.steps
            .iter()
            .find(|word| {
                line.strip_prefix(**word)
                    .is_some_and(|rest| !rest.trim().is_empty())
            })
            .copied()
    }

    /// The keyword of a line that is a step keyword and nothing else.
    pub(super) fn bare_step(&self, line: &str) -> Option<&'static str> {
        self.steps
            .iter()
            .map(|word| word.trim_end())
            .find(|word| line == *word)
    }

    /// A header keyword that starts `line` without the colon it needs.
    pub(super) fn block_without_colon(&self, line: &str) -> Option<&'static str> {
        self.blocks
            .iter()
            .flat_map(|(_, words)| *words)
            .filter(|word| {
                line.strip_prefix(**word).is_some_and(|rest| {
                    rest.chars()
                        .next()
                        .is_none_or(|c| !c.is_ascii_alphanumeric())
                })
            })
            .max_by_key(|word| word.len())
            .copied()
    }

    /// A keyword that repeats the kind of the step before.
    pub(super) fn joint(&self) -> &'static str {
        self.joint
    }

    /// The first keyword for a block.
    pub(super) fn first(&self, block: Block) -> &'static str {
        self.blocks
            .iter()
            .find(|(b, _)| *b == block)
            .map_or("", |(_, words)| words[0])
    }

    /// The step keywords for a message: `Given, When, … or *`.
    pub(super) fn step_list(&self) -> String {
        let words: Vec<&str> = self.steps.iter().map(|word| word.trim_end()).collect();
        let (last, rest) = words.split_last().unwrap_or((&"", &[]));
        format!("{} or {last}", rest.join(", "))
    }

    /// The step keyword that the first word of a line of words was meant to be.
    ///
    /// `strict`: the line may as well be description, so only what is hardly anything else.
    pub(super) fn meant_step(&self, line: &str, strict: bool) -> Option<(String, &'static str)> {
        if let Some((written, meant)) = self.mistaken_for(line)
            && self.steps.iter().any(|word| word.trim_end() == meant)
            && !(strict && written == "If")
        {
            return Some((written.to_owned(), meant));
        }
        let word = first_word(line);
        let words = self.steps.iter().map(|word| word.trim_end());
        let meant = words.clone().find(|keyword| {
            word.eq_ignore_ascii_case(keyword)
                || (word.is_ascii() && keyword.len() > 3
                    || keyword.is_ascii() && is_swap(word, keyword))
                    && distance::edits(word, keyword) == 1
                    && !ORDINARY.contains(&word)
        });
        let meant = meant
            .or_else(|| (!strict && word.is_ascii()).then(|| distance::nearest(word, words))?)?;
        Some((word.to_owned(), meant))
    }

    /// The header keyword that a line of words was meant to begin with, and what was written
    /// before its colon.
    pub(super) fn meant_block(&self, line: &str) -> Option<(String, &'static str)> {
        let (written, _) = line.split_once(':')?;
        if written.chars().count() > 24 {
            return None;
        }
        let name = written.trim_end();
        let blocks = || self.blocks.iter().flat_map(|(_, words)| *words).copied();
        let meant = blocks()
            .find(|keyword| name.eq_ignore_ascii_case(keyword))
            .or_else(|| {
                let (whole, meant) = self.mistaken_for(name)?;
                (whole == name && blocks().any(|word| word == meant)).then_some(meant)
            })
            .or_else(|| {
                let long = blocks().filter(|keyword| keyword.is_ascii() && keyword.len() > 5);
                distance::nearest(name, long)
            })?;
        Some((written.to_owned(), meant))
    }

    fn mistaken_for(&self, line: &str) -> Option<(&'static str, &'static str)> {
        self.mistaken
            .iter()
            .filter(|(written, _)| {
                line.strip_prefix(written).is_some_and(|rest| {
                    !written.is_ascii() || rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
                })
            })
            .max_by_key(|(written, _)| written.len())
            .copied()
    }
}

/// The first word of a line, for quoting: up to a blank, and of Chinese two characters.
pub(super) fn first_word(line: &str) -> &str {
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let word = &line[..end];
    match word.char_indices().nth(2) {
        Some((two, _)) if !word.is_ascii() => &word[..two],
        _ => word,
    }
}

fn is_swap(word: &str, keyword: &str) -> bool {
    let sorted = |text: &str| {
        let mut bytes = text.to_ascii_lowercase().into_bytes();
        bytes.sort_unstable();
        bytes
    };
    sorted(word) == sorted(keyword)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(keywords: &Keywords, text: &str) -> gherkin::Feature {
        let env = gherkin::GherkinEnv::new(keywords.code).expect("the language");
        gherkin::Feature::parse(text, env).expect(text)
    }

    #[test]
    fn the_crate_reads_every_keyword_as_this_table_does() {
        for keywords in ALL {
            let feature = keywords.first(Block::Feature);
            let scenario = keywords.first(Block::Scenario);
            let step = keywords.steps[0];
            for (block, words) in keywords.blocks {
                for word in *words {
                    let word = for_crate(word);
                    let body = format!("{step}a\n");
                    let text = match block {
                        Block::Feature => format!("{word}: x\n"),
                        Block::Examples => {
                            format!("{feature}: x\n{scenario}: y\n{body}{word}:\n|a|\n|1|\n")
                        }
                        Block::Rule => format!("{feature}: x\n{word}: y\n{scenario}: y\n{body}"),
                        Block::Background | Block::Scenario | Block::Outline => {
                            format!("{feature}: x\n{word}: y\n{body}")
                        }
                    };
                    let tree = read(keywords, &text);
                    let found = match block {
                        Block::Feature => tree.keyword,
                        Block::Background => tree.background.expect(word).keyword,
                        Block::Rule => tree.rules[0].keyword.clone(),
                        Block::Scenario | Block::Outline => tree.scenarios[0].keyword.clone(),
                        Block::Examples => tree.scenarios[0].examples[0].keyword.clone(),
                    };
                    assert_eq!(found, word);
                }
            }
            for word in keywords.steps {
                let text = format!("{feature}: x\n{scenario}: y\n{word}a\n");
                assert_eq!(read(keywords, &text).scenarios[0].steps[0].keyword, **word);
            }
        }
    }

    #[test]
    fn mistyped_steps_are_recognised() {
        let meant = |line, strict| ENGLISH.meant_step(line, strict).map(|(_, meant)| meant);
        assert_eq!(meant("Gven a terminal", true), Some("Given"));
        assert_eq!(meant("given a terminal", true), Some("Given"));
        assert_eq!(meant("Adn a terminal", true), Some("And"));
        assert_eq!(meant("They pay", true), None);
        assert_eq!(meant("An answer is lost", true), None);
        assert_eq!(meant("If it rains", true), None);
        assert_eq!(meant("If it rains", false), Some("Given"));
        let chinese = CHINESE.meant_step("加入终端开机", true);
        assert_eq!(chinese, Some(("加入".into(), "假如")));
    }

    #[test]
    fn mistyped_headers_are_recognised() {
        let meant = |line| ENGLISH.meant_block(line).map(|(_, meant)| meant);
        assert_eq!(meant("Scenaro: x"), Some("Scenario"));
        assert_eq!(meant("scenario outline: x"), Some("Scenario Outline"));
        assert_eq!(meant("Rule : x"), Some("Rule"));
        assert_eq!(meant("Role: cashier"), None);
        assert_eq!(meant("Note: x"), None);
        let chinese = CHINESE.meant_block("示例: x");
        assert_eq!(chinese, Some(("示例".into(), "例子")));
    }
}
