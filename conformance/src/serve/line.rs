//! The acquirer's end of one connection: what is written to it, at once where the socket takes it,
//! else by and by, and never more of it than a limit. Not here: reading.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::frame::Unfinished;

/// So many bytes may wait for a terminal that does not read.
const BACKLOG: usize = 64 * 1024;
/// A terminal that takes nothing for so long is given up.
const STALLED: Duration = Duration::from_secs(10);
/// Between two bytes of an answer that a fault has chopped.
const GAP: Duration = Duration::from_millis(2);
/// How long a connection that the acquirer has closed may be closed by its terminal too.
const LINGER: Duration = Duration::from_secs(2);

/// A connection as the acquirer writes to it.
#[derive(Debug)]
pub struct Line {
    /// `None` only while it is dropped.
    half: Option<OwnedWriteHalf>,
    waiting: Mutex<Waiting>,
    reset: AtomicBool,
    /// Since when a frame has been arriving on it.
    pub unfinished: Arc<Unfinished>,
    /// Who reads it.
    pub reader: AbortHandle,
}

/// What could not be written at once.
#[derive(Debug, Default)]
struct Waiting {
    pieces: VecDeque<Piece>,
    bytes: usize,
    flushing: bool,
}

#[derive(Debug)]
struct Piece {
    bytes: Vec<u8>,
    chopped: bool,
}

/// Why a connection is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp;

impl Line {
    /// The end that writes to `half`.
    pub fn new(half: OwnedWriteHalf, unfinished: Arc<Unfinished>, reader: AbortHandle) -> Self {
        Self {
            half: Some(half),
            waiting: Mutex::default(),
            reset: AtomicBool::new(false),
            unfinished,
            reader,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_write(&self, bytes: &[u8]) -> Result<usize, GivenUp> {
        let Some(half) = &self.half else {
            return Err(GivenUp);
        };
        match half.try_write(bytes) {
            Ok(written) => Ok(written),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(0),
            Err(_) => Err(GivenUp),
        }
    }

    /// Writes bytes behind those that wait.
    ///
    /// # Errors
    /// When too much waits already, or the connection is gone.
    pub fn write(self: &Arc<Self>, mut bytes: Vec<u8>, chopped: bool) -> Result<(), GivenUp> {
        let mut waiting = self.waiting();
        if waiting.pieces.is_empty() && !waiting.flushing && !chopped {
            let written = self.try_write(&bytes)?;
            if written == bytes.len() {
                return Ok(());
            }
            bytes.drain(..written);
        }
        waiting.bytes += bytes.len();
        if waiting.bytes > BACKLOG {
            return Err(GivenUp);
        }
        waiting.pieces.push_back(Piece { bytes, chopped });
        if !std::mem::replace(&mut waiting.flushing, true) {
            tokio::spawn(flush(Arc::clone(self)));
        }
        Ok(())
    }

    /// Whether everything has gone out.
    pub fn is_flushed(&self) -> bool {
        !self.waiting().flushing
    }

    /// Closes the connection in order once everything has gone out. Who reads it is stopped if the
    /// terminal does not close it too.
    pub fn close(self: Arc<Self>) {
        let reader = self.reader.clone();
        tokio::spawn(async move {
            sleep(LINGER).await;
            reader.abort();
        });
    }

    /// Tears the connection.
    pub fn reset(self: Arc<Self>) {
        self.reset.store(true, Ordering::Relaxed);
        if let Some(half) = &self.half {
            // What the kernel does not do is a connection that ends in order.
            let _ = half.as_ref().set_zero_linger();
        }
        self.waiting().pieces.clear();
        self.reader.abort();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed)
            && let Some(half) = self.half.take()
        {
            // Dropped, it would say goodbye first.
            half.forget();
        }
    }
}

/// Writes what waits, as the terminal takes it.
async fn flush(line: Arc<Line>) {
    loop {
        let piece = {
            let mut waiting = line.waiting();
            let next = waiting.pieces.pop_front();
            if next.is_none() {
                waiting.flushing = false;
            }
            next
        };
        let Some(piece) = piece else { return };
        let step = if piece.chopped { 1 } else { piece.bytes.len() };
        for part in piece.bytes.chunks(step.max(1)) {
            if line.put(part).await.is_err() {
                line.waiting().pieces.clear();
                line.reader.abort();
                return;
            }
            if piece.chopped {
                sleep(GAP).await;
            }
        }
        let mut waiting = line.waiting();
        waiting.bytes = waiting.bytes.saturating_sub(piece.bytes.len());
    }
}

impl Line {
    async fn put(&self, mut bytes: &[u8]) -> Result<(), GivenUp> {
        while !bytes.is_empty() {
            let half = self.half.as_ref().ok_or(GivenUp)?;
            let ready = timeout(STALLED, half.writable()).await;
            ready.map_err(|_| GivenUp)?.map_err(|_| GivenUp)?;
            bytes = &bytes[self.try_write(bytes)?..];
        }
        Ok(())
    }
}
