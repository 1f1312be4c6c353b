//! From bytes to a packet: one walk over the table of the dialect, strict about digits and
//! lengths, lenient about fill nibbles.

use std::fmt;

use thiserror::Error;

use super::bcd::{self, BadNibble, Layout};
use super::dialect::{Align, Dialect, Format, Packing, Prefix, Table};
use super::field::Field;
use super::frame;
use super::mti::Mti;
use super::packet::{BITMAP_OFFSET, MTI_OFFSET, PREAMBLE, Packet};

/// Why bytes are no message, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub struct DecodeError {
    /// The offending byte, counted from what was given: from the TPDU for [`Dialect::parse_body`],
    /// from the two length bytes for [`Dialect::parse_frame`].
    pub offset: usize,
    /// The field it belongs to; `None` before the first field.
    pub field: Option<Field>,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// The bytes end inside of something.
    #[error("{needed} bytes are needed here and {left} are left")]
    Short {
        /// Bytes that should be here.
        needed: usize,
        /// Bytes that are.
        left: usize,
    },
    /// The frame's length bytes do not say how long it is.
    #[error("the frame announces {announced} bytes and {found} follow")]
    FrameLength {
        /// What the two bytes say.
        announced: usize,
        /// What follows them.
        found: usize,
    },
    /// The MTI has a nibble above 9.
    #[error("the message type has a nibble {0:X} that is no digit")]
    Mti(u8),
    /// Bit 1 announces a second bitmap.
    #[error("the bitmap announces a second one, which this dialect does not have")]
    SecondBitmap,
    /// The bitmap has a field that the dialect lacks.
    #[error("the bitmap names a field that the dialect does not have")]
    UnknownField,
    /// The length indicator is not decimal.
    #[error("the length indicator has a nibble {0:X} that is no digit")]
    LengthDigit(u8),
    /// The length is above the field's maximum.
    #[error("the length is {length} and may be {max} at most")]
    TooLong {
        /// What the indicator says.
        length: usize,
        /// What the dialect allows.
        max: usize,
    },
    /// A nibble or byte of a numeric field is no digit.
    #[error("{0:X} is no digit")]
    Digit(u8),
    /// The nibble beside an odd number of digits is neither 0 nor F.
    #[error("the fill nibble is {0:X} and must be 0 or F")]
    Fill(u8),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}", self.offset)?;
        if let Some(field) = self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl DecodeError {
    /// The same error counted from `bytes` before.
    #[must_use]
    pub const fn shifted(mut self, bytes: usize) -> Self {
        self.offset += bytes;
        self
    }
}

impl Dialect {
    /// Takes a body (what follows the two length bytes) apart into a packet, which may have been
    /// used before. Bytes behind the last field are no error but counted in
    /// [`Packet::leftover`].
    ///
    /// # Errors
    /// The first byte that cannot be; the packet then holds what was read before it.
    pub fn parse_body(&self, body: &[u8], packet: &mut Packet) -> Result<(), DecodeError> {
        packet.message.clear(Mti::default());
        packet.spans.close(0);
        packet.leftover = 0;
        let Some(preamble) = body.first_chunk::<PREAMBLE>() else {
            return Err(error(0, None, short(PREAMBLE, body.len())));
        };
        let [
            t0,
            t1,
            t2,
            t3,
            t4,
            h0,
            h1,
            h2,
            h3,
            h4,
            h5,
            m0,
            m1,
            bitmap @ ..,
        ] = *preamble;
        packet.tpdu = [t0, t1, t2, t3, t4];
        packet.header = [h0, h1, h2, h3, h4, h5];
        for (index, byte) in [m0, m1].into_iter().enumerate() {
            if let Err(nibble) = decimal(byte) {
                return Err(error(MTI_OFFSET + index, None, Reason::Mti(nibble)));
            }
        }
        let mti = Mti(u16::from_be_bytes([m0, m1]));
        packet.message.set_mti(mti);
        let table = self.table(mti);
        let bitmap = u64::from_be_bytes(bitmap);
        check_bitmap(table, bitmap)?;
        let end = parse_fields(table, bitmap, body, packet)?;
        packet.leftover = body.len() - end;
        Ok(())
    }

