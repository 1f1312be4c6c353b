//! Money and time: how amounts and durations are written in steps. Not here: what is paid or waited
//! for.

use super::super::diagnostic::quoted;
use super::values::{BadValue, digits, too_large};

/// A regular expression for amounts.
pub(super) const AMOUNT: &str = concat!(
    r"(?:¥|RMB|CNY) *(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?(?: *(?:yuan|元))?",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})? *(?:yuan|元)",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) *(?:fen|分)",
    r"|(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{2}",
);

/// Units of time in microseconds; a unit that begins another one stands after it.
const UNITS: [(&str, u64); 29] = [
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("microsecond", 1),
    ("millisecond", 1_000),
    ("seconds", 1_000_000),
    ("minutes", 60_000_000),
    ("second", 1_000_000),
    ("minute", 60_000_000),
    ("hours", 3_600_000_000),
    ("hour", 3_600_000_000),
    ("days", 86_400_000_000),
    ("day", 86_400_000_000),
    ("secs", 1_000_000),
    ("mins", 60_000_000),
    ("sec", 1_000_000),
    ("min", 60_000_000),
    ("µs", 1),
    ("us", 1),
    ("ms", 1_000),
    ("h", 3_600_000_000),
    ("s", 1_000_000),
    ("微秒", 1),
    ("毫秒", 1_000),
    ("秒钟", 1_000_000),
    ("秒", 1_000_000),
    ("分钟", 60_000_000),
    ("小时", 3_600_000_000),
    ("天", 86_400_000_000),
    ("分", 60_000_000),
];

/// A regular expression for durations.
pub(super) fn duration_regex() -> String {
    let units: Vec<&str> = UNITS.iter().map(|(unit, _)| *unit).collect();
    let one = format!(r"[0-9]+(?:\.[0-9]+)? *(?:{})", units.join("|"));
    format!("{one}(?: *{one})*")
}

/// An amount in fen.
pub(super) fn amount(text: &str) -> Result<u64, BadValue> {
    let bad = || {
        let bare = digits(text);
        BadValue {
            why: format!("{} is no amount", quoted(text)),
            help: if bare {
                format!("yuan or fen? write {text} yuan or {text} fen ({text}元, {text}分)")
            } else {
                "write 128.50 yuan or 12850 fen (128.50元, 12850分)".into()
            },
        }
    };
    let mut number = text.trim();
    let mut yuan = false;
    for sign in ["¥", "RMB", "CNY"] {
        if let Some(rest) = number.strip_prefix(sign) {
            (number, yuan) = (rest.trim_start(), true);
        }
    }
    let mut fen = false;
    for (unit, whole) in [("yuan", true), ("元", true), ("fen", false), ("分", false)] {
        if let Some(rest) = number.strip_suffix(unit) {
            (number, yuan, fen) = (rest.trim_end(), yuan || whole, fen || !whole);
        }
    }
    let (whole, cents) = match number.split_once('.') {
        Some((whole, cents)) => (whole, Some(cents)),
        None => (number, None),
    };
    // Bare it is yuan, but only where it cannot be taken for fen.
    let bare = !yuan && !fen && cents.is_some_and(|cents| cents.len() == 2);
    if yuan == fen && !bare || fen && cents.is_some() {
        return Err(bad());
    }
    let whole = ungroup(whole)
        .filter(|whole| digits(whole))
        .ok_or_else(bad)?;
    let cents = cents.unwrap_or("");
    if number.contains('.') && !digits(cents) || cents.len() > 2 {
        return Err(bad());
    }
    let value = whole.parse::<u64>().ok();
    let value = if fen {
        value
    } else {
        let cents: u64 = format!("{cents:0<2}").parse().map_err(|_| bad())?;
        value
            .and_then(|yuan| yuan.checked_mul(100))
            .and_then(|fen| fen.checked_add(cents))
    };
    value.ok_or_else(|| too_large(text))
}

