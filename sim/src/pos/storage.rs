//! The terminal's durable store: cells with names, every cell in two copies that are written one
//! after the other, every write whole or not at all. What was written survives a power cut, and
//! what one copy has lost the other one still holds.
//!
//! Not here: what the bytes mean (see [`super::journal`]).

use crate::terminal::StorageDamage;

/// The cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// Records, one after the other.
    Journal,
    /// What the last sign-in brought; replaced as a whole.
    Session,
}

const CELLS: usize = 2;
const FILES: u32 = 2 * CELLS as u32;
/// Bytes of the running number before what a replaced cell holds.
const NUMBER: usize = 4;
/// Bytes before each record: length and checksum, four each.
const OVERHEAD: usize = 8;

/// The store. Copy 0 is always written before copy 1, so that copy 1 is the same or one write
/// behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Storage {
    cells: [[Vec<u8>; 2]; CELLS],
    /// How often the session was replaced: it tells a copy that was never written from one that
    /// was emptied.
    replaced: u32,
    /// Writes that still take effect before the power fails; `None`: it does not.
    left: Option<u32>,
    /// Writes so far, those included that the power did not last for.
    writes: u32,
}

/// What was found in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// Nothing at all.
    Empty,
    /// Both copies agree, or the second one is a write behind.
    Sound,
    /// A copy is damaged; the other one has everything.
    Mended,
    /// There is a record that neither copy holds whole.
    Lost,
}

impl Storage {
    /// Empties every cell.
    pub(super) fn clear(&mut self) {
        for copy in self.cells.iter_mut().flatten() {
            copy.clear();
        }
    }

    /// How many writes were made so far, counted round.
    pub(super) const fn writes(&self) -> u32 {
        self.writes
    }

    /// From now on only so many writes take effect; each copy of a cell is a write of its own.
    /// `None`: all of them.
    pub(super) const fn limit(&mut self, writes: Option<u32>) {
        self.left = writes;
    }

    /// Adds a record to the journal.
    pub(super) fn append(&mut self, record: &[u8]) {
        self.write(Cell::Journal, record, false);
    }

    /// Makes a record the only one of the session's cell.
    pub(super) fn replace(&mut self, record: &[u8]) {
        self.replaced = self.replaced.wrapping_add(1);
        let mut numbered = Vec::with_capacity(NUMBER + record.len());
        numbered.extend_from_slice(&self.replaced.to_be_bytes());
        numbered.extend_from_slice(record);
        self.write(Cell::Session, &numbered, true);
    }

    /// Hands the session's record to `take`. Afterwards both copies are the same again.
    pub(super) fn read_session(&mut self, mut take: impl FnMut(&[u8])) -> Health {
        let copies = &mut self.cells[Cell::Session as usize];
        let numbered = |copy: &[u8]| {
            let record = record_at(copy, 0).filter(|record| copy.len() == OVERHEAD + record.len());
            let (number, record) = record?.split_first_chunk::<NUMBER>()?;
            Some((u32::from_be_bytes(*number), record.to_vec()))
        };
        let found = (numbered(&copies[0]), numbered(&copies[1]));
        let (number, record, health) = match found {
            (Some((one, record)), Some((two, _))) if one == two || one == two.wrapping_add(1) => {
                (one, record, Health::Sound)
            }
            (Some((1, record)), None) if copies[1].is_empty() => (1, record, Health::Sound),
            (Some((one, record)), _) => (one, record, Health::Mended),
            (None, Some((two, record))) => (two, record, Health::Mended),
            (None, None) if copies.iter().all(Vec::is_empty) => {
                self.replaced = 0;
                return Health::Empty;
            }
            (None, None) => return Health::Lost,
        };
        self.replaced = number;
        take(&record);
        let newest = copies[usize::from(numbered(&copies[0]).is_none())].clone();
        *copies = [newest.clone(), newest];
        health
    }

    /// Makes the second copy of the journal what the first one is, as only a defect does.
    pub(super) fn overwrite_backup(&mut self) {
        let [first, second] = &mut self.cells[Cell::Journal as usize];
        second.clone_from(first);
    }

