//! Hexadecimal digits and bytes.

use crate::terminal::digits;

/// Upper-case digits.
pub fn encode(bytes: &[u8]) -> String {
    digits(b"0123456789ABCDEF", bytes)
}

/// The bytes of an even number of digits in either case; blanks between them are skipped. `None`
/// for anything else.
pub fn decode(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut high = None;
    for digit in digits.chars().filter(|c| !c.is_ascii_whitespace()) {
        let value = digit.to_digit(16)? as u8;
        match high.take() {
            None => high = Some(value << 4),
            Some(high) => bytes.push(high | value),
        }
    }
    high.is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_bytes_go_both_ways() {
        assert_eq!(encode(&[0x00, 0xAB]), "00AB");
        assert_eq!(decode("00 aB\n"), Some(vec![0x00, 0xAB]));
        assert_eq!(decode("0"), None);
        assert_eq!(decode("0g"), None);
    }
}
