//! Two digits a byte, by table.

use super::dialect::Align;

/// Marks what is no digit in the tables: a bit that no character and no nibble has.
const BAD: u8 = 0x80;

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

/// Unpacks as many digits as `value` has places. `wire` has exactly their bytes; the nibble beside
/// an odd number of digits must be 0 or F.
pub(super) fn unpack(layout: Layout, wire: &[u8], value: &mut [u8]) -> Result<(), BadNibble> {
    let tables = layout.alphabet.tables();
    let (mut pairs, mut places) = (wire, &mut *value);
    let mut bad = 0;
    if places.len() % 2 == 1 {
        let fill;
        (fill, pairs, places) = match layout.align {
            Align::Left => {
                let ([pairs @ .., odd], [places @ .., place]) = (pairs, places) else {
                    unreachable!("digits have their bytes");
                };
                [*place, _] = tables.characters[usize::from(odd & 0xF0)];
                bad |= *place;
                (odd & 0xF, pairs, places)
            }
            Align::Right => {
                let ([odd, pairs @ ..], [place, places @ ..]) = (pairs, places) else {
                    unreachable!("digits have their bytes");
                };
                [_, *place] = tables.characters[usize::from(odd & 0x0F)];
                bad |= *place;
                (odd >> 4, pairs, places)
            }
        };
        if fill != 0 && fill != 0xF {
            bad = BAD;
        }
    }
    let (places, _) = places.as_chunks_mut::<2>();
    for (place, pair) in places.iter_mut().zip(pairs) {
        *place = tables.characters[usize::from(*pair)];
        bad |= place[0];
    }
    if bad & BAD == 0 {
        Ok(())
    } else {
        Err(first_bad(layout, wire, value.len()))
    }
}

/// The first nibble that may not stand where it stands.
#[cold]
fn first_bad(layout: Layout, wire: &[u8], count: usize) -> BadNibble {
    let nibble = |index: usize| wire[index / 2] >> (4 * (1 - index % 2)) & 0xF;
    let fill = match layout.align {
        _ if count.is_multiple_of(2) => None,
        Align::Left => Some(count),
        Align::Right => Some(0),
    };
    let bad = (0..2 * wire.len()).find(|&index| match nibble(index) {
        0 => false,
        0xF => fill != Some(index) && layout.alphabet == Alphabet::Decimal,
        other => fill == Some(index) || other > 9 && layout.alphabet == Alphabet::Decimal,
    });
    BadNibble(bad.unwrap_or(0))
}

/// Packs `value` into `places` places, which are no fewer; `out` has exactly their bytes. Missing
/// digits are zeros: behind the value, or before it where it stands at the right.
pub(super) fn pack(
    layout: Layout,
    value: &[u8],
    places: usize,
    out: &mut [u8],
) -> Result<(), BadDigit> {
    if value.len() < places {
        return pack_short(layout, value, places, out);
    }
    let nibbles = &layout.alphabet.tables().nibbles;
    let (mut digits, mut packed) = (value, out);
    let mut bad = 0;
    if places % 2 == 1 {
        (digits, packed) = match layout.align {
            Align::Left => {
                let ([digits @ .., digit], [packed @ .., odd]) = (digits, packed) else {
                    unreachable!("digits have their bytes");
                };
                let nibble = nibbles[usize::from(*digit)];
                bad |= nibble;
                *odd = nibble << 4 | layout.fill;
                (digits, packed)
            }
            Align::Right => {
                let ([digit, digits @ ..], [odd, packed @ ..]) = (digits, packed) else {
                    unreachable!("digits have their bytes");
                };
                let nibble = nibbles[usize::from(*digit)];
                bad |= nibble;
                *odd = layout.fill << 4 | nibble;
                (digits, packed)
            }
        };
    }
    let (pairs, _) = digits.as_chunks::<2>();
    for (byte, [high, low]) in packed.iter_mut().zip(pairs) {
        let (high, low) = (nibbles[usize::from(*high)], nibbles[usize::from(*low)]);
        bad |= high | low;
        *byte = high << 4 | low;
    }
    if bad & BAD == 0 {
        return Ok(());
    }
    let is_bad = |digit: &u8| nibbles[usize::from(*digit)] == BAD;
    Err(BadDigit(value.iter().position(is_bad).unwrap_or(0)))
}

/// Packs a value with the zeros that it lacks.
#[cold]
fn pack_short(layout: Layout, value: &[u8], places: usize, out: &mut [u8]) -> Result<(), BadDigit> {
    let mut full = vec![b'0'; places];
    let before = match layout.align {
        Align::Left => 0,
        Align::Right => places - value.len(),
    };
    full[before..before + value.len()].copy_from_slice(value);
    pack(layout, &full, places, out).map_err(|BadDigit(index)| BadDigit(index - before))
}

/// An alphabet both ways.
struct Tables {
    /// The two characters of every byte, [`BAD`] where there are none.
    characters: [[u8; 2]; 256],
    /// The nibble of every character, [`BAD`] where there is none.
    nibbles: [u8; 256],
}

impl Alphabet {
    const fn tables(self) -> &'static Tables {
        static DECIMAL: Tables = Tables::new(b"0123456789");
        static TRACK: Tables = Tables::new(b"0123456789ABC=EF")
            .also(*b"ABCDEF")
            .also(*b"abcdef");
        match self {
            Self::Decimal => &DECIMAL,
            Self::Track => &TRACK,
        }
    }
}

impl Tables {
    /// The tables of so many digits, in order.
    const fn new(digits: &[u8]) -> Self {
        let mut characters = [[BAD; 2]; 256];
        let mut nibbles = [BAD; 256];
        let mut high = 0;
        while high < digits.len() {
            nibbles[digits[high] as usize] = high as u8;
            let mut low = 0;
            while low < digits.len() {
                characters[high << 4 | low] = [digits[high], digits[low]];
                low += 1;
            }
            high += 1;
        }
        Self {
            characters,
            nibbles,
        }
    }

    /// Takes these for the nibbles from 10 on as well.
    const fn also(mut self, letters: [u8; 6]) -> Self {
        let mut index = 0;
        while index < letters.len() {
            self.nibbles[letters[index] as usize] = 10 + index as u8;
            index += 1;
        }
        self
    }
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
        let mut value = vec![0; count];
        unpack(layout, wire, &mut value)?;
        Ok(String::from_utf8(value).unwrap())
    }

    fn packed(layout: Layout, value: &str, places: usize) -> Result<Vec<u8>, BadDigit> {
        let mut out = vec![0; places.div_ceil(2)];
        pack(layout, value.as_bytes(), places, &mut out)?;
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
            prop_assert_eq!(wire.len(), value.len().div_ceil(2));
            prop_assert_eq!(unpacked(layout, &wire, value.len()).unwrap(), value);
        }

        #[test]
        fn tracks_survive_packing(value in "[0-9=ABCEF]{0,40}") {
            let wire = packed(TRACK, &value, value.len()).unwrap();
            prop_assert_eq!(unpacked(TRACK, &wire, value.len()).unwrap(), value);
        }

        #[test]
        fn only_digits_pack(value in prop::collection::vec(any::<u8>(), 1..40)) {
            let mut out = vec![0; value.len().div_ceil(2)];
            let result = pack(LEFT, &value, value.len(), &mut out);
            let bad = value.iter().position(|character| !character.is_ascii_digit());
            prop_assert_eq!(result, bad.map_or(Ok(()), |index| Err(BadDigit(index))));
        }
    }
}
