//! A message: its type and the logical values of its fields, whatever they look like on the wire.

use std::fmt;

use super::field::{Field, Fields};
use super::mti::Mti;

/// The type of a message and its fields. Values are logical: ASCII digits for numeric fields
/// (`=` for the separator of a track), text bytes for alphanumeric ones, raw bytes for binary.
///
/// All values lie in one buffer, so that setting a field allocates nothing once the buffer has
/// grown, and a message that is cleared and used again never allocates. Nothing is checked here:
/// what a field may hold is decided by the dialect that emits the message.
#[derive(Clone)]
pub struct Message {
    mti: Mti,
    bitmap: u64,
    slots: [Slot; 65],
    /// Bytes of `values` that are taken; what lies behind is room left from earlier messages.
    used: usize,
    values: Vec<u8>,
}

/// Where a value lies in the buffer.
#[derive(Clone, Copy, Default)]
struct Slot {
    start: u32,
    length: u32,
}

/// A message while a decoder fills it.
pub(super) struct Intake<'m> {
    slots: &'m mut [Slot; 65],
    values: &'m mut [u8],
    pub(super) used: usize,
}

impl Intake<'_> {
    /// The place of a new value of `length` bytes.
    pub(super) fn value(&mut self, field: Field, length: usize) -> &mut [u8] {
        let start = self.used;
        self.slots[field.index()] = Slot::new(start, length);
        self.used += length;
        &mut self.values[start..self.used]
    }
}

impl Slot {
    const fn new(start: usize, length: usize) -> Self {
        // Values of four gigabytes fit no frame; theirs would be cut here.
        Self {
            start: start as u32,
            length: length as u32,
        }
    }
}

impl Message {
    /// A message without fields.
    pub fn new(mti: Mti) -> Self {
        Self {
            mti,
            bitmap: 0,
            slots: [Slot::default(); 65],
            used: 0,
            values: Vec::new(),
        }
    }

    /// What kind of message this is.
    pub const fn mti(&self) -> Mti {
        self.mti
    }

    /// Turns it into another kind, fields untouched.
    pub const fn set_mti(&mut self, mti: Mti) {
        self.mti = mti;
    }

    /// Takes all fields out and makes it a message of that kind; the buffer is kept.
    pub const fn clear(&mut self, mti: Mti) {
        self.mti = mti;
        self.bitmap = 0;
        self.used = 0;
    }

    /// Puts a field in, or replaces it.
    pub fn set(&mut self, field: Field, value: &[u8]) {
        let old = self.slots[field.index()];
        let start = if self.has(field) && value.len() <= old.length as usize {
            old.start as usize
        } else {
            self.room(value.len())
        };
        self.values[start..start + value.len()].copy_from_slice(value);
        self.slots[field.index()] = Slot::new(start, value.len());
        self.bitmap |= field.bit();
    }

    /// Puts a field in, or replaces it, from text.
    pub fn set_text(&mut self, field: Field, value: &str) {
        self.set(field, value.as_bytes());
    }

    /// The value as it was set or received, padding included; `None` where the field is absent.
    pub fn get(&self, field: Field) -> Option<&[u8]> {
        self.has(field)
            .then(|| self.value(self.slots[field.index()]))
    }

    /// The value as text; `None` where the field is absent or holds anything but ASCII.
    pub fn text(&self, field: Field) -> Option<&str> {
        let value = self.get(field)?;
        if value.is_ascii() {
            str::from_utf8(value).ok()
        } else {
            None
        }
    }

    /// The value without trailing blanks.
    pub fn trimmed(&self, field: Field) -> Option<&[u8]> {
        self.get(field).map(<[u8]>::trim_ascii_end)
    }

    /// Whether the field is there.
    pub const fn has(&self, field: Field) -> bool {
        self.bitmap & field.bit() != 0
    }

    /// Takes a field out.
    pub const fn remove(&mut self, field: Field) {
        self.bitmap &= !field.bit();
    }

    /// The fields that are there, lowest number first.
    pub const fn fields(&self) -> Fields {
        Fields(self.bitmap)
    }

    /// Takes the field over from another message, or out when the other has none.
    pub fn copy(&mut self, field: Field, from: &Self) {
        match from.get(field) {
            Some(value) => self.set(field, value),
            None => self.remove(field),
        }
    }

