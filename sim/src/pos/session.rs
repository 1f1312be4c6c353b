//! What a sign-in brings: working keys, batch, the host's clock; and whether the host wants
//! another one. Durable as a whole, the keys wrapped as they came.
//!
//! Not here: the sign-in itself (see [`super::engine`]).

use super::defects::{Defect, Defects};
use super::storage::{Health, Storage};
use crate::iso8583::hex::encode;
use crate::iso8583::keys::{Delivery, Key, KeyError, WorkingKeys, unwrap};
use crate::iso8583::{Algorithm, MacKey};

/// Bytes of DE62 for double-length keys (60.3 = 003).
const KEYS: usize = 40;
/// Where the MAC key lies in them, and how many bytes of it count when it has a single length.
const MAC_KEY: std::ops::Range<usize> = 20..28;

/// Whether a new sign-in is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// No.
    No,
    /// Once the transaction under way is over.
    AfterTransaction,
    /// Before anything that carries a MAC.
    Now,
}

/// The terminal's standing with its host.
#[derive(Clone, Debug)]
pub(super) struct Session {
    due: Due,
    batch: u32,
    /// Seconds that the host's clock is ahead of the terminal's.
    clock: i64,
    wrapped: [u8; KEYS],
    key: Option<MacKey>,
    /// Its batch is closed, and it is to be signed off. Not durable: the next sign-in ends it too.
    ending: bool,
}

impl Session {
    /// Before the first sign-in.
    const fn new(batch: u32) -> Self {
        Self {
            due: Due::Now,
            batch,
            clock: 0,
            wrapped: [0; KEYS],
            key: None,
            ending: false,
        }
    }

    /// The session of new storage, made durable: from then on an empty cell is a damaged one.
    pub(super) fn found(batch: u32, storage: &mut Storage) -> Self {
        let session = Self::new(batch);
        session.write(storage);
        session
    }

    /// As the last sign-in left it, and in which state that was found. Without a record, or with
    /// one that is damaged or was wrapped under another master key, a sign-in is due.
    pub(super) fn open(
        storage: &mut Storage,
        batch: u32,
        master: &Key,
        algorithm: Algorithm,
        defects: Defects,
    ) -> (Self, Health) {
        let mut session = Self::new(batch);
        let health = storage.read_session(|record| {
            if let Some(stored) = Self::read(record) {
                session = stored;
            }
        });
        session.key = receive(&session.wrapped, master, algorithm, defects).ok();
        if session.key.is_none() {
            session.due = Due::Now;
        }
        (session, health)
    }

    /// The batch of new messages.
    pub(super) const fn batch(&self) -> u32 {
        self.batch
    }

    /// Seconds that the host's clock is ahead of the terminal's.
    pub(super) const fn clock(&self) -> i64 {
        self.clock
    }

    /// The key of this session's MACs; `None` before the first sign-in.
    pub(super) const fn key(&self) -> Option<&MacKey> {
        self.key.as_ref()
    }

    /// The MAC key in hexadecimal, as only a defect wants it.
    pub(super) fn key_in_clear(&self, master: &Key) -> String {
        unwrap(master, &self.wrapped[MAC_KEY]).map_or_else(|_| String::new(), |key| encode(&key))
    }

    /// Such a key among keys that were not taken.
    pub(super) fn refused_in_clear(master: &Key, keys: &[u8; KEYS]) -> String {
        unwrap(master, &keys[MAC_KEY]).map_or_else(|_| String::new(), |key| encode(&key))
    }

    /// Whether a sign-in is due.
    pub(super) const fn due(&self) -> Due {
        self.due
    }

    /// Whether it is to be signed off before the next sign-in.
    pub(super) const fn is_ending(&self) -> bool {
        self.ending
    }

    /// It is to be signed off, or it was.
    pub(super) const fn set_ending(&mut self, ending: bool) {
        self.ending = ending;
    }

    /// A sign-in is due, at least so soon.
    pub(super) fn want(&mut self, due: Due, storage: &mut Storage) {
        if due > self.due {
            self.due = due;
            self.write(storage);
        }
    }

