//! Damage to a terminal's storage (edges 31): what the suite does to files while there is no power.

use std::collections::BTreeSet;

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What becomes of a file.
    DamageKind ("damage") {
        Truncated = "truncated", "torn off in the middle", "被截断";
        FlippedBit = "flipped-bit", "with a flipped bit", "位翻转";
        Emptied = "emptied", "emptied", "被清空";
    }
}

/// Damage to one file of a terminal's storage, or to all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageDamage {
    /// What becomes of it.
    pub kind: DamageKind,
    /// Which file, in the order of their names and counted round; `None`: all of them.
    pub file: Option<u32>,
    /// Where: the byte at which it is torn off, the bit that flips. Counted round.
    pub place: u32,
}

impl StorageDamage {
    /// Does it to the contents of a file. Nothing can be done to an empty one.
    pub fn apply(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        let place = self.place as usize;
        match self.kind {
            DamageKind::Truncated => file.truncate(place % file.len()),
            DamageKind::FlippedBit => {
                let bit = place % (file.len() * 8);
                file[bit / 8] ^= 1 << (bit % 8);
            }
            DamageKind::Emptied => file.clear(),
        }
    }
}

/// A block of the media that terminals store on: a write is torn at the end of one.
const BLOCK: u64 = 512;
/// Bytes of a file, evenly spread, at which it is torn off besides, and bits that flip.
const SAMPLES: u64 = 4;
/// So many places of a kind a file has at most; of more, some in even distances are taken.
const MOST: usize = 48;

/// Where files of these lengths are damaged, one place at a time: torn off at the end of every block,
/// after the first byte, before the last and at some between; a bit flipped in every block and at some
/// bytes besides; emptied.
pub fn places(files: &[u64]) -> Vec<StorageDamage> {
    let mut places = Vec::new();
    for (file, length) in (0..).zip(files).filter(|(_, length)| **length > 0) {
        let mut add = |kind, found: BTreeSet<u64>| {
            let found: Vec<u64> = found.into_iter().collect();
            let step = found.len().div_ceil(MOST).max(1);
            places.extend(found.into_iter().step_by(step).map(|place| StorageDamage {
                kind,
                file: Some(file),
                place: u32::try_from(place).unwrap_or(u32::MAX),
            }));
        };
        let sampled = |of: u64| (0..SAMPLES).map(move |n| of * (2 * n + 1) / (2 * SAMPLES));
        let blocks = (1..).map(|n| n * BLOCK).take_while(|end| end < length);
        let torn = blocks.chain(sampled(*length)).chain([1, length - 1]);
        add(
            DamageKind::Truncated,
            torn.filter(|end| (1..*length).contains(end)).collect(),
        );
        // Another byte and another bit in every block.
        let in_blocks = (0..length.div_ceil(BLOCK)).map(|n| {
            let byte = n * BLOCK + (n * 167 + 89) % BLOCK;
            byte.min(length - 1) * 8 + n * 3 % 8
        });
        add(
            DamageKind::FlippedBit,
            in_blocks.chain(sampled(length * 8)).collect(),
        );
        add(DamageKind::Emptied, BTreeSet::from([0]));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn every_damage_changes_a_file_wherever_it_hits() {
        for kind in DamageKind::ALL {
            for place in 0..60 {
                let mut file = b"seven b".to_vec();
                let damage = StorageDamage {
                    kind: *kind,
                    file: None,
                    place,
                };
                damage.apply(&mut file);
                assert_ne!(file, b"seven b");
                damage.apply(&mut Vec::new());
            }
        }
    }

    #[test]
    fn files_are_damaged_at_every_block_and_between() {
        assert_eq!(places(&[]), []);
        assert_eq!(places(&[0]), []);
        let of = |kind| {
            let places = places(&[0, 2_048]);
            assert!(places.iter().all(|damage| damage.file == Some(1)));
            let of_kind = places.into_iter().filter(move |d| d.kind == kind);
            of_kind.map(|d| d.place).collect::<Vec<_>>()
        };
        assert_eq!(
            of(DamageKind::Truncated),
            [1, 256, 512, 768, 1_024, 1_280, 1_536, 1_792, 2_047]
        );
        let bits = of(DamageKind::FlippedBit);
        for block in 0..4 {
            assert!(bits.iter().any(|bit| bit / 8 / 512 == block), "{bits:?}");
        }
        assert_eq!(of(DamageKind::Emptied), [0]);
        // A single byte has nowhere to be torn, and a large file not too many places.
        assert!(places(&[1]).iter().all(|d| d.kind != DamageKind::Truncated));
        assert!(places(&[10_000_000]).len() <= 2 * MOST + 1);
    }
}
