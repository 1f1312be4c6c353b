//! Merchant-presented payment codes after `EMVCo`: tag, two digits of length, value, and a CRC at
//! the end. Both directions: the acquirer writes them, terminals and phones read them.
//!
//! Not here: the picture. Lengths count characters, the CRC covers UTF-8.

use std::fmt::Write;

use thiserror::Error;

use crate::money::Fen;

/// `01`: the version of the format, always the first object.
pub const FORMAT: u8 = 0;
/// `11` for a code that serves many payments, `12` for one.
pub const INITIATION: u8 = 1;
/// UnionPay's place for the merchant's account.
pub const UNIONPAY: u8 = 15;
/// Merchant category code.
pub const CATEGORY: u8 = 52;
/// Currency, ISO 4217 numeric: `156`.
pub const CURRENCY: u8 = 53;
/// Amount, decimal.
pub const AMOUNT: u8 = 54;
/// Country, two letters.
pub const COUNTRY: u8 = 58;
/// Merchant's name.
pub const NAME: u8 = 59;
/// Merchant's city.
pub const CITY: u8 = 60;
/// Template with further data.
pub const ADDITIONAL: u8 = 62;
/// Inside of [`ADDITIONAL`]: reference of the order.
pub const REFERENCE: u8 = 5;
/// Inside of [`ADDITIONAL`]: the terminal.
pub const TERMINAL: u8 = 7;
/// The CRC, always the last object.
pub const CRC: u8 = 63;

/// Four hexadecimal digits follow the head of the CRC object.
const CRC_DIGITS: usize = 4;

/// Why a text is no payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PayloadError {
    /// A tag or a length is not two digits.
    #[error("at character {at}: an object begins with a tag and a length of two digits each")]
    Head {
        /// Characters before the object.
        at: usize,
    },
    /// The text ends inside of an object.
    #[error("at character {at}: object {tag:02} announces {length} characters and {left} follow")]
    Cut {
        /// Characters before the object.
        at: usize,
        /// Its tag.
        tag: u8,
        /// What its head announces.
        length: usize,
        /// What there is.
        left: usize,
    },
    /// The first object is not `000201`.
    #[error("a payload begins with 000201")]
    Format,
    /// The same tag stands there twice.
    #[error("object {0:02} stands there twice")]
    Twice(u8),
    /// The last object is not a CRC of four hexadecimal digits.
    #[error("a payload ends with object 63, four hexadecimal digits")]
    NoCrc,
    /// The CRC is another one.
    #[error("the CRC is {stated:04X} and should be {computed:04X}: the code is damaged")]
    Crc {
        /// What the payload says.
        stated: u16,
        /// What its characters give.
        computed: u16,
    },
    /// The amount is not a decimal number of yuan with at most two decimals.
    #[error("object 54 is no amount in yuan with at most two decimals")]
    Amount,
    /// A value that two digits of length cannot count.
    #[error("object {0:02} has more than 99 characters")]
    TooLong(u8),
}

/// CRC-16 with polynomial 1021, beginning with FFFF, nothing reflected.
pub fn crc(data: &[u8]) -> u16 {
    data.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ 0x1021
            }
        })
    })
}

