//! What holds for every message of the dialect, and for bytes that are none.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;

use super::bcd::Alphabet;
use super::dialect::{Dialect, Format, Packing, Prefix};
use super::field::Field;
use super::flaw::Flaw;
use super::mac::{Algorithm, MacKey};
use super::message::Message;
use super::mti::Mti;
use super::packet::Packet;
use super::vectors::VECTORS;

const TPDU: [u8; 5] = [0x60, 0x00, 0x03, 0x00, 0x00];
const HEADER: [u8; 6] = [0x60, 0x31, 0x00, 0x31, 0xFF, 0xF1];

/// A dialect in which much is otherwise.
fn other() -> Dialect {
    Dialect::from_toml(
        r#"
        extends = "cup"
        name = "other"
        [fields]
        2 = { align = "right", fill = "f" }
        4 = { packing = "ascii" }
        22 = { align = "right" }
        23 = { align = "left", fill = "f" }
        32 = { align = "right" }
        60 = { fill = "f" }
        61 = { kind = "n", packing = "bcd" }
        63 = { kind = "an", size = 63, length = "LL" }
        "#,
    )
    .unwrap()
}

fn value(format: Format) -> BoxedStrategy<Vec<u8>> {
    let size = usize::from(format.size);
    let length = match format.prefix {
        Prefix::Fixed => size..=size,
        Prefix::Two | Prefix::Three => 0..=size,
    };
    let character: BoxedStrategy<u8> = match format.packing {
        Packing::Packed(layout) if layout.alphabet == Alphabet::Track => {
            prop::sample::select(&b"0123456789=ABCEF"[..]).boxed()
        }
        Packing::Packed(_) | Packing::AsciiDigits(_) => (b'0'..=b'9').boxed(),
        Packing::Bytes => any::<u8>().boxed(),
    };
    prop::collection::vec(character, length).boxed()
}

fn message(dialect: &Dialect) -> impl Strategy<Value = Message> + use<> {
    let dialect = dialect.clone();
    let types = [
        0x0200, 0x0210, 0x0320, 0x0400, 0x0500, 0x0510, 0x0800, 0x0810,
    ]
    .map(Mti);
    prop::sample::select(types.to_vec()).prop_flat_map(move |mti| {
        let table = dialect.table(mti);
        let fields: Vec<_> = super::field::Fields(table.known)
            .map(|field| {
                let value = prop::option::of(value(table.formats[field.index()]));
                value.prop_map(move |value| (field, value))
            })
            .collect();
        fields.prop_map(move |fields| {
            let mut message = Message::new(mti);
            for (field, value) in fields {
                if let Some(value) = value {
                    message.set(field, &value);
                }
            }
            message
        })
    })
}

fn emitted(dialect: &Dialect, message: &Message) -> Vec<u8> {
    let mut frame = Vec::new();
    dialect.emit(TPDU, HEADER, message, &mut frame).unwrap();
    frame
}

fn survives(dialect: &Dialect, message: &Message, packet: &mut Packet) -> TestCaseResult {
    let frame = emitted(dialect, message);
    prop_assert!(dialect.parse_body(&frame[2..], packet).is_ok());
    prop_assert_eq!(&packet.message, message);
    prop_assert_eq!((packet.tpdu, packet.header), (TPDU, HEADER));
    prop_assert_eq!(packet.leftover, 0);
    prop_assert_eq!(emitted(dialect, &packet.message), frame);
    Ok(())
}

/// What decodes can be written, and decodes to the same again.
fn is_stable(dialect: &Dialect, bytes: &[u8]) -> TestCaseResult {
    if let Ok(packet) = dialect.parse(bytes) {
        let frame = emitted(dialect, &packet.message);
        prop_assert_eq!(dialect.parse(&frame[2..]).unwrap().message, packet.message);
    }
    Ok(())
}

