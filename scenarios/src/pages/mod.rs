//! Pages of the documentation that are written by the program, so that they say what is there: the
//! requirements, what covers them, where the sources disagree, and the kill matrix. Each is Markdown, in both languages.
//!
//! Not here: where they are put, and all other pages.

mod coverage;
mod mutants;
mod practices;
mod requirements;

use counterproof_sim::vocabulary::Lang;

use crate::case::Scenario;
use crate::mutants::KillMatrix;
use crate::suite::Suite;

pub use mutants::{Finding, findings};

/// The command that writes the pages anew, as the tests name it that find them out of date.
pub const REGENERATE: &str = "cargo run --release -- docs docs";

/// A page of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its place below `docs`.
    pub path: &'static str,
    /// What it says.
    pub text: String,
}

/// The requirements, what covers them, and where the sources disagree.
pub fn requirements(suite: &Suite) -> [Page; 6] {
    let page = |path, text| Page { path, text };
    [
        page("requirements.md", requirements::page(suite, Lang::En)),
        page("zh-CN/requirements.md", requirements::page(suite, Lang::Zh)),
        page("coverage.md", coverage::page(suite, Lang::En)),
        page("zh-CN/coverage.md", coverage::page(suite, Lang::Zh)),
        page("practices.md", practices::page(suite, Lang::En)),
        page("zh-CN/practices.md", practices::page(suite, Lang::Zh)),
    ]
}

/// The kill matrix.
pub fn kill_matrix(matrix: &KillMatrix) -> [Page; 2] {
    let page = |path, lang| Page {
        path,
        text: mutants::page(matrix, lang),
    };
    [
        page("mutants.md", Lang::En),
        page("zh-CN/mutants.md", Lang::Zh),
    ]
}

/// One of two, by the language.
const fn say(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// The line under the title, with the way to the page in the other language.
fn notice(lang: Lang, file: &str) -> String {
    match lang {
        Lang::En => format!(
            "Written by the program: `{REGENERATE}` writes it anew, and a test finds it out of date. ([中文](zh-CN/{file}))"
        ),
        Lang::Zh => format!(
            "本页由程序生成：用 `{REGENERATE}` 重新生成；过期时测试会发现。（[English](../{file})）"
        ),
    }
}

/// The way from the page to the root of the repository.
const fn to_root(lang: Lang) -> &'static str {
    say(lang, "..", "../..")
}

/// A scenario by its name, and the way to its file.
fn link(scenario: &Scenario, lang: Lang) -> String {
    let (name, root) = (plain(&scenario.name), to_root(lang));
    format!("[{name}]({root}/{})", scenario.path)
}

/// Text of somebody's own as Markdown that says just that, in tables too.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '<' | '[' | ']' | '*' | '_' | '`' | '\\') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_in_names_are_no_markdown() {
        assert_eq!(plain("a|b <c> [d] *e*"), r"a\|b \<c> \[d\] \*e\*");
        assert_eq!(plain("消费无应答"), "消费无应答");
    }
}