/// Objects as text, without a CRC: the inside of a template.
///
/// # Errors
/// For a value of more than 99 characters.
pub fn objects(objects: &[(u8, &str)]) -> Result<String, PayloadError> {
    let mut text = String::with_capacity(160);
    for (tag, value) in objects {
        let length = value.chars().count();
        if length > 99 {
            return Err(PayloadError::TooLong(*tag));
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{tag:02}{length:02}{value}");
    }
    Ok(text)
}

/// A whole payload: the format, these objects in this order, the CRC.
///
/// # Errors
/// For a value of more than 99 characters.
pub fn build(of: &[(u8, &str)]) -> Result<String, PayloadError> {
    let mut text = String::from("000201");
    text.push_str(&objects(of)?);
    text.push_str("6304");
    let sum = crc(text.as_bytes());
    let _ = write!(text, "{sum:04X}");
    Ok(text)
}

/// A payload taken apart: it is whole and its CRC is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload<'t> {
    objects: Vec<(u8, &'t str)>,
}

impl<'t> Payload<'t> {
    /// Takes a text apart.
    ///
    /// # Errors
    /// The first thing that makes it no payload.
    pub fn parse(text: &'t str) -> Result<Self, PayloadError> {
        let objects = split(text)?;
        if objects.first() != Some(&(FORMAT, "01")) {
            return Err(PayloadError::Format);
        }
        let stated = match objects.last() {
            Some((CRC, digits))
                if digits.len() == CRC_DIGITS && digits.bytes().all(|d| d.is_ascii_hexdigit()) =>
            {
                u16::from_str_radix(digits, 16).map_err(|_| PayloadError::NoCrc)?
            }
            _ => return Err(PayloadError::NoCrc),
        };
        let computed = crc(&text.as_bytes()[..text.len() - CRC_DIGITS]);
        if stated != computed {
            return Err(PayloadError::Crc { stated, computed });
        }
        Ok(Self { objects })
    }

    /// The objects in their order, format and CRC among them.
    pub fn objects(&self) -> &[(u8, &'t str)] {
        &self.objects
    }

    /// The value of an object.
    pub fn get(&self, tag: u8) -> Option<&'t str> {
        find(&self.objects, tag)
    }

    /// A value inside of a template; `None` where either is missing or the template is broken.
    pub fn inside(&self, template: u8, tag: u8) -> Option<&'t str> {
        find(&split(self.get(template)?).ok()?, tag)
    }

    /// The amount; `None` where the customer is to type it.
    ///
    /// # Errors
    /// When it is no amount in yuan.
    pub fn amount(&self) -> Result<Option<Fen>, PayloadError> {
        self.get(AMOUNT)
            .map(|digits| fen(digits).ok_or(PayloadError::Amount))
            .transpose()
    }
}

fn find<'t>(objects: &[(u8, &'t str)], tag: u8) -> Option<&'t str> {
    objects
        .iter()
        .find(|(found, _)| *found == tag)
        .map(|(_, value)| *value)
}

/// The objects of a text, each tag once.
fn split(text: &str) -> Result<Vec<(u8, &str)>, PayloadError> {
    let mut objects = Vec::new();
    let mut seen = [false; 100];
    let (mut rest, mut at) = (text, 0);
    while !rest.is_empty() {
        let head = rest
            .as_bytes()
            .first_chunk::<4>()
            .filter(|head| head.iter().all(u8::is_ascii_digit))
            .ok_or(PayloadError::Head { at })?;
        let number = |high: u8, low: u8| (high - b'0') * 10 + (low - b'0');
        let tag = number(head[0], head[1]);
        let length = usize::from(number(head[2], head[3]));
        let body = &rest[4..];
        let end = match body.char_indices().nth(length) {
            Some((end, _)) => end,
            None if body.chars().count() == length => body.len(),
            None => {
                let left = body.chars().count();
                return Err(PayloadError::Cut {
                    at,
                    tag,
                    length,
                    left,
                });
            }
        };
        if std::mem::replace(&mut seen[usize::from(tag)], true) {
            return Err(PayloadError::Twice(tag));
        }
        objects.push((tag, &body[..end]));
        rest = &body[end..];
        at += 4 + length;
    }
    Ok(objects)
}