    /// [`Dialect::parse_body`] into a new packet.
    ///
    /// # Errors
    /// As [`Dialect::parse_body`].
    pub fn parse(&self, body: &[u8]) -> Result<Packet, DecodeError> {
        let mut packet = Packet::default();
        self.parse_body(body, &mut packet)?;
        Ok(packet)
    }

    /// Takes a whole frame apart, length bytes included, which must announce what follows them.
    /// The spans of the packet count from the body all the same.
    ///
    /// # Errors
    /// As [`Dialect::parse_body`], counted in the frame, or for a wrong length.
    pub fn parse_frame(&self, frame: &[u8]) -> Result<Packet, DecodeError> {
        let mut packet = Packet::default();
        self.parse_frame_into(frame, &mut packet)?;
        Ok(packet)
    }

    /// [`Dialect::parse_frame`] into a packet, which may have been used before.
    ///
    /// # Errors
    /// As there; the packet then holds what was read before it.
    pub fn parse_frame_into(&self, frame: &[u8], packet: &mut Packet) -> Result<(), DecodeError> {
        let Some((length, body)) = frame.split_first_chunk::<{ frame::PREFIX }>() else {
            return Err(error(0, None, short(frame::PREFIX, frame.len())));
        };
        let announced = u16::from_be_bytes(*length).into();
        if announced != body.len() {
            let found = body.len();
            return Err(error(0, None, Reason::FrameLength { announced, found }));
        }
        self.parse_body(body, packet)
            .map_err(|error| error.shifted(frame::PREFIX))
    }
}

fn check_bitmap(table: &Table, bitmap: u64) -> Result<(), DecodeError> {
    let unknown = bitmap & !table.known;
    if unknown == 0 {
        return Ok(());
    }
    let bit = unknown.leading_zeros() as u8;
    let byte = BITMAP_OFFSET + usize::from(bit / 8);
    Err(match Field::new(bit + 1) {
        Some(field) => error(byte, Some(field), Reason::UnknownField),
        None => error(byte, None, Reason::SecondBitmap),
    })
}

/// Reads the fields of the bitmap and returns where the last one ends. Whatever was read before an
/// error is in the packet.
fn parse_fields(
    table: &Table,
    bitmap: u64,
    body: &[u8],
    packet: &mut Packet,
) -> Result<usize, DecodeError> {
    // Two digits of a value come from a byte at most.
    let mut intake = packet.message.open(2 * body.len());
    let mut bits = bitmap;
    let mut at = PREAMBLE;
    let outcome = loop {
        let Some(field) = Field::first_in(bits) else {
            break Ok(at);
        };
        let format = table.formats[field.index()];
        let (start, length) = match indicated(format, body, at) {
            Ok(indicated) => indicated,
            Err((offset, reason)) => break Err(error(offset, Some(field), reason)),
        };
        let bytes = format.bytes(length);
        let end = start + bytes;
        let Some(wire) = body.get(start..end) else {
            break Err(error(start, Some(field), short(bytes, body.len() - start)));
        };
        let value = intake.value(field, length);
        match format.packing {
            Packing::Packed(layout) => {
                if let Err(bad) = bcd::unpack(layout, wire, value) {
                    break Err(bad_nibble(field, layout, wire, length, start, bad));
                }
            }
            Packing::Bytes => value.copy_from_slice(wire),
            Packing::AsciiDigits(_) => {
                let mut digits = wire.iter();
                if let Some(index) = digits.position(|byte| !byte.is_ascii_digit()) {
                    let reason = Reason::Digit(wire[index]);
                    break Err(error(start + index, Some(field), reason));
                }
                value.copy_from_slice(wire);
            }
        }
        packet.spans.set(field, start, bytes);
        at = end;
        bits &= !field.bit();
    };
    let (read, used) = (bitmap & !bits, intake.used);
    packet.message.close(read, used);
    packet.spans.close(read);
    outcome
}

