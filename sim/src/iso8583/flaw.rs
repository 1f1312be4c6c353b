//! Frames that are wrong on purpose: each flaw breaks one rule of the dialect and leaves the rest,
//! the frame's length and its MAC among it, right.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::bcd::Alphabet;
use super::decode::DecodeError;
use super::dialect::{Align, Dialect, Packing, Prefix};
use super::field::Field;
use super::frame;
use super::mac::MacKey;
use super::mti::Mti;
use super::packet::{BITMAP_OFFSET, MTI_OFFSET, Packet, Span};

/// Bytes of DE64.
const MAC: usize = 8;

/// One thing that is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// The bitmap names a field that is not there.
    ExtraBit(Field),
    /// The bitmap does not name a field that is there.
    MissingBit(Field),
    /// A field is left out, and the bitmap says so.
    MissingField(Field),
    /// A field has another last character or digit.
    OtherValue(Field),
    /// The length indicator of a field says one more than there is.
    LongIndicator(Field),
    /// The length indicator of a field says one less than there is.
    ShortIndicator(Field),
    /// A numeric field starts with something that is no digit.
    BadDigit(Field),
    /// The message type is another.
    OtherMti(Mti),
    /// The TPDU addresses are neither those of the request nor swapped.
    OtherTpdu,
    /// That many bytes are missing at the end, and the length says so.
    Truncated(u16),
    /// That many bytes follow the last field, and the length says so.
    Trailing(u16),
    /// One bit of DE64 is another.
    WrongMac,
    /// DE64 is left out, and the bitmap says so.
    NoMac,
    /// The length bytes announce that many bytes more than follow.
    LongFrame(u16),
    /// The length bytes announce that many bytes fewer than follow.
    ShortFrame(u16),
}

/// Why a flaw cannot be put into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FlawError {
    /// The frame was wrong before.
    #[error("the frame does not decode as it is: {0}")]
    Frame(#[from] DecodeError),
    /// The frame lacks the field.
    #[error("{0} is not in the frame")]
    Missing(Field),
    /// The frame has the field.
    #[error("{0} is in the frame already")]
    Present(Field),
    /// The field has no length indicator, or one that cannot be changed by one.
    #[error("{0} has no length indicator that could be wrong by one")]
    Fixed(Field),
    /// The field is not made of digits.
    #[error("{0} is not made of digits")]
    NotDigits(Field),
    /// The frame would be shorter than nothing or longer than a frame can be.
    #[error("the frame cannot change by {0} bytes")]
    Size(u16),
}

impl Flaw {
    /// The frame (length bytes included) with the flaw in it. With `key` the MAC is made right again
    /// where the flaw is not in the MAC itself; without, it stays as it was.
    ///
    /// # Errors
    /// When the frame is no message of the dialect, or one that cannot have this flaw.
    pub fn apply(
        self,
        dialect: &Dialect,
        frame: &[u8],
        key: Option<&MacKey>,
    ) -> Result<Vec<u8>, FlawError> {
        let packet = dialect.parse_frame(frame)?;
        let mut body = frame[frame::PREFIX..].to_vec();
        let mut announced = 0_i32;
        match self {
            Self::ExtraBit(field) => {
                if packet.message.has(field) {
                    return Err(FlawError::Present(field));
                }
                toggle(&mut body, field);
            }
            Self::MissingBit(field) => {
                place(&packet, field)?;
                toggle(&mut body, field);
            }
            Self::MissingField(field) => cut(dialect, &packet, field, &mut body)?,
            Self::NoMac => cut(dialect, &packet, Field::MAC, &mut body)?,
            Self::OtherValue(field) => other_value(dialect, &packet, field, &mut body)?,
            Self::LongIndicator(field) => indicate(dialect, &packet, field, &mut body, 1)?,
            Self::ShortIndicator(field) => indicate(dialect, &packet, field, &mut body, -1)?,
            Self::BadDigit(field) => bad_digit(dialect, &packet, field, &mut body)?,
            Self::OtherMti(mti) => {
                body[MTI_OFFSET..BITMAP_OFFSET].copy_from_slice(&mti.0.to_be_bytes());
            }
            Self::OtherTpdu => {
                // With only the last digit of the destination changed, it cannot be the swapped pair.
                body[2] ^= 0x01;
            }
            Self::Truncated(bytes) => {
                let left = body.len().checked_sub(bytes.into());
                body.truncate(left.ok_or(FlawError::Size(bytes))?);
            }
            Self::Trailing(bytes) => body.resize(body.len() + usize::from(bytes), 0),
            Self::WrongMac => {
                let span = place(&packet, Field::MAC)?;
                body[span.offset + span.length - 1] ^= 0x01;
            }
            Self::LongFrame(bytes) => announced = bytes.into(),
            Self::ShortFrame(bytes) => announced = -i32::from(bytes),
        }
        if let Some(key) = key.filter(|_| self.keeps_mac(&packet)) {
            let end = body.len() - MAC;
            let mac = key.mac(&body[MTI_OFFSET..end]);
            body[end..].copy_from_slice(&mac);
        }
        let length = i32::try_from(body.len())
            .ok()
            .and_then(|length| u16::try_from(length + announced).ok())
            .ok_or(FlawError::Size(announced.unsigned_abs() as u16))?;
        let mut flawed = length.to_be_bytes().to_vec();
        flawed.append(&mut body);
        Ok(flawed)
    }

