//! The message type indicator: four digits that say what a message wants.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde::{Serialize, Serializer};

/// Four BCD digits: `Mti(0x0200)` is `0200`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mti(pub u16);

impl Mti {
    /// What a response adds to its request.
    pub const ANSWER: u16 = 0x0010;

    /// Pre-authorisation, and its cancelling.
    pub const AUTHORISATION: Self = Self(0x0100);
    /// Financial request: sale, code order, void, query, told apart by DE3 and DE60.1.
    pub const SALE: Self = Self(0x0200);
    /// Refund (an advice of the CUP dialect that is answered).
    pub const REFUND: Self = Self(0x0220);
    /// Batch detail and batch end.
    pub const BATCH: Self = Self(0x0320);
    /// Reversal.
    pub const REVERSAL: Self = Self(0x0400);
    /// Settlement of a batch.
    pub const SETTLEMENT: Self = Self(0x0500);
    /// Sign-in, echo test, downloads: told apart by DE60.3.
    pub const SIGN_IN: Self = Self(0x0800);
    /// Sign-off.
    pub const SIGN_OFF: Self = Self(0x0820);

    /// The MTI that answers this one: `0200` → `0210`. A response answers itself.
    #[must_use]
    pub const fn response(self) -> Self {
        Self(self.0 | Self::ANSWER)
    }

    /// The MTI that this one answers: `0210` → `0200`. A request asks itself.
    #[must_use]
    pub const fn request(self) -> Self {
        Self(self.0 & !Self::ANSWER)
    }

    /// Whether this answers another message.
    pub const fn is_response(self) -> bool {
        self.0 & Self::ANSWER != 0
    }

    /// From four ASCII digits; `None` for anything else.
    pub fn from_digits(digits: &str) -> Option<Self> {
        if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        u16::from_str_radix(digits, 16).ok().map(Self)
    }
}

impl fmt::Display for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl Serialize for Mti {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mti {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        Self::from_digits(&digits)
            .ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&digits), &"four digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_ten_more_than_its_request() {
        assert_eq!(Mti::SALE.response(), Mti(0x0210));
        assert_eq!(Mti(0x0210).response(), Mti(0x0210));
        assert_eq!(Mti(0x0330).request(), Mti::BATCH);
        assert!(Mti(0x0230).is_response() && !Mti::REFUND.is_response());
    }

    #[test]
    fn people_write_four_digits() {
        assert_eq!(Mti::SALE.to_string(), "0200");
        assert_eq!(Mti::from_digits("0410"), Some(Mti(0x0410)));
        assert_eq!(Mti::from_digits("410"), None);
        assert_eq!(Mti::from_digits("04A0"), None);
    }
}
