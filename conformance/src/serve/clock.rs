//! Wall time as the simulated parts count it. The one place where both meet.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use counterproof_sim::time::{Span, Time};

/// A clock that begins at the time of day and never goes back, whatever becomes of that of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
    at: Time,
}

impl Clock {
    /// Begins now, or at `earliest` where the machine's clock is behind it: what was recorded before a
    /// restart stays in the past.
    pub fn begin(earliest: Time) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = Time::from_micros(since.map_or(0, |since| since.as_micros() as u64));
        Self {
            began: Instant::now(),
            at: now.max(earliest),
        }
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.at + Span::from_micros(self.began.elapsed().as_micros() as u64)
    }

    /// When it is `time`.
    pub fn instant(&self, time: Time) -> Instant {
        self.began + Duration::from_micros(time.since(self.at).as_micros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_times_are_the_same_moments() {
        let far = Time::from_micros(u64::MAX / 4);
        let clock = Clock::begin(far);
        assert!(clock.now() >= far);
        let later = far + Span::from_secs(5);
        assert_eq!(
            clock.instant(later) - clock.instant(far),
            Duration::from_secs(5)
        );
    }
}
