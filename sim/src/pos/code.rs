//! Payment codes: which texts are one, and the memory of those that were sent.
//!
//! Not here: the scanner that delivers them (see [`super::scanner`]).

use std::collections::{HashMap, VecDeque};

use foldhash::fast::FixedState;

use super::defects::{Defect, Defects};
use crate::time::{Span, Time};

/// The longest code of any wallet, in digits.
const LONGEST: usize = 24;
/// How long a code that was sent is remembered. No wallet lets one live longer than minutes.
const REMEMBERED: Span = Span::from_secs(24 * 3_600);

/// A well-formed payment code. It does not print.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Code {
    digits: [u8; LONGEST],
    length: u8,
}

impl Code {
    /// The code in a text that a scanner delivered: blanks and line ends around it are stripped,
    /// anything else that is not a code of a wallet is refused.
    pub(super) fn read(text: &str, defects: Defects) -> Option<Self> {
        let blanks = |c| matches!(c, ' ' | '\t' | '\n' | '\r');
        let text = if defects.has(Defect::KeepsBlanks) {
            text
        } else {
            text.trim_matches(blanks)
        };
        Self::of_digits(text.as_bytes(), defects)
    }

    /// The code in a text that was typed: blanks between groups of digits are dropped as well.
    pub(super) fn typed(text: &str, defects: Defects) -> Option<Self> {
        let mut digits = [0; LONGEST + 1];
        let mut length = 0;
        let blanks = [b' ', b'\t', b'\n', b'\r'];
        for byte in text.bytes().filter(|byte| !blanks.contains(byte)) {
            *digits.get_mut(length)? = byte;
            length += 1;
        }
        Self::of_digits(&digits[..length], defects)
    }

    fn of_digits(text: &[u8], defects: Defects) -> Option<Self> {
        if text.len() > LONGEST || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let plausible = defects.has(Defect::SendsAnyDigits) && text.len() >= 16;
        if !plausible && !is_payment_code(text, defects) {
            return None;
        }
        let mut code = Self {
            digits: [0; LONGEST],
            length: text.len() as u8,
        };
        code.digits[..text.len()].copy_from_slice(text);
        if defects.has(Defect::CutsLongCodes) {
            code.length = code.length.min(18);
        }
        Some(code)
    }

    /// From digits that were a code when they were stored.
    pub(super) fn stored(digits: &[u8]) -> Option<Self> {
        let mut code = Self {
            digits: [0; LONGEST],
            length: digits.len() as u8,
        };
        code.digits.get_mut(..digits.len())?.copy_from_slice(digits);
        Some(code)
    }

    /// Its digits, in ASCII.
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..usize::from(self.length)]
    }

    /// Its digits as text, for a defect that shows them.
    pub(super) fn in_clear(&self) -> &str {
        str::from_utf8(self.digits()).unwrap_or_default()
    }
}

/// Whether these ASCII digits are a code of a wallet, by prefix and total length. Twenty-two
/// digits are a social insurance card whatever they begin with.
fn is_payment_code(digits: &[u8], defects: Defects) -> bool {
    let [a, b, ..] = digits else {
        return false;
    };
    match (u32::from(a - b'0') * 10 + u32::from(b - b'0'), digits.len()) {
        (_, 22) => false,
        (10..=15, 18) | (25..=30, 16..=24) | (62, 19) => true,
        (1, 19) => !defects.has(Defect::RefusesEcny),
        _ => false,
    }
}

/// The codes that were sent, for a day.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeMemory {
    sent: HashMap<Code, Time, FixedState>,
    order: VecDeque<(Time, Code)>,
}

impl CodeMemory {
    /// Remembers that the code was sent at that instant.
    pub(super) fn remember(&mut self, code: Code, at: Time) {
        while let Some(&(then, old)) = self.order.front() {
            if at.since(then) <= REMEMBERED {
                break;
            }
            self.order.pop_front();
            if self.sent.get(&old) == Some(&then) {
                self.sent.remove(&old);
            }
        }
        self.sent.insert(code, at);
        self.order.push_back((at, code));
    }

    /// Whether the code was sent within the last day.
    pub(super) fn knows(&self, code: Code, now: Time) -> bool {
        self.sent
            .get(&code)
            .is_some_and(|then| now.since(*then) <= REMEMBERED)
    }

    /// Forgets a code.
    pub(super) fn forget(&mut self, code: Code) {
        self.sent.remove(&code);
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({} digits, ***)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Code> {
        Code::read(text, Defects::default())
    }

    #[test]
    fn the_codes_of_every_wallet_are_taken_as_they_were_read() {
        for (prefixes, lengths) in [
            (10..=15, 18..=18),
            (25..=30, 16..=21),
            (25..=30, 23..=24),
            (62..=62, 19..=19),
            (1..=1, 19..=19),
        ] {
            for prefix in prefixes {
                for length in lengths.clone() {
                    let text = format!("{prefix:02}{:0>1$}", 7, length - 2);
                    assert_eq!(read(&text).unwrap().digits(), text.as_bytes(), "{text}");
                }
            }
        }
    }

    #[test]
    fn blanks_and_line_ends_around_a_code_are_stripped() {
        let code = read("131234567890123456").unwrap();
        for text in [
            "131234567890123456\r\n",
            " \t131234567890123456 ",
            "\n131234567890123456",
        ] {
            assert_eq!(read(text), Some(code));
        }
        assert_eq!(
            Code::typed("1312 3456 7890 1234 56\n", Defects::default()),
            Some(code)
        );
        assert_eq!(read("1312 34567890123456"), None);
    }

    #[test]
    fn what_is_no_payment_code_is_refused() {
        for text in [
            "",
            "1",
            "https://qr.alipay.com/fkx0",
            "weixin://wxpay/bizpayurl",
            "13123456789012345",
            "1312345678901234567",
            "2512345678901234567890",
            "6212345678901234",
            "621234567890123456",
            "091234567890123456",
            "161234567890123456",
            "311234567890123456",
            "]Q1131234567890123456",
            "\u{ff11}31234567890123456",
            "131234567890123456\u{0}",
            "131234567890123456\u{a0}",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read(&"9".repeat(65_536)), None);
        assert_eq!(Code::typed(&"1".repeat(65_536), Defects::default()), None);
    }

    #[test]
    fn a_code_that_was_sent_is_known_for_a_day() {
        let mut memory = CodeMemory::default();
        let (one, two) = (
            read("131234567890123456").unwrap(),
            read("131234567890123457").unwrap(),
        );
        let start = Time::from_millis(1_767_225_600_000);
        memory.remember(one, start);
        let late = start + Span::from_secs(24 * 3_600);
        assert!(memory.knows(one, late) && !memory.knows(two, late));
        memory.remember(two, late + Span::from_secs(1));
        assert!(!memory.knows(one, late + Span::from_secs(1)));
        assert_eq!(memory.sent.len(), 1);
    }

    #[test]
    fn a_code_does_not_print() {
        let code = read("131234567890123456").unwrap();
        assert!(!format!("{code:?}").contains("1312"));
    }
}
