//! Money in whole fen. Nothing else counts money.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of money in fen (one hundredth of a yuan), never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(u64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that DE4 (n12) can carry.
    pub const MAX: Self = Self(999_999_999_999);

    /// From a count of fen.
    pub const fn new(fen: u64) -> Self {
        Self(fen)
    }

    /// The count of fen.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Twelve digits, as DE4 has it. An amount above [`Fen::MAX`] loses its leading digits.
    pub const fn n12(self) -> [u8; 12] {
        let mut digits = [b'0'; 12];
        let (mut rest, mut place) = (self.0, 12);
        while place > 0 {
            place -= 1;
            digits[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }

    /// From decimal ASCII digits; `None` for anything else, for nothing and for more than
    /// nineteen digits.
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        if digits.is_empty() || digits.len() > 19 {
            return None;
        }
        digits
            .iter()
            .try_fold(0_u64, |sum, &d| {
                d.is_ascii_digit().then(|| sum * 10 + u64::from(d - b'0'))
            })
            .map(Self)
    }

    /// The sum, or `None` past the range.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// What is left, or `None` when `other` is more.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }
}

impl fmt::Display for Fen {
    /// In yuan with two decimals: `128.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_travel_as_twelve_digits_and_come_back() {
        assert_eq!(&Fen::new(12_850).n12(), b"000000012850");
        assert_eq!(Fen::from_digits(b"000000012850"), Some(Fen::new(12_850)));
        assert_eq!(Fen::from_digits(b"12a"), None);
        assert_eq!(Fen::from_digits(b""), None);
    }

    #[test]
    fn people_read_yuan() {
        assert_eq!(Fen::new(5).to_string(), "0.05");
        assert_eq!(Fen::new(12_850).to_string(), "128.50");
    }
}
