//! Two digits a byte, sixteen digits a step: a word of eight bytes on the wire is sixteen
//! characters of a value.
//!
//! To work in whole words, the functions read and write past the end of what they are asked for:
//! values lie in buffers with [`SLACK`] bytes behind them that mean nothing.

use super::dialect::Align;

/// Bytes behind every value that may be read and overwritten.
pub(super) const SLACK: usize = 16;

/// Digits in a word of packed ones.
const WORD: usize = 16;

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// A nibble that may not stand where it stands: its index, counted from the high nibble of the
/// first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadNibble(pub(super) usize);

/// A character that is no digit: its index in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadDigit(pub(super) usize);

/// Which digits there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `0` to `9`.
    Decimal,
    /// Those of a track: also `=` for the separator 0xD (`D` is taken for it as well), and the
    /// letters of the other nibbles, which encrypted tracks have.
    Track,
}

/// How digits lie in their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) alphabet: Alphabet,
    /// The side at which the digits stand.
    pub(super) align: Align,
    /// The nibble that is written beside an odd number of digits.
    pub(super) fill: u8,
}

/// Bytes that so many digits take.
pub(super) const fn bytes(digits: usize) -> usize {
    digits.div_ceil(2)
}

/// Unpacks `count` digits from the beginning of `wire` into the beginning of `value`, which has
/// [`SLACK`] bytes more. The nibble beside an odd number of digits must be 0 or F.
pub(super) fn unpack(
    layout: Layout,
    wire: &[u8],
    count: usize,
    value: &mut [u8],
) -> Result<(), BadNibble> {
    let lead = layout.lead(count);
    let mut done = 0;
    while done < count {
        let mut word = load(&wire[(lead + done) >> 1..]);
        let mut here = WORD;
        if done == 0 && lead == 1 {
            word <<= 4;
            here -= 1;
        }
        here = here.min(count - done);
        if layout.alphabet == Alphabet::Decimal {
            let bad = above_nine(word) & first_nibbles(here);
            if bad != 0 {
                return Err(BadNibble(lead + done + bad.leading_zeros() as usize / 4));
            }
        }
        let characters = layout.alphabet.characters(word).to_be_bytes();
        value[done..done + WORD].copy_from_slice(&characters);
        done += here;
    }
    if count % 2 == 1 {
        let (place, nibble) = match layout.align {
            Align::Right => (0, wire[0] >> 4),
            Align::Left => (count, wire[count / 2] & 0xF),
        };
        if nibble != 0 && nibble != 0xF {
            return Err(BadNibble(place));
        }
    }
    Ok(())
}

/// Packs the first `length` characters of `value`, which has [`SLACK`] bytes more, into `places`
/// places. Missing digits are zeros, before the value where it stands at the right. A value at the
/// right of more than sixteen places must fill them.
pub(super) fn pack(
    layout: Layout,
    value: &[u8],
    length: usize,
    places: usize,
    out: &mut Vec<u8>,
) -> Result<(), BadDigit> {
    let fill = u64::from(layout.fill);
    let mut done = 0;
    if places > WORD && layout.lead(places) == 1 {
        let first = layout.alphabet.pack(value, 0, 1)?;
        push((fill << 60) | (first >> 4), 1, out);
        done = 1;
    }
    while done < places {
        let here = (places - done).min(WORD);
        let digits = length.saturating_sub(done).min(here);
        let mut word = layout.alphabet.pack(value, done, digits)?;
        if layout.align == Align::Right && places <= WORD {
            let before = 4 * (2 * bytes(places) - length) as u32;
            word = word.checked_shr(before).unwrap_or(0);
            word |= (fill << 60) * (places as u64 % 2);
        } else if here % 2 == 1 {
            word |= fill << (4 * (WORD - 1 - here));
        }
        push(word, bytes(here), out);
        done += here;
    }
    Ok(())
}

impl Layout {
    /// Nibbles before the first digit: one where an odd number of digits stands at the right.
    const fn lead(self, count: usize) -> usize {
        match self.align {
            Align::Left => 0,
            Align::Right => count % 2,
        }
    }
}

impl Alphabet {
    /// The word of `count` characters from `from` on, zeros behind them.
    fn pack(self, value: &[u8], from: usize, count: usize) -> Result<u64, BadDigit> {
        let Some(sixteen) = value.get(from..).and_then(<[u8]>::first_chunk::<WORD>) else {
            // Past the value and its slack, where only zeros follow.
            return Ok(0);
        };
        let mask = u128::MAX
            .checked_shl(8 * (WORD - count) as u32)
            .unwrap_or(0);
        let given = u128::from_be_bytes(*sixteen) & mask;
        let word = (self.gather((given >> 64) as u64) << 32) | self.gather(given as u64);
        let word = word & first_nibbles(count);
        let decimal = self == Self::Track || above_nine(word) == 0;
        if decimal && self.characters(word) & mask == given {
            return Ok(word);
        }
        self.pack_slowly(&value[from..from + count])
            .map_err(|BadDigit(index)| BadDigit(from + index))
    }

