//! Results on their way from a worker to whoever listens. Waking the listener costs more than a
//! simulated payment, so results that come thick and fast travel together; a slow terminal's are
//! sent as they come.

use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use crate::verdict::CaseResult;

/// A listener waits this long at most for a result that is there.
const PATIENCE: Duration = Duration::from_millis(5);
/// So many results travel together at most.
const FULL: usize = 64;
/// So many of those may be on their way for each worker: one that is faster than the listener waits, so
/// that records do not pile up.
pub(super) const ON_THE_WAY: usize = 2;

/// Results that wait for company.
pub(super) struct Outbox {
    waiting: Vec<CaseResult>,
    sent: Instant,
    to: SyncSender<Vec<CaseResult>>,
}

impl Outbox {
    pub(super) fn new(to: SyncSender<Vec<CaseResult>>) -> Self {
        Self {
            waiting: Vec::new(),
            sent: Instant::now(),
            to,
        }
    }

    /// Takes a result.
    pub(super) fn put(&mut self, result: CaseResult) {
        self.waiting.push(result);
        if self.waiting.len() >= FULL || self.sent.elapsed() >= PATIENCE {
            self.flush();
        }
    }

    /// Sends what waits.
    pub(super) fn flush(&mut self) {
        if !self.waiting.is_empty() {
            // Nobody listens any more only when the whole run is being given up.
            let _ = self.to.send(std::mem::take(&mut self.waiting));
        }
        self.sent = Instant::now();
    }
}