/// Takes the commas out of `1,234,567`; `None` where they stand wrong.
fn ungroup(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let mut out = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

/// A length of time in microseconds.
pub(super) fn duration(text: &str) -> Result<u64, BadValue> {
    let bad = || BadValue {
        why: format!("{} is no length of time", quoted(text)),
        help: "write 5 seconds, 200 ms, 2 minutes or 1 hour (5秒, 200毫秒, 2分钟, 1小时)".into(),
    };
    let mut rest = text.trim();
    let mut sum: Option<u128> = None;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(bad)?;
        let number = &rest[..end];
        rest = rest[end..].trim_start();
        let (unit, micros) = UNITS
            .iter()
            .find(|(unit, _)| {
                rest.strip_prefix(unit).is_some_and(|tail| {
                    !unit.ends_with(|c: char| c.is_ascii_alphabetic())
                        || !tail.starts_with(|c: char| c.is_ascii_alphabetic())
                })
            })
            .ok_or_else(bad)?;
        rest = rest[unit.len()..].trim_start();
        let micros = scaled(number, *micros).ok_or_else(bad)?;
        let all = sum.unwrap_or(0).checked_add(micros);
        sum = Some(all.ok_or_else(|| too_large(text))?);
    }
    let sum = sum.ok_or_else(bad)?;
    u64::try_from(sum).map_err(|_| too_large(text))
}

/// `number` times `unit` without rounding; `None` for what is no number or finer than a
/// microsecond.
fn scaled(number: &str, unit: u64) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    // More digits than these are out of range whatever they say.
    if !digits(whole) || !digits(fraction) || whole.len() > 20 || fraction.len() > 12 {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = fraction.parse::<u128>().ok()? * u128::from(unit);
    if part % scale != 0 {
        return None;
    }
    Some(whole.parse::<u128>().ok()? * u128::from(unit) + part / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_fen() {
        for (text, fen) in [
            ("128.50 yuan", 12_850),
            ("128.5元", 12_850),
            ("128 元", 12_800),
            ("¥128.50", 12_850),
            ("¥ 128元", 12_800),
            ("RMB 1,234.05", 123_405),
            ("128.50", 12_850),
            ("12850 fen", 12_850),
            ("12850分", 12_850),
            ("0.01 yuan", 1),
            ("0元", 0),
        ] {
            assert_eq!(amount(text), Ok(fen), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_says_why() {
        for text in [
            "128",
            "128.5",
            "128.505元",
            "1.5分",
            "-1元",
            "1,23元",
            "元",
            ".5元",
            "5 yuan fen",
            "",
        ] {
            assert!(amount(text).is_err(), "{text}");
        }
        let error = amount("128").expect_err("ambiguous");
        assert_eq!(
            error.to_string(),
            "\"128\" is no amount (yuan or fen? write 128 yuan or 128 fen (128元, 128分))"
        );
        let error = amount("184467440737095516.16元").expect_err("too large");
        assert!(error.why.ends_with("is too large"));
        assert_eq!(amount("184467440737095516.15元"), Ok(u64::MAX));
    }

    #[test]
    fn durations_are_microseconds() {
        for (text, micros) in [
            ("5 seconds", 5_000_000),
            ("1 second", 1_000_000),
            ("200 ms", 200_000),
            ("200ms", 200_000),
            ("1.5 s", 1_500_000),
            ("7 µs", 7),
            ("2 minutes", 120_000_000),
            ("1 hour 30 min", 5_400_000_000),
            ("2 days", 172_800_000_000),
            ("5秒", 5_000_000),
            ("5秒钟", 5_000_000),
            ("200 毫秒", 200_000),
            ("2分钟", 120_000_000),
            ("1分30秒", 90_000_000),
            ("1小时", 3_600_000_000),
            ("0.5秒", 500_000),
        ] {
            assert_eq!(duration(text), Ok(micros), "{text}");
        }
        for text in [
            "5",
            "seconds",
            "5 secondss",
            "5 sheep",
            "0.0000001 s",
            "-5 s",
            "5..5 s",
            "",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(
            duration("99999999999999 days")
                .expect_err("large")
                .why
                .contains("too large")
        );
    }
}
