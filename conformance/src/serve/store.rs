//! What must not be lost: an SQLite database in the data directory, to which every turn of the loop
//! appends what changed before an answer leaves.
//!
//! A commit is written to the database's log, which the kernel keeps when the program is killed. Against
//! a power cut of the machine it is only safe with `sync`; without it the database stays whole, and the
//! last moments may be missing.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use counterproof_sim::host::Durable;
use counterproof_sim::time::Time;
use rusqlite::{Connection, OpenFlags};
use thiserror::Error;

/// The database.
const FILE: &str = "acquirer.sqlite";
/// Held by the program that uses the directory.
const LOCK: &str = "lock";
/// Says that the file is ours: "ctpf".
const APPLICATION: i32 = 0x6374_7066;
/// The layout of the tables.
const VERSION: i32 = 1;
/// The log is brought into the database when nothing else is to be done, or when about so many bytes
/// are in it: the disk is waited for meanwhile.
const LOG: usize = 256 * 1024 * 1024;
/// What a commit takes in the log besides its own bytes, about.
const PAGE: usize = 4_096;

const LAYOUT: &str = "
    CREATE TABLE changes (
        n INTEGER PRIMARY KEY,
        at INTEGER NOT NULL, -- microseconds since 1970
        what BLOB NOT NULL   -- what changed, in the format of postcard
    );
";

/// Why the store cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The directory or a file in it.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// What stands in it.
    #[error("change {0} is damaged: {1}")]
    Damaged(i64, postcard::Error),
    /// What cannot be written down.
    #[error(transparent)]
    Form(#[from] postcard::Error),
    /// Another program uses it.
    #[error("another process uses this directory")]
    Taken,
    /// It was not made by this program, or by a later one.
    #[error("acquirer.sqlite is not of this program, or of another version of it")]
    Foreign,
}

/// The database, open for this process alone.
#[derive(Debug)]
pub struct Store {
    database: Connection,
    /// Bytes of the change being written; kept for their room.
    bytes: Vec<u8>,
    /// About so many bytes are in the log.
    log: usize,
    /// Whether anything was kept since the last look.
    busy: bool,
    /// Locked as long as it is open.
    _lock: File,
}

/// What was kept, and until when.
#[derive(Debug, Default)]
pub struct Kept {
    /// Every change, oldest first.
    pub changes: Vec<Durable>,
    /// When the last one happened.
    pub last: Time,
}

impl Store {
    /// Opens the directory, makes it if need be, and reads what is kept there.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(directory: &Path, sync: bool) -> Result<(Self, Kept), StoreError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
        let lock = private(&directory.join(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::Taken,
            TryLockError::Error(error) => error.into(),
        })?;
        let path = directory.join(FILE);
        // SQLite gives its other files the rights of this one.
        private(&path)?;
        let database = connect(&path, sync)?;
        prepare(&database)?;
        let kept = read(&database)?;
        let store = Self {
            database,
            bytes: Vec::new(),
            log: 0,
            busy: false,
            _lock: lock,
        };
        Ok((store, kept))
    }

    /// Keeps what changed. When this returns it outlives the process.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it is kept then.
    pub fn keep(&mut self, now: Time, changes: &Durable) -> Result<(), StoreError> {
        self.bytes.clear();
        self.bytes = postcard::to_extend(changes, std::mem::take(&mut self.bytes))?;
        let mut insert = self
            .database
            .prepare_cached("INSERT INTO changes (at, what) VALUES (?1, ?2)")?;
        insert.execute((now.as_micros().cast_signed(), &self.bytes))?;
        drop(insert);
        self.busy = true;
        self.log += self.bytes.len() + PAGE;
        if self.log > LOG { self.tidy() } else { Ok(()) }
    }

    /// A moment at which time could be spared: tidies up if nothing was kept since the last one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn spare(&mut self) -> Result<(), StoreError> {
        if std::mem::replace(&mut self.busy, false) || self.log == 0 {
            return Ok(());
        }
        self.tidy()
    }

    /// Brings the log into the database.
    fn tidy(&mut self) -> Result<(), StoreError> {
        self.log = 0;
        let checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
        Ok(self.database.query_row(checkpoint, (), |_| Ok(()))?)
    }

    /// Brings everything into one file and closes it.
    ///
    /// # Errors
    /// When that fails; nothing is lost then either.
    pub fn close(self) -> Result<(), StoreError> {
        self.database
            .close()
            .map_err(|(_, error)| StoreError::Database(error))
    }
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

fn connect(path: &Path, sync: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    // Nobody else has it; without this every commit would ask the system for locks.
    database.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", if sync { "FULL" } else { "NORMAL" })?;
    // When that is done is decided here.
    database.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(database)
}

fn prepare(database: &Connection) -> Result<(), StoreError> {
    let number = |name| database.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => Ok(()),
        (0, 0) => {
            let tables: i64 =
                database.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
            if tables > 0 {
                return Err(StoreError::Foreign);
            }
            // All or nothing, so that a kill in between leaves an empty file.
            let all = format!(
                "BEGIN; {LAYOUT} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
            );
            Ok(database.execute_batch(&all)?)
        }
        _ => Err(StoreError::Foreign),
    }
}

fn read(database: &Connection) -> Result<Kept, StoreError> {
    let mut kept = Kept::default();
    let mut select = database.prepare("SELECT n, at, what FROM changes ORDER BY n")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let (n, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let changes = postcard::from_bytes(bytes).map_err(|why| StoreError::Damaged(n, why))?;
        kept.changes.push(changes);
        kept.last = Time::from_micros(at.max(0).cast_unsigned());
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn change(number: u32) -> Durable {
        Durable {
            counters: (number, 0),
            ..Durable::default()
        }
    }

    #[test]
    fn what_was_kept_is_there_again_in_its_order() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, kept) = Store::open(directory.path(), false).unwrap();
        assert!(kept.changes.is_empty());
        for number in 1..=3 {
            let at = Time::from_micros(u64::from(number));
            store.keep(at, &change(number)).unwrap();
        }
        // As after a kill: nothing is closed.
        drop(store);
        let (store, kept) = Store::open(directory.path(), true).unwrap();
        let numbers: Vec<_> = kept.changes.iter().map(|kept| kept.counters.0).collect();
        assert_eq!((numbers, kept.last), (vec![1, 2, 3], Time::from_micros(3)));
        store.close().unwrap();
        let (_store, kept) = Store::open(directory.path(), false).unwrap();
        assert_eq!(kept.changes.len(), 3);
    }

    #[test]
    fn a_directory_is_used_by_one_process() {
        let directory = tempfile::tempdir().unwrap();
        let (_store, _) = Store::open(directory.path(), false).unwrap();
        let again = Store::open(directory.path(), false);
        assert!(matches!(again, Err(StoreError::Taken)));
    }

    #[test]
    fn files_of_others_are_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(
            directory.path().join(FILE),
            "something else entirely, and long enough",
        )
        .unwrap();
        assert!(Store::open(directory.path(), false).is_err());
        let directory = tempfile::tempdir().unwrap();
        let other = Connection::open(directory.path().join(FILE)).unwrap();
        other.execute_batch("CREATE TABLE theirs (x)").unwrap();
        drop(other);
        let opened = Store::open(directory.path(), false);
        assert!(matches!(opened, Err(StoreError::Foreign)));
    }
}
