//! From bytes to a packet: one walk over the table of the dialect, strict about digits and
//! lengths, lenient about fill nibbles.

use std::fmt;

use thiserror::Error;

use super::bcd::{self, BadNibble};
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
        let Some(preamble) = body.first_chunk::<PREAMBLE>() else {
            packet.message.clear(Mti::default());
            packet.spans.clear();
            packet.leftover = 0;
            return Err(error(0, None, short(PREAMBLE, body.len())));
        };
        let [t0, t1, t2, t3, t4, h0, h1, h2, h3, h4, h5, m0, m1, b @ ..] = *preamble;
        packet.tpdu = [t0, t1, t2, t3, t4];
        packet.header = [h0, h1, h2, h3, h4, h5];
        let mti = Mti(u16::from_be_bytes([m0, m1]));
        packet.message.clear(mti);
        packet.spans.clear();
        packet.leftover = 0;
        for (index, byte) in [m0, m1].into_iter().enumerate() {
            if let Some(nibble) = not_decimal(byte) {
                return Err(error(MTI_OFFSET + index, None, Reason::Mti(nibble)));
            }
        }
        let table = self.table(mti);
        let bitmap = u64::from_be_bytes(b);
        check_bitmap(table, bitmap)?;

        let mut bits = bitmap;
        let mut at = PREAMBLE;
        while let Some(field) = Field::first_in(bits) {
            bits &= !field.bit();
            at = parse_field(field, table.formats[field.index()], body, at, packet)?;
        }
        packet.leftover = body.len() - at;
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
        let Some((length, body)) = frame.split_first_chunk::<{ frame::PREFIX }>() else {
            return Err(error(0, None, short(frame::PREFIX, frame.len())));
        };
        let announced = u16::from_be_bytes(*length).into();
        if announced != body.len() {
            let found = body.len();
            return Err(error(0, None, Reason::FrameLength { announced, found }));
        }
        self.parse(body)
            .map_err(|error| error.shifted(frame::PREFIX))
    }
}

fn check_bitmap(table: &Table, bitmap: u64) -> Result<(), DecodeError> {
    let unknown = bitmap & !table.known;
    if unknown == 0 {
        return Ok(());
    }
    let byte = BITMAP_OFFSET + unknown.leading_zeros() as usize / 8;
    Err(match Field::first_in(unknown) {
        Some(field) => error(byte, Some(field), Reason::UnknownField),
        None => error(byte, None, Reason::SecondBitmap),
    })
}

/// Reads the field that starts at `at` and returns where the next one starts.
fn parse_field(
    field: Field,
    format: Format,
    body: &[u8],
    at: usize,
    packet: &mut Packet,
) -> Result<usize, DecodeError> {
    let fail = |offset, reason| Err(error(offset, Some(field), reason));
    let size = usize::from(format.size);
    let (length, start) = match format.prefix {
        Prefix::Fixed => (size, at),
        prefix @ (Prefix::Two | Prefix::Three) => {
            let start = at + prefix.bytes();
            let Some(indicator) = body.get(at..start) else {
                return fail(at, short(prefix.bytes(), body.len() - at));
            };
            let mut length = 0;
            for (index, &byte) in indicator.iter().enumerate() {
                if let Some(nibble) = not_decimal(byte) {
                    return fail(at + index, Reason::LengthDigit(nibble));
                }
                length = length * 100 + usize::from(byte >> 4) * 10 + usize::from(byte & 0xF);
            }
            if length > size {
                return fail(at, Reason::TooLong { length, max: size });
            }
            (length, start)
        }
    };
    let bytes = match format.packing {
        Packing::Digits | Packing::Track => length.div_ceil(2),
        Packing::AsciiDigits | Packing::Bytes => length,
    };
    let Some(wire) = body.get(start..start + bytes) else {
        return fail(start, short(bytes, body.len() - start));
    };
    let value = packet.message.fill(field, length);
    let unpacked = match format.packing {
        Packing::Digits => bcd::unpack(wire, format.align, value),
        Packing::Track => bcd::unpack_track(wire, format.align, value),
        Packing::Bytes => {
            value.copy_from_slice(wire);
            Ok(())
        }
        Packing::AsciiDigits => {
            if let Some(index) = wire.iter().position(|byte| !byte.is_ascii_digit()) {
                packet.message.remove(field);
                return fail(start + index, Reason::Digit(wire[index]));
            }
            value.copy_from_slice(wire);
            Ok(())
        }
    };
    if let Err(bad) = unpacked {
        packet.message.remove(field);
        return Err(bad_nibble(field, format.align, wire, length, start, bad));
    }
    packet.spans.set(field, start, bytes);
    Ok(start + bytes)
}

#[cold]
fn bad_nibble(
    field: Field,
    align: Align,
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
    let filled = match align {
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

/// The first nibble of a byte that is no decimal digit.
const fn not_decimal(byte: u8) -> Option<u8> {
    match (byte >> 4, byte & 0xF) {
        (high @ 10.., _) => Some(high),
        (_, low @ 10..) => Some(low),
        _ => None,
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