/// Where a field's value starts and how many digits or bytes it has, from its length indicator at
/// `at` if it has one; else which byte is wrong.
fn indicated(format: Format, body: &[u8], at: usize) -> Result<(usize, usize), (usize, Reason)> {
    let size = usize::from(format.size);
    let rest = &body[at..];
    let wrong = |index| move |nibble| (at + index, Reason::LengthDigit(nibble));
    let length = match (format.prefix, rest) {
        (Prefix::Fixed, _) => return Ok((at, size)),
        (Prefix::Two, [two, ..]) => decimal(*two).map_err(wrong(0))?,
        (Prefix::Three, [high, low, ..]) => {
            100 * decimal(*high).map_err(wrong(0))? + decimal(*low).map_err(wrong(1))?
        }
        (prefix, _) => return Err((at, short(prefix.bytes(), rest.len()))),
    };
    if length > size {
        return Err((at, Reason::TooLong { length, max: size }));
    }
    Ok((at + format.prefix.bytes(), length))
}

#[cold]
fn bad_nibble(
    field: Field,
    layout: Layout,
    wire: &[u8],
    length: usize,
    start: usize,
    BadNibble(index): BadNibble,
) -> DecodeError {
    let byte = wire[index / 2];
    let nibble = if index.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 0xF
    };
    let filled = match layout.align {
        Align::Left => index == length,
        Align::Right => length % 2 == 1 && index == 0,
    };
    let reason = if filled {
        Reason::Fill(nibble)
    } else {
        Reason::Digit(nibble)
    };
    error(start + index / 2, Some(field), reason)
}

/// The number that two decimal digits make; else the first nibble that is none.
const fn decimal(byte: u8) -> Result<usize, u8> {
    match (byte >> 4, byte & 0xF) {
        (high @ 10.., _) => Err(high),
        (_, low @ 10..) => Err(low),
        (high, low) => Ok(high as usize * 10 + low as usize),
    }
}

const fn short(needed: usize, left: usize) -> Reason {
    Reason::Short { needed, left }
}

