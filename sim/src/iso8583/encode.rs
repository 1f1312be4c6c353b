//! From a message to bytes: the same table, walked the other way.

use thiserror::Error;

use super::bcd::{self, BadDigit};
use super::dialect::{Align, Dialect, Format, Packing, Prefix};
use super::field::Field;
use super::frame;
use super::mac::MacKey;
use super::message::Message;
use super::packet::{Header, MTI_OFFSET, Tpdu};

/// Why a message cannot be written in the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The dialect has no such field.
    #[error("{0}: the dialect does not have this field")]
    UnknownField(Field),
    /// A value is longer than its field.
    #[error("{field}: the value has {length} digits or bytes, the field takes {max}")]
    TooLong {
        /// The field.
        field: Field,
        /// Digits or bytes of the value.
        length: usize,
        /// What fits.
        max: usize,
    },
    /// A value of fixed length, of which nothing can be filled up, is too short.
    #[error("{field}: the value has {length} bytes and must have {needed}")]
    TooShort {
        /// The field.
        field: Field,
        /// Bytes of the value.
        length: usize,
        /// Bytes of the field.
        needed: usize,
    },
    /// A numeric field holds something else.
    #[error("{field}: character {index} of the value is no digit")]
    Digit {
        /// The field.
        field: Field,
        /// Which character, from 0.
        index: usize,
    },
    /// The whole is longer than the two length bytes of a frame can say.
    #[error("the message has {0} bytes, a frame carries 65535 at most")]
    Frame(usize),
}

impl Dialect {
    /// Appends a frame to `out`: length, addresses, header, MTI, bitmap, fields. DE64 is written
    /// as it stands in the message. Short values are filled up: numbers with zeros, text with
    /// blanks.
    ///
    /// # Errors
    /// When a value does not fit its field; `out` is then as it was.
    pub fn emit(
        &self,
        tpdu: Tpdu,
        header: Header,
        message: &Message,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let start = out.len();
        let result = self
            .emit_fields(tpdu, header, message, message.bitmap(), out)
            .and_then(|()| close(start, out));
        if result.is_err() {
            out.truncate(start);
        }
        result
    }

    /// As [`Dialect::emit`], with DE64 computed by `key` and put at the end; a DE64 that the
    /// message has is not looked at.
    ///
    /// # Errors
    /// As [`Dialect::emit`].
    pub fn emit_with_mac(
        &self,
        tpdu: Tpdu,
        header: Header,
        message: &Message,
        key: &MacKey,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let start = out.len();
        let bitmap = message.bitmap() | Field::MAC.bit();
        let result = self
            .emit_fields(tpdu, header, message, bitmap, out)
            .and_then(|()| {
                let mac = key.mac(&out[start + frame::PREFIX + MTI_OFFSET..]);
                out.extend_from_slice(&mac);
                close(start, out)
            });
        if result.is_err() {
            out.truncate(start);
        }
        result
    }

    /// Everything but the length. Fields that `bitmap` has and the message lacks are left out,
    /// and so is DE64 when the message lacks it or `bitmap` was widened for it.
    fn emit_fields(
        &self,
        tpdu: Tpdu,
        header: Header,
        message: &Message,
        bitmap: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let table = self.table(message.mti());
        if let Some(unknown) = Field::first_in(bitmap & !table.known) {
            return Err(EncodeError::UnknownField(unknown));
        }
        out.extend_from_slice(&[0; frame::PREFIX]);
        out.extend_from_slice(&tpdu);
        out.extend_from_slice(&header);
        out.extend_from_slice(&message.mti().0.to_be_bytes());
        out.extend_from_slice(&bitmap.to_be_bytes());
        for field in message.fields() {
            if let Some(value) = message.get(field) {
                emit_field(field, table.formats[field.index()], value, out)?;
            }
        }
        Ok(())
    }
}

fn close(start: usize, out: &mut [u8]) -> Result<(), EncodeError> {
    let length = out.len() - start - frame::PREFIX;
    let announced = u16::try_from(length).map_err(|_| EncodeError::Frame(length))?;
    out[start..start + frame::PREFIX].copy_from_slice(&announced.to_be_bytes());
    Ok(())
}

fn emit_field(
    field: Field,
    format: Format,
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let (length, max) = (value.len(), usize::from(format.size));
    if length > max {
        return Err(EncodeError::TooLong { field, length, max });
    }
    let places = match format.prefix {
        Prefix::Fixed => max,
        Prefix::Two => {
            out.push(two_digits(length));
            length
        }
        Prefix::Three => {
            out.extend_from_slice(&[two_digits(length / 100), two_digits(length % 100)]);
            length
        }
    };
    let digit = |BadDigit(index)| EncodeError::Digit { field, index };
    match format.packing {
        Packing::Digits => {
            bcd::pack(value, places, format.align, format.fill, out).map_err(digit)?;
        }
        Packing::Track => {
            bcd::pack_track(value, places, format.align, format.fill, out).map_err(digit)?;
        }
        Packing::AsciiDigits => {
            if let Some(index) = value.iter().position(|byte| !byte.is_ascii_digit()) {
                return Err(EncodeError::Digit { field, index });
            }
            let zeros = std::iter::repeat_n(b'0', places - length);
            if format.align == Align::Right {
                out.extend(zeros);
                out.extend_from_slice(value);
            } else {
                out.extend_from_slice(value);
                out.extend(zeros);
            }
        }
        Packing::Bytes => {
            if length < places && format.is_binary() {
                return Err(EncodeError::TooShort {
                    field,
                    length,
                    needed: places,
                });
            }
            out.extend_from_slice(value);
            out.extend(std::iter::repeat_n(b' ', places - length));
        }
    }
    Ok(())
}

/// A number below 100 as two BCD digits.
const fn two_digits(number: usize) -> u8 {
    (((number / 10) << 4) | (number % 10)) as u8
}
