//! A packet for people: every field with its name, its place and its value, secrets masked; and the
//! same as the JSON of `counterproof decode`.
//!
//! An offset is that of the first byte of the value, a length that of the value on the wire: the
//! length indicator before a variable field is not part of either. DE3 of a frame without DE2 has
//! offset 23 and length 3.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

use super::de59;
use super::decode::DecodeError;
use super::dialect::{Dialect, Kind, Names};
use super::field::Field;
use super::frame;
use super::gbk;
use super::hex;
use super::mac::{Algorithm, MacKey};
use super::mti::Mti;
use super::packet::Packet;

/// Digits of a secret that are shown at its beginning.
pub(super) const SHOWN_HEAD: usize = 6;
/// Digits of a secret that are shown at its end.
pub(super) const SHOWN_TAIL: usize = 4;

/// What offsets count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The two length bytes of a frame.
    Frame,
    /// The TPDU, as the length bytes were not given.
    Body,
}

/// Whether secrets are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// First six and last four characters; nothing of binary values.
    #[default]
    Masked,
    /// As they are.
    Clear,
}

/// A described packet. It serialises as the object that `counterproof decode --json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Described<'d> {
    /// Ten hexadecimal digits.
    pub tpdu: String,
    /// Twelve hexadecimal digits.
    pub header: String,
    /// The message type.
    pub mti: Mti,
    /// The fields by number.
    pub fields: BTreeMap<u8, DescribedField<'d>>,
    /// Bytes behind the last field.
    pub leftover: usize,
    /// The judgement of DE64; `None` without DE64 or without a key.
    pub mac: Option<MacJudgement>,
}

/// A field of a described packet.
#[derive(Clone, Debug, Serialize)]
pub struct DescribedField<'d> {
    /// Digits, text, or hexadecimal digits for binary fields; masked if secret.
    pub value: String,
    /// Where the first byte of the value lay.
    pub offset: usize,
    /// Bytes of the value on the wire.
    pub length: usize,
    /// What the field is called; in JSON its English name.
    #[serde(rename = "name", serialize_with = "english")]
    pub names: &'d Names,
}

/// What became of DE64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MacJudgement {
    /// The algorithm of the key.
    pub algorithm: Algorithm,
    /// Whether DE64 is what the key makes of the message.
    pub valid: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out a reference to the field, which is one itself"
)]
fn english<S: Serializer>(names: &&Names, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&names.en)
}

/// Decodes and describes `bytes`: a frame with its length bytes, or a body.
///
/// # Errors
/// When they do not decode; the offset counts from the first of `bytes`.
pub fn decode<'d>(
    dialect: &'d Dialect,
    bytes: &[u8],
    origin: Origin,
    key: Option<&MacKey>,
    secrets: Secrets,
) -> Result<Described<'d>, DecodeError> {
    let (packet, body) = match origin {
        Origin::Frame => (dialect.parse_frame(bytes)?, &bytes[frame::PREFIX..]),
        Origin::Body => (dialect.parse(bytes)?, bytes),
    };
    let mac = key
        .filter(|_| packet.message.has(Field::MAC))
        .map(|key| MacJudgement {
            algorithm: key.algorithm(),
            valid: key.verify(body, &packet),
        });
    Ok(Described {
        mac,
        ..describe(dialect, &packet, origin, secrets)
    })
}

/// Describes a packet that this dialect has parsed, without a judgement of its MAC.
pub fn describe<'d>(
    dialect: &'d Dialect,
    packet: &Packet,
    origin: Origin,
    secrets: Secrets,
) -> Described<'d> {
    let before = match origin {
        Origin::Frame => frame::PREFIX,
        Origin::Body => 0,
    };
    let field = |field: Field| {
        let span = packet.span(field)?;
        let described = DescribedField {
            value: value(dialect, packet, field, secrets)?,
            offset: before + span.offset,
            length: span.length,
            names: dialect.field_names(field)?,
        };
        Some((field.number(), described))
    };
    Described {
        tpdu: hex::encode(&packet.tpdu),
        header: hex::encode(&packet.header),
        mti: packet.message.mti(),
        fields: packet.message.fields().filter_map(field).collect(),
        leftover: packet.leftover,
        mac: None,
    }
}

