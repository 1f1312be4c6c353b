//! The alarm as tokio's sleep, for systems without timerfd: up to a millisecond late.

use std::future::pending;
use std::io;
use std::time::Instant;

/// Rings at an instant, or up to a millisecond after it, and never before.
#[derive(Debug)]
pub struct Alarm {
    set: Option<Instant>,
}

impl Alarm {
    /// An alarm that is not set.
    ///
    /// # Errors
    /// None here; where alarms are descriptors, there may be none left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { set: None })
    }

    /// Rings at this instant, at once where it is past, and not for what was set before.
    pub fn set(&mut self, at: Instant) {
        self.set = Some(at);
    }

    /// Does not ring.
    pub fn clear(&mut self) {
        self.set = None;
    }

    /// Returns when it rings, once for each time that it is set; never while it is not set. May be
    /// given up and called again.
    pub async fn rang(&mut self) {
        match self.set {
            Some(at) => tokio::time::sleep_until(at.into()).await,
            None => pending().await,
        }
        self.set = None;
    }
}
