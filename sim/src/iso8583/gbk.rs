//! Chinese text as the acquirers write it.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, GBK};
use thiserror::Error;

/// A character that GBK does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("GBK has no character {character:?}: write the text without it")]
pub struct EncodeError {
    /// The first such character.
    pub character: char,
}

/// The bytes of a text.
///
/// # Errors
/// When GBK lacks a character of it. (The encoder that replaces would write `&#165;` instead.)
pub fn encode(text: &str) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = GBK.new_encoder();
    let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
    // GBK needs at most two bytes where UTF-8 has one to four.
    let mut bytes = Vec::with_capacity(room.unwrap_or(text.len() * 2));
    match encoder
        .encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true)
        .0
    {
        EncoderResult::InputEmpty | EncoderResult::OutputFull => Ok(bytes),
        EncoderResult::Unmappable(character) => Err(EncodeError { character }),
    }
}

/// The text of bytes; what is no GBK becomes U+FFFD.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    GBK.decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_both_ways() {
        let bytes = encode("00+成功").unwrap();
        assert_eq!(bytes, b"00+\xB3\xC9\xB9\xA6");
        assert_eq!(decode(&bytes), "00+成功");
    }

    #[test]
    fn what_gbk_lacks_is_an_error_and_no_reference() {
        assert_eq!(encode("a😀").unwrap_err().character, '😀');
    }

    #[test]
    fn broken_bytes_become_replacement_characters() {
        assert_eq!(decode(&[0xB3]), "\u{FFFD}");
        assert_eq!(decode(&[0xEF, 0xBB, 0xBF]).chars().count(), 2);
    }
}