/// The value of a field as people read it; `None` where the message has no such field.
fn value(dialect: &Dialect, packet: &Packet, field: Field, secrets: Secrets) -> Option<String> {
    let value = packet.message.get(field)?;
    let format = dialect.table(packet.message.mti()).formats[field.index()];
    let masked = format.secret && secrets == Secrets::Masked;
    Some(match (format.kind, masked) {
        (Kind::B, true) => "*".repeat(value.len() * 2),
        (Kind::B, false) => hex::encode(value),
        (_, false) => gbk::decode(value).into_owned(),
        (_, true) => {
            let place = dialect.code();
            match place.tag {
                Some(tag) if place.field == field => mask_tagged(value, tag),
                _ => mask(&gbk::decode(value)),
            }
        }
    })
}

/// A list of tagged values with only that of `tag` masked; masked as a whole where it is no list.
fn mask_tagged(list: &[u8], tag: de59::Tag) -> String {
    let mut shown = String::new();
    for entry in de59::entries(list) {
        let Ok((found, value)) = entry else {
            return mask(&gbk::decode(list));
        };
        let text = gbk::decode(value);
        let text = if found == tag {
            Cow::Owned(mask(&text))
        } else {
            text
        };
        // Writing to a String cannot fail.
        let _ = write!(shown, "{}{:03}{text}", gbk::decode(&found), value.len());
    }
    shown
}

/// The text with only its first six and last four characters shown; none of a text so short that
/// this would show most of it.
pub fn mask(text: &str) -> String {
    let length = text.chars().count();
    let short = length < 2 * (SHOWN_HEAD + SHOWN_TAIL) - SHOWN_HEAD;
    text.chars()
        .enumerate()
        .map(|(index, shown)| {
            if !short && (index < SHOWN_HEAD || index >= length - SHOWN_TAIL) {
                shown
            } else {
                '*'
            }
        })
        .collect()
}

impl fmt::Display for Described<'_> {
    /// A line for the preamble, one a field, one for what is left over and one for the MAC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} TPDU {} header {}", self.mti, self.tpdu, self.header)?;
        for (number, field) in &self.fields {
            writeln!(
                f,
                "DE{number:<3} @{:<4}+{:<4} {} {}: {}",
                field.offset,
                field.length,
                field.names.en,
                field.names.zh,
                printable(&field.value)
            )?;
        }
        if self.leftover > 0 {
            writeln!(f, "{} bytes left over behind the last field", self.leftover)?;
        }
        if let Some(MacJudgement { algorithm, valid }) = self.mac {
            let word = if valid { "valid" } else { "WRONG" };
            writeln!(f, "MAC ({algorithm}) {word}")?;
        }
        Ok(())
    }
}

