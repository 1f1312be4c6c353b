//! The suite's clock while it runs at the pace of the wall: the simulation's time beside the
//! machine's. Not here: waiting ([`super::timer`]).

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use counterproof_sim::time::Time;

/// One instant as both clocks have it; from there on they go at one pace. Setting the machine's
/// date does not move it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    time: Time,
    instant: Instant,
}

impl Clock {
    /// A clock that shows the machine's date.
    pub fn of_the_day() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::starting_at(Time::from_micros(
            since.unwrap_or_default().as_micros() as u64
        ))
    }

    /// A clock that shows this time now.
    pub fn starting_at(time: Time) -> Self {
        Self {
            time,
            instant: Instant::now(),
        }
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        let passed = self.instant.elapsed().as_micros() as u64;
        Time::from_micros(self.time.as_micros() + passed)
    }

    /// When it shows `time`; `None` where that is further away than the machine can count. What is
    /// past may be given as the instant at which it began.
    pub fn instant(&self, time: Time) -> Option<Instant> {
        let ahead = time.since(self.time).as_micros();
        self.instant.checked_add(Duration::from_micros(ahead))
    }
}
