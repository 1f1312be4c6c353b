//! Of a case the sentences that reports without a layout of their own share, and texts of others made
//! harmless for files.

use counterproof_scenarios::verdict::Breach;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Lang;

use super::timeline::Teller;
use crate::evidence::{CaseEvidence, Outcome};
use crate::texts::report as texts;

/// The text with everything visible that would do something else than stand there: control
/// characters but line ends and tabs, and what is no character at all.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            _ if c.is_control() => shown.extend(c.escape_default()),
            '\u{FFFE}' | '\u{FFFF}' => shown.push('\u{FFFD}'),
            _ => shown.push(c),
        }
    }
    shown
}

/// What was expected and seen, in one line.
pub fn breach(breach: &Breach, lang: Lang) -> String {
    let ids: Vec<&str> = breach.requirements.iter().map(|r| r.id()).collect();
    visible(&texts::expected_and_seen(
        lang,
        ids.join(" "),
        breach.expected.get(lang),
        breach.seen.get(lang),
    ))
}

/// The faults and what became of them, a line each.
pub fn faults(case: &CaseEvidence, lang: Lang) -> Vec<String> {
    let teller = Teller {
        dialect: Dialect::cup(),
        lang,
        show_codes: true,
    };
    let lines = case.faults.iter().map(|fault| {
        let name = teller.fault(&fault.fault);
        match fault.first {
            Some(first) => {
                let after = case.began.map_or(Span::ZERO, |began| first.since(began));
                texts::fired(lang, name, after, fault.fired)
            }
            None => texts::idle(lang, name),
        }
    });
    lines.map(|line| visible(&line)).collect()
}

/// Everything about a case that did not simply pass, a line each: why, the faults, what is likely behind
/// it, what to do, and how to see it again.
pub fn story(case: &CaseEvidence, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = case.breaches.iter().map(|b| breach(b, lang)).collect();
    lines.dedup();
    if lines.is_empty() {
        lines.push(message(case, lang));
    }
    lines.extend(faults(case, lang));
    if let Some(main) = case.main_requirement() {
        let help = main.help(lang);
        lines.push(texts::labelled(lang, texts::cause(lang), help.cause));
        lines.push(texts::labelled(lang, texts::remedy(lang), help.remedy));
        let page = texts::requirement_page(lang, main.page());
        lines.push(texts::labelled(lang, texts::more(lang), page));
    }
    lines.push(texts::labelled(
        lang,
        texts::replay(lang),
        visible(&case.replay),
    ));
    lines
}

/// Why a case is not a pass, in one sentence.
pub fn message(case: &CaseEvidence, lang: Lang) -> String {
    match case.outcome() {
        Outcome::NotRun => texts::stopped(lang),
        _ => visible(case.message.get(lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_says_moves_a_cursor_or_breaks_a_file() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{0}\u{FFFE}\n付"),
            "a\\u{1b}[2Jb\\u{0}\u{FFFD}\n付"
        );
    }
}