/// The text without characters that could move the cursor of whoever reads it.
fn printable(text: &str) -> String {
    let dotted = |shown: char| if shown.is_control() { '·' } else { shown };
    text.chars().map(dotted).collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::iso8583::message::Message;
    use crate::iso8583::vectors::{ECB_KEY, VECTORS, vector};

    fn key() -> MacKey {
        MacKey::new(Algorithm::Ecb, &hex::decode(ECB_KEY).unwrap()).unwrap()
    }

    fn shown(short: &str, key: Option<&MacKey>) -> Described<'static> {
        let frame = vector(short).frame();
        decode(Dialect::cup(), &frame, Origin::Frame, key, Secrets::Masked).unwrap()
    }

    #[test]
    fn a_sale_is_described_for_people() {
        assert_snapshot!(shown("Q1", Some(&key())), @r"
        0200 TPDU 6006010000 header 613100311108
        DE3   @23  +3    Processing code 交易处理码: 000000
        DE4   @26  +6    Amount 交易金额: 000000000001
        DE11  @32  +3    System trace audit number 受卡方系统跟踪号: 000001
        DE22  @35  +2    Entry mode 服务点输入方式码: 032
        DE25  @37  +1    Condition code 服务点条件码: 00
        DE41  @38  +8    Terminal 受卡机终端标识码: 22003600
        DE42  @46  +15   Merchant 受卡方标识码: 104512541110001
        DE49  @61  +3    Currency 交易货币代码: 156
        DE59  @66  +24   Tagged data (payment code) 自定义域（付款码）: A3019621111*********1111
        DE60  @92  +7    Transaction type and batch 交易类型码与批次号: 2200660300060
        DE64  @99  +8    MAC 报文鉴别码: 4535383035454342
        MAC (ecb) valid
        ");
    }

    #[test]
    fn a_sale_is_described_for_programs() {
        let json = serde_json::to_string(&shown("Q1", Some(&key()))).unwrap();
        assert!(
            json.starts_with(
                r#"{"tpdu":"6006010000","header":"613100311108","mti":"0200","fields":{"3":{"value":"000000","offset":23,"length":3,"name":"Processing code"},"4":"#
            ),
            "{json}"
        );
        assert!(
            json.ends_with(r#"}},"leftover":0,"mac":{"algorithm":"ecb","valid":true}}"#),
            "{json}"
        );
    }

    #[test]
    fn nobody_reads_keys_tracks_or_pin_blocks() {
        let masked = |short, field| shown(short, None).fields[&field].value.clone();
        assert_eq!(masked("N2", 62), "*".repeat(80));
        assert_eq!(masked("M2", 2), "621214*********0012");
        assert_eq!(masked("M2", 35), "621214***************************1006");
        assert_eq!(masked("M2", 52), "*".repeat(16));
        assert_eq!(
            masked("N3", 62),
            hex::encode(b"Sequence No163150SXX-4C304119")
        );
    }

    #[test]
    fn offsets_count_from_what_was_given() {
        let frame = vector("Q1").frame();
        let framed = shown("Q1", None);
        let body = decode(
            Dialect::cup(),
            &frame[2..],
            Origin::Body,
            None,
            Secrets::Masked,
        )
        .unwrap();
        assert_eq!(
            (framed.fields[&3].offset, framed.fields[&3].length),
            (23, 3)
        );
        assert_eq!((body.fields[&3].offset, body.fields[&3].length), (21, 3));
        // DE59: the value behind its two length bytes.
        let code = &framed.fields[&59];
        assert_eq!(&frame[code.offset..code.offset + 5], b"A3019");
        assert_eq!(code.length, 24);
    }

    #[test]
    fn secrets_are_shown_to_those_who_ask() {
        for vector in VECTORS {
            let frame = vector.frame();
            let clear = decode(Dialect::cup(), &frame, Origin::Frame, None, Secrets::Clear);
            let clear = clear.unwrap();
            assert!(
                clear
                    .fields
                    .values()
                    .all(|field| !field.value.contains('*')),
                "{}",
                vector.name
            );
        }
    }

    #[test]
    fn a_mac_is_judged_only_where_there_is_one() {
        assert_eq!(shown("Q2", Some(&key())).mac, None);
        assert_eq!(shown("Q1", None).mac, None);
        assert!(!shown("E1", Some(&key())).mac.unwrap().valid);
    }

    #[test]
    fn what_a_terminal_sends_cannot_move_the_cursor() {
        let mut message = Message::new(Mti::SALE);
        message.set(Field::REASON, b"01 \x1B[2J\n");
        let mut frame = Vec::new();
        let dialect = Dialect::cup();
        dialect.emit([0; 5], [0; 6], &message, &mut frame).unwrap();
        let packet = dialect.parse_frame(&frame).unwrap();
        let shown = describe(dialect, &packet, Origin::Frame, Secrets::Masked);
        assert!(shown.to_string().ends_with(": 01 ·[2J·\n"), "{shown}");
        assert_eq!(shown.fields[&63].value, "01 \u{1B}[2J\n");
    }

    #[test]
    fn short_secrets_are_masked_whole() {
        assert_eq!(mask("6212142000000000012"), "621214*********0012");
        assert_eq!(mask("1234567890123"), "*************");
        assert_eq!(mask("付款码"), "***");
    }

    #[test]
    fn data_that_is_no_list_is_masked_as_a_whole() {
        assert_eq!(
            mask_tagged(b"281234567890123456", *b"A3"),
            "281234********3456"
        );
        assert_eq!(
            mask_tagged(b"A2002xyA3018621111111111111112", *b"A3"),
            "A2002xyA3018621111********1112"
        );
    }
}
