//! How long to wait for an acknowledgement (RFC 6298, integers).

use super::{RETRY_FIRST, RETRY_MAX, RETRY_MIN};
use crate::time::Span;

/// What is known about the round trip.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RoundTrip {
    /// The smoothed round trip and its smoothed deviation.
    pub measured: Option<(Span, Span)>,
}

impl RoundTrip {
    pub fn sample(&mut self, trip: Span) {
        let us = Span::as_micros;
        self.measured = Some(match self.measured {
            None => (trip, Span::from_micros(us(trip) / 2)),
            Some((smooth, deviation)) => {
                let error = us(smooth).abs_diff(us(trip));
                (
                    Span::from_micros((us(smooth) * 7 + us(trip)) / 8),
                    Span::from_micros((us(deviation) * 3 + error) / 4),
                )
            }
        });
    }

    /// The wait after which to send again, after so many tries in vain.
    pub fn wait(&self, tries: u32) -> Span {
        let first = match self.measured {
            None => RETRY_FIRST,
            Some((smooth, deviation)) => (smooth + deviation.times(4)).max(RETRY_MIN),
        };
        first.times(1 << tries.min(20)).min(RETRY_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_at_200_ms_and_double_to_two_minutes() {
        let mut trip = RoundTrip::default();
        trip.sample(Span::from_millis(30));
        let waits: Vec<u64> = (0..12).map(|n| trip.wait(n).as_millis()).collect();
        assert_eq!(
            waits,
            [
                200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400, 120_000,
                120_000
            ]
        );
    }

    #[test]
    fn an_unmeasured_trip_waits_a_second_and_a_long_one_three_trips() {
        let mut trip = RoundTrip::default();
        assert_eq!(trip.wait(0), Span::from_secs(1));
        trip.sample(Span::from_millis(500));
        assert_eq!(trip.wait(0), Span::from_millis(1_500));
        for _ in 0..100 {
            trip.sample(Span::from_millis(500));
        }
        assert_eq!(
            trip.wait(0),
            Span::from_millis(500),
            "steady trips need no margin"
        );
    }
}
