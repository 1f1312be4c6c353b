//! The journal: every step that must survive a power cut is a record in the storage before it is
//! taken, and [`Books`] are what the records add up to.
//!
//! Not here: the storage itself ([`super::storage`]) and what a sign-in brings, which is replaced
//! rather than journalled ([`super::session`]).

mod batch;
mod books;
mod codec;
mod record;

pub(super) use batch::{Batch, Closed, Entry, Settlement, Side};
pub(super) use books::{Books, Reversal, Slip, Stored, is_payment};
pub(super) use record::{Ended, Record, Sent, Word};

use super::defects::{Defect, Defects};
use super::storage::{Health, Storage};

/// The journal and what it adds up to.
#[derive(Debug)]
pub(super) struct Journal {
    storage: Storage,
    books: Books,
    /// Records whose writing a defect puts off.
    late: Vec<Vec<u8>>,
    scratch: Vec<u8>,
    defects: Defects,
}

impl Journal {
    /// A journal on emptied storage.
    pub(super) fn found(mut storage: Storage, stan: u32, batch: u32, defects: Defects) -> Self {
        storage.clear();
        let mut journal = Self::on(storage, defects);
        journal.write(&Record::Founded { stan, batch });
        journal
    }

    /// The journal that is in the storage, and in which state it was found. A record that cannot
    /// be read counts as lost, for whatever came after it would be misread; that something was lost
    /// is a record itself, so that a second restart does not make it good.
    pub(super) fn open(mut storage: Storage, defects: Defects) -> (Self, Health) {
        let mut books = Books::new(defects);
        let mut legible = true;
        if defects.has(Defect::BackupIgnored) {
            storage.overwrite_backup();
        }
        let health = storage.read(|bytes| match Record::read(bytes) {
            Some(record) if legible => books.enter(&record),
            _ => legible = false,
        });
        let health = match health {
            _ if defects.has(Defect::DamageUnnoticed) => Health::Sound,
            health if legible && books.founded && !books.lossy => health,
            _ => Health::Lost,
        };
        let fresh_loss = health == Health::Lost && !books.lossy;
        if defects.has(Defect::ForgetsCodesAtRestart) {
            books.codes = super::code::CodeMemory::default();
        }
        let mut journal = Self::on(storage, defects);
        journal.books = books;
        if fresh_loss {
            journal.write(&Record::Lost);
        }
        (journal, health)
    }

    fn on(storage: Storage, defects: Defects) -> Self {
        Self {
            storage,
            books: Books::new(defects),
            late: Vec::new(),
            scratch: Vec::with_capacity(128),
            defects,
        }
    }

    /// What is known.
    pub(super) const fn books(&self) -> &Books {
        &self.books
    }

    /// The storage, for what is not journalled.
    pub(super) const fn storage(&mut self) -> &mut Storage {
        &mut self.storage
    }

    /// How many storage writes were made so far, counted round.
    pub(super) const fn writes(&self) -> u32 {
        self.storage.writes()
    }

    /// The storage, when the power goes.
    pub(super) fn into_storage(self) -> Storage {
        self.storage
    }

    /// Makes a record durable and enters it.
    pub(super) fn write(&mut self, record: &Record<'_>) {
        self.scratch.clear();
        record.write(&mut self.scratch);
        if self.defects.has(Defect::JournalAfterSend) && matches!(record, Record::Sent(_)) {
            self.late.push(self.scratch.clone());
        } else {
            self.storage.append(&self.scratch);
        }
        self.books.enter(record);
    }

    /// Makes a record durable that memory does not follow, as only a defect does.
    pub(super) fn write_only(&mut self, record: &Record<'_>) {
        self.scratch.clear();
        record.write(&mut self.scratch);
        self.storage.append(&self.scratch);
    }

    /// Enters a record that is not made durable, as only a defect does.
    pub(super) fn remember_only(&mut self, record: &Record<'_>) {
        self.books.enter(record);
    }

    /// Writes what a defect has put off.
    pub(super) fn catch_up(&mut self) {
        for record in self.late.drain(..) {
            self.storage.append(&record);
        }
    }

    /// Owes a reversal of which nothing is durable, as only a defect does.
    pub(super) fn owe(&mut self, reversal: Reversal) {
        self.books.reversals.push_back(reversal);
    }

    /// Starts the numbers anew.
    pub(super) fn restart_numbers(&mut self, stan: u32) {
        self.books.next_stan = stan;
    }

    /// A STAN for a message that has no record of its own.
    pub(super) fn number(&mut self) -> u32 {
        let stan = self.books.next_stan;
        self.write(&Record::Numbered { stan });
        stan
    }
}