/// Yuan with up to two decimals as fen.
fn fen(yuan: &str) -> Option<Fen> {
    let (whole, decimals) = match yuan.split_once('.') {
        Some((whole, decimals)) if matches!(decimals.len(), 1 | 2) => (whole, decimals),
        Some(_) => return None,
        None => (yuan, ""),
    };
    if whole.len() > 13 {
        return None;
    }
    let whole = Fen::from_digits(whole.as_bytes())?.get() * 100;
    let decimals = match decimals.len() {
        0 => 0,
        1 => Fen::from_digits(decimals.as_bytes())?.get() * 10,
        _ => Fen::from_digits(decimals.as_bytes())?.get(),
    };
    Some(Fen::new(whole + decimals))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_crc_is_the_one_of_the_specification() {
        assert_eq!(crc(b"123456789"), 0x29B1);
    }

    #[test]
    fn published_payloads_are_read() {
        let chinese = "00020101021229300012D156000000000510A93FO3230Q31280012D1560000000103081234\
                       5678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202\
                       北京540523.7253031565502016233030412340603***0708A60086670902ME9132001\
                       6A0112233449988770708123456786304A13A";
        let payload = Payload::parse(chinese).unwrap();
        assert_eq!(payload.get(NAME), Some("BEST TRANSPORT"));
        assert_eq!(payload.get(CURRENCY), Some("156"));
        assert_eq!(payload.amount(), Ok(Some(Fen::new(2_372))));
        assert_eq!(payload.inside(ADDITIONAL, TERMINAL), Some("A6008667"));
        assert_eq!(payload.inside(64, 1), Some("最佳运输"));
        let static_code = "00020101021115312031041800520446JDBMSZZXE44BFS038680016A005266284662577\
                           01083217041802030020325mchVKyozC3MbjS51h67qal4Os5204581253034185802LA5915\
                           JDBMSZZXE44BFS06009Vientiane63043F88";
        assert_eq!(Payload::parse(static_code).unwrap().amount(), Ok(None));
    }

    #[test]
    fn a_published_payload_with_a_bad_crc_is_refused() {
        let bad = "000201010211153125000344000203445000344701100015204701153033445802HK59\
                   16DiscountTesting6008Hongkong62600120000000000000000000000520000000000\
                   000000000000708888888886304F153";
        assert_eq!(crc(&bad.as_bytes()[..bad.len() - 4]), 0xA20E);
        // As published a blank is missing as well, so that its objects do not add up either.
        assert!(Payload::parse(bad).is_err());
    }

    #[test]
    fn a_damaged_payload_says_what_its_crc_should_be() {
        let good = build(&[(AMOUNT, "128.50")]).unwrap();
        let bad = good.replace("128.50", "123.50");
        let Err(PayloadError::Crc { stated, computed }) = Payload::parse(&bad) else {
            panic!("{bad} was read");
        };
        assert!(good.ends_with(&format!("{stated:04X}")));
        assert_eq!(computed, crc(&bad.as_bytes()[..bad.len() - 4]));
    }

    #[test]
    fn three_decimals_are_no_amount() {
        let odd = "0002010102121313JCB12345678900416MASTER12345678905204531153033925407999.123580\
                   2JP5906DONGRI6005TOKYO62240104hoge0504fuga0704piyo6304C343";
        let payload = Payload::parse(odd).unwrap();
        assert_eq!(payload.get(AMOUNT), Some("999.123"));
        assert_eq!(payload.amount(), Err(PayloadError::Amount));
        for (yuan, amount) in [
            ("128.50", Some(12_850)),
            ("128.5", Some(12_850)),
            ("128", Some(12_800)),
            ("0.05", Some(5)),
            ("9999999999.99", Some(999_999_999_999)),
            ("1.234", None),
            ("1.", None),
            (".5", None),
            ("-1", None),
            ("1,00", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(fen(yuan).map(Fen::get), amount, "{yuan}");
        }
    }

    #[test]
    fn what_was_built_is_read() {
        let inside = objects(&[(REFERENCE, "000001000023"), (TERMINAL, "10000001")]).unwrap();
        let text = build(&[
            (INITIATION, "12"),
            (CURRENCY, "156"),
            (AMOUNT, "128.50"),
            (ADDITIONAL, &inside),
        ])
        .unwrap();
        let payload = Payload::parse(&text).unwrap();
        assert_eq!(payload.amount(), Ok(Some(Fen::new(12_850))));
        assert_eq!(payload.inside(ADDITIONAL, REFERENCE), Some("000001000023"));
        assert_eq!(
            build(&[(NAME, &"x".repeat(100))]),
            Err(PayloadError::TooLong(NAME))
        );
    }

    #[test]
    fn what_is_no_payload_says_why() {
        let good = build(&[(AMOUNT, "1.00")]).unwrap();
        for (text, error) in [
            ("", PayloadError::Format),
            ("https://example.org", PayloadError::Head { at: 0 }),
            ("0102115303156", PayloadError::Format),
            ("0002015303156", PayloadError::NoCrc),
            ("00020154041.00", PayloadError::NoCrc),
            ("0002010002016304ABCD", PayloadError::Twice(FORMAT)),
            (
                "0002015499",
                PayloadError::Cut {
                    at: 6,
                    tag: 54,
                    length: 99,
                    left: 0,
                },
            ),
        ] {
            assert_eq!(Payload::parse(text), Err(error), "{text}");
        }
        assert!(Payload::parse(&good[..good.len() - 1]).is_err());
    }

    proptest! {
        #[test]
        fn hostile_texts_are_refused_and_never_panic(text in "\\PC*") {
            prop_assert!(Payload::parse(&text).is_err());
        }

        #[test]
        fn one_changed_character_is_noticed(at in 6_usize..40, to in "[0-9A-Z]") {
            let good = build(&[(INITIATION, "12"), (CURRENCY, "156"), (AMOUNT, "128.50")]).unwrap();
            let at = at % good.len();
            let mut bad = good.clone();
            bad.replace_range(at..=at, &to);
            prop_assume!(bad != good);
            prop_assert!(Payload::parse(&bad).is_err());
        }
    }
}