    /// Whether the last eight bytes are still DE64 and meant to be right.
    fn keeps_mac(self, packet: &Packet) -> bool {
        let mac_ends_it = packet.message.has(Field::MAC) && packet.leftover == 0;
        let elsewhere = match self {
            Self::ExtraBit(_)
            | Self::LongIndicator(_)
            | Self::ShortIndicator(_)
            | Self::OtherMti(_) => true,
            Self::MissingBit(field)
            | Self::MissingField(field)
            | Self::OtherValue(field)
            | Self::BadDigit(field) => field != Field::MAC,
            Self::OtherTpdu
            | Self::Truncated(_)
            | Self::Trailing(_)
            | Self::WrongMac
            | Self::NoMac
            | Self::LongFrame(_)
            | Self::ShortFrame(_) => false,
        };
        mac_ends_it && elsewhere
    }
}

fn place(packet: &Packet, field: Field) -> Result<Span, FlawError> {
    packet.span(field).ok_or(FlawError::Missing(field))
}

fn toggle(body: &mut [u8], field: Field) {
    let bit = usize::from(field.number() - 1);
    body[BITMAP_OFFSET + bit / 8] ^= 0x80 >> (bit % 8);
}

/// Takes a field out, its length indicator and its bit with it.
fn cut(
    dialect: &Dialect,
    packet: &Packet,
    field: Field,
    body: &mut Vec<u8>,
) -> Result<(), FlawError> {
    let span = place(packet, field)?;
    let prefix = dialect.table(packet.message.mti()).formats[field.index()].prefix;
    body.drain(span.offset - prefix.bytes()..span.offset + span.length);
    toggle(body, field);
    Ok(())
}

fn other_value(
    dialect: &Dialect,
    packet: &Packet,
    field: Field,
    body: &mut [u8],
) -> Result<(), FlawError> {
    let span = place(packet, field)?;
    if span.length == 0 {
        return Err(FlawError::Missing(field));
    }
    let format = dialect.table(packet.message.mti()).formats[field.index()];
    let digits = packet.message.get(field).map_or(0, <[u8]>::len);
    let last = &mut body[span.offset + span.length - 1];
    *last ^= match format.packing {
        // The last digit stands in the high nibble where the low one is fill.
        Packing::Packed(layout) if digits % 2 == 1 && layout.align == Align::Left => 0x10,
        Packing::Packed(_) | Packing::AsciiDigits(_) | Packing::Bytes => 0x01,
    };
    Ok(())
}

fn indicate(
    dialect: &Dialect,
    packet: &Packet,
    field: Field,
    body: &mut [u8],
    by: isize,
) -> Result<(), FlawError> {
    let span = place(packet, field)?;
    let prefix = dialect.table(packet.message.mti()).formats[field.index()].prefix;
    let most = match prefix {
        Prefix::Fixed => return Err(FlawError::Fixed(field)),
        Prefix::Two => 99,
        Prefix::Three => 9999,
    };
    let mut rest = packet
        .message
        .get(field)
        .and_then(|value| value.len().checked_add_signed(by))
        .filter(|length| *length <= most)
        .ok_or(FlawError::Fixed(field))?;
    for byte in body[span.offset - prefix.bytes()..span.offset]
        .iter_mut()
        .rev()
    {
        *byte = (((rest / 10 % 10) << 4) | (rest % 10)) as u8;
        rest /= 100;
    }
    Ok(())
}

