//! The terminal's durable store: cells with names, every cell in two copies that are written one
//! after the other, every write whole or not at all. What was written survives a power cut, and
//! what one copy has lost the other one still holds.
//!
//! Not here: what the bytes mean (see [`super::journal`]).

/// The cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Records, one after the other.
    Journal,
    /// What the last sign-in brought; replaced as a whole.
    Session,
}

const CELLS: usize = 2;
/// Bytes before each record: length and checksum, four each.
const OVERHEAD: usize = 8;

/// The store. Copy 0 is always written before copy 1, so that copy 1 is the same or one write
/// behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Storage {
    cells: [[Vec<u8>; 2]; CELLS],
    /// Writes that still take effect before the power fails; `None`: it does not.
    left: Option<u32>,
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

    /// From now on only so many writes take effect; each copy of a cell is a write of its own.
    /// `None`: all of them.
    pub(super) const fn limit(&mut self, writes: Option<u32>) {
        self.left = writes;
    }

    /// Adds a record to a cell.
    pub(super) fn append(&mut self, cell: Cell, record: &[u8]) {
        self.write(cell, record, false);
    }

    /// Makes a record the only one of a cell.
    pub(super) fn replace(&mut self, cell: Cell, record: &[u8]) {
        self.write(cell, record, true);
    }

    /// Hands every record of a cell to `each`, oldest first, up to the first that neither copy
    /// holds whole. Afterwards both copies are the same again.
    pub(super) fn read(&mut self, cell: Cell, mut each: impl FnMut(&[u8])) -> Health {
        let copies = &mut self.cells[cell as usize];
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
            if cell == Cell::Session {
                // The copies may hold records of different lengths, and hold one each.
                break;
            }
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

    fn read(storage: &mut Storage, cell: Cell) -> (Vec<Vec<u8>>, Health) {
        let mut records = Vec::new();
        let health = storage.read(cell, |record| records.push(record.to_vec()));
        (records, health)
    }

    fn of(records: &[&[u8]]) -> Storage {
        let mut storage = Storage::default();
        for record in records {
            storage.append(Cell::Journal, record);
        }
        storage
    }

    #[test]
    fn what_was_written_is_read_in_order() {
        let mut storage = of(&[b"one", b"", b"three"]);
        storage.replace(Cell::Session, b"old");
        storage.replace(Cell::Session, b"newer");
        let records = vec![b"one".to_vec(), vec![], b"three".to_vec()];
        assert_eq!(read(&mut storage, Cell::Journal), (records, Health::Sound));
        let session = vec![b"newer".to_vec()];
        assert_eq!(read(&mut storage, Cell::Session), (session, Health::Sound));
        storage.clear();
        assert_eq!(read(&mut storage, Cell::Journal), (vec![], Health::Empty));
    }

    #[test]
    fn writes_after_the_cut_are_lost_and_the_copies_meet_again() {
        let mut storage = of(&[b"one"]);
        storage.limit(Some(1));
        storage.append(Cell::Journal, b"two");
        storage.append(Cell::Journal, b"three");
        storage.limit(None);
        let records = vec![b"one".to_vec(), b"two".to_vec()];
        assert_eq!(
            read(&mut storage, Cell::Journal),
            (records.clone(), Health::Sound)
        );
        assert_eq!(storage.cells[0][0], storage.cells[0][1]);
        storage.limit(Some(0));
        storage.replace(Cell::Session, b"never");
        assert_eq!(read(&mut storage, Cell::Session), (vec![], Health::Empty));
    }

    #[test]
    fn whatever_is_done_to_one_copy_the_other_one_holds() {
        let sound = of(&[b"one", b"two", b"three"]);
        let bytes = sound.cells[0][0].len();
        let records = read(&mut sound.clone(), Cell::Journal).0;
        for copy in 0..2 {
            for byte in 0..bytes {
                for bit in 0..8 {
                    let mut storage = sound.clone();
                    storage.cells[0][copy][byte] ^= 1 << bit;
                    let found = read(&mut storage, Cell::Journal);
                    assert_eq!(found, (records.clone(), Health::Mended), "{copy} {byte}");
                }
                let mut storage = sound.clone();
                storage.cells[0][copy].truncate(byte);
                let (found, health) = read(&mut storage, Cell::Journal);
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
        assert_eq!(read(&mut storage, Cell::Journal), (vec![], Health::Lost));
        let mut storage = of(&[b"one", b"two"]);
        for copy in 0..2 {
            *storage.cells[0][copy].last_mut().unwrap() ^= 1;
        }
        let one = vec![b"one".to_vec()];
        assert_eq!(read(&mut storage, Cell::Journal), (one, Health::Lost));
    }
}
