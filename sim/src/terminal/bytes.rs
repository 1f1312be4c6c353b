//! Bytes that travel in the protocol as lower-case hexadecimal.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Octets, written as lower-case hexadecimal in JSON.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({self})")
    }
}

/// Lower-case hexadecimal of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    digits(b"0123456789abcdef", bytes)
}

/// Two digits for each byte, of these sixteen, which are ASCII.
pub(crate) fn digits(sixteen: &[u8; 16], bytes: &[u8]) -> String {
    let pair = |byte: &u8| {
        [
            sixteen[usize::from(byte >> 4)],
            sixteen[usize::from(byte & 15)],
        ]
    };
    let mut text = vec![0; bytes.len() * 2];
    for (place, byte) in text.chunks_exact_mut(2).zip(bytes) {
        place.copy_from_slice(&pair(byte));
    }
    String::from_utf8(text).expect("the digits are ASCII")
}

/// The bytes of hexadecimal `text`, either case; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let nibble = |c: u8| char::from(c).to_digit(16).map(|n| n as u8);
    let text = text.as_bytes();
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks_exact(2)
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect()
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Hex;
        impl Visitor<'_> for Hex {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes as hexadecimal")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
                unhex(text)
                    .map(Bytes)
                    .ok_or_else(|| E::custom("bytes are not hexadecimal"))
            }
        }
        from.deserialize_str(Hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_travel_as_lower_case_hexadecimal() {
        let bytes = Bytes(vec![0x00, 0xAB, 0xFF]);
        assert_eq!(serde_json::to_string(&bytes).unwrap(), r#""00abff""#);
        assert_eq!(serde_json::from_str::<Bytes>(r#""00ABff""#).unwrap(), bytes);
        assert!(serde_json::from_str::<Bytes>(r#""0""#).is_err());
        assert!(serde_json::from_str::<Bytes>(r#""zz""#).is_err());
    }
}
