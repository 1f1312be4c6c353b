//! The block cipher DES (FIPS 46-3), because every message of a simulated payment passes through it:
//! the substitution boxes and the permutation behind them are one table, made when the program is
//! compiled. It does not run in constant time and guards nothing: keys of simulated terminals are
//! all it ever sees. The tests hold it to an implementation of others.

/// The substitution boxes, row by row.
const BOXES: [[u8; 64]; 8] = [
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12,
        11, 9, 5, 3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9,
        1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
    ],
    [
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1,
        10, 6, 9, 11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15,
        4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
    ],
    [
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5,
        14, 12, 11, 15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6,
        9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
    ],
    [
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2,
        12, 1, 10, 14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1,
        13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
    ],
    [
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15,
        10, 3, 9, 8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14,
        2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
    ],
    [
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13,
        14, 0, 11, 3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5,
        15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
    ],
    [
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5,
        12, 2, 15, 8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4,
        10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
    ],
    [
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6,
        11, 0, 14, 9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10,
        8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ],
];

/// Permutation P: which bit of the boxes' output becomes each bit of the result, 1 the highest.
const P: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19,
    13, 30, 6, 22, 11, 4, 25,
];

/// Permuted choice 1: the bits of the key that count.
const PC1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];

/// Permuted choice 2: the bits of the shifted halves that make the key of a round.
const PC2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

/// By how much the halves of the key are shifted before each round.
const SHIFTS: [u8; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

/// What each box makes of its six bits, already permuted by P.
static SUBSTITUTED: [[u32; 64]; 8] = substituted();

const fn substituted() -> [[u32; 64]; 8] {
    let mut table = [[0; 64]; 8];
    let mut number = 0;
    while number < 8 {
        let mut six = 0;
        while six < 64 {
            // The outer two bits choose the row.
            let row = (six >> 4 & 2) | (six & 1);
            let four = BOXES[number][row << 4 | (six >> 1 & 0xF)];
            let output = (four as u64) << (28 - 4 * number);
            table[number][six] = permute(output, 32, &P) as u32;
            six += 1;
        }
        number += 1;
    }
    table
}

/// What each half of a byte of a key brings to its schedule: every bit of a key goes its own ways, so that
/// a schedule is put together from those of its parts.
static SCHEDULES: [[[u32; 32]; 16]; 16] = {
    let mut table = [[[0; 32]; 16]; 16];
    let mut place = 0;
    while place < 16 {
        let mut bits = 0;
        while bits < 16 {
            table[place][bits] = schedule((bits as u64) << (60 - 4 * place));
            bits += 1;
        }
        place += 1;
    }
    table
};

/// For each round two words with the six bits for each box, one in a byte: those of the boxes 1, 3, 5, 7
/// and those of the boxes 2, 4, 6, 8.
const fn schedule(key: u64) -> [u32; 32] {
    const HALF: u64 = (1 << 28) - 1;
    let chosen = permute(key, 64, &PC1);
    let (mut left, mut right) = (chosen >> 28, chosen & HALF);
    let mut words = [0; 32];
    let mut round = 0;
    while round < 16 {
        let shift = SHIFTS[round];
        left = (left << shift | left >> (28 - shift)) & HALF;
        right = (right << shift | right >> (28 - shift)) & HALF;
        let chosen = permute(left << 28 | right, 56, &PC2);
        let mut number = 0;
        while number < 8 {
            let six = (chosen >> (42 - 6 * number) & 0x3F) as u32;
            words[2 * round + number % 2] |= six << (24 - 8 * (number / 2));
            number += 1;
        }
        round += 1;
    }
    words
}

/// Picks bits out of a number of `width` bits, 1 the highest.
const fn permute(from: u64, width: u32, places: &[u8]) -> u64 {
    let mut to = 0;
    let mut at = 0;
    while at < places.len() {
        to = to << 1 | (from >> (width - places[at] as u32) & 1);
        at += 1;
    }
    to
}

/// A DES key with its schedule prepared.
#[derive(Clone)]
pub(super) struct Des {
    /// See [`schedule`].
    rounds: [u32; 32],
}

impl Des {
    /// Parity bits are not looked at.
    pub(super) fn new(key: [u8; 8]) -> Self {
        let mut rounds = [0; 32];
        for (byte, parts) in key.into_iter().zip(SCHEDULES.as_chunks::<2>().0) {
            let high = &parts[0][usize::from(byte >> 4)];
            let low = &parts[1][usize::from(byte & 0xF)];
            for (word, (high, low)) in rounds.iter_mut().zip(high.iter().zip(low)) {
                *word |= high | low;
            }
        }
        Self { rounds }
    }

    pub(super) fn encrypt(&self, block: u64) -> u64 {
        crypt(block, self.rounds().iter())
    }

    pub(super) fn decrypt(&self, block: u64) -> u64 {
        crypt(block, self.rounds().iter().rev())
    }

    const fn rounds(&self) -> &[[u32; 2]] {
        self.rounds.as_chunks().0
    }
}

fn crypt<'k>(block: u64, rounds: impl Iterator<Item = &'k [u32; 2]>) -> u64 {
    let (left, right) = initial((block >> 32) as u32, block as u32);
    let (left, right) = rounds.fold((left, right), |(left, right), key| {
        (right, left ^ mixed(right, *key))
    });
    // The halves are not exchanged after the last round.
    let (left, right) = last(right, left);
    u64::from(left) << 32 | u64::from(right)
}