    /// Damages one of the four files – journal and its copy, session and its copy – or all of
    /// them; the result is how many changed.
    pub(super) fn damage(&mut self, damage: StorageDamage) -> u32 {
        let mut changed = 0;
        let files = self.cells.iter_mut().flatten();
        for (index, file) in (0..).zip(files) {
            let hit = damage.file.is_none_or(|file| file % FILES == index);
            if hit && !file.is_empty() {
                damage.apply(file);
                changed += 1;
            }
        }
        changed
    }

    /// The lengths of the four files.
    pub(super) fn files(&self) -> Vec<u64> {
        let files = self.cells.iter().flatten();
        files.map(|file| file.len() as u64).collect()
    }

    /// Hands every record of the journal to `each`, oldest first, up to the first that neither
    /// copy holds whole. Afterwards both copies are the same again.
    pub(super) fn read(&mut self, mut each: impl FnMut(&[u8])) -> Health {
        let copies = &mut self.cells[Cell::Journal as usize];
        let [first, second] = &*copies;
        let mut whole = Vec::with_capacity(first.len());
        let (mut damaged, mut lost, mut behind) = (false, false, 0);
        while whole.len() < first.len().max(second.len()) {
            let at = whole.len();
            let (one, two) = (record_at(first, at), record_at(second, at));
            let Some(record) = one.or(two) else {
                lost = true;
                break;
            };
            match (one, two) {
                (Some(_), None) if at >= second.len() => behind += 1,
                (Some(_), Some(_)) => {}
                _ => damaged = true,
            }
            each(record);
            whole.extend_from_slice(&head(record));
            whole.extend_from_slice(record);
        }
        let health = if lost {
            Health::Lost
        } else if whole.is_empty() {
            Health::Empty
        } else if damaged || behind > 1 {
            Health::Mended
        } else {
            Health::Sound
        };
        copies[1].clone_from(&whole);
        copies[0] = whole;
        health
    }

    fn write(&mut self, cell: Cell, record: &[u8], replace: bool) {
        let head = head(record);
        for copy in 0..2 {
            if self.spend() {
                let copy = &mut self.cells[cell as usize][copy];
                if replace {
                    copy.clear();
                }
                copy.extend_from_slice(&head);
                copy.extend_from_slice(record);
            }
        }
    }