    /// The bitmap, field 1 in the highest bit.
    pub(super) const fn bitmap(&self) -> u64 {
        self.bitmap
    }

    /// Takes `length` bytes behind what is used and returns where they start.
    fn room(&mut self, length: usize) -> usize {
        let start = self.used;
        self.used += length;
        self.grow(self.used);
        start
    }

    /// Makes sure of so many bytes.
    fn grow(&mut self, bytes: usize) {
        if self.values.len() < bytes {
            self.values.resize(bytes, 0);
        }
    }

    /// Opens the message to a decoder that writes `bytes` bytes of values at most.
    pub(super) fn open(&mut self, bytes: usize) -> Intake<'_> {
        self.grow(bytes);
        Intake {
            slots: &mut self.slots,
            values: &mut self.values,
            used: 0,
        }
    }

    /// Says what a decoder has put in: these fields in so many bytes.
    pub(super) const fn close(&mut self, bitmap: u64, used: usize) {
        self.bitmap = bitmap;
        self.used = used;
    }

    /// Bytes of the buffer that are taken: no less than all values together.
    pub(super) const fn size(&self) -> usize {
        self.used
    }

    /// The fields with their values, lowest number first.
    pub(super) fn values(&self) -> impl Iterator<Item = (Field, &[u8])> {
        self.fields()
            .map(|field| (field, self.value(self.slots[field.index()])))
    }

    fn value(&self, slot: Slot) -> &[u8] {
        let start = slot.start as usize;
        &self.values[start..start + slot.length as usize]
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new(Mti::default())
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.mti == other.mti
            && self.bitmap == other.bitmap
            && self
                .fields()
                .all(|field| self.get(field) == other.get(field))
    }
}

impl Eq for Message {}

impl fmt::Debug for Message {
    /// Type, fields and lengths. Values stay out, since a code or a key may be among them; they
    /// are shown, masked, by [`super::show`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.mti)?;
        for field in self.fields() {
            let length = self.get(field).map_or(0, <[u8]>::len);
            write!(f, " {}[{length}]", field.number())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_got_and_what_was_removed_is_gone() {
        let mut sale = Message::new(Mti::SALE);
        sale.set_text(Field::AMOUNT, "000000012850");
        sale.set_text(Field::STAN, "000001");
        sale.set_text(Field::AMOUNT, "000000000001");
        assert_eq!(sale.text(Field::AMOUNT), Some("000000000001"));
        assert_eq!(sale.text(Field::STAN), Some("000001"));
        sale.remove(Field::STAN);
        assert_eq!(sale.get(Field::STAN), None);
        assert_eq!(sale.fields().collect::<Vec<_>>(), [Field::AMOUNT]);
    }

    #[test]
    fn a_longer_value_replaces_a_shorter_one() {
        let mut message = Message::new(Mti::SALE);
        message.set_text(Field::REASON, "01 ");
        message.set_text(Field::STAN, "000001");
        message.set_text(Field::REASON, "CUPC01code expired");
        assert_eq!(message.text(Field::REASON), Some("CUPC01code expired"));
        assert_eq!(message.text(Field::STAN), Some("000001"));
        message.set_text(Field::REASON, "CUP");
        assert_eq!(message.text(Field::REASON), Some("CUP"));
    }

    #[test]
    fn equality_is_of_values_not_of_places() {
        let mut one = Message::new(Mti::SALE);
        one.set_text(Field::STAN, "000001");
        one.set_text(Field::AMOUNT, "1");
        let mut other = Message::new(Mti::SALE);
        other.set_text(Field::AMOUNT, "1");
        other.set_text(Field::STAN, "000001");
        assert_eq!(one, other);
        other.set_text(Field::STAN, "000002");
        assert_ne!(one, other);
    }

    #[test]
    fn text_is_ascii_only_and_debug_keeps_values_to_itself() {
        let mut message = Message::new(Mti::SALE);
        message.set(Field::REASON, &[0xB3, 0xC9]);
        message.set_text(Field::CODE, "A3019622222222222222222");
        message.set_text(Field::TERMINAL, "1234    ");
        assert_eq!(message.text(Field::REASON), None);
        assert_eq!(message.trimmed(Field::TERMINAL), Some(&b"1234"[..]));
        assert_eq!(format!("{message:?}"), "0200 41[8] 59[23] 63[2]");
    }
}