    /// Takes what a sign-in has brought.
    ///
    /// # Errors
    /// When the keys are not whole or a check value differs; nothing is then taken.
    pub(super) fn renew(
        &mut self,
        batch: u32,
        clock: i64,
        keys: &[u8; KEYS],
        account: (&Key, Algorithm, Defects),
        storage: &mut Storage,
    ) -> Result<(), KeyError> {
        let (master, algorithm, defects) = account;
        let key = receive(keys, master, algorithm, defects)?;
        *self = Self {
            due: Due::No,
            batch,
            clock,
            wrapped: *keys,
            key: Some(key),
            ending: false,
        };
        self.write(storage);
        Ok(())
    }

    fn write(&self, storage: &mut Storage) {
        let mut record = Vec::with_capacity(1 + 4 + 8 + KEYS);
        record.push(self.due as u8);
        record.extend_from_slice(&self.batch.to_be_bytes());
        record.extend_from_slice(&self.clock.to_be_bytes());
        record.extend_from_slice(&self.wrapped);
        storage.replace(&record);
    }

    fn read(record: &[u8]) -> Option<Self> {
        let (&[due], rest) = record.split_first_chunk()?;
        let (&batch, rest) = rest.split_first_chunk()?;
        let (&clock, rest) = rest.split_first_chunk()?;
        Some(Self {
            due: match due {
                0 => Due::No,
                1 => Due::AfterTransaction,
                _ => Due::Now,
            },
            batch: u32::from_be_bytes(batch),
            clock: i64::from_be_bytes(clock),
            wrapped: rest.try_into().ok()?,
            key: None,
            ending: false,
        })
    }
}

/// The MAC key among delivered keys.
fn receive(
    keys: &[u8; KEYS],
    master: &Key,
    algorithm: Algorithm,
    defects: Defects,
) -> Result<MacKey, KeyError> {
    match WorkingKeys::receive(master, Delivery::Double, keys) {
        Ok(keys) => MacKey::new(algorithm, keys.mac.bytes()),
        Err(KeyError::CheckValue(_)) if defects.has(Defect::CheckValueIgnored) => {
            MacKey::new(algorithm, &unwrap(master, &keys[MAC_KEY])?)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_outlives_a_power_cut_and_a_wrong_master_key_ends_it() {
        let none = Defects::default();
        let master = Key::new(&[0x11; 16]).unwrap();
        let keys = WorkingKeys {
            pin: Key::new(&[0x22; 16]).unwrap(),
            mac: Key::new(&[0x33; 8]).unwrap(),
            track: None,
        };
        let keys: [u8; KEYS] = keys
            .deliver(&master, Delivery::Double)
            .unwrap()
            .try_into()
            .unwrap();
        let (mut storage, algorithm) = (Storage::default(), Algorithm::Ecb);
        let mut session = Session::new(1);
        assert_eq!((session.due(), session.batch()), (Due::Now, 1));
        let account = (&master, algorithm, none);
        session.renew(9, -3, &keys, account, &mut storage).unwrap();
        session.want(Due::AfterTransaction, &mut storage);
        session.want(Due::No, &mut storage);

        let (again, health) = Session::open(&mut storage, 1, &master, algorithm, none);
        assert_eq!(health, Health::Sound);
        assert_eq!(
            (again.due(), again.batch(), again.clock()),
            (Due::AfterTransaction, 9, -3)
        );
        let mac = |session: &Session| session.key().unwrap().mac(b"x");
        assert_eq!(mac(&again), mac(&session));

        let other = Key::new(&[0x44; 16]).unwrap();
        let (lost, _) = Session::open(&mut storage, 1, &other, algorithm, none);
        assert_eq!((lost.due(), lost.key().is_none()), (Due::Now, true));
    }

    #[test]
    fn keys_with_a_wrong_check_value_are_not_taken() {
        let master = Key::new(&[0x11; 16]).unwrap();
        let (mut storage, mut session) = (Storage::default(), Session::new(1));
        let account = (&master, Algorithm::Ecb, Defects::default());
        assert!(
            session
                .renew(2, 0, &[7; KEYS], account, &mut storage)
                .is_err()
        );
        assert_eq!((session.due(), session.batch()), (Due::Now, 1));
    }
}
