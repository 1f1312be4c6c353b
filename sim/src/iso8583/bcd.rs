//! Two digits a byte.

use super::dialect::Align;

/// A nibble that may not stand where it stands: its index, counted from the high nibble of the
/// first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadNibble(pub(super) usize);

/// A character that is no digit: its index in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadDigit(pub(super) usize);

/// Unpacks decimal digits. `wire` has half as many bytes as `digits` has places, rounded up; an
/// odd number leaves a nibble at the side that `align` says, and it must be 0 or F.
pub(super) fn unpack(wire: &[u8], align: Align, digits: &mut [u8]) -> Result<(), BadNibble> {
    let count = digits.len();
    let skipped = usize::from(count % 2 == 1 && align == Align::Right);
    for (index, digit) in digits.iter_mut().enumerate() {
        let nibble = nibble(wire, index + skipped);
        if nibble > 9 {
            return Err(BadNibble(index + skipped));
        }
        *digit = b'0' + nibble;
    }
    check_fill(wire, count, align)
}

/// Unpacks track digits: as [`unpack`], with the separator 0xD as `=` and the other nibbles, which
/// encrypted tracks have, as upper-case letters.
pub(super) fn unpack_track(wire: &[u8], align: Align, digits: &mut [u8]) -> Result<(), BadNibble> {
    let count = digits.len();
    let skipped = usize::from(count % 2 == 1 && align == Align::Right);
    for (index, digit) in digits.iter_mut().enumerate() {
        *digit = b"0123456789ABC=EF"[usize::from(nibble(wire, index + skipped))];
    }
    check_fill(wire, count, align)
}

/// Packs the ASCII decimal digits of `value`, `places` of them: what the value lacks is filled
/// with zeros at the side away from `align`, an odd place with `fill`.
pub(super) fn pack(
    value: &[u8],
    places: usize,
    align: Align,
    fill: u8,
    out: &mut Vec<u8>,
) -> Result<(), BadDigit> {
    pack_with(value, places, align, fill, out, |digit| {
        digit.is_ascii_digit().then(|| digit - b'0')
    })
}

/// Packs track digits: decimal ones, `=` or `D` for the separator, letters for other nibbles.
pub(super) fn pack_track(
    value: &[u8],
    places: usize,
    align: Align,
    fill: u8,
    out: &mut Vec<u8>,
) -> Result<(), BadDigit> {
    pack_with(value, places, align, fill, out, |digit| match digit {
        b'=' => Some(0xD),
        _ => (digit as char).to_digit(16).map(|value| value as u8),
    })
}

fn pack_with(
    value: &[u8],
    places: usize,
    align: Align,
    fill: u8,
    out: &mut Vec<u8>,
    nibble_of: impl Fn(u8) -> Option<u8>,
) -> Result<(), BadDigit> {
    let missing = places.saturating_sub(value.len());
    let before = if align == Align::Right { missing } else { 0 };
    let odd_before = usize::from(places % 2 == 1 && align == Align::Right);
    for byte in 0..places.div_ceil(2) {
        let mut packed = 0;
        for half in 0..2 {
            let place = byte * 2 + half;
            let nibble = if place < odd_before || place >= places + odd_before {
                fill
            } else {
                match (place - odd_before).checked_sub(before) {
                    Some(index) if index < value.len() => {
                        nibble_of(value[index]).ok_or(BadDigit(index))?
                    }
                    _ => 0,
                }
            };
            packed = packed << 4 | nibble;
        }
        out.push(packed);
    }
    Ok(())
}

fn nibble(wire: &[u8], index: usize) -> u8 {
    let byte = wire[index / 2];
    if index.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 0xF
    }
}

fn check_fill(wire: &[u8], count: usize, align: Align) -> Result<(), BadNibble> {
    if count.is_multiple_of(2) {
        return Ok(());
    }
    let place = match align {
        Align::Right => 0,
        Align::Left => count,
    };
    match nibble(wire, place) {
        0 | 0xF => Ok(()),
        _ => Err(BadNibble(place)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(wire: &[u8], count: usize, align: Align) -> Result<String, BadNibble> {
        let mut digits = vec![0; count];
        unpack(wire, align, &mut digits)?;
        Ok(String::from_utf8(digits).unwrap())
    }

    fn packed(value: &str, places: usize, align: Align, fill: u8) -> Result<Vec<u8>, BadDigit> {
        let mut out = Vec::new();
        pack(value.as_bytes(), places, align, fill, &mut out)?;
        Ok(out)
    }

    #[test]
    fn odd_digits_leave_a_nibble_at_the_side_of_their_alignment() {
        assert_eq!(packed("032", 3, Align::Left, 0), Ok(vec![0x03, 0x20]));
        assert_eq!(packed("001", 3, Align::Right, 0), Ok(vec![0x00, 0x01]));
        assert_eq!(packed("123", 3, Align::Left, 0xF), Ok(vec![0x12, 0x3F]));
        assert_eq!(unpacked(&[0x03, 0x20], 3, Align::Left).unwrap(), "032");
        assert_eq!(unpacked(&[0x03, 0x2F], 3, Align::Left).unwrap(), "032");
        assert_eq!(unpacked(&[0x00, 0x01], 3, Align::Right).unwrap(), "001");
    }

    #[test]
    fn short_values_are_filled_with_zeros_away_from_their_alignment() {
        assert_eq!(packed("5", 4, Align::Right, 0), Ok(vec![0x00, 0x05]));
        assert_eq!(packed("26", 4, Align::Left, 0), Ok(vec![0x26, 0x00]));
    }

    #[test]
    fn a_nibble_that_is_no_digit_is_pointed_at() {
        assert_eq!(unpacked(&[0x12, 0x3A], 4, Align::Left), Err(BadNibble(3)));
        assert_eq!(unpacked(&[0x12, 0x35], 3, Align::Left), Err(BadNibble(3)));
        assert_eq!(unpacked(&[0x52, 0x35], 3, Align::Right), Err(BadNibble(0)));
        assert_eq!(packed("12a4", 4, Align::Left, 0), Err(BadDigit(2)));
    }

    #[test]
    fn a_track_has_a_separator_and_maybe_other_letters() {
        let mut digits = [0; 5];
        unpack_track(&[0x12, 0xD4, 0xCF], Align::Left, &mut digits).unwrap();
        assert_eq!(&digits, b"12=4C");
        let mut out = Vec::new();
        pack_track(b"12D4c", 5, Align::Left, 0xF, &mut out).unwrap();
        assert_eq!(out, [0x12, 0xD4, 0xCF]);
        assert_eq!(
            pack_track(b"12 4", 4, Align::Left, 0, &mut Vec::new()),
            Err(BadDigit(2))
        );
    }
}