/// What a round makes of the right half. Turned like this, the bytes of the two words hold the six
/// bits for the boxes 1, 3, 5, 7 and 2, 4, 6, 8, as the standard's expansion overlaps them.
fn mixed(half: u32, [odd, even]: [u32; 2]) -> u32 {
    let odd = (half.rotate_right(3) ^ odd).to_be_bytes();
    let even = (half.rotate_left(1) ^ even).to_be_bytes();
    (0..4).fold(0, |mixed, place| {
        mixed
            ^ SUBSTITUTED[2 * place][usize::from(odd[place] & 0x3F)]
            ^ SUBSTITUTED[2 * place + 1][usize::from(even[place] & 0x3F)]
    })
}

/// The initial permutation, as exchanges of bits between the halves.
fn initial(mut left: u32, mut right: u32) -> (u32, u32) {
    exchange(&mut left, &mut right, 4, 0x0F0F_0F0F);
    exchange(&mut left, &mut right, 16, 0x0000_FFFF);
    exchange(&mut right, &mut left, 2, 0x3333_3333);
    exchange(&mut right, &mut left, 8, 0x00FF_00FF);
    exchange(&mut left, &mut right, 1, 0x5555_5555);
    (left, right)
}

/// The final permutation: the initial one backwards.
fn last(mut left: u32, mut right: u32) -> (u32, u32) {
    exchange(&mut left, &mut right, 1, 0x5555_5555);
    exchange(&mut right, &mut left, 8, 0x00FF_00FF);
    exchange(&mut right, &mut left, 2, 0x3333_3333);
    exchange(&mut left, &mut right, 16, 0x0000_FFFF);
    exchange(&mut left, &mut right, 4, 0x0F0F_0F0F);
    (left, right)
}

/// Exchanges the masked bits of `b` with those of `a` that stand `by` places higher.
fn exchange(a: &mut u32, b: &mut u32, by: u32, mask: u32) {
    let differ = (*a >> by ^ *b) & mask;
    *b ^= differ;
    *a ^= differ << by;
}

#[cfg(test)]
mod tests {
    use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_example_is_encrypted_as_published() {
        let des = Des::new(0x1334_5779_9BBC_DFF1_u64.to_be_bytes());
        assert_eq!(des.encrypt(0x0123_4567_89AB_CDEF), 0x85E8_1354_0F0A_B405);
        assert_eq!(des.decrypt(0x85E8_1354_0F0A_B405), 0x0123_4567_89AB_CDEF);
    }

    proptest! {
        #[test]
        fn every_block_under_every_key_is_as_an_implementation_of_others_has_it(
            key: [u8; 8],
            block: u64,
        ) {
            let (ours, theirs) = (Des::new(key), des::Des::new(&key.into()));
            let mut bytes = block.to_be_bytes().into();
            theirs.encrypt_block(&mut bytes);
            prop_assert_eq!(ours.encrypt(block), u64::from_be_bytes(bytes.into()));
            let mut bytes = block.to_be_bytes().into();
            theirs.decrypt_block(&mut bytes);
            prop_assert_eq!(ours.decrypt(block), u64::from_be_bytes(bytes.into()));
        }
    }
}