    fn spend(&mut self) -> bool {
        self.writes = self.writes.wrapping_add(1);
        match &mut self.left {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

fn head(record: &[u8]) -> [u8; OVERHEAD] {
    (u64::from(record.len() as u32) << 32 | u64::from(checksum(record))).to_be_bytes()
}

/// The record whose head is at `at`; `None` where the copy ends or is damaged.
fn record_at(copy: &[u8], at: usize) -> Option<&[u8]> {
    let (head, rest) = copy.get(at..)?.split_first_chunk::<OVERHEAD>()?;
    let head = u64::from_be_bytes(*head);
    let record = rest.get(..(head >> 32) as usize)?;
    (checksum(record) == head as u32).then_some(record)
}

/// FNV-1a over words of eight bytes: every flipped bit shows.
fn checksum(record: &[u8]) -> u32 {
    let (words, rest) = record.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let hash = words
        .iter()
        .chain([&last])
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
            (hash ^ u64::from_be_bytes(*word)).wrapping_mul(0x0100_0000_01b3)
        });
    // The product carries upwards only, so the upper half knows of every bit.
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::DamageKind;
    use crate::vocabulary::Vocabulary;

    fn read(storage: &mut Storage) -> (Vec<Vec<u8>>, Health) {
        let mut records = Vec::new();
        let health = storage.read(|record| records.push(record.to_vec()));
        (records, health)
    }

    fn session(storage: &mut Storage) -> (Vec<u8>, Health) {
        let mut found = Vec::new();
        let health = storage.read_session(|record| found = record.to_vec());
        (found, health)
    }

    fn of(records: &[&[u8]]) -> Storage {
        let mut storage = Storage::default();
        for record in records {
            storage.append(record);
        }
        storage
    }

    #[test]
    fn what_was_written_is_read_in_order() {
        let mut storage = of(&[b"one", b"", b"three"]);
        storage.replace(b"old");
        storage.replace(b"newer");
        let records = vec![b"one".to_vec(), vec![], b"three".to_vec()];
        assert_eq!(read(&mut storage), (records, Health::Sound));
        let newer = (b"newer".to_vec(), Health::Sound);
        assert_eq!(session(&mut storage), newer);
        storage.clear();
        assert_eq!(read(&mut storage), (vec![], Health::Empty));
    }

    #[test]
    fn writes_after_the_cut_are_lost_and_the_copies_meet_again() {
        let mut storage = of(&[b"one"]);
        storage.limit(Some(1));
        storage.append(b"two");
        storage.append(b"three");
        storage.limit(None);
        let records = vec![b"one".to_vec(), b"two".to_vec()];
        assert_eq!(read(&mut storage), (records.clone(), Health::Sound));
        assert_eq!(storage.cells[0][0], storage.cells[0][1]);
        storage.limit(Some(0));
        storage.replace(b"never");
        assert_eq!(session(&mut storage), (vec![], Health::Empty));
    }

    #[test]
    fn a_damaged_session_is_mended_from_its_copy_and_never_made_up() {
        let mut sound = Storage::default();
        sound.replace(b"old");
        sound.limit(Some(1));
        sound.replace(b"newer");
        sound.limit(None);
        let newer = (b"newer".to_vec(), Health::Sound);
        assert_eq!(session(&mut sound.clone()), newer);
        for file in [2, 3] {
            for kind in DamageKind::ALL {
                for place in 0..100 {
                    let mut storage = sound.clone();
                    let damage = StorageDamage {
                        kind: *kind,
                        file: Some(file),
                        place,
                    };
                    assert_eq!(storage.damage(damage), 1);
                    let (found, health) = session(&mut storage);
                    let kept: &[u8] = if file == 2 { b"old" } else { b"newer" };
                    assert_eq!((&found[..], health), (kept, Health::Mended), "{damage:?}");
                    assert_eq!(session(&mut storage), (found, Health::Sound));
                }
            }
        }
        let all = StorageDamage {
            kind: DamageKind::FlippedBit,
            file: None,
            place: 70,
        };
        assert_eq!(sound.damage(all), 2);
        assert_eq!(session(&mut sound), (vec![], Health::Lost));
    }

    #[test]
    fn whatever_is_done_to_one_copy_the_other_one_holds() {
        let sound = of(&[b"one", b"two", b"three"]);
        let bytes = sound.cells[0][0].len();
        let records = read(&mut sound.clone()).0;
        for copy in 0..2 {
            for byte in 0..bytes {
                for bit in 0..8 {
                    let mut storage = sound.clone();
                    storage.cells[0][copy][byte] ^= 1 << bit;
                    let found = read(&mut storage);
                    assert_eq!(found, (records.clone(), Health::Mended), "{copy} {byte}");
                }
                let mut storage = sound.clone();
                storage.cells[0][copy].truncate(byte);
                let (found, health) = read(&mut storage);
                assert_eq!(found, records);
                // The second copy may be a write behind without being damaged.
                let last = bytes - OVERHEAD - b"three".len();
                assert_eq!(health == Health::Sound, copy == 1 && byte == last);
            }
        }
    }

    #[test]
    fn a_record_that_both_copies_have_lost_is_not_made_up() {
        let mut storage = of(&[b"one", b"two"]);
        for copy in 0..2 {
            storage.cells[0][copy][OVERHEAD] ^= 1;
        }
        assert_eq!(read(&mut storage), (vec![], Health::Lost));
        let mut storage = of(&[b"one", b"two"]);
        for copy in 0..2 {
            *storage.cells[0][copy].last_mut().unwrap() ^= 1;
        }
        let one = vec![b"one".to_vec()];
        assert_eq!(read(&mut storage), (one, Health::Lost));
    }
}
