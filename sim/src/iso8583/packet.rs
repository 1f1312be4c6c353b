//! A message as it arrived: addresses, header, and where each field lay.

use super::field::Field;
use super::message::Message;

/// Transport addresses: `60`, destination (four digits), origin (four digits), as ten BCD digits.
pub type Tpdu = [u8; 5];

/// The six-byte application header, twelve digits (some devices send non-decimal ones).
pub type Header = [u8; 6];

/// Bytes of a body before its first field: TPDU, header, MTI, bitmap.
pub const PREAMBLE: usize = MTI_OFFSET + 2 + 8;

/// Where the MTI starts in a body; the MAC is computed from here.
pub const MTI_OFFSET: usize = 5 + 6;

/// Where the bitmap starts in a body.
pub(super) const BITMAP_OFFSET: usize = MTI_OFFSET + 2;

/// What a decoder made of one body. Reuse it: parsing into one allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet {
    /// The addresses, as received.
    pub tpdu: Tpdu,
    /// The header, as received.
    pub header: Header,
    /// The message.
    pub message: Message,
    /// Where each field's value lay in the body.
    pub spans: Spans,
    /// Bytes behind the last field. A well-formed message has none.
    pub leftover: usize,
}

impl Packet {
    /// The bytes that the MAC covers: from the MTI up to the byte before DE64, or to the end of
    /// the last field where there is none. `body` is what this packet was parsed from; `None`
    /// when it cannot have been.
    pub fn mac_input<'b>(&self, body: &'b [u8]) -> Option<&'b [u8]> {
        let end = match self.spans.get(Field::MAC) {
            Some(span) if self.message.has(Field::MAC) => span.offset,
            _ => body.len().checked_sub(self.leftover)?,
        };
        body.get(MTI_OFFSET..end)
    }

    /// Where the field's value lay in the body; `None` where the message has no such field.
    pub fn span(&self, field: Field) -> Option<Span> {
        if self.message.has(field) {
            self.spans.get(field)
        } else {
            None
        }
    }
}

/// The place of a value on the wire: its own bytes, without the length indicator before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset of the first byte in the body, that is without the two length bytes of the frame.
    pub offset: usize,
    /// Bytes on the wire.
    pub length: usize,
}

/// The places of all fields of one packet.
#[derive(Clone)]
pub struct Spans {
    places: [(u16, u16); 65],
    bitmap: u64,
}

impl Spans {
    /// The place of a field's value; `None` where the packet has no such field.
    pub fn get(&self, field: Field) -> Option<Span> {
        let (offset, length) = self.places[field.index()];
        (self.bitmap & field.bit() != 0).then_some(Span {
            offset: offset.into(),
            length: length.into(),
        })
    }

    /// `offset` and `length` fit: a body has at most 65,535 bytes. The place counts once
    /// [`Spans::close`] names the field.
    pub(super) const fn set(&mut self, field: Field, offset: usize, length: usize) {
        self.places[field.index()] = (offset as u16, length as u16);
    }

    /// Says which fields have a place.
    pub(super) const fn close(&mut self, bitmap: u64) {
        self.bitmap = bitmap;
    }
}

impl Default for Spans {
    fn default() -> Self {
        Self {
            places: [(0, 0); 65],
            bitmap: 0,
        }
    }
}

impl PartialEq for Spans {
    fn eq(&self, other: &Self) -> bool {
        self.bitmap == other.bitmap
            && super::field::Fields(self.bitmap).all(|field| self.get(field) == other.get(field))
    }
}

impl Eq for Spans {}

impl std::fmt::Debug for Spans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut map = f.debug_map();
        for field in super::field::Fields(self.bitmap) {
            let (offset, length) = self.places[field.index()];
            map.entry(&field, &(offset..offset + length));
        }
        map.finish()
    }
}

/// What the host asks of the terminal with digit 6 of a header: `3` to sign in again, `6` to
/// update its software, `0` nothing. The full list is in the specification of the header.
pub const fn requirement(header: Header) -> u8 {
    header[2] & 0x0F
}

/// The header with digit 6 set, all else kept. Only the low four bits of `requirement` count.
pub const fn with_requirement(header: Header, requirement: u8) -> Header {
    let mut changed = header;
    changed[2] = header[2] & 0xF0 | requirement & 0x0F;
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_six_of_the_header_is_the_hosts_wish() {
        let header = [0x60, 0x31, 0x00, 0x31, 0x13, 0x12];
        assert_eq!(requirement(header), 0);
        let asked = with_requirement(header, 3);
        assert_eq!(asked, [0x60, 0x31, 0x03, 0x31, 0x13, 0x12]);
        assert_eq!(requirement(asked), 3);
    }
}
