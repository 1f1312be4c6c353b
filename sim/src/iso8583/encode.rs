//! From a message to bytes: the same table, walked the other way.

use thiserror::Error;

use super::bcd::{self, BadDigit};
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
    /// The most bytes that a frame of this message takes: no value is longer on the wire than in the
    /// message, unless it is filled up to a fixed length.
    const fn most(&self, message: &Message) -> usize {
        const INDICATORS: usize = 2 * 64;
        frame::PREFIX + PREAMBLE + message.size() + INDICATORS + self.fixed
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
    for (field, value) in message.values() {
        if without_mac && field == Field::MAC {
            continue;
        }
        let format = table.formats[field.index()];
        let (length, max) = (value.len(), usize::from(format.size));
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
        let bytes = format.bytes(places);
        let out = &mut frame[at..at + bytes];
        match format.packing {
            Packing::Packed(layout) => bcd::pack(layout, value, places, out)
                .map_err(|BadDigit(index)| EncodeError::Digit { field, index })?,
            Packing::Bytes => {
                let (out, rest) = out.split_at_mut(length);
                if !rest.is_empty() && format.is_binary() {
                    let needed = places;
                    return Err(EncodeError::TooShort {
                        field,
                        length,
                        needed,
                    });
                }
                out.copy_from_slice(value);
                rest.fill(b' ');
            }
            Packing::AsciiDigits(align) => {
                if let Some(index) = value.iter().position(|byte| !byte.is_ascii_digit()) {
                    return Err(EncodeError::Digit { field, index });
                }
                out.fill(b'0');
                let zeros = match align {
                    Align::Left => 0,
                    Align::Right => places - length,
                };
                out[zeros..zeros + length].copy_from_slice(value);
            }
        }
        at += bytes;
    }
    Ok(at)
}

/// A number below 100 as two BCD digits.
const fn two_digits(number: usize) -> u8 {
    (((number / 10) << 4) | (number % 10)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::hex;
    use crate::iso8583::mac::Algorithm;
    use crate::iso8583::mti::Mti;
    use crate::iso8583::vectors::{ECB_KEY, vector};

    fn emitted(fields: &[(Field, &str)]) -> Result<String, EncodeError> {
        let mut message = Message::new(Mti::SALE);
        for (field, value) in fields {
            message.set_text(*field, value);
        }
        let mut frame = b"before".to_vec();
        let result = Dialect::cup().emit([0x60; 5], [0; 6], &message, &mut frame);
        assert_eq!(&frame[..6], b"before");
        if result.is_err() {
            assert_eq!(frame.len(), 6);
        }
        result.map(|()| hex::encode(&frame[6 + 2 + PREAMBLE..]))
    }

    #[test]
    fn short_values_are_filled_up() {
        assert_eq!(
            emitted(&[(Field::AMOUNT, "12850")]).unwrap(),
            "000000012850"
        );
        assert_eq!(emitted(&[(Field::ENTRY_MODE, "03")]).unwrap(), "0300");
        assert_eq!(emitted(&[(Field::RESPONSE, "0")]).unwrap(), "3020");
        assert_eq!(emitted(&[(Field::PAN, "123")]).unwrap(), "031230");
    }

    #[test]
    fn values_that_do_not_fit_are_errors_and_write_nothing() {
        let field = Field::STAN;
        assert_eq!(
            emitted(&[(field, "1234567")]),
            Err(EncodeError::TooLong {
                field,
                length: 7,
                max: 6
            })
        );
        assert_eq!(
            emitted(&[(field, "12-456")]),
            Err(EncodeError::Digit { field, index: 2 })
        );
        assert_eq!(
            emitted(&[(field, "-1")]),
            Err(EncodeError::Digit { field, index: 0 })
        );
        let field = Field::MAC;
        assert_eq!(
            emitted(&[(Field::STAN, "1"), (field, "short")]),
            Err(EncodeError::TooShort {
                field,
                length: 5,
                needed: 8
            })
        );
        let field = Field::new(7).unwrap();
        assert_eq!(
            emitted(&[(field, "1")]),
            Err(EncodeError::UnknownField(field))
        );
    }

    #[test]
    fn the_mac_is_computed_at_the_end_whatever_the_message_says() {
        let key = MacKey::new(Algorithm::Ecb, &hex::decode(ECB_KEY).unwrap()).unwrap();
        let packet = Dialect::cup().parse_frame(&vector("Q1").frame()).unwrap();
        let mut message = packet.message;
        for _ in 0..2 {
            let mut frame = Vec::new();
            Dialect::cup()
                .emit_with_mac(packet.tpdu, packet.header, &message, &key, &mut frame)
                .unwrap();
            assert_eq!(hex::encode(&frame), vector("Q1").hex);
            message.remove(Field::MAC);
        }
    }
}
