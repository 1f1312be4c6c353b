//! How the acquirer tells transactions apart: terminal, batch, STAN.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A terminal as DE41 names it: eight characters, filled up with blanks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TerminalId(u64);

/// A merchant as DE42 names it: fifteen characters, filled up with blanks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MerchantId(u128);

// Both are numbers, because they are compared much more often than they are shown: the characters
// in big-endian order sort as the text does.

impl TerminalId {
    /// From the value of DE41; what is missing is filled with blanks, what is too much is cut.
    pub fn new(id: &[u8]) -> Self {
        Self(u64::from_be_bytes(filled(id)))
    }

    /// The eight characters.
    pub const fn bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl MerchantId {
    /// From the value of DE42; what is missing is filled with blanks, what is too much is cut.
    pub fn new(id: &[u8]) -> Self {
        Self(u128::from_be_bytes(filled(&id[..id.len().min(15)])))
    }

    /// The fifteen characters, and a blank.
    pub const fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

fn filled<const N: usize>(id: &[u8]) -> [u8; N] {
    let mut bytes = [b' '; N];
    let length = id.len().min(N);
    bytes[..length].copy_from_slice(&id[..length]);
    bytes
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.trim_ascii_end())
}

macro_rules! shown {
    ($name:ident) => {
        impl fmt::Display for $name {
            /// Without the blanks at its end.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text(&self.bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&text(&self.bytes()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let id = Cow::<'de, str>::deserialize(from)?;
                Ok(Self::new(id.as_bytes()))
            }
        }
    };
}
shown!(TerminalId);
shown!(MerchantId);

/// A transaction (network.md §2): the same three again are the same transaction again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// DE41.
    pub terminal: TerminalId,
    /// 60.2, below a million.
    pub batch: u32,
    /// DE11, below a million.
    pub stan: u32,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:06}/{:06}", self.terminal, self.batch, self.stan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_up_with_blanks_and_shown_without_them() {
        let short = TerminalId::new(b"1001");
        assert_eq!(short, TerminalId::new(b"1001    "));
        assert_eq!(short.to_string(), "1001");
        let key = Key {
            terminal: short,
            batch: 1,
            stan: 23,
        };
        assert_eq!(key.to_string(), "1001/000001/000023");
        assert_eq!(
            serde_json::to_string(&key).unwrap(),
            r#"{"terminal":"1001","batch":1,"stan":23}"#
        );
    }
}