const fn error(offset: usize, field: Option<Field>, reason: Reason) -> DecodeError {
    DecodeError {
        offset,
        field,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::hex;
    use crate::iso8583::vectors::vector;

    /// The fields of a message `0200` with that bitmap.
    fn parsed(bitmap: u64, fields: &str) -> Result<Packet, DecodeError> {
        let mut body = hex::decode("60000300006031000000000200").unwrap();
        body.extend_from_slice(&bitmap.to_be_bytes());
        body.extend_from_slice(&hex::decode(fields).unwrap());
        Dialect::cup().parse(&body)
    }

    fn only(field: Field, bytes: &str) -> Result<String, DecodeError> {
        let packet = parsed(field.bit(), bytes)?;
        assert_eq!(packet.leftover, 0);
        let value = packet.message.get(field).unwrap();
        Ok(String::from_utf8_lossy(value).into_owned())
    }

    fn failed(field: Field, bytes: &str) -> (usize, Reason) {
        let error = parsed(field.bit(), bytes).unwrap_err();
        assert_eq!(error.field, Some(field));
        (error.offset - PREAMBLE, error.reason)
    }

    #[test]
    fn fill_nibbles_may_be_0_or_f_and_nothing_else() {
        for bytes in ["1962121420000000000120", "196212142000000000012F"] {
            assert_eq!(only(Field::PAN, bytes).unwrap(), "6212142000000000012");
        }
        assert_eq!(
            failed(Field::PAN, "1962121420000000000121"),
            (10, Reason::Fill(1))
        );
        assert_eq!(only(Field::ENTRY_MODE, "0320").unwrap(), "032");
        assert_eq!(only(Field::CARD_SEQUENCE, "0001").unwrap(), "001");
        assert_eq!(only(Field::CARD_SEQUENCE, "0010").unwrap(), "010");
        assert_eq!(failed(Field::CARD_SEQUENCE, "1001"), (0, Reason::Fill(1)));
    }

    #[test]
    fn digits_are_decimal_and_tracks_are_not() {
        assert_eq!(failed(Field::STAN, "00A001"), (1, Reason::Digit(0xA)));
        assert_eq!(failed(Field::PAN, "0312F0"), (2, Reason::Digit(0xF)));
        assert_eq!(only(Field::TRACK_2, "05123D4F").unwrap(), "123=4");
        assert_eq!(only(Field::TRACK_2, "0612CD4F").unwrap(), "12C=4F");
        assert_eq!(failed(Field::TRACK_2, "05123D45"), (3, Reason::Fill(5)));
    }

    #[test]
    fn lengths_are_decimal_and_within_bounds() {
        let long = Reason::TooLong {
            length: 20,
            max: 19,
        };
        assert_eq!(failed(Field::PAN, "2012345678901234567890"), (0, long));
        assert_eq!(failed(Field::PAN, "1A"), (0, Reason::LengthDigit(0xA)));
        assert_eq!(failed(Field::BATCH, "00F1"), (1, Reason::LengthDigit(0xF)));
        let long = Reason::TooLong {
            length: 1011,
            max: 17,
        };
        assert_eq!(failed(Field::BATCH, "1011"), (0, long));
        assert_eq!(only(Field::BATCH, "0000").unwrap(), "");
        let cut = |needed, left| Reason::Short { needed, left };
        assert_eq!(failed(Field::BATCH, "00"), (0, cut(2, 1)));
        assert_eq!(failed(Field::BATCH, "001122"), (2, cut(6, 1)));
        assert_eq!(failed(Field::MAC, "11223344"), (0, cut(8, 4)));
    }

    #[test]
    fn totals_are_digits_in_a_settlement_and_text_elsewhere() {
        assert_eq!(only(Field::TOTALS, "00024142").unwrap(), "AB");
        let mut body = hex::decode("60000300006031000000000500").unwrap();
        body.extend_from_slice(&Field::TOTALS.bit().to_be_bytes());
        body.extend_from_slice(&[0x00, 0x62]);
        body.extend_from_slice(&[0x12; 31]);
        let packet = Dialect::cup().parse(&body).unwrap();
        assert_eq!(packet.message.text(Field::TOTALS), Some(&*"12".repeat(31)));
    }

    #[test]
    fn the_bitmap_must_be_known() {
        let error = parsed(1 << 63, "").unwrap_err();
        assert_eq!((error.offset, error.reason), (13, Reason::SecondBitmap));
        let lacking = Field::new(27).unwrap();
        let error = parsed(lacking.bit(), "").unwrap_err();
        assert_eq!((error.offset, error.field), (16, Some(lacking)));
        assert_eq!(
            error.to_string(),
            "at byte 16, DE27: the bitmap names a field that the dialect does not have"
        );
    }

    #[test]
    fn what_is_left_over_is_counted() {
        let packet = parsed(Field::STAN.bit(), "000001AABB").unwrap();
        assert_eq!(packet.leftover, 2);
    }

    #[test]
    fn what_came_before_an_error_is_kept_and_nothing_else() {
        let mut packet = Dialect::cup().parse_frame(&vector("M2").frame()).unwrap();
        let mut body = vector("Q1").frame().split_off(2);
        body[35] = 0xF0;
        let error = Dialect::cup().parse_body(&body, &mut packet).unwrap_err();
        assert_eq!((error.offset, error.field), (35, Some(Field::CONDITION)));
        let read: Vec<u8> = packet.message.fields().map(Field::number).collect();
        assert_eq!(read, [3, 4, 11, 22]);
        assert_eq!(packet.span(Field::CONDITION), None);
        assert!(Dialect::cup().parse_body(&body[..20], &mut packet).is_err());
        assert_eq!(packet.message.fields().count(), 0);
    }

    #[test]
    fn a_frame_announces_its_length_and_errors_count_from_it() {
        let mut frame = vector("Q1").frame();
        frame[1] += 1;
        let error = Dialect::cup().parse_frame(&frame).unwrap_err();
        let reason = Reason::FrameLength {
            announced: 106,
            found: 105,
        };
        assert_eq!((error.offset, error.reason), (0, reason));
        let mut frame = vector("Q1").frame();
        frame[13] = 0x0C;
        let error = Dialect::cup().parse_frame(&frame).unwrap_err();
        assert_eq!((error.offset, error.reason), (13, Reason::Mti(0xC)));
        assert!(Dialect::cup().parse_frame(&frame[..1]).is_err());
    }
}
