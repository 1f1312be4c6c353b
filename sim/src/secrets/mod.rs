//! What nobody may see in clear – payment codes and keys – and how it is masked in free text: what a
//! terminal shows, prints or logs, what a message quotes.
//!
//! Two notions that complete each other: what has the *form* of a secret (runs of digits as long as
//! payment codes, of hexadecimal digits as long as keys, in one piece or in groups), and the payment
//! codes that a record *knows*, of which no longer part may stand anywhere either.
//!
//! Secrets in the bytes of a frame are masked by [`crate::iso8583::mask`], streams of them in `frames`, whole
//! records in `record`.

mod frames;
mod record;

pub use frames::Frames;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// The shortest payment code; RRNs and amounts (12 digits) and merchant numbers (15) are shorter.
pub const SHORTEST_CODE: usize = 16;
/// So many digits of a code in a row are no coincidence with a time, an amount or a reference number.
const NO_COINCIDENCE: usize = 10;
/// Digits of a group in which long numbers are often written.
const GROUPS: [usize; 2] = [2, 4];

/// The payment codes of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    codes: BTreeSet<Box<str>>,
}

/// A number of a text: where its digits stand, whatever stands between them.
struct Number {
    /// Byte offsets of its digits; all are ASCII.
    places: Vec<usize>,
    /// Digits of each group.
    groups: Vec<usize>,
}

impl Secrets {
    /// Knows this text as a payment code, if it holds one.
    fn learn(&mut self, text: &str) {
        for run in text.split(|c: char| !c.is_ascii_digit()) {
            if run.len() >= SHORTEST_CODE && !self.codes.contains(run) {
                self.codes.insert(run.into());
            }
        }
    }

    /// The payment codes that are known.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|code| &**code)
    }

    /// The text with every secret in it masked.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
        if digits < NO_COINCIDENCE {
            return Cow::Borrowed(text);
        }
        let bytes = text.as_bytes();
        let mut hidden: Vec<usize> = Vec::new();
        for number in numbers(text) {
            let whole = number.long_runs();
            for run in &whole {
                hidden.extend(middle(&number.places[run.clone()]));
            }
            for code in self.codes() {
                number.hide_known(bytes, code.as_bytes(), &whole, &mut hidden);
            }
        }
        if hidden.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = text.to_owned().into_bytes();
        for place in hidden {
            masked[place] = b'*';
        }
        // Only ASCII was replaced, by ASCII.
        Cow::Owned(String::from_utf8_lossy(&masked).into_owned())
    }
}

/// The text with everything masked that has the form of a secret.
pub fn mask(text: &str) -> Cow<'_, str> {
    Secrets::default().mask(text)
}

impl Number {
    /// What is as long as a code or a key: a run of digits, or groups of two or four.
    fn long_runs(&self) -> Vec<Range<usize>> {
        if let [first, middle @ .., last] = &*self.groups
            && GROUPS.contains(first)
            && middle.iter().all(|group| group == first)
            && last <= first
            && self.places.len() >= SHORTEST_CODE
        {
            return std::iter::once(0..self.places.len()).collect();
        }
        let mut runs = Vec::new();
        let mut start = 0;
        for length in &self.groups {
            if *length >= SHORTEST_CODE {
                runs.push(start..start + length);
            }
            start += length;
        }
        runs
    }

    /// Hides every longer part of a known code outside of the `whole` numbers, which are hidden but
    /// for their beginning and end.
    fn hide_known(
        &self,
        text: &[u8],
        code: &[u8],
        whole: &[Range<usize>],
        hidden: &mut Vec<usize>,
    ) {
        for (start, places) in self.places.windows(NO_COINCIDENCE).enumerate() {
            let end = start + NO_COINCIDENCE;
            let is_part = || {
                code.windows(NO_COINCIDENCE).any(|part| {
                    let mut pairs = places.iter().zip(part);
                    pairs.all(|(at, digit)| text[*at] == *digit)
                })
            };
            let is_hidden = whole.iter().any(|run| run.start <= start && end <= run.end);
            if !is_hidden && is_part() {
                hidden.extend(places);
            }
        }
    }
}

/// All but the first six and the last four.
fn middle(places: &[usize]) -> &[usize] {
    &places[6..places.len() - 4]
}

/// The numbers of a text: hexadecimal digits with at most one separator between two of them.
fn numbers(text: &str) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    let mut end = None;
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_ascii_hexdigit()) {
        let gap = end.map(|end: usize| &text[end..at]);
        match (numbers.last_mut(), gap) {
            (Some(number), Some(gap)) if gap.is_empty() || is_separator(gap) => {
                number.places.push(at);
                match number.groups.last_mut() {
                    Some(group) if gap.is_empty() => *group += 1,
                    _ => number.groups.push(1),
                }
            }
            _ => numbers.push(Number {
                places: vec![at],
                groups: vec![1],
            }),
        }
        end = Some(at + c.len_utf8());
    }
    numbers.retain(|number| number.places.len() >= NO_COINCIDENCE);
    numbers
}

fn is_separator(gap: &str) -> bool {
    matches!(gap, " " | "\u{A0}" | "-" | "\u{2013}" | "." | ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_keys_are_masked_wherever_they_stand() {
        assert_eq!(
            mask("code 6212341234567891234, key 0123456789abcdeffedcba9876543210!"),
            "code 621234*********1234, key 012345**********************3210!"
        );
        assert_eq!(
            mask("付款码6212341234567891234"),
            "付款码621234*********1234"
        );
    }

    #[test]
    fn numbers_in_groups_are_masked_too() {
        assert_eq!(mask("6212 3412 3456 7891 234"), "6212 34** **** ***1 234");
        assert_eq!(mask("01-23-45-67-89-AB-CD-EF"), "01-23-45-**-**-**-CD-EF");
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "RRN 123456789012, shop 898310000000001",
            "2026-01-01 08:00:00 128.50",
            "123456789012 10000001",
            "621234*********1234",
            "",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    #[test]
    fn of_a_known_code_no_longer_part_stands_anywhere() {
        let mut secrets = Secrets::default();
        secrets.learn("code 6212341234567891234\r\n");
        secrets.learn("1234");
        assert_eq!(secrets.codes().count(), 1);
        assert_eq!(
            secrets.mask("ends with 234567891234"),
            "ends with ************"
        );
        assert_eq!(secrets.mask("6212341234 to 5678"), "********** to 5678");
        assert_eq!(secrets.mask("6212341234567891234"), "621234*********1234");
    }
}
