//! A day in the shop's calendar, as files that people write have it: `2027-01-31`.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use counterproof_sim::time::{Civil, Span, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u32,
    month: u8,
    of_month: u8,
}

impl Day {
    /// Today, and the day so many days later.
    pub fn today_and_in(days: u32) -> (Self, Self) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = Time::from_millis(since.map_or(0, |since| since.as_millis() as u64));
        let later = now + Span::from_secs(86_400).times(u64::from(days));
        (now.civil().into(), later.civil().into())
    }
}

impl From<Civil> for Day {
    fn from(civil: Civil) -> Self {
        Self {
            year: civil.year,
            month: civil.month,
            of_month: civil.day,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

impl FromStr for Day {
    type Err = ();

    /// From `YYYY-MM-DD` of a day that there is.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let text = parts.next().ok_or(())?;
            let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
            if is_number {
                text.parse::<u32>().map_err(|_| ())
            } else {
                Err(())
            }
        };
        let (year, month, of_month) = (part(4)?, part(2)? as u8, part(2)? as u8);
        if parts.next().is_some() {
            return Err(());
        }
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return Err(()),
        };
        let day = (1..=days).contains(&of_month).then_some(Self {
            year,
            month,
            of_month,
        });
        day.ok_or(())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|()| serde::de::Error::custom(format_args!("no day: {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_if_there_is_one() {
        for text in ["2027-01-31", "2028-02-29", "2000-02-29", "0001-12-31"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(day.to_string(), text);
        }
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-1-1",
            "+027-01-01",
            "2027-01",
            "2027-01-01-01",
            "",
            "soon",
        ] {
            assert_eq!(text.parse::<Day>(), Err(()), "{text}");
        }
    }

    #[test]
    fn days_are_ordered_and_counted() {
        let of = |text: &str| text.parse::<Day>().unwrap();
        assert!(of("2026-12-31") < of("2027-01-01"));
        let (today, tomorrow) = Day::today_and_in(1);
        assert!(today < tomorrow);
    }
}
