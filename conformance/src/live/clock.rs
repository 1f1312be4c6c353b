//! Wall time as the simulated parts count it: the one place where both meet. Not here: waiting
//! ([`super::timer`]).

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use counterproof_sim::time::{Span, Time};

/// One instant as both clocks have it; from there on the simulation's time passes as fast as the
/// wall's, or so many times faster. Setting the machine's date does not move it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Time,
    origin: Instant,
    scale: u32,
}

impl Clock {
    /// A clock that shows the machine's date.
    pub fn of_the_day() -> Self {
        Self::not_before(Time::default())
    }

    /// The same, or one that shows `earliest` where the machine's clock is behind it: what was
    /// recorded before a restart stays in the past.
    pub fn not_before(earliest: Time) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let date = Time::from_micros(since.unwrap_or_default().as_micros() as u64);
        Self::at(date.max(earliest), 1)
    }

    /// A clock that shows `start` now and goes `scale` times as fast as the wall's; at least once.
    pub fn at(start: Time, scale: u32) -> Self {
        Self {
            start,
            origin: Instant::now(),
            scale: scale.max(1),
        }
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        self.time(Instant::now())
    }

    /// What it shows at an instant of the wall. Before its start it showed that.
    pub fn time(&self, at: Instant) -> Time {
        self.start + self.span(at.saturating_duration_since(self.origin))
    }

    /// When it shows `time`; `None` where that is further away than the machine can count. What is
    /// past may be given as the instant at which it began.
    pub fn instant(&self, time: Time) -> Option<Instant> {
        let nanos = u128::from(time.since(self.start).as_micros()) * 1_000 / u128::from(self.scale);
        let passed = Duration::from_nanos(u64::try_from(nanos).ok()?);
        self.origin.checked_add(passed)
    }

    /// How much of its time passes in a while of the wall.
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
        let passed = instant.duration_since(clock.origin);
        assert_eq!(passed, Duration::from_millis(500));
        assert_eq!(clock.time(instant), later);
        assert_eq!(clock.instant(Time::from_millis(1)), Some(clock.origin));
    }

    #[test]
    fn what_was_recorded_stays_in_the_past() {
        let far = Time::from_micros(u64::MAX / 4);
        assert!(Clock::not_before(far).now() >= far);
        assert!(Clock::of_the_day().now() < far);
    }
}
