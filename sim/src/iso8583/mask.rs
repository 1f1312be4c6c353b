//! Secrets masked in the bytes of a frame: it keeps its length, and still decodes. What is secret is
//! what the dialect says; [`super::show`] masks the same in what people read.

use std::ops::Range;

use super::de59;
use super::dialect::{Dialect, Kind, Packing};
use super::frame::PREFIX;
use super::packet::Packet;
use super::show::{SHOWN_HEAD, SHOWN_TAIL};

/// Masks the secret values of a frame that this dialect has parsed.
pub fn mask(dialect: &Dialect, packet: &Packet, frame: &mut [u8]) {
    let table = dialect.table(packet.message.mti());
    for field in packet.message.fields() {
        let format = table.formats[field.index()];
        let Some(span) = packet.span(field).filter(|_| format.secret) else {
            continue;
        };
        let start = PREFIX + span.offset;
        let Some(value) = frame.get_mut(start..start + span.length) else {
            continue;
        };
        match (format.kind, format.packing) {
            (Kind::B, _) => value.fill(0),
            (_, Packing::Packed(_)) => hide(value, SHOWN_HEAD / 2, SHOWN_TAIL / 2, 0),
            (_, Packing::AsciiDigits(_)) => hide(value, SHOWN_HEAD, SHOWN_TAIL, b'0'),
            (_, Packing::Bytes) => {
                let place = dialect.code();
                let tagged = place.tag.filter(|_| place.field == field);
                match tagged.and_then(|tag| tagged_values(value, tag)) {
                    Some(values) => {
                        for range in values {
                            hide(&mut value[range], SHOWN_HEAD, SHOWN_TAIL, b'*');
                        }
                    }
                    None => hide(value, SHOWN_HEAD, SHOWN_TAIL, b'*'),
                }
            }
        }
    }
}

/// Where the values of a tag lie in a list; `None` for what is none.
fn tagged_values(list: &[u8], tag: de59::Tag) -> Option<Vec<Range<usize>>> {
    let mut at = 0;
    let mut values = Vec::new();
    for entry in de59::entries(list) {
        let (found, value) = entry.ok()?;
        at += de59::OVERHEAD;
        if found == tag {
            values.push(at..at + value.len());
        }
        at += value.len();
    }
    Some(values)
}

/// Overwrites all but the beginning and the end; all of what is so short that this would show most.
pub(crate) fn hide(value: &mut [u8], head: usize, tail: usize, with: u8) {
    let length = value.len();
    let hidden = if length < head + 2 * tail {
        value
    } else {
        &mut value[head..length - tail]
    };
    hidden.fill(with);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::vectors::{VECTORS, vector};

    fn masked(frame: &[u8]) -> Vec<u8> {
        let dialect = Dialect::cup();
        let packet = dialect.parse_frame(frame).unwrap();
        let mut masked = frame.to_vec();
        mask(dialect, &packet, &mut masked);
        masked
    }

    #[test]
    fn a_masked_frame_still_decodes_and_says_the_same_but_for_its_secrets() {
        let dialect = Dialect::cup();
        for vector in VECTORS {
            let frame = vector.frame();
            let masked = masked(&frame);
            assert_eq!(masked.len(), frame.len());
            let before = dialect.parse_frame(&frame).unwrap();
            let after = dialect.parse_frame(&masked).unwrap();
            for field in before.message.fields() {
                let secret = dialect.is_secret(before.message.mti(), field);
                let same = before.message.get(field) == after.message.get(field);
                assert!(same || secret, "{} {field:?}", vector.name);
            }
        }
    }

    #[test]
    fn a_code_keeps_its_beginning_and_its_end_and_keys_keep_nothing() {
        let sale = masked(&vector("Q1").frame());
        let text = String::from_utf8_lossy(&sale);
        assert!(text.contains("A3019621111*********1111"), "{text}");
        let dialect = Dialect::cup();
        let keys = dialect.parse_frame(&masked(&vector("N2").frame())).unwrap();
        let value = keys.message.get(crate::iso8583::Field::KEYS).unwrap();
        assert!(value.iter().all(|byte| *byte == 0));
    }
}
