//! What a terminal's process writes to standard error: drained all the time, so that the process
//! never blocks on it, and kept up to a bound.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Bytes that are kept; the latest stay.
const KEPT: usize = 64 << 10;

/// The latest words on standard error of one terminal, over all its restarts.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    shared: Arc<(Mutex<Kept>, Condvar)>,
}

#[derive(Debug, Default)]
struct Kept {
    bytes: VecDeque<u8>,
    /// Bytes that had to go.
    dropped: u64,
    /// Streams that have not ended yet.
    open: u32,
}

impl Evidence {
    /// Drains `stream` on a thread of its own until it ends.
    pub fn drain(&self, mut stream: impl Read + Send + 'static) -> std::io::Result<()> {
        self.kept().open += 1;
        let evidence = self.clone();
        let drain = move || {
            let mut chunk = [0; 4096];
            // A stream that fails has ended.
            while let Ok(count @ 1..) = stream.read(&mut chunk) {
                evidence.kept().push(&chunk[..count]);
            }
            evidence.kept().open -= 1;
            evidence.shared.1.notify_all();
        };
        let spawned = thread::Builder::new().name("stderr".into()).spawn(drain);
        if spawned.is_err() {
            self.kept().open -= 1;
        }
        spawned.map(|_| ())
    }

    /// What was written since this was last asked, waiting up to `patience` for streams to end.
    pub fn take(&self, patience: Duration) -> String {
        let (_, ended) = &*self.shared;
        let (mut kept, _) = ended
            .wait_timeout_while(self.kept(), patience, |kept| kept.open > 0)
            .unwrap_or_else(PoisonError::into_inner);
        let dropped = std::mem::take(&mut kept.dropped);
        let bytes = Vec::from(std::mem::take(&mut kept.bytes));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if dropped == 0 {
            return text;
        }
        format!("[… {dropped} bytes]\n{text}")
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let over = self.bytes.len().saturating_sub(KEPT);
        self.bytes.drain(..over);
        self.dropped += over as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn what_was_written_is_taken_once() {
        let evidence = Evidence::default();
        evidence.drain(&b"hello\xff\n"[..]).unwrap();
        assert_eq!(evidence.take(PATIENCE), "hello\u{fffd}\n");
        assert_eq!(evidence.take(PATIENCE), "");
    }

    #[test]
    fn the_latest_words_stay_and_what_went_is_counted() {
        let evidence = Evidence::default();
        let mut stream = vec![b'a'; KEPT];
        stream.extend_from_slice(b"last");
        evidence.drain(std::io::Cursor::new(stream)).unwrap();
        let text = evidence.take(PATIENCE);
        assert!(text.starts_with("[… 4 bytes]\n") && text.ends_with("alast"));
    }
}
