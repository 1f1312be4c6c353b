//! DE61: which message an order, a reversal or a query is about.

use thiserror::Error;

use super::digits::{number, write};
use super::field::Field;
use super::message::Message;

/// The parts of DE61: 12 digits, or 16 with the date. The authorisation parts behind the date (up
/// to 13 digits) are skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct De61 {
    /// 61.1, n6: the batch of the original.
    pub batch: u32,
    /// 61.2, n6: its STAN.
    pub stan: u32,
    /// 61.3, n4: its date as the number MMDD; 0 where the terminal does not know it.
    pub date: u16,
}

/// Why a message has no usable DE61.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The field is missing.
    #[error("DE61 is missing")]
    Missing,
    /// The field is not digits, or not 12 or 16 to 29 of them.
    #[error("DE61 is not batch n6, STAN n6 and date n4 in digits")]
    Digits,
}

impl De61 {
    /// From the digits of the field. A date of blanks counts as unknown.
    ///
    /// # Errors
    /// When they are something else.
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        let Some((head, rest)) = value.split_first_chunk::<12>() else {
            return Err(Error::Digits);
        };
        let date = match rest.split_first_chunk::<4>() {
            None if rest.is_empty() => 0,
            Some((b"    ", _)) => 0,
            Some((date, behind)) if behind.len() <= 13 => number(date).ok_or(Error::Digits)? as u16,
            _ => return Err(Error::Digits),
        };
        Ok(Self {
            batch: number(&head[..6]).ok_or(Error::Digits)?,
            stan: number(&head[6..]).ok_or(Error::Digits)?,
            date,
        })
    }

    /// From a message.
    ///
    /// # Errors
    /// When the message lacks the field or it does not parse.
    pub fn of(message: &Message) -> Result<Self, Error> {
        Self::parse(message.get(Field::ORIGINAL).ok_or(Error::Missing)?)
    }

    /// Into a message, 16 digits. Numbers too large for their places lose their leading digits.
    pub fn put(&self, message: &mut Message) {
        let mut digits = [0; 16];
        write(&mut digits[..6], self.batch.into());
        write(&mut digits[6..12], self.stan.into());
        write(&mut digits[12..], self.date.into());
        message.set(Field::ORIGINAL, &digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::mti::Mti;

    #[test]
    fn an_original_is_written_and_read() {
        let original = De61 {
            batch: 6603,
            stan: 1,
            date: 413,
        };
        let mut message = Message::new(Mti::REVERSAL);
        original.put(&mut message);
        assert_eq!(message.text(Field::ORIGINAL), Some("0066030000010413"));
        assert_eq!(De61::of(&message), Ok(original));
    }

    #[test]
    fn the_date_may_be_missing_and_more_may_follow_it() {
        let undated = De61 {
            batch: 6603,
            stan: 1,
            date: 0,
        };
        for digits in ["006603000001", "0066030000010000", "006603000001    "] {
            assert_eq!(De61::parse(digits.as_bytes()), Ok(undated), "{digits}");
        }
        let long = De61::parse(b"00660300000104130100000049999").unwrap();
        assert_eq!(long.date, 413);
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(De61::of(&Message::new(Mti::SALE)), Err(Error::Missing));
        for digits in [
            "",
            "00660300000",
            "0066030000010",
            "00660A000001",
            "006603000001041X",
        ] {
            assert_eq!(
                De61::parse(digits.as_bytes()),
                Err(Error::Digits),
                "{digits}"
            );
        }
    }
}
