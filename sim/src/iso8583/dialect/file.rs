//! What a dialect file may say. What is made of it is in [`super::tables`].

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{Align, Dialect, Kind, Prefix, TpduAnswer, tables};
use crate::iso8583::field::Field;
use crate::iso8583::mac::Algorithm;

/// Why a dialect file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DialectError {
    /// Not TOML, an unknown or a missing key, or a value of the wrong kind.
    #[error("the dialect file is not valid: {0}")]
    Syntax(String),
    /// `extends` names a dialect that is not built in.
    #[error("the dialect extends {0}: only \"cup\" is built in, extend that or leave it out")]
    Base(String),
    /// A key of `fields`, or the field of a place or an exception, is no field number.
    #[error("{place}: {number:?} is no field number: fields are numbered 2 to 64")]
    FieldNumber {
        /// The table that names it.
        place: &'static str,
        /// What stands there.
        number: String,
    },
    /// A place or an exception names a field that has no format.
    #[error("{place}: {field} has no line in [fields]: add one")]
    UnknownField {
        /// The table that names it.
        place: &'static str,
        /// The field.
        field: Field,
    },
    /// The format of a field cannot be.
    #[error("field {field}: {reason}")]
    Format {
        /// The field.
        field: Field,
        /// What is wrong, and what to write.
        reason: &'static str,
    },
    /// `header` is not twelve hexadecimal digits.
    #[error("header: {0:?} is not twelve hexadecimal digits")]
    Header(String),
    /// A tag is not two ASCII characters.
    #[error("{place}: the tag {tag:?} is not two ASCII characters")]
    Tag {
        /// The table that names it.
        place: &'static str,
        /// What stands there.
        tag: String,
    },
    /// An exception names a message type that is not four digits.
    #[error("exceptions: {0:?} is no message type: write four digits, as \"0500\"")]
    Mti(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub(super) name: String,
    pub(super) en: String,
    pub(super) zh: String,
    pub(super) header: String,
    pub(super) tpdu: TpduAnswer,
    pub(super) mac: Algorithm,
    pub(super) code: FilePlace,
    pub(super) merchant_code: FilePlace,
    pub(super) timeouts: FileTimeouts,
    pub(super) fields: BTreeMap<String, FileField>,
    #[serde(default)]
    pub(super) exceptions: Vec<FileException>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePlace {
    pub(super) field: u8,
    pub(super) tag: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FileTimeouts {
    pub(super) connect_ms: u64,
    pub(super) response_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileField {
    pub(super) kind: Kind,
    pub(super) length: Prefix,
    pub(super) size: u16,
    pub(super) packing: Option<FilePacking>,
    pub(super) align: Option<Align>,
    pub(super) fill: Option<FileFill>,
    #[serde(default)]
    pub(super) secret: bool,
    pub(super) en: String,
    pub(super) zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileException {
    pub(super) field: u8,
    pub(super) messages: Vec<String>,
    pub(super) kind: Kind,
    pub(super) length: Prefix,
    pub(super) size: u16,
    pub(super) packing: Option<FilePacking>,
    pub(super) align: Option<Align>,
    pub(super) fill: Option<FileFill>,
    /// As the field's own line says, unless it is given.
    pub(super) secret: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FilePacking {
    Bcd,
    Ascii,
}

/// The nibble beside an odd number of digits.
#[derive(Clone, Copy, Deserialize)]
pub(super) enum FileFill {
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "f")]
    F,
}

/// Reads the text of a dialect file.
pub(super) fn read(text: &str) -> Result<Dialect, DialectError> {
    let syntax = |error: toml::de::Error| DialectError::Syntax(error.to_string());
    let mut table: toml::Table = toml::from_str(text).map_err(syntax)?;
    let (file, whole): (File, _) = match table.remove("extends") {
        // Parsed from the text, so that errors show the line.
        None => (toml::from_str(text).map_err(syntax)?, table),
        Some(toml::Value::String(base)) if base == "cup" => {
            let mut merged: toml::Table = toml::from_str(super::CUP).map_err(syntax)?;
            merge(&mut merged, table);
            (merged.clone().try_into().map_err(syntax)?, merged)
        }
        Some(other) => return Err(DialectError::Base(other.to_string())),
    };
    tables::build(file, digest(&whole))
}

/// SHA-256 of the JSON of everything that is said, keys in their order, blanks and comments left out.
fn digest(whole: &toml::Table) -> [u8; 32] {
    let json = serde_json::to_vec(whole).expect("what was read from TOML is JSON");
    Sha256::digest(json).into()
}

/// Tables are merged key by key; anything else of `over` replaces what was there. A place that
/// names another field does not inherit the tag.
fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(over))
                if !matches!(key.as_str(), "code" | "merchant-code") =>
            {
                merge(base, over);
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::hex;
    use crate::iso8583::message::Message;
    use crate::iso8583::mti::Mti;
    use crate::time::Span;

    fn error(text: &str) -> DialectError {
        Dialect::from_toml(text).unwrap_err()
    }

    fn variant(text: &str) -> Result<Dialect, DialectError> {
        Dialect::from_toml(&format!("extends = \"cup\"\n{text}"))
    }

    #[test]
    fn the_built_in_dialect_is_what_its_file_says() {
        let cup = Dialect::cup();
        assert_eq!(cup.name(), "cup");
        assert_eq!(cup.header(), [0x60, 0x31, 0, 0, 0, 0]);
        assert_eq!(
            cup.answer_tpdu([0x60, 0x05, 0x81, 0x00, 0x00]),
            [0x60, 0x00, 0x00, 0x05, 0x81]
        );
        assert_eq!(cup.algorithm(), Algorithm::Ecb);
        assert_eq!(cup.code().field, Field::CODE);
        assert_eq!(cup.timeouts().response, Span::from_millis(60_000));
        assert_eq!(cup.field_names(Field::AMOUNT).unwrap().zh, "交易金额");
        assert!(cup.is_secret(Mti::SALE, Field::CODE));
        assert!(cup.is_secret(Mti(0x0810), Field::KEYS));
        assert!(!cup.is_secret(Mti::SIGN_IN, Field::KEYS));
        assert!(!cup.knows(Field::new(7).unwrap()));
    }

    #[test]
    fn variants_are_built_in_under_names_of_their_own() {
        let names: Vec<_> = Dialect::built_in().iter().map(Dialect::name).collect();
        let wanted = [
            "cup",
            "cup-cbc",
            "cup-x919",
            "cup-echo",
            "cup-code-62",
            "cup-campus",
        ];
        assert_eq!(names, wanted);
        let named = |name| Dialect::named(name).unwrap();
        assert_eq!(named("cup-cbc").algorithm(), Algorithm::Cbc);
        assert_eq!(named("cup-x919").algorithm(), Algorithm::X919);
        assert_eq!(
            named("cup-echo").answer_tpdu([6, 1, 2, 3, 4]),
            [6, 1, 2, 3, 4]
        );
        let moved = named("cup-code-62").code();
        assert_eq!((moved.field, moved.tag), (Field::KEYS, None));
        let campus = named("cup-campus");
        assert!(campus.is_secret(Mti::SALE, campus.code().field));
        assert!(Dialect::named("campus").is_none());
        // No two are the same to people either.
        let texts: std::collections::BTreeSet<_> =
            Dialect::built_in().iter().map(|d| &d.names().zh).collect();
        assert_eq!(texts.len(), names.len());
    }

    #[test]
    fn a_variant_says_only_what_differs() {
        let variant = variant(
            r#"
            name = "campus"
            mac = "x919"
            tpdu = "echo"
            code = { field = 62 }
            timeouts = { response-ms = 15000 }
            [fields]
            61 = { kind = "n", packing = "bcd" }
            62 = { kind = "ans" }
            "#,
        )
        .unwrap();
        assert_eq!(variant.name(), "campus");
        assert_eq!(variant.algorithm(), Algorithm::X919);
        assert_eq!(variant.answer_tpdu([0x60, 1, 2, 3, 4]), [0x60, 1, 2, 3, 4]);
        assert_eq!(variant.timeouts().response, Span::from_millis(15_000));
        assert_eq!(variant.timeouts().connect, Span::from_millis(15_000));
        let mut message = Message::new(Mti::SALE);
        variant
            .code()
            .set(&mut message, b"281234567890123456")
            .unwrap();
        message.set_text(Field::ORIGINAL, "0066030000010413");
        let mut frame = Vec::new();
        variant
            .emit([0; 5], variant.header(), &message, &mut frame)
            .unwrap();
        let fields = hex::encode(&frame[23..]);
        assert_eq!(
            fields,
            format!(
                "00160066030000010413{:04}{}",
                18,
                hex::encode(b"281234567890123456")
            )
        );
    }

    #[test]
    fn the_digest_is_of_what_a_dialect_says_with_what_it_takes_over() {
        let of = |text: &str| variant(text).unwrap().digest();
        let plain = of("name = \"acme\"\nmac = \"cbc\"");
        assert_eq!(plain, of("# ours\nmac = 'cbc'\n\nname = \"acme\""));
        assert_ne!(plain, of("name = \"acme\"\nmac = \"x919\""));
        assert_ne!(plain, of("name = \"acme\""));
        // What is taken over is as good as said, and what is said as it was changes nothing.
        assert_eq!(variant("").unwrap().digest(), Dialect::cup().digest());
        assert_eq!(of("mac = \"ecb\""), Dialect::cup().digest());
    }

    #[test]
    fn a_broken_file_says_where_and_why() {
        let message = error("name = 1").to_string();
        assert!(message.contains("line 1"), "{message}");
        let message = variant("colour = \"red\"").unwrap_err().to_string();
        assert!(message.contains("unknown field `colour`"), "{message}");
        let message = variant("mac = \"sm4\"").unwrap_err().to_string();
        assert!(message.contains("unknown variant `sm4`"), "{message}");
        let message = variant("[fields]\n3 = { tint = 1 }")
            .unwrap_err()
            .to_string();
        assert!(message.contains("unknown field `tint`"), "{message}");
        assert_eq!(
            error("extends = \"iso\""),
            DialectError::Base("\"iso\"".into())
        );
        assert!(matches!(
            variant("header = \"60\""),
            Err(DialectError::Header(_))
        ));
    }

    #[test]
    fn fields_that_cannot_be_are_named() {
        let named = |text: &str| variant(text).unwrap_err().to_string();
        for (text, part) in [
            ("[fields]\n3 = { size = 0 }", "DE3: its size is zero"),
            ("[fields]\n2 = { size = 100 }", "DE2: LL counts to 99"),
            (
                "[fields]\n2 = { size = 1000, length = \"LLL\" }",
                "DE2: no field has more",
            ),
            (
                "[fields]\n37 = { packing = \"bcd\" }",
                "DE37: only kinds n and z",
            ),
            (
                "[fields]\n37 = { fill = \"f\" }",
                "DE37: only packed digits are filled",
            ),
            (
                "[fields]\n37 = { align = \"right\" }",
                "DE37: text and bytes stand at the left",
            ),
            (
                "[fields]\n64 = { size = 4 }",
                "DE64: the MAC is eight bytes",
            ),
            (
                "[fields]\n65 = { kind = \"n\", length = \"fixed\", size = 3, en = \"\", zh = \"\" }",
                "\"65\" is no field number",
            ),
            ("code = { field = 7 }", "code: DE7 has no line in [fields]"),
            ("code = { field = 1 }", "code: \"1\" is no field number"),
            (
                "code = { field = 59, tag = \"A33\" }",
                "the tag \"A33\" is not two",
            ),
            (
                "[[exceptions]]\nfield = 48\nmessages = [\"05\"]\nkind = \"n\"\nlength = \"LL\"\nsize = 9",
                "\"05\" is no message type",
            ),
        ] {
            let message = named(text);
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