    /// The word of characters that are not spelled as they are read: a separator as `D`, small
    /// letters; or no digits at all.
    #[cold]
    fn pack_slowly(self, characters: &[u8]) -> Result<u64, BadDigit> {
        let mut word = 0;
        for (index, &character) in characters.iter().enumerate() {
            let nibble = match (self, character) {
                (_, b'0'..=b'9') => character - b'0',
                (Self::Track, b'=') => 0xD,
                (Self::Track, b'A'..=b'F' | b'a'..=b'f') => (character & 0x0F) + 9,
                _ => return Err(BadDigit(index)),
            };
            word |= u64::from(nibble) << (60 - 4 * index);
        }
        Ok(word)
    }

    /// The sixteen characters of a word.
    fn characters(self, word: u64) -> u128 {
        (u128::from(self.spread(word >> 32)) << 64) | u128::from(self.spread(word & 0xFFFF_FFFF))
    }

    /// The eight characters of half a word.
    fn spread(self, half: u64) -> u64 {
        let pairs = (half | (half << 16)) & 0x0000_FFFF_0000_FFFF;
        let bytes = (pairs | (pairs << 8)) & 0x00FF_00FF_00FF_00FF;
        let digits = (bytes | (bytes << 4)) & (0x0F * ONES);
        let letters = match self {
            Self::Decimal => 0,
            Self::Track => {
                let above_nine = (digits + 6 * ONES) >> 4;
                let separator = (digits >> 3) & (digits >> 2) & !(digits >> 1) & digits;
                // From the ':' behind '9' to 'A'. The separator is '=' where it stands.
                (above_nine & !separator & ONES) * 7
            }
        };
        digits + u64::from(b'0') * ONES + letters
    }

    /// The half word that eight characters are spread from, if they are digits.
    const fn gather(self, characters: u64) -> u64 {
        let digits = characters & (0x0F * ONES);
        let digits = match self {
            Self::Decimal => digits,
            // Letters have bit 6, and a low nibble nine below their value.
            Self::Track => digits + 9 * ((characters >> 6) & ONES),
        };
        let bytes = (digits | (digits >> 4)) & 0x00FF_00FF_00FF_00FF;
        let pairs = (bytes | (bytes >> 8)) & 0x0000_FFFF_0000_FFFF;
        (pairs | (pairs >> 16)) & 0xFFFF_FFFF
    }
}

/// The first eight bytes as a word; zeros for those that are missing.
fn load(wire: &[u8]) -> u64 {
    u64::from_be_bytes(wire.first_chunk().copied().unwrap_or_else(|| {
        let mut word = [0; 8];
        word[..wire.len()].copy_from_slice(wire);
        word
    }))
}

/// Appends the first `bytes` bytes of a word.
fn push(word: u64, bytes: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&word.to_be_bytes());
    out.truncate(out.len() - (8 - bytes));
}

/// The mask of so many nibbles at the beginning of a word.
fn first_nibbles(count: usize) -> u64 {
    u64::MAX.checked_shl(64 - 4 * count as u32).unwrap_or(0)
}

