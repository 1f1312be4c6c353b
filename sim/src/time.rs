//! Instants and spans of the simulated clock, in whole microseconds, and the calendar of the
//! shop (UTC+8). Not here: any clock. Time is what the bench says it is.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// An instant: microseconds since the Unix epoch, in the suite's clock.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(u64);

/// A length of time in microseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(u64);

impl Time {
    /// Further away than any simulation goes.
    pub const NEVER: Self = Self(u64::MAX);

    /// From milliseconds since the Unix epoch, the unit of the terminal protocol.
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms * 1_000)
    }

    /// From microseconds since the Unix epoch.
    pub const fn from_micros(us: u64) -> Self {
        Self(us)
    }

    /// Whole milliseconds since the Unix epoch, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// The same instant, or the next whole millisecond: terminals count in milliseconds, so what
    /// happens to them happens at one.
    #[must_use]
    pub const fn ceil_to_millis(self) -> Self {
        Self(self.0.div_ceil(1_000) * 1_000)
    }

    /// The span from `earlier` to here; zero when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The earlier of two instants that may be none.
    pub fn earlier(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// The calendar of the shop at this instant.
    pub const fn civil(self) -> Civil {
        Civil::at(self)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From microseconds.
    pub const fn from_micros(us: u64) -> Self {
        Self(us)
    }

    /// From milliseconds.
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms * 1_000)
    }

    /// From seconds.
    pub const fn from_secs(s: u64) -> Self {
        Self(s * 1_000_000)
    }

    /// In microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// In whole milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// This span `times` over.
    #[must_use]
    pub const fn times(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Self;
    /// Never below zero.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Span {
    /// As people read it: `250 ms`, `1.5 s`, `2 min 5 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.div_ceil(1_000);
        match ms {
            0..=999 => write!(f, "{ms} ms"),
            1_000..=59_999 if ms.is_multiple_of(1_000) => write!(f, "{} s", ms / 1_000),
            1_000..=59_999 => {
                write!(f, "{}.{:03}", ms / 1_000, ms % 1_000).and_then(|()| f.write_str(" s"))
            }
            _ => write!(f, "{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
        }
    }
}

/// Date and time of day at UTC+8, the only zone of the simulated shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// Gregorian year.
    pub year: u32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

impl Civil {
    const fn at(time: Time) -> Self {
        let secs = time.0 / 1_000_000 + 8 * 3_600;
        let (days, of_day) = (secs / 86_400, secs % 86_400);
        // Days to a civil date by eras of 400 years that begin on 1 March, so that the leap day
        // is the last of its year.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + (month <= 2) as u64;
        Self {
            year: year as u32,
            month: month as u8,
            day: day as u8,
            hour: (of_day / 3_600) as u8,
            minute: (of_day / 60 % 60) as u8,
            second: (of_day % 60) as u8,
        }
    }

    /// The instant of this date and time of day; `None` where the calendar has no such.
    pub fn instant(self) -> Option<Time> {
        // Years that begin in March have their leap day at their end.
        let (year, month) = if self.month < 3 {
            (self.year.checked_sub(1)?, self.month + 9)
        } else {
            (self.year, self.month - 3)
        };
        let (year, month) = (u64::from(year), u64::from(month));
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5;
        let days = (days + u64::from(self.day)).checked_sub(719_469)?;
        let (hour, minute) = (u64::from(self.hour), u64::from(self.minute));
        let secs = ((days * 24 + hour) * 60 + minute) * 60 + u64::from(self.second);
        let time = Time::from_millis(secs.checked_sub(8 * 3_600)? * 1_000);
        (time.civil() == self).then_some(time)
    }

    /// `hhmmss`, as DE12 has it.
    pub const fn hhmmss(self) -> [u8; 6] {
        let (h, m, s) = (self.hour, self.minute, self.second);
        [tens(h), ones(h), tens(m), ones(m), tens(s), ones(s)]
    }

    /// `MMDD`, as DE13 has it.
    pub const fn mmdd(self) -> [u8; 4] {
        [
            tens(self.month),
            ones(self.month),
            tens(self.day),
            ones(self.day),
        ]
    }
}

const fn tens(n: u8) -> u8 {
    b'0' + n / 10 % 10
}

const fn ones(n: u8) -> u8 {
    b'0' + n % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_opens_at_eight_on_new_years_day() {
        let civil = Time::from_millis(1_767_225_600_000).civil();
        assert_eq!((civil.year, civil.month, civil.day), (2026, 1, 1));
        assert_eq!(&civil.hhmmss(), b"080000");
        assert_eq!(&civil.mmdd(), b"0101");
    }

    #[test]
    fn leap_days_exist_where_the_calendar_has_them() {
        // 2028-02-29 12:00:00 at UTC+8.
        let civil = Time::from_millis(1_835_409_600_000).civil();
        assert_eq!(
            (civil.year, civil.month, civil.day, civil.hour),
            (2028, 2, 29, 12)
        );
    }

    #[test]
    fn terminals_live_on_whole_milliseconds() {
        assert_eq!(
            Time::from_micros(1_001).ceil_to_millis(),
            Time::from_millis(2)
        );
        assert_eq!(
            Time::from_micros(2_000).ceil_to_millis(),
            Time::from_millis(2)
        );
    }

    #[test]
    fn spans_read_like_spans() {
        assert_eq!(Span::from_millis(250).to_string(), "250 ms");
        assert_eq!(Span::from_millis(1_500).to_string(), "1.500 s");
        assert_eq!(Span::from_secs(125).to_string(), "2 min 5 s");
    }

    #[test]
    fn a_date_is_its_instant_where_the_calendar_has_it() {
        let civil = |year, month, day, hour| Civil {
            year,
            month,
            day,
            hour,
            minute: 59,
            second: 7,
        };
        for there in [
            civil(1970, 1, 2, 0),
            civil(2026, 1, 1, 8),
            civil(2028, 2, 29, 23),
            civil(2100, 3, 1, 0),
            civil(2099, 12, 31, 23),
        ] {
            assert_eq!(there.instant().map(Time::civil), Some(there));
        }
        for nowhere in [
            civil(2027, 2, 29, 0),
            civil(2026, 13, 1, 0),
            civil(2026, 0, 1, 0),
            civil(2026, 4, 31, 0),
            civil(2026, 1, 1, 24),
            civil(1969, 12, 31, 0),
        ] {
            assert_eq!(nowhere.instant(), None, "{nowhere:?}");
        }
    }
}
