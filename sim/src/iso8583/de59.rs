//! DE59: tagged values. A tag is two ASCII characters, its length three decimal digits, then the
//! value: `A3` `019` `6211111111111111111` is a payment code.

use thiserror::Error;

/// A tag: two ASCII characters.
pub type Tag = [u8; 2];

/// The payment code.
pub const CODE: Tag = *b"A3";
/// What the terminal is to show as a code (ours).
pub const MERCHANT_CODE: Tag = *b"A4";
/// The terminal's serial number and its cipher.
pub const DEVICE: Tag = *b"A2";

/// Bytes before each value: tag and length.
pub const OVERHEAD: usize = 5;

/// Why bytes are no list of tagged values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The bytes end inside of a tag, a length or a value.
    #[error("tagged data: at byte {at} something is cut off")]
    Cut {
        /// Where the broken entry starts.
        at: usize,
    },
    /// A length is not three digits.
    #[error("tagged data: at byte {at} the length is not three digits")]
    Length {
        /// Where the broken entry starts.
        at: usize,
    },
    /// A value that three digits cannot count.
    #[error("tagged data: a value of {0} bytes, the most is 999")]
    TooLong(usize),
}

/// The entries of a list, in order. After an error there are no more.
#[derive(Clone, Debug)]
pub struct Entries<'d> {
    data: &'d [u8],
    at: usize,
}

/// Walks a list.
pub const fn entries(data: &[u8]) -> Entries<'_> {
    Entries { data, at: 0 }
}

impl<'d> Iterator for Entries<'d> {
    type Item = Result<(Tag, &'d [u8]), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let rest = self.data.get(at..).filter(|rest| !rest.is_empty())?;
        self.at = self.data.len();
        let Some((&[tag_0, tag_1, length @ ..], rest)) = rest.split_first_chunk::<OVERHEAD>()
        else {
            return Some(Err(Error::Cut { at }));
        };
        if !length.iter().all(u8::is_ascii_digit) {
            return Some(Err(Error::Length { at }));
        }
        let length = length
            .iter()
            .fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        let Some(value) = rest.get(..length) else {
            return Some(Err(Error::Cut { at }));
        };
        self.at = at + OVERHEAD + length;
        Some(Ok(([tag_0, tag_1], value)))
    }
}

/// The first value of a tag; `None` where the list has no such tag.
///
/// # Errors
/// When the list is broken before the tag is found.
pub fn find(data: &[u8], tag: Tag) -> Result<Option<&[u8]>, Error> {
    for entry in entries(data) {
        let (found, value) = entry?;
        if found == tag {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Appends an entry.
///
/// # Errors
/// When the value has more than 999 bytes.
pub fn push(data: &mut Vec<u8>, tag: Tag, value: &[u8]) -> Result<(), Error> {
    let length = value.len();
    if length > 999 {
        return Err(Error::TooLong(length));
    }
    data.extend_from_slice(&tag);
    data.extend([100, 10, 1].map(|place| b'0' + (length / place % 10) as u8));
    data.extend_from_slice(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_captured_serial_number_is_a_list_in_a_list() {
        let field =
            b"A206501002020201600000202540043180300600005204008EC7CD42405008321702  A30036\x00\x01";
        let outer: Vec<_> = entries(field).map(Result::unwrap).collect();
        assert_eq!(outer[0].0, DEVICE);
        let inner: Vec<_> = entries(outer[0].1).map(Result::unwrap).collect();
        assert_eq!(inner.len(), 5);
        assert_eq!(inner[1], (*b"02", &b"0000020254004318"[..]));
        assert_eq!(find(field, CODE), Ok(Some(&b"6\x00\x01"[..])));
        assert_eq!(find(field, MERCHANT_CODE), Ok(None));
    }

    #[test]
    fn a_broken_list_says_where() {
        assert_eq!(find(b"A3002xyA4", CODE), Ok(Some(&b"xy"[..])));
        assert_eq!(find(b"A3002xyA4", *b"A9"), Err(Error::Cut { at: 7 }));
        assert_eq!(find(b"A3 02xy", CODE), Err(Error::Length { at: 0 }));
        assert_eq!(find(b"A3003xy", CODE), Err(Error::Cut { at: 0 }));
        assert_eq!(entries(b"A3003xy").count(), 1);
    }

    proptest! {
        #[test]
        fn what_was_pushed_is_found(
            values in prop::collection::vec((any::<[u8; 2]>(), prop::collection::vec(any::<u8>(), 0..99)), 0..5)
        ) {
            let mut data = Vec::new();
            for (tag, value) in &values {
                push(&mut data, *tag, value).unwrap();
            }
            let got: Vec<_> = entries(&data).map(|e| e.map(|(t, v)| (t, v.to_vec()))).collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(got, values);
        }
    }
}