/// A bit in every nibble that is above 9.
const fn above_nine(word: u64) -> u64 {
    (word >> 3) & ((word >> 2) | (word >> 1)) & (0x11 * ONES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEFT: Layout = Layout {
        alphabet: Alphabet::Decimal,
        align: Align::Left,
        fill: 0,
    };
    const RIGHT: Layout = Layout {
        align: Align::Right,
        ..LEFT
    };
    const TRACK: Layout = Layout {
        alphabet: Alphabet::Track,
        fill: 0xF,
        ..LEFT
    };

    fn unpacked(layout: Layout, wire: &[u8], count: usize) -> Result<String, BadNibble> {
        let mut value = vec![0; count + SLACK];
        unpack(layout, wire, count, &mut value)?;
        value.truncate(count);
        Ok(String::from_utf8(value).unwrap())
    }

    fn packed(layout: Layout, value: &str, places: usize) -> Result<Vec<u8>, BadDigit> {
        // What stands in the slack must not matter.
        let mut slack = value.as_bytes().to_vec();
        slack.resize(value.len() + SLACK, 0xFF);
        let mut out = Vec::new();
        pack(layout, &slack, value.len(), places, &mut out)?;
        Ok(out)
    }

    #[test]
    fn odd_digits_leave_a_nibble_at_the_side_away_from_their_alignment() {
        assert_eq!(packed(LEFT, "032", 3), Ok(vec![0x03, 0x20]));
        assert_eq!(packed(RIGHT, "001", 3), Ok(vec![0x00, 0x01]));
        let filled = Layout { fill: 0xF, ..LEFT };
        assert_eq!(packed(filled, "123", 3), Ok(vec![0x12, 0x3F]));
        let filled = Layout { fill: 0xF, ..RIGHT };
        assert_eq!(packed(filled, "123", 3), Ok(vec![0xF1, 0x23]));
        assert_eq!(unpacked(LEFT, &[0x03, 0x20], 3).unwrap(), "032");
        assert_eq!(unpacked(LEFT, &[0x03, 0x2F], 3).unwrap(), "032");
        assert_eq!(unpacked(RIGHT, &[0x00, 0x01], 3).unwrap(), "001");
        assert_eq!(unpacked(RIGHT, &[0xF0, 0x01], 3).unwrap(), "001");
    }

    #[test]
    fn missing_digits_are_zeros_at_the_side_away_from_their_alignment() {
        assert_eq!(packed(RIGHT, "5", 4), Ok(vec![0x00, 0x05]));
        assert_eq!(packed(RIGHT, "", 16), Ok(vec![0; 8]));
        assert_eq!(packed(LEFT, "26", 4), Ok(vec![0x26, 0x00]));
        let long = [&[0x12, 0x34, 0x50][..], &[0; 17]].concat();
        assert_eq!(packed(LEFT, "12345", 40), Ok(long));
    }

    #[test]
    fn a_nibble_that_is_no_digit_is_pointed_at() {
        assert_eq!(unpacked(LEFT, &[0x12, 0x3A], 4), Err(BadNibble(3)));
        assert_eq!(unpacked(LEFT, &[0x12, 0x35], 3), Err(BadNibble(3)));
        assert_eq!(unpacked(RIGHT, &[0x52, 0x35], 3), Err(BadNibble(0)));
        assert_eq!(unpacked(RIGHT, &[0x02, 0x3B], 3), Err(BadNibble(3)));
        let mut long = [0x11; 10];
        long[9] = 0x1C;
        assert_eq!(unpacked(LEFT, &long, 20), Err(BadNibble(19)));
        long[0] = 0x01;
        assert_eq!(unpacked(RIGHT, &long, 19), Err(BadNibble(19)));
    }

    #[test]
    fn a_character_that_is_no_digit_is_pointed_at() {
        assert_eq!(packed(LEFT, "12a4", 4), Err(BadDigit(2)));
        assert_eq!(packed(LEFT, "12=4", 4), Err(BadDigit(2)));
        assert_eq!(packed(LEFT, "1234567890123456789:", 20), Err(BadDigit(19)));
        assert_eq!(packed(TRACK, "12 4", 4), Err(BadDigit(2)));
        assert_eq!(packed(TRACK, "é", 2), Err(BadDigit(0)));
    }

    #[test]
    fn a_track_has_a_separator_and_maybe_other_letters() {
        assert_eq!(unpacked(TRACK, &[0x12, 0xD4, 0xCF], 5).unwrap(), "12=4C");
        for spelled in ["12=4C", "12D4c", "12d4C"] {
            assert_eq!(packed(TRACK, spelled, 5), Ok(vec![0x12, 0xD4, 0xCF]));
        }
    }

    proptest! {
        #[test]
        fn digits_survive_packing(
            value in "[0-9]{0,40}",
            right: bool,
            f: bool,
        ) {
            let align = if right { Align::Right } else { Align::Left };
            let layout = Layout { align, fill: if f { 0xF } else { 0 }, ..LEFT };
            let wire = packed(layout, &value, value.len()).unwrap();
            prop_assert_eq!(wire.len(), bytes(value.len()));
            prop_assert_eq!(unpacked(layout, &wire, value.len()).unwrap(), value);
        }

        #[test]
        fn tracks_survive_packing(value in "[0-9=ABCEF]{0,40}") {
            let wire = packed(TRACK, &value, value.len()).unwrap();
            prop_assert_eq!(unpacked(TRACK, &wire, value.len()).unwrap(), value);
        }

        #[test]
        fn only_digits_pack(value in prop::collection::vec(any::<u8>(), 1..40)) {
            let mut slack = value.clone();
            slack.resize(value.len() + SLACK, 0);
            let result = pack(LEFT, &slack, value.len(), value.len(), &mut Vec::new());
            let bad = value.iter().position(|character| !character.is_ascii_digit());
            prop_assert_eq!(result, bad.map_or(Ok(()), |index| Err(BadDigit(index))));
        }
    }
}