fn bad_digit(
    dialect: &Dialect,
    packet: &Packet,
    field: Field,
    body: &mut [u8],
) -> Result<(), FlawError> {
    let span = place(packet, field)?;
    let format = dialect.table(packet.message.mti()).formats[field.index()];
    if span.length == 0 {
        return Err(FlawError::NotDigits(field));
    }
    match format.packing {
        Packing::Packed(layout) if layout.alphabet == Alphabet::Decimal => {
            // At the side of its alignment the first byte has a digit and no fill.
            body[span.offset] |= match layout.align {
                Align::Left => 0xF0,
                Align::Right => 0x0F,
            };
        }
        Packing::AsciiDigits(_) => body[span.offset] = b'A',
        Packing::Packed(_) | Packing::Bytes => return Err(FlawError::NotDigits(field)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::decode::Reason;
    use crate::iso8583::hex;
    use crate::iso8583::mac::Algorithm;
    use crate::iso8583::vectors::{ECB_KEY, vector};

    fn key() -> MacKey {
        MacKey::new(Algorithm::Ecb, &hex::decode(ECB_KEY).unwrap()).unwrap()
    }

    fn flawed(flaw: Flaw) -> Vec<u8> {
        let sale = vector("Q1").frame();
        flaw.apply(Dialect::cup(), &sale, Some(&key())).unwrap()
    }

    fn decoded(flaw: Flaw) -> Result<Packet, DecodeError> {
        Dialect::cup().parse_frame(&flawed(flaw))
    }

    fn reason(flaw: Flaw) -> Reason {
        decoded(flaw).unwrap_err().reason
    }

    #[test]
    fn flaws_of_structure_are_found_where_they_are() {
        let reasons = [
            (Flaw::ExtraBit(Field::TOTALS), 61),
            (Flaw::MissingBit(Field::STAN), 61),
            (Flaw::LongIndicator(Field::CODE), 91),
            (Flaw::BadDigit(Field::AMOUNT), 26),
            (Flaw::Truncated(1), 99),
            (Flaw::LongFrame(1), 0),
            (Flaw::ShortFrame(1), 0),
        ];
        for (flaw, offset) in reasons {
            assert_eq!(decoded(flaw).unwrap_err().offset, offset, "{flaw:?}");
        }
        assert_eq!(reason(Flaw::BadDigit(Field::AMOUNT)), Reason::Digit(0xF));
        assert!(matches!(
            reason(Flaw::Truncated(1)),
            Reason::Short { needed: 8, left: 7 }
        ));
    }

    #[test]
    fn flaws_of_content_leave_a_message_with_a_right_mac() {
        for flaw in [
            Flaw::MissingField(Field::CURRENCY),
            Flaw::OtherValue(Field::STAN),
            Flaw::OtherValue(Field::BATCH),
            Flaw::OtherValue(Field::TERMINAL),
            Flaw::OtherMti(Mti(0x0210)),
            Flaw::OtherTpdu,
        ] {
            let packet = decoded(flaw).unwrap();
            assert_eq!(packet.leftover, 0, "{flaw:?}");
            assert!(key().verify(&flawed(flaw)[2..], &packet), "{flaw:?}");
            let sale = Dialect::cup().parse_frame(&vector("Q1").frame()).unwrap();
            assert!(
                packet.message != sale.message || packet.tpdu != sale.tpdu,
                "{flaw:?}"
            );
        }
    }

    #[test]
    fn flaws_of_the_mac_leave_the_rest() {
        let packet = decoded(Flaw::WrongMac).unwrap();
        assert!(!key().verify(&flawed(Flaw::WrongMac)[2..], &packet));
        let packet = decoded(Flaw::NoMac).unwrap();
        assert!(!packet.message.has(Field::MAC));
        assert_eq!((packet.message.fields().count(), packet.leftover), (10, 0));
        let packet = decoded(Flaw::Trailing(3)).unwrap();
        assert_eq!(packet.leftover, 3);
        assert!(key().verify(&flawed(Flaw::Trailing(3))[2..], &packet));
    }

    #[test]
    fn a_flaw_that_does_not_fit_says_why() {
        let sale = vector("Q1").frame();
        let apply = |flaw: Flaw| flaw.apply(Dialect::cup(), &sale, None).unwrap_err();
        assert_eq!(
            apply(Flaw::ExtraBit(Field::STAN)),
            FlawError::Present(Field::STAN)
        );
        assert_eq!(
            apply(Flaw::MissingField(Field::RRN)),
            FlawError::Missing(Field::RRN)
        );
        assert_eq!(
            apply(Flaw::LongIndicator(Field::STAN)),
            FlawError::Fixed(Field::STAN)
        );
        assert_eq!(
            apply(Flaw::BadDigit(Field::MAC)),
            FlawError::NotDigits(Field::MAC)
        );
        assert_eq!(apply(Flaw::Truncated(999)), FlawError::Size(999));
        assert!(matches!(
            Flaw::NoMac.apply(Dialect::cup(), &sale[..40], None),
            Err(FlawError::Frame(_))
        ));
    }

    #[test]
    fn flaws_have_names_for_files() {
        let flaw = Flaw::BadDigit(Field::AMOUNT);
        assert_eq!(serde_json::to_string(&flaw).unwrap(), r#"{"bad-digit":4}"#);
        assert_eq!(
            serde_json::from_str::<Flaw>(r#"{"other-mti":"0210"}"#).unwrap(),
            Flaw::OtherMti(Mti(0x0210))
        );
        assert!(serde_json::from_str::<Flaw>(r#"{"bad-digit":1}"#).is_err());
    }
}
