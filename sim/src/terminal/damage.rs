//! Damage to a terminal's storage (edges 31): what the suite does to files while there is no power.

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
}
