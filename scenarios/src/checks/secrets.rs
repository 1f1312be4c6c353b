//! Secrets: payment codes and keys in what people can read (SEC-05, SEC-06).

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, hex};

use super::breach::{at, say};
use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Digits of a code that may be shown at its beginning and at its end.
const SHOWN: (usize, usize) = (6, 4);
/// So many digits in a row are no coincidence with a time, an amount or a reference number.
const NO_COINCIDENCE: usize = 10;

/// Hands on every text that people can read, with its entry.
fn each_text<'r>(h: &History<'r>, mut take: impl FnMut(usize, &'r str)) {
    for (index, entry) in h.entries().iter().enumerate() {
        let Fact::Did { action } = &entry.fact else {
            continue;
        };
        match action {
            Action::Display { lines, .. } | Action::Print { lines, .. } => {
                for line in lines.iter() {
                    take(index, line);
                }
            }
            Action::Log { text, .. } => take(index, text),
            Action::DeviceLog { entries } => {
                for entry in entries {
                    take(index, &entry.kind);
                    take(index, &entry.text);
                }
            }
            _ => {}
        }
    }
}

/// A payment code as it may not be shown: its telling parts as numbers.
struct Code {
    /// One digit more of its beginning than may be shown.
    first: Option<u64>,
    /// One digit more of its end.
    last: Option<u64>,
    /// So many digits of it in a row that they are no coincidence.
    within: Vec<u64>,
}

impl Code {
    fn new(code: &str) -> Self {
        let part = |from: usize, digits: usize| number(code.as_bytes().get(from..from + digits)?);
        let (first, last) = (SHOWN.0 + 1, SHOWN.1 + 1);
        Self {
            first: part(0, first),
            last: code
                .len()
                .checked_sub(last)
                .and_then(|from| part(from, last)),
            within: (0..code.len())
                .filter_map(|from| part(from, NO_COINCIDENCE))
                .collect(),
        }
    }

    /// Whether the last digits of a row of so many, which are `row`, show more of its beginning or
    /// middle than they may.
    fn is_in(&self, row: u64, digits: usize) -> bool {
        const FIRST: u64 = 10_u64.pow(SHOWN.0 as u32 + 1);
        const WITHIN: u64 = 10_u64.pow(NO_COINCIDENCE as u32);
        (digits > SHOWN.0 && self.first == Some(row % FIRST))
            || (digits >= NO_COINCIDENCE && self.within.contains(&(row % WITHIN)))
    }

    /// Whether a whole row of so many digits shows more of its end than it may.
    fn ends_as(&self, row: u64, digits: usize) -> bool {
        digits == SHOWN.1 + 1 && self.last == Some(row)
    }
}

/// The number that digits write, if they are digits.
fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + u64::from(digit - b'0'))
    })
}

/// SEC-05: a payment code stands nowhere in clear.
pub(super) fn codes_masked(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut codes: Vec<&str> = h.codes().map(|(_, code)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    let codes: Vec<Code> = codes.into_iter().map(Code::new).collect();
    if codes.is_empty() {
        return;
    }
    each_text(h, |entry, text| {
        // Less of a code than may be shown is no matter, and most lines have no number at all.
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits > SHOWN.1 && shows(text, &codes) {
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
    });
}

/// Digits in a row.
#[derive(Default)]
struct Row {
    /// The last eighteen of them.
    digits: u64,
    length: usize,
    /// Whether they write an amount.
    pointed: bool,
    /// What stands before them, as far as it is no digit.
    before: usize,
}

/// Whether a text shows more of a code than it may. Blanks and dashes within a number do not end it,
/// anything else does.
fn shows(text: &str, codes: &[Code]) -> bool {
    let mut row = Row::default();
    let ends = |row: &Row| {
        // Behind a mask or a word; a short amount that ends as a code does is a coincidence.
        row.before > 1
            && !row.pointed
            && codes
                .iter()
                .any(|code| code.ends_as(row.digits, row.length))
    };
    let shown = text.chars().any(|c| match c {
        '0'..='9' => {
            row.digits = (row.digits * 10 + u64::from(c as u32 - '0' as u32)) % 10_u64.pow(18);
            row.length += 1;
            row.length > SHOWN.0 && codes.iter().any(|code| code.is_in(row.digits, row.length))
        }
        ' ' | '\u{A0}' | '-' | '\u{2013}' => false,
        '.' => {
            row.pointed = true;
            false
        }
        _ => {
            let ended = ends(&row);
            let before = if row.length > 0 { 1 } else { row.before + 1 };
            row = Row {
                before,
                ..Row::default()
            };
            ended
        }
    });
    shown || ends(&row)
}

/// SEC-06: no master key and no working key stands anywhere in clear.
pub(super) fn keys_hidden(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut suspects = Vec::new();
    each_text(h, |entry, text| {
        if may_hold_a_key(text) {
            suspects.push((entry, text));
        }
    });
    if suspects.is_empty() {
        return;
    }
    let mut secrets = vec![hex(&h.setup().terminal.master_key)];
    for keys in h.delivered_keys() {
        let keys = [Some(keys.pin), Some(keys.mac), keys.track];
        secrets.extend(keys.iter().flatten().map(|key| hex(key.bytes())));
    }
    for (entry, text) in suspects {
        let view: String = text
            .chars()
            .filter(|c| !u8::try_from(*c).is_ok_and(is_between_digits))
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

/// Whether a text has as many hexadecimal digits in a row as half a key.
fn may_hold_a_key(text: &str) -> bool {
    let mut row = 0;
    text.bytes().any(|byte| {
        if byte.is_ascii_hexdigit() {
            row += 1;
        } else if !is_between_digits(byte) {
            row = 0;
        }
        row >= 16
    })
}

/// Whether people write that between the digits of a key.
fn is_between_digits(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b':')
}

fn halves(key: &str) -> impl Iterator<Item = &str> {
    (0..key.len() / 16).filter_map(move |n| key.get(n * 16..n * 16 + 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_of_a_code_than_may_be_shown_is_found_however_it_is_written() {
        let codes = [Code::new("181234567890123456")];
        for shown in [
            "181234567890123456",
            "code 1812 3456 7890 1234 56.",
            "付款码：18-1234-5678-90",
            "1812345***3456",
            "**********23456",
            "1812****23456",
            "code **23456 refused",
            "尾号23456",
            "[2345678901]",
        ] {
            assert!(shows(shown, &codes), "{shown}");
        }
    }

    #[test]
    fn what_may_be_shown_and_what_is_no_code_is_left_alone() {
        let codes = [Code::new("181234567890123456"), Code::new("not a code")];
        for innocent in [
            "181234********3456",
            "181234 **** 3456",
            "128.50",
            "20261123072848",
            "23456",
            "order 123456",
            "amount: 234.56 yuan",
            "*23456",
            "***234567",
            "batch 234567890, next",
            "",
        ] {
            assert!(!shows(innocent, &codes), "{innocent}");
        }
    }
}
