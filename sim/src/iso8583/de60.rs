//! DE60: what kind of transaction a message belongs to, in which batch.

use thiserror::Error;

use super::digits::{number, write};
use super::field::Field;
use super::message::Message;

/// 60.1 of sign-in, settlement and other management.
pub const MANAGEMENT: u8 = 0;
/// 60.1 of a sale.
pub const SALE: u8 = 22;
/// 60.1 of a void.
pub const VOID: u8 = 23;
/// 60.1 of a refund.
pub const REFUND: u8 = 25;
/// 60.1 of a query (ours, after a field dialect).
pub const QUERY: u8 = 61;
/// 60.1 of an order whose code the terminal shows (ours).
pub const CODE_ORDER: u8 = 62;

/// 60.3 of a sign-in for double-length keys.
pub const SIGN_IN: u16 = 3;
/// 60.3 of a sign-off.
pub const SIGN_OFF: u16 = 2;
/// 60.3 of a settlement and of batch details.
pub const SETTLEMENT: u16 = 201;
/// 60.3 of a batch end after totals that differed.
pub const BATCH_END_UNBALANCED: u16 = 202;
/// 60.3 of a batch end after totals that agreed.
pub const BATCH_END_BALANCED: u16 = 207;
/// 60.3 of an echo test.
pub const ECHO: u16 = 301;

/// The parts of DE60. Terminals send 11 to 17 digits; what follows 60.3 is kept as digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct De60 {
    /// 60.1, n2: the type of the transaction.
    pub kind: u8,
    /// 60.2, n6: the batch.
    pub batch: u32,
    /// 60.3, n3: the network management code, 0 in financial messages.
    pub network: u16,
    /// What follows: 60.4 reading capability, 60.5 state of the chip, 60.6 partial approval, one
    /// digit each, 60.7 account type, three.
    pub tail: Tail,
}

/// Up to six digits behind 60.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    digits: [u8; 6],
    length: u8,
}

impl Tail {
    /// None, as in management messages.
    pub const NONE: Self = Self {
        digits: [0; 6],
        length: 0,
    };

    /// `60`, as financial messages of contactless terminals have it: 60.4 = 6, 60.5 = 0.
    pub const FINANCIAL: Self = Self {
        digits: [b'6', b'0', 0, 0, 0, 0],
        length: 2,
    };

    /// From ASCII digits; `None` for more than six or anything else.
    pub fn new(digits: &[u8]) -> Option<Self> {
        if digits.len() > 6 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut tail = Self {
            digits: [0; 6],
            length: digits.len() as u8,
        };
        tail.digits[..digits.len()].copy_from_slice(digits);
        Some(tail)
    }

    /// The digits, in ASCII.
    pub fn digits(&self) -> &[u8] {
        &self.digits[..usize::from(self.length)]
    }
}

/// Why a message has no usable DE60.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The field is missing.
    #[error("DE60 is missing")]
    Missing,
    /// The field is not 11 to 17 digits.
    #[error("DE60 is not 11 to 17 digits: 60.1 n2, batch n6, 60.3 n3 and up to six more")]
    Digits,
}

impl De60 {
    /// Of a financial message: 60.3 = 000, 60.4 = 6, 60.5 = 0.
    pub const fn financial(kind: u8, batch: u32) -> Self {
        Self {
            kind,
            batch,
            network: 0,
            tail: Tail::FINANCIAL,
        }
    }

    /// Of a management message: 60.1 = 00, nothing behind 60.3.
    pub const fn management(batch: u32, network: u16) -> Self {
        Self {
            kind: MANAGEMENT,
            batch,
            network,
            tail: Tail::NONE,
        }
    }

    /// From the digits of the field.
    ///
    /// # Errors
    /// When they are not 11 to 17 ASCII digits.
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        let Some((&head, tail)) = value.split_first_chunk::<11>() else {
            return Err(Error::Digits);
        };
        let part = |from, to| number(&head[from..to]).ok_or(Error::Digits);
        Ok(Self {
            kind: part(0, 2)? as u8,
            batch: part(2, 8)?,
            network: part(8, 11)? as u16,
            tail: Tail::new(tail).ok_or(Error::Digits)?,
        })
    }

    /// From a message.
    ///
    /// # Errors
    /// When the message lacks the field or it does not parse.
    pub fn of(message: &Message) -> Result<Self, Error> {
        Self::parse(message.get(Field::BATCH).ok_or(Error::Missing)?)
    }

    /// Into a message. Numbers too large for their places lose their leading digits.
    pub fn put(&self, message: &mut Message) {
        let mut digits = [0; 17];
        write(&mut digits[..2], self.kind.into());
        write(&mut digits[2..8], self.batch.into());
        write(&mut digits[8..11], self.network.into());
        let tail = self.tail.digits();
        digits[11..11 + tail.len()].copy_from_slice(tail);
        message.set(Field::BATCH, &digits[..11 + tail.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::mti::Mti;

    #[test]
    fn every_length_seen_in_the_field_is_read_and_written_again() {
        for digits in [
            "00000000003",
            "2200660300060",
            "22006603000600",
            "2218111400000060",
            "22000727000600070",
        ] {
            let parts = De60::parse(digits.as_bytes()).unwrap();
            let mut message = Message::new(Mti::SALE);
            parts.put(&mut message);
            assert_eq!(message.text(Field::BATCH), Some(digits));
            assert_eq!(De60::of(&message), Ok(parts));
        }
    }

    #[test]
    fn the_parts_have_their_values() {
        let parts = De60::parse(b"22006603000600").unwrap();
        assert_eq!((parts.kind, parts.batch, parts.network), (SALE, 6603, 0));
        assert_eq!(parts.tail.digits(), b"600");
        assert_eq!(
            De60::parse(b"2200660300060"),
            Ok(De60::financial(SALE, 6603))
        );
        assert_eq!(
            De60::parse(b"00006603003"),
            Ok(De60::management(6603, SIGN_IN))
        );
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        assert_eq!(De60::of(&Message::new(Mti::SALE)), Err(Error::Missing));
        for digits in ["", "2200660300", "220006603000600701", "22A06603000"] {
            assert_eq!(
                De60::parse(digits.as_bytes()),
                Err(Error::Digits),
                "{digits}"
            );
        }
    }
}
