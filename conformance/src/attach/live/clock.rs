//! Wall time and the time of the bench: one runs with the other, so many times faster.

use std::time::{Duration, Instant};

use counterproof_sim::time::{Span, Time};

/// What time it is for the bench.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// When it was `start`.
    origin: Instant,
    start: Time,
    scale: u32,
}

impl Clock {
    /// It is `start` now.
    pub fn at(start: Time, scale: u32) -> Self {
        Self {
            origin: Instant::now(),
            start,
            scale,
        }
    }

    /// The bench's time at an instant of the wall.
    pub fn time(&self, at: Instant) -> Time {
        let passed = at.saturating_duration_since(self.origin);
        self.start + self.span(passed)
    }

    /// When the wall has come to `time`; `None` for an instant too far away to be waited for.
    pub fn instant(&self, time: Time) -> Option<Instant> {
        if time <= self.start {
            return Some(self.origin);
        }
        let nanos = u128::from(time.since(self.start).as_micros()) * 1_000 / u128::from(self.scale);
        let passed = Duration::from_nanos(u64::try_from(nanos).ok()?);
        self.origin.checked_add(passed)
    }

    /// How long a while of the wall is for the bench.
    pub fn span(&self, passed: Duration) -> Span {
        let micros = passed.as_nanos() * u128::from(self.scale) / 1_000;
        Span::from_micros(u64::try_from(micros).unwrap_or(u64::MAX / 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_pass_together() {
        let start = Time::from_millis(1_000);
        let clock = Clock::at(start, 20);
        let later = start + Span::from_secs(10);
        let instant = clock.instant(later).unwrap();
        assert_eq!(
            instant.duration_since(clock.origin),
            Duration::from_millis(500)
        );
        assert_eq!(clock.time(instant), later);
        assert_eq!(clock.instant(Time::from_millis(1)), Some(clock.origin));
    }
}
