//! The units of tc-netem, read and written exactly as tc has them: probabilities (`0.5%`), times
//! (`120ms`) and rates (`2mbit`). Not here: what they are used for.

use std::fmt;
use std::str::FromStr;

use crate::time::Span;

/// The longest time an impairment may name: an hour. Keeps all arithmetic on delays far from its
/// limits.
pub const LONGEST: Span = Span::from_secs(3_600);

/// A probability in parts per million, 0 to 1,000,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u32);

impl Probability {
    /// Never.
    pub const NEVER: Self = Self(0);
    /// Always.
    pub const ALWAYS: Self = Self(1_000_000);

    /// From parts per million; what is above a million counts as always.
    pub const fn from_ppm(ppm: u32) -> Self {
        if ppm > Self::ALWAYS.0 {
            Self::ALWAYS
        } else {
            Self(ppm)
        }
    }

    /// Parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// One minus this.
    pub(super) const fn complement(self) -> Self {
        Self(Self::ALWAYS.0 - self.0)
    }

    /// How many of the 2³² values of a 32-bit draw are hits: a draw below this number is one.
    pub(super) const fn threshold(self) -> u64 {
        ((self.0 as u64) << 32) / Self::ALWAYS.0 as u64
    }
}

impl fmt::Display for Probability {
    /// In per cent, with as many decimals as it needs: `0.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal(f, u64::from(self.0), 4)?;
        f.write_str("%")
    }
}

/// Why a quantity could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// Not a percentage.
    #[error("is not a percentage from 0% to 100% with at most four decimals")]
    Percentage,
    /// Not a time.
    #[error("is not a time of at most an hour in whole microseconds, such as 120ms, 1.5s or 800us")]
    Time,
    /// Not a rate.
    #[error("is not a rate of at least 8bit a second, such as 64kbit or 2.5mbit")]
    Rate,
    /// Not a whole number, or out of its range.
    #[error("is not a whole number in range")]
    Number,
}

impl FromStr for Probability {
    type Err = QuantityError;

    /// `0.5%`; the sign may be left out, as with tc.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        scaled(text.strip_suffix('%').unwrap_or(text), 10_000)
            .filter(|&ppm| ppm <= u64::from(Self::ALWAYS.0))
            .map(|ppm| Self(ppm as u32))
            .ok_or(QuantityError::Percentage)
    }
}

/// A time as tc writes it. Without a unit it is microseconds, as with tc.
pub(super) fn span(text: &str) -> Result<Span, QuantityError> {
    let units = [
        ("usecs", 1),
        ("usec", 1),
        ("us", 1),
        ("msecs", 1_000),
        ("msec", 1_000),
        ("ms", 1_000),
        ("secs", 1_000_000),
        ("sec", 1_000_000),
        ("s", 1_000_000),
        ("", 1),
    ];
    units
        .iter()
        .find_map(|&(unit, scale)| text.strip_suffix(unit).map(|number| (number, scale)))
        .and_then(|(number, scale)| scaled(number, scale))
        .map(Span::from_micros)
        .filter(|&span| span <= LONGEST)
        .ok_or(QuantityError::Time)
}

/// Writes a time so that [`span`] and tc read it back: the largest unit that needs no decimals.
pub(super) struct Tc(pub Span);

impl fmt::Display for Tc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_micros();
        if us.is_multiple_of(1_000_000) {
            write!(f, "{}s", us / 1_000_000)
        } else if us.is_multiple_of(1_000) {
            write!(f, "{}ms", us / 1_000)
        } else {
            write!(f, "{us}us")
        }
    }
}

/// Times in data files, as tc writes them: `#[serde(with = "time_text")]`.
pub mod time_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::{Tc, span};
    use crate::time::Span;

    /// Writes `1500ms`.
    #[expect(clippy::missing_errors_doc, reason = "the form that serde asks for")]
    pub fn serialize<S: Serializer>(time: &Span, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Tc(*time))
    }

    /// Reads `1.5s`.
    #[expect(clippy::missing_errors_doc, reason = "the form that serde asks for")]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        span(&text).map_err(|error| de::Error::custom(format!("{text:?} {error}")))
    }
}

