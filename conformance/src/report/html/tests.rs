//! The page itself: its words, and what must not be in it.

use std::collections::BTreeSet;

use regex::Regex;

use super::{PAGE, SCRIPTS, STYLE};
use crate::texts::{page, report, timeline};

fn words() -> BTreeSet<String> {
    let table = |name: &'static str, words: &[(&'static str, &'static str, &'static str)]| {
        let words = words.iter();
        words
            .map(|(word, _, _)| format!("{name}.{word}"))
            .collect::<Vec<_>>()
    };
    let mut all: BTreeSet<String> = table("report", report::WORDS).into_iter().collect();
    all.extend(table("timeline", timeline::WORDS));
    all.extend(page::WORDS.iter().map(|(word, _, _)| (*word).to_owned()));
    all
}

#[test]
fn every_word_that_the_page_says_stands_in_the_tables() {
    let words = words();
    let said = Regex::new(r#"word\("([a-z_.]+)"\)|data-word="([a-z_]+)""#).unwrap();
    let mut count = 0;
    for text in SCRIPTS.iter().chain([&PAGE]) {
        for found in said.captures_iter(text) {
            let word = found.get(1).or(found.get(2)).unwrap().as_str();
            assert!(words.contains(word), "{word}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_word_of_the_page_is_said_somewhere() {
    let scripts = SCRIPTS.concat() + PAGE + include_str!("index.rs");
    for (word, _, _) in page::WORDS {
        assert!(scripts.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn the_page_fetches_nothing_and_makes_no_markup_of_texts() {
    let all = SCRIPTS.concat() + &STYLE.concat() + PAGE;
    for never in [
        "http:", "https:", "//cdn", "innerHTML", "outerHTML", "insertAdjacentHTML",
        "document.write", "eval(", "fetch(", "XMLHttpRequest", "@import", "url(",
    ] {
        assert!(!all.contains(never), "{never}");
    }
    assert!(PAGE.contains("default-src 'none'"));
}

#[test]
fn scripts_are_small_enough_to_be_read() {
    for script in SCRIPTS {
        assert!(script.lines().count() < 300);
        assert!(!script.contains("</script"), "it would end itself");
    }
}
