//! `counterproof decode`: an ISO 8583 message taken apart.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use counterproof_sim::iso8583::hex;
use counterproof_sim::iso8583::show::{self, Described, Origin, Secrets};
use counterproof_sim::iso8583::{Algorithm, DecodeError, Dialect, MacKey};
use counterproof_sim::vocabulary::Lang;
use serde_json::json;

use super::args::{DecodeArgs, MacArg};
use super::console::Console;
use super::dialect;
use crate::exit::{Exit, Failure};
use crate::report::columns::table;
use crate::texts::cli as texts;

/// Decodes what `args` name and prints it: JSON for programs, a table for people.
///
/// # Errors
/// When there is nothing to decode, or it does not decode.
pub fn decode(args: &DecodeArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let (dialect, _) = dialect::find(&args.dialect, lang)?;
    let keys = keys(args, dialect, lang)?;
    let bytes = input(args.input.as_deref(), lang)?;
    let origin = if args.unframed {
        Origin::Body
    } else {
        Origin::Frame
    };
    let secrets = if args.show_codes {
        Secrets::Clear
    } else {
        Secrets::Masked
    };
    let as_json = args.json || !Console::is_watched();
    match under_the_right_one(&keys, |key| {
        show::decode(dialect, &bytes, origin, key, secrets)
    }) {
        Ok(described) if as_json => {
            let json = serde_json::to_string(&described).expect("a described message is JSON");
            console.print(&(json + "\n"))?;
            Ok(Exit::Conformant)
        }
        Ok(described) => {
            console.print(&for_people(&described, console))?;
            Ok(Exit::Conformant)
        }
        Err(error) => {
            if args.json {
                console.print(&format!("{}\n", error_json(&error)))?;
            }
            Err(Failure::usage(sentence(&error, lang)))
        }
    }
}

fn sentence(error: &DecodeError, lang: Lang) -> String {
    match error.field {
        Some(field) => texts::decode_failed_in(lang, error.offset, field, error.reason),
        None => texts::decode_failed(lang, error.offset, error.reason),
    }
}

fn error_json(error: &DecodeError) -> serde_json::Value {
    json!({"error": {
        "offset": error.offset,
        "field": error.field,
        "reason": error.reason.to_string(),
    }})
}

fn for_people(described: &Described<'_>, console: Console) -> String {
    let text = format!(
        "{} TPDU {} header {}\n",
        console.style.bold(&described.mti.to_string()),
        described.tpdu,
        described.header
    );
    let rows: Vec<Vec<String>> = described
        .fields
        .iter()
        .map(|(number, field)| {
            let name = match console.lang {
                Lang::En => &field.names.en,
                Lang::Zh => &field.names.zh,
            };
            vec![
                format!("DE{number}"),
                format!("@{}+{}", field.offset, field.length),
                name.clone(),
                field.value.clone(),
            ]
        })
        .collect();
    let mut text = text + &table(&rows);
    if described.leftover > 0 {
        text.push_str(
            &console
                .style
                .yellow(&texts::leftover(console.lang, described.leftover)),
        );
        text.push('\n');
    }
    if let Some(mac) = described.mac {
        let algorithm = mac.algorithm;
        let line = if mac.valid {
            console
                .style
                .green(&texts::mac_valid(console.lang, algorithm))
        } else {
            console
                .style
                .red(&texts::mac_wrong(console.lang, algorithm))
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The key for each algorithm that may be meant, the likeliest first. A captured frame does not say
/// how its MAC was made, and no two algorithms agree by chance.
fn keys(args: &DecodeArgs, dialect: &Dialect, lang: Lang) -> Result<Vec<MacKey>, Failure> {
    let Some(digits) = &args.key else {
        return Ok(Vec::new());
    };
    let algorithms = match args.mac {
        None => {
            let own = dialect.algorithm();
            let mut all = vec![Algorithm::Ecb, Algorithm::Cbc, Algorithm::X919];
            all.sort_by_key(|algorithm| *algorithm != own);
            all
        }
        Some(MacArg::Ecb) => vec![Algorithm::Ecb],
        Some(MacArg::Cbc) => vec![Algorithm::Cbc],
        Some(MacArg::X919) => vec![Algorithm::X919],
    };
    let bytes = hex_digits(digits).ok_or_else(|| Failure::usage(texts::key_not_hex(lang)))?;
    algorithms
        .into_iter()
        .map(|algorithm| MacKey::new(algorithm, &bytes))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(texts::bad_key(lang, error)))
}

/// The message under the key that verifies it; under the likeliest where none does.
fn under_the_right_one<'d>(
    keys: &[MacKey],
    decoded: impl Fn(Option<&MacKey>) -> Result<Described<'d>, DecodeError>,
) -> Result<Described<'d>, DecodeError> {
    let first = decoded(keys.first())?;
    let right = |described: &Described<'_>| described.mac.is_none_or(|mac| mac.valid);
    if right(&first) {
        return Ok(first);
    }
    for key in &keys[1..] {
        let other = decoded(Some(key))?;
        if right(&other) {
            return Ok(other);
        }
    }
    Ok(first)
}

/// The bytes that are meant: digits on the command line, a file, or standard input.
fn input(given: Option<&str>, lang: Lang) -> Result<Vec<u8>, Failure> {
    let nothing = || Failure::usage(texts::decode_nothing(lang));
    let bytes = match given {
        None if io::stdin().is_terminal() => return Err(nothing()),
        None | Some("-") => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::usage(texts::cannot_read(lang, "-", error)))?;
            from_stream(bytes)
        }
        Some(text) => match hex_digits(text) {
            Some(bytes) => bytes,
            None if Path::new(text).exists() => {
                let read = fs::read(text)
                    .map_err(|error| Failure::usage(texts::cannot_read(lang, text, error)))?;
                from_stream(read)
            }
            None => return Err(Failure::usage(texts::decode_no_input(lang, text))),
        },
    };
    if bytes.is_empty() {
        Err(nothing())
    } else {
        Ok(bytes)
    }
}

/// What a file or a pipe holds: hexadecimal digits, or the bytes themselves.
fn from_stream(bytes: Vec<u8>) -> Vec<u8> {
    let digits = std::str::from_utf8(&bytes).ok().and_then(hex_digits);
    digits.unwrap_or(bytes)
}

/// The bytes of hexadecimal digits as people paste them: blanks, line ends, `0x`, commas and
/// colons between them are skipped.
fn hex_digits(text: &str) -> Option<Vec<u8>> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ':'));
    let digits: String = parts
        .map(|part| {
            part.strip_prefix("0x")
                .or(part.strip_prefix("0X"))
                .unwrap_or(part)
        })
        .collect();
    hex::decode(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_people_paste_them() {
        for text in [
            "00ab12",
            "00 AB 12\r\n",
            "0x00, 0xab, 0x12",
            "0x00AB12",
            "00:ab:12",
            " 00a b12 ",
        ] {
            assert_eq!(hex_digits(text), Some(vec![0x00, 0xab, 0x12]), "{text:?}");
        }
        for text in ["00a", "xyz", "0x", "00-ab"] {
            assert!(
                hex_digits(text).is_none_or(|bytes| bytes.is_empty()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_stream_holds_digits_or_the_bytes_themselves() {
        assert_eq!(from_stream(b"00 01\n".to_vec()), [0, 1]);
        assert_eq!(from_stream(vec![0, 0x75, 0x60]), [0, 0x75, 0x60]);
    }
}