/// A rate in bits per second as tc writes it. tc counts whole bytes, so less than 8 is nothing.
pub(super) fn rate(text: &str) -> Result<u64, QuantityError> {
    let text = text.to_ascii_lowercase();
    let units = [
        ("kbit", 1_000),
        ("mbit", 1_000_000),
        ("gbit", 1_000_000_000),
        ("bit", 1),
        ("", 1),
    ];
    units
        .iter()
        .find_map(|&(unit, scale)| text.strip_suffix(unit).map(|number| (number, scale)))
        .and_then(|(number, scale)| scaled(number, scale))
        .filter(|&bits| bits >= 8)
        .ok_or(QuantityError::Rate)
}

/// Writes a rate so that [`rate`] and tc read it back.
pub(super) struct TcRate(pub u64);

impl fmt::Display for TcRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0;
        match bits {
            _ if bits.is_multiple_of(1_000_000_000) => write!(f, "{}gbit", bits / 1_000_000_000),
            _ if bits.is_multiple_of(1_000_000) => write!(f, "{}mbit", bits / 1_000_000),
            _ if bits.is_multiple_of(1_000) => write!(f, "{}kbit", bits / 1_000),
            _ => write!(f, "{bits}bit"),
        }
    }
}

/// A whole number within the range of its type.
pub(super) fn number<N: FromStr>(text: &str) -> Result<N, QuantityError> {
    text.parse().map_err(|_| QuantityError::Number)
}

/// `number × scale` of a decimal number, exactly; `None` where it is none, too large, or has more
/// decimals than the scale can hold.
fn scaled(number: &str, scale: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut value = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let mut place = scale;
    for digit in fraction.bytes().map(|b| u64::from(b - b'0')) {
        if place < 10 && digit != 0 {
            return None;
        }
        place /= 10;
        value = value.checked_add(digit * place)?;
    }
    Some(value)
}

/// Writes `value / 10^places` without trailing zeros.
fn decimal(f: &mut fmt::Formatter<'_>, value: u64, places: u32) -> fmt::Result {
    let scale = 10_u64.pow(places);
    write!(f, "{}", value / scale)?;
    let (mut rest, mut places) = (value % scale, places as usize);
    if rest == 0 {
        return Ok(());
    }
    while rest.is_multiple_of(10) {
        rest /= 10;
        places -= 1;
    }
    write!(f, ".{rest:0places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact_to_a_millionth() {
        assert_eq!("0.5%".parse(), Ok(Probability(5_000)));
        assert_eq!("12.3456".parse(), Ok(Probability(123_456)));
        assert_eq!("100%".parse(), Ok(Probability::ALWAYS));
        for wrong in ["", "%", "101%", "0.00001%", "-1%", "1,5%", "1.%", "half"] {
            assert_eq!(
                wrong.parse::<Probability>(),
                Err(QuantityError::Percentage),
                "{wrong}"
            );
        }
        assert_eq!(Probability(123_450).to_string(), "12.345%");
        assert_eq!(Probability(20).to_string(), "0.002%");
        assert_eq!(Probability::ALWAYS.to_string(), "100%");
    }

    #[test]
    fn always_hits_every_draw_and_never_hits_none() {
        assert_eq!(Probability::ALWAYS.threshold(), 1 << 32);
        assert_eq!(Probability::NEVER.threshold(), 0);
        assert_eq!(Probability(500_000).threshold(), 1 << 31);
    }

    #[test]
    fn times_are_read_and_written_as_tc_has_them() {
        for (text, us) in [
            ("120ms", 120_000),
            ("1.5s", 1_500_000),
            ("800us", 800),
            ("800", 800),
            ("2sec", 2_000_000),
        ] {
            assert_eq!(span(text), Ok(Span::from_micros(us)), "{text}");
        }
        for wrong in ["", "ms", "0.5us", "0.05us", "3601s", "1h", "1e3ms", "-1ms"] {
            assert_eq!(span(wrong), Err(QuantityError::Time), "{wrong}");
        }
        assert_eq!(Tc(Span::from_micros(1_500_000)).to_string(), "1500ms");
        assert_eq!(Tc(Span::from_secs(2)).to_string(), "2s");
        assert_eq!(Tc(Span::from_micros(801)).to_string(), "801us");
    }

    #[test]
    fn rates_are_bits_per_second_in_thousands() {
        assert_eq!(rate("2.5mbit"), Ok(2_500_000));
        assert_eq!(rate("64Kbit"), Ok(64_000));
        assert_eq!(rate("9600"), Ok(9_600));
        for wrong in ["0kbit", "7bit", "fast", "1tbit"] {
            assert_eq!(rate(wrong), Err(QuantityError::Rate), "{wrong}");
        }
        assert_eq!(TcRate(2_500_000).to_string(), "2500kbit");
    }
}
