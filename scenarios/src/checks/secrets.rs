//! Secrets: payment codes and keys in what people can read (SEC-05, SEC-06).

use counterproof_sim::iso8583::Field;
use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::keys::{Delivery, Key, WorkingKeys};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, hex};
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Digits of a code that may be shown at its beginning and at its end.
const SHOWN: (usize, usize) = (6, 4);
/// So many digits in a row are no coincidence with a time, an amount or a reference number.
const NO_COINCIDENCE: usize = 10;

/// Every text that people can read, with its entry.
fn texts<'r>(h: &History<'r>) -> impl Iterator<Item = (usize, &'r str)> {
    h.entries().iter().enumerate().flat_map(|(index, entry)| {
        let texts: Vec<&str> = match &entry.fact {
            Fact::Did { action } => match action {
                Action::Display { lines, .. } | Action::Print { lines, .. } => {
                    lines.iter().map(|l| &**l).collect()
                }
                Action::Log { text, .. } => vec![text],
                Action::DeviceLog { entries } => {
                    entries.iter().flat_map(|e| [&*e.kind, &*e.text]).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        texts.into_iter().map(move |text| (index, text))
    })
}

/// The digits of a text; blanks and dashes within a number do not end it, anything else does.
fn numbers(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            ' ' | '\u{A0}' | '-' | '\u{2013}' | '.' => None,
            _ => Some('|'),
        })
        .collect()
}

/// SEC-05: a payment code stands nowhere in clear.
pub(super) fn codes_masked(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut codes: Vec<&str> = h.codes().map(|(_, code)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return;
    }
    for (entry, text) in texts(h) {
        let view = numbers(text);
        // Less of a code than may be shown is no matter, and most lines have no number at all.
        let longest = view.split('|').map(str::len).max();
        if longest.is_none_or(|digits| digits <= SHOWN.1) {
            continue;
        }
        if codes.iter().any(|code| shows(&view, code)) {
            found.push(at(
                h,
                R::Sec05,
                entry,
                say(
                    "at most the first 6 and last 4 digits of a payment code",
                    "付款码最多显示前6位和后4位",
                ),
                say("more of it in clear", "明文显示了更多位数"),
            ));
        }
    }
}

/// Whether a text's numbers show more of a code than they may.
fn shows(view: &str, code: &str) -> bool {
    let (first, last) = SHOWN;
    let prefix = code.get(..=first).is_some_and(|p| view.contains(p));
    let suffix = code
        .get(code.len().saturating_sub(last + 1)..)
        .is_some_and(|s| {
            view.match_indices(s)
                .any(|(at, _)| view[..at].ends_with('|'))
                && view.contains(&format!("||{s}"))
        });
    let middle = code
        .as_bytes()
        .windows(NO_COINCIDENCE)
        .any(|part| std::str::from_utf8(part).is_ok_and(|part| view.contains(part)));
    prefix || suffix || middle
}

/// SEC-06: no master key and no working key stands anywhere in clear.
pub(super) fn keys_hidden(h: &History<'_>, found: &mut Vec<Breach>) {
    if !texts(h).any(|(_, text)| may_be_key(text)) {
        return;
    }
    let mut secrets = vec![hex(&h.setup().terminal.master_key)];
    for sign_in in h.sent(Operation::SignIn) {
        for answer in sign_in.answers() {
            secrets.extend(delivered(h, &answer.packet.message));
        }
    }
    for (entry, text) in texts(h) {
        if !may_be_key(text) {
            continue;
        }
        let view: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | ':'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if secrets
            .iter()
            .any(|key| halves(key).any(|half| view.contains(half)))
        {
            found.push(at(
                h,
                R::Sec06,
                entry,
                say("no key in clear", "不得明文显示密钥"),
                say("a key in clear", "明文显示了密钥"),
            ));
        }
    }
}

/// Whether a text has as many hexadecimal digits as half a key.
fn may_be_key(text: &str) -> bool {
    text.len() >= 16 && text.bytes().filter(u8::is_ascii_hexdigit).count() >= 16
}

fn halves(key: &str) -> impl Iterator<Item = &str> {
    (0..key.len() / 16).filter_map(move |n| key.get(n * 16..n * 16 + 16))
}

/// The working keys that a sign-in answer delivered, as hexadecimal.
fn delivered(h: &History<'_>, message: &counterproof_sim::iso8583::Message) -> Vec<String> {
    let keys = || {
        let delivery = Delivery::from_code(De60::of(message).ok()?.network)?;
        let master = Key::new(&h.setup().terminal.master_key).ok()?;
        WorkingKeys::receive(&master, delivery, message.get(Field::KEYS)?).ok()
    };
    keys().map_or_else(Vec::new, |k| {
        [Some(k.pin), Some(k.mac), k.track]
            .into_iter()
            .flatten()
            .map(|key| hex(key.bytes()))
            .collect()
    })
}
