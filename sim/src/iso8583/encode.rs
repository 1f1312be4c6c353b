//! From a message to bytes: the same table, walked the other way.

use thiserror::Error;

use super::bcd::{self, BadDigit, SLACK};
use super::dialect::{Align, Dialect, Packing, Prefix, Table};
use super::field::Field;
use super::frame;
use super::mac::MacKey;
use super::message::Message;
use super::packet::{Header, MTI_OFFSET, PREAMBLE, Tpdu};

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
        self.write(tpdu, header, message, None, out)
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
        self.write(tpdu, header, message, Some(key), out)
    }

    fn write(
        &self,
        tpdu: Tpdu,
        header: Header,
        message: &Message,
        key: Option<&MacKey>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let table = self.table(message.mti());
        let mut bitmap = message.bitmap();
        if key.is_some() {
            bitmap |= Field::MAC.bit();
        }
        if let Some(unknown) = Field::first_in(bitmap & !table.known) {
            return Err(EncodeError::UnknownField(unknown));
        }
        let start = out.len();
        out.resize(start + table.most(message), 0);
        let frame = &mut out[start..];
        let body = frame::PREFIX..frame::PREFIX + PREAMBLE;
        let mut preamble = &mut frame[body];
        for part in [
            &tpdu[..],
            &header[..],
            &message.mti().0.to_be_bytes(),
            &bitmap.to_be_bytes(),
        ] {
            let (place, rest) = preamble.split_at_mut(part.len());
            place.copy_from_slice(part);
            preamble = rest;
        }
        let written = write_fields(table, message, key.is_some(), frame).and_then(|end| {
            let end = match key {
                None => end,
                Some(key) => {
                    let mac = key.mac(&frame[frame::PREFIX + MTI_OFFSET..end]);
                    frame[end..end + mac.len()].copy_from_slice(&mac);
                    end + mac.len()
                }
            };
            let length = end - frame::PREFIX;
            let announced = u16::try_from(length).map_err(|_| EncodeError::Frame(length))?;
            frame[..frame::PREFIX].copy_from_slice(&announced.to_be_bytes());
            Ok(end)
        });
        out.truncate(start + *written.as_ref().unwrap_or(&0));
        written.map(|_| ())
    }
}

impl Table {
    /// The most bytes that a frame of this message takes, with slack behind it: no value is longer
    /// on the wire than in the message, unless it is filled up to a fixed length.
    const fn most(&self, message: &Message) -> usize {
        const INDICATORS: usize = 2 * 64;
        frame::PREFIX + PREAMBLE + message.size() + INDICATORS + self.fixed + SLACK
    }
}

/// Writes the fields behind the preamble and returns where the last one ends.
fn write_fields(
    table: &Table,
    message: &Message,
    without_mac: bool,
    frame: &mut [u8],
) -> Result<usize, EncodeError> {
    let mut at = frame::PREFIX + PREAMBLE;
    for (field, length, value) in message.values() {
        if without_mac && field == Field::MAC {
            continue;
        }
        let format = table.formats[field.index()];
        let max = usize::from(format.size);
        if length > max {
            return Err(EncodeError::TooLong { field, length, max });
        }
        let places = match format.prefix {
            Prefix::Fixed => max,
            Prefix::Two => {
                frame[at] = two_digits(length);
                at += 1;
                length
            }
            Prefix::Three => {
                frame[at] = two_digits(length / 100);
                frame[at + 1] = two_digits(length % 100);
                at += 2;
                length
            }
        };
        let out = &mut frame[at..];
        match format.packing {
            Packing::Packed(layout) => {
                bcd::pack(layout, value, length, places, out)
                    .map_err(|BadDigit(index)| EncodeError::Digit { field, index })?;
                at += bcd::bytes(places);
            }
            Packing::Bytes => {
                copy(value, length, out);
                if length < places {
                    if format.is_binary() {
                        let needed = places;
                        return Err(EncodeError::TooShort {
                            field,
                            length,
                            needed,
                        });
                    }
                    out[length..places].fill(b' ');
                }
                at += places;
            }
            Packing::AsciiDigits(align) => {
                let digits = &value[..length];
                if let Some(index) = digits.iter().position(|byte| !byte.is_ascii_digit()) {
                    return Err(EncodeError::Digit { field, index });
                }
                out[..places].fill(b'0');
                let zeros = if align == Align::Right {
                    places - length
                } else {
                    0
                };
                out[zeros..zeros + length].copy_from_slice(digits);
                at += places;
            }
        }
    }
    Ok(at)
}

/// Copies `length` bytes, few of them as a whole word: both sides have slack.
fn copy(value: &[u8], length: usize, out: &mut [u8]) {
    match (value.first_chunk::<SLACK>(), out.first_chunk_mut()) {
        (Some(value), Some(out)) if length <= SLACK => *out = *value,
        _ => out[..length].copy_from_slice(&value[..length]),
    }
}

/// A number below 100 as two BCD digits.
const fn two_digits(number: usize) -> u8 {
    (((number / 10) << 4) | (number % 10)) as u8
}