fn mac_key() -> impl Strategy<Value = MacKey> {
    let algorithms = vec![Algorithm::Ecb, Algorithm::Cbc, Algorithm::X919];
    let key = prop::collection::vec(any::<u8>(), 16);
    (prop::sample::select(algorithms), key, any::<bool>()).prop_map(|(algorithm, key, double)| {
        MacKey::new(algorithm, &key[..if double { 16 } else { 8 }]).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_message_of_the_dialect_is_read_as_it_was_written(
        messages in prop::collection::vec(message(Dialect::cup()), 1..4),
    ) {
        // The same packet for all, as a host reuses it.
        let mut packet = Packet::default();
        for message in &messages {
            survives(Dialect::cup(), message, &mut packet)?;
        }
    }

    #[test]
    fn every_message_of_another_dialect_is_read_as_it_was_written(message in message(&other())) {
        survives(&other(), &message, &mut Packet::default())?;
    }

    #[test]
    fn arbitrary_bytes_decode_or_fail_but_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        is_stable(Dialect::cup(), &bytes)?;
    }

    #[test]
    fn arbitrary_fields_decode_or_fail_but_never_panic(
        bitmap: u64,
        mti in prop::sample::select(vec![0x0200_u16, 0x0500, 0x0800]),
        fields in prop::collection::vec(prop_oneof![Just(0), 0..=0x99_u8, any::<u8>()], 0..300),
    ) {
        let known = Dialect::cup().table(Mti(mti)).known;
        let mut body = vec![0; 11];
        body.extend_from_slice(&mti.to_be_bytes());
        body.extend_from_slice(&(bitmap & known).to_be_bytes());
        body.extend_from_slice(&fields);
        is_stable(Dialect::cup(), &body)?;
    }

    #[test]
    fn damaged_frames_decode_or_fail_but_never_panic(
        vector in any::<Index>(),
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        cut in any::<Index>(),
    ) {
        let mut body = vector.get(VECTORS).frame().split_off(2);
        for (place, byte) in damage {
            *place.get_mut(&mut body) = byte;
        }
        is_stable(Dialect::cup(), &body)?;
        body.truncate(cut.index(body.len()));
        is_stable(Dialect::cup(), &body)?;
    }

    #[test]
    fn an_error_points_into_what_was_given(
        vector in any::<Index>(),
        place in any::<Index>(),
        byte: u8,
    ) {
        let mut frame = vector.get(VECTORS).frame();
        *place.get_mut(&mut frame) = byte;
        if let Err(error) = Dialect::cup().parse_frame(&frame) {
            prop_assert!(error.offset <= frame.len());
        }
    }

    #[test]
    fn flaws_fail_or_change_the_frame_but_never_panic(
        vector in any::<Index>(),
        number in 2..=64_u8,
        bytes in 1..200_u16,
    ) {
        let frame = vector.get(VECTORS).frame();
        let field = Field::new(number).unwrap();
        let key = MacKey::new(Algorithm::Ecb, &[7; 8]).unwrap();
        for flaw in [
            Flaw::ExtraBit(field),
            Flaw::MissingBit(field),
            Flaw::MissingField(field),
            Flaw::OtherValue(field),
            Flaw::LongIndicator(field),
            Flaw::ShortIndicator(field),
            Flaw::BadDigit(field),
            Flaw::OtherMti(Mti(0x0430)),
            Flaw::OtherTpdu,
            Flaw::Truncated(bytes),
            Flaw::Trailing(bytes),
            Flaw::WrongMac,
            Flaw::NoMac,
            Flaw::LongFrame(bytes),
            Flaw::ShortFrame(bytes),
        ] {
            if let Ok(flawed) = flaw.apply(Dialect::cup(), &frame, Some(&key)) {
                prop_assert_ne!(&flawed, &frame, "{:?}", flaw);
            }
        }
    }

    #[test]
    fn a_mac_fails_on_any_flipped_bit(
        message in message(Dialect::cup()),
        key in mac_key(),
        place in any::<Index>(),
        bit in 0..8_u32,
    ) {
        let mut frame = Vec::new();
        Dialect::cup().emit_with_mac(TPDU, HEADER, &message, &key, &mut frame).unwrap();
        let mut body = frame.split_off(2);
        let packet = Dialect::cup().parse(&body).unwrap();
        prop_assert!(key.verify(&body, &packet));
        let covered = &mut body[11..];
        *place.get_mut(covered) ^= 1 << bit;
        prop_assert!(!key.verify(&body, &packet));
    }
}
