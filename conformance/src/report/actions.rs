//! What a terminal did, in one line each, for the timeline.

use counterproof_sim::money::Fen;
use counterproof_sim::terminal::{
    Action, Lines, Outcome, PaidOperation, PartState, PrintCopy, SelfTestParts, Totals,
};
use counterproof_sim::vocabulary::{Advice, Lang, Reason, Word};
use serde::Serialize;

use super::timeline::{Kind, Teller, yuan};
use crate::texts::timeline as texts;

/// Characters of a text of the terminal's own that a line shows.
const SHOWN: usize = 160;

/// The line of an action.
pub(super) fn line(teller: &Teller<'_>, action: &Action) -> (String, Kind) {
    let lang = teller.lang;
    let text = match action {
        Action::HostOpen { link, .. } => texts::connects(lang, link),
        Action::HostSend { data, .. } => {
            return match teller.message(data) {
                Some(message) => (texts::sends(lang, message), Kind::Message),
                None => (texts::sends_bytes(lang, data.len()), Kind::Message),
            };
        }
        Action::HostClose { conn } => texts::closes(lang, conn),
        Action::ScannerOn => texts::scanner_on(lang).to_owned(),
        Action::ScannerOff => texts::scanner_off(lang).to_owned(),
        Action::ShowCode { payload } => texts::shows_code(lang, shown(&teller.text(payload))),
        Action::Display {
            lines,
            reason,
            advice,
        } => {
            let lines = texts::displays(lang, joined(teller, lines));
            match reason {
                Some(reason) => format!("{lines} {}", problem(lang, reason, advice)),
                None => lines,
            }
        }
        Action::Outcome(outcome) => of_outcome(lang, outcome),
        Action::Settled {
            batch,
            debits,
            credits,
            matched,
        } => {
            let matched = if *matched {
                texts::balanced(lang)
            } else {
                texts::unbalanced(lang)
            };
            texts::settled(lang, shown(batch), totals(debits), totals(credits), matched)
        }
        Action::Print { copy, lines } => {
            let copy = match copy {
                PrintCopy::Merchant => texts::merchant_copy(lang),
                PrintCopy::Customer => texts::customer_copy(lang),
            };
            texts::prints(lang, copy, joined(teller, lines))
        }
        Action::SelfTest { parts } => texts::self_test(lang, self_test(lang, parts)),
        Action::DeviceLog { entries } => texts::device_log(lang, entries.len()),
        Action::Log { text, .. } => texts::logs(lang, shown(&teller.text(text))),
    };
    (text, Kind::Other)
}

fn of_outcome(lang: Lang, outcome: &Outcome) -> String {
    let operation = match outcome.operation {
        PaidOperation::Pay => texts::paid(lang),
        PaidOperation::Refund => texts::refunded(lang),
        PaidOperation::Void => texts::voided(lang),
    };
    let status = wire_word(&outcome.status);
    let mut text = texts::outcome(lang, operation, shown(&outcome.order), status);
    if let Some(amount) = outcome.amount {
        text.push(' ');
        text.push_str(&yuan(amount));
    }
    if let Some(code) = &outcome.host_code {
        text.push_str(" 39=");
        text.push_str(&shown(code));
    }
    if let Some(reason) = &outcome.reason {
        text.push(' ');
        text.push_str(&problem(lang, reason, &outcome.advice));
    }
    text
}

fn problem(lang: Lang, reason: &Word<Reason>, advice: &[Word<Advice>]) -> String {
    let advice: Vec<&str> = advice.iter().map(Word::as_str).collect();
    let advice = if advice.is_empty() {
        "–".to_owned()
    } else {
        advice.join(", ")
    };
    texts::problem(lang, shown(reason.as_str()), shown(&advice))
}

pub(super) fn totals(totals: &Totals) -> String {
    format!("{} × {}", totals.count, Fen::new(totals.amount))
}

pub(super) fn self_test(lang: Lang, parts: &SelfTestParts) -> String {
    let state = |state: PartState| match state {
        PartState::Ok => texts::ok(lang),
        PartState::Fault => texts::broken(lang),
    };
    let mut words = vec![
        format!("scanner {}", state(parts.scanner)),
        format!("display {}", state(parts.display)),
        format!("keypad {}", state(parts.keypad)),
    ];
    words.extend(parts.printer.map(|part| format!("printer {}", state(part))));
    words.push(format!("storage {}", state(parts.storage)));
    words.extend(parts.host.map(|part| format!("host {}", state(part))));
    let links = parts.links.iter();
    words.extend(links.map(|(link, part)| format!("{} {}", shown(link), state(*part))));
    words.join(", ")
}

fn joined(teller: &Teller<'_>, lines: &Lines) -> String {
    let lines: Vec<&str> = lines
        .iter()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    shown(&teller.text(&lines.join(" | ")))
}

/// A text of somebody else's on one line: control characters visible, bounded.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN));
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A word of the protocol as it travels.
pub(super) fn wire_word<T: Serialize>(word: &T) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
