//! Two digits a byte, eight digits a step: four bytes on the wire are eight characters of a value.
//!
//! To work in whole words, the functions read and write past the end of what they are asked for:
//! values, and the buffers that are written, have [`SLACK`] bytes behind them that mean nothing.

use super::dialect::Align;

/// Bytes behind every value that may be read and overwritten.
pub(super) const SLACK: usize = 16;

/// Digits in a word of packed ones.
const WORD: usize = 8;

/// The most digits of a fixed field at the right, whose missing digits are filled in.
pub(super) const MOST_RIGHT: usize = 16;

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
        // With a fill nibble before them, the digits of the first word are shifted to its start.
        let lead_here = if done == 0 { lead } else { 0 };
        let word = load(&wire[(lead + done) >> 1..]) << (4 * lead_here);
        let here = (WORD - lead_here).min(count - done);
        if layout.alphabet == Alphabet::Decimal {
            let bad = above_nine(word) & (u32::MAX << (32 - 4 * here));
            if bad != 0 {
                let index = bad.leading_zeros() as usize / 4;
                return Err(BadNibble(lead + done + index));
            }
        }
        let characters = layout.alphabet.characters(word);
        value[done..done + WORD].copy_from_slice(&characters.to_be_bytes());
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

/// Packs the first `length` characters of `value` into `places` places at the beginning of `out`;
/// both have [`SLACK`] bytes more. Missing digits are zeros: behind the value, or before it where it
/// stands at the right, in which case there are [`MOST_RIGHT`] places at most.
pub(super) fn pack(
    layout: Layout,
    value: &[u8],
    length: usize,
    places: usize,
    out: &mut [u8],
) -> Result<(), BadDigit> {
    if length < places && layout.align == Align::Right {
        return pack_short(layout, &value[..length], places, out);
    }
    let lead = layout.lead(places);
    let fill = u32::from(layout.fill);
    let mut done = 0;
    while done < places {
        let lead_here = if done == 0 { lead } else { 0 };
        let here = (WORD - lead_here).min(places - done);
        let given = length.saturating_sub(done).min(here);
        let mut word = layout.alphabet.word(value, done, given)?;
        if lead_here == 1 {
            word = (fill << 28) | (word >> 4);
        } else if here % 2 == 1 {
            word |= fill << (28 - 4 * here);
        }
        let at = (lead + done) >> 1;
        out[at..at + WORD / 2].copy_from_slice(&word.to_be_bytes());
        done += here;
    }
    Ok(())
}

/// Packs a value behind the zeros that it lacks.
#[cold]
fn pack_short(layout: Layout, value: &[u8], places: usize, out: &mut [u8]) -> Result<(), BadDigit> {
    let mut full = [b'0'; MOST_RIGHT + SLACK];
    let zeros = places - value.len();
    full[zeros..places].copy_from_slice(value);
    pack(layout, &full, places, places, out).map_err(|BadDigit(index)| BadDigit(index - zeros))
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
    /// The word of `count` characters from `from` on, eight at most, zeros behind them.
    fn word(self, value: &[u8], from: usize, count: usize) -> Result<u32, BadDigit> {
        if count == 0 {
            return Ok(0);
        }
        let Some(eight) = value[from..].first_chunk() else {
            unreachable!("values have slack behind them");
        };
        let mask = u64::MAX << (64 - 8 * count);
        let given = u64::from_be_bytes(*eight) & mask;
        match self {
            Self::Decimal => {
                let digits = given ^ ((u64::from(b'0') * ONES) & mask);
                let above_nine = digits.wrapping_add((0x80 - 10) * ONES) | digits;
                if above_nine & (0x80 * ONES) == 0 {
                    return Ok(gather(digits));
                }
            }
            Self::Track => {
                // Letters have bit 6, and a low nibble nine below their value.
                let digits = (given & (0x0F * ONES)) + 9 * ((given >> 6) & ONES);
                let word = gather(digits);
                if self.characters(word) & mask == given {
                    return Ok(word);
                }
            }
        }
        self.word_slowly(&value[from..from + count])
            .map_err(|BadDigit(index)| BadDigit(from + index))
    }

    /// The word of characters that are not spelled as they are read: a separator as `D`, small
    /// letters; or no digits at all.
    #[cold]
    fn word_slowly(self, characters: &[u8]) -> Result<u32, BadDigit> {
        let mut word = 0;
        for (index, &character) in characters.iter().enumerate() {
            let nibble = match (self, character) {
                (_, b'0'..=b'9') => character - b'0',
                (Self::Track, b'=') => 0xD,
                (Self::Track, b'A'..=b'F' | b'a'..=b'f') => (character & 0x0F) + 9,
                _ => return Err(BadDigit(index)),
            };
            word |= u32::from(nibble) << (28 - 4 * index);
        }
        Ok(word)
    }

    /// The eight characters of a word.
    fn characters(self, word: u32) -> u64 {
        let half = u64::from(word);
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
}

/// The low nibbles of eight bytes as a word; their high ones are zero, or the word means nothing.
const fn gather(digits: u64) -> u32 {
    let bytes = (digits | (digits >> 4)) & 0x00FF_00FF_00FF_00FF;
    let pairs = (bytes | (bytes >> 8)) & 0x0000_FFFF_0000_FFFF;
    (pairs | (pairs >> 16)) as u32
}

/// The first four bytes as a word; zeros for those that are missing.
fn load(wire: &[u8]) -> u32 {
    u32::from_be_bytes(wire.first_chunk().copied().unwrap_or_else(|| {
        let mut word = [0; 4];
        word[..wire.len()].copy_from_slice(wire);
        word
    }))
}

/// A bit in every nibble that is above 9.
const fn above_nine(word: u32) -> u32 {
    (word >> 3) & ((word >> 2) | (word >> 1)) & 0x1111_1111
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
        let mut out = vec![0; bytes(places) + SLACK];
        pack(layout, &slack, value.len(), places, &mut out)?;
        out.truncate(bytes(places));
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
            let result = pack(LEFT, &slack, value.len(), value.len(), &mut [0; 60]);
            let bad = value.iter().position(|character| !character.is_ascii_digit());
            prop_assert_eq!(result, bad.map_or(Ok(()), |index| Err(BadDigit(index))));
        }
    }
}
