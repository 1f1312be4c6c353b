//! The host's date and time, which carry no year, against the terminal's own clock.

use crate::time::{Civil, Span, Time};

/// `MMDDhhmmss`, as DE13 and DE12 have it.
pub(super) type HostClock = [u8; 10];

/// A date `MMDD` and a time `hhmmss` together.
pub(super) fn join(date: [u8; 4], time: [u8; 6]) -> HostClock {
    let mut clock = [0; 10];
    clock[..4].copy_from_slice(&date);
    clock[4..].copy_from_slice(&time);
    clock
}

/// Seconds that the host's clock is ahead of ours; `None` when it shows no date and time. Of the
/// years that it may mean the nearest is taken.
pub(super) fn difference(host: &HostClock, now: Time) -> Option<i64> {
    let two = |place: usize| {
        let (tens, ones) = (host[place], host[place + 1]);
        (tens.is_ascii_digit() && ones.is_ascii_digit())
            .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (month, day) = (two(0)?, two(2)?);
    let (hour, minute, second) = (two(4)?, two(6)?, two(8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    let civil = now.civil();
    let own = seconds(
        i64::from(civil.year),
        i64::from(civil.month),
        i64::from(civil.day),
    ) + of_day(civil.hour.into(), civil.minute.into(), civil.second.into());
    let theirs = |year: i64| seconds(year, month, day) + of_day(hour, minute, second);
    let year = i64::from(civil.year);
    [year - 1, year, year + 1]
        .into_iter()
        .map(|year| theirs(year) - own)
        .min_by_key(|difference| difference.abs())
}

/// Our clock, corrected by so many seconds.
pub(super) fn corrected(at: Time, seconds: i64) -> Time {
    let span = Span::from_secs(seconds.unsigned_abs());
    if seconds < 0 { at - span } else { at + span }
}

/// The year of a host's date: ours, unless the turn of the year lies between the two.
pub(super) fn year_of(own: Civil, month: [u8; 2]) -> u64 {
    let year = u64::from(own.year);
    match (own.month, &month) {
        (1, b"12") => year - 1,
        (12, b"01") => year + 1,
        _ => year,
    }
}

const fn of_day(hour: i64, minute: i64, second: i64) -> i64 {
    (hour * 60 + minute) * 60 + second
}

/// Seconds from 1 March of the year 0 to midnight of a date.
const fn seconds(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their leap day at their end.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    days * 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01 08:00:00 in the shop.
    const NEW_YEAR: Time = Time::from_millis(1_767_225_600_000);

    #[test]
    fn the_host_may_be_ahead_or_behind() {
        assert_eq!(difference(b"0101080000", NEW_YEAR), Some(0));
        assert_eq!(difference(b"0101080130", NEW_YEAR), Some(90));
        assert_eq!(difference(b"1231235959", NEW_YEAR), Some(-8 * 3_600 - 1));
        assert_eq!(difference(b"0102080000", NEW_YEAR), Some(86_400));
        assert_eq!(difference(b"1301080000", NEW_YEAR), None);
        assert_eq!(difference(b"01010800xx", NEW_YEAR), None);
    }

    #[test]
    fn a_corrected_clock_shows_what_the_host_showed() {
        for host in [b"1231235959", b"0101075959", b"0301000000", b"0228120000"] {
            let own = corrected(NEW_YEAR, difference(host, NEW_YEAR).unwrap()).civil();
            assert_eq!([&own.mmdd()[..], &own.hhmmss()[..]].concat(), host);
        }
    }

    #[test]
    fn a_date_at_the_turn_of_the_year_is_in_the_right_one() {
        let own = NEW_YEAR.civil();
        assert_eq!(year_of(own, *b"01"), 2026);
        assert_eq!(year_of(own, *b"12"), 2025);
        let before = corrected(NEW_YEAR, -9 * 3_600).civil();
        assert_eq!((before.year, year_of(before, *b"01")), (2025, 2026));
    }
}
