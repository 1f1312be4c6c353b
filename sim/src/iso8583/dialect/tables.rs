//! From what a dialect file says to tables that can be walked.

use super::file::{DialectError, File, FileException, FileFill, FilePacking, FilePlace};
use super::{Align, Dialect, Format, Kind, Names, Packing, Place, Prefix, Table, Timeouts};
use crate::iso8583::bcd::{Alphabet, Layout};
use crate::iso8583::field::Field;
use crate::iso8583::hex;
use crate::iso8583::mti::Mti;
use crate::time::Span;

/// The parts of a format as both fields and exceptions give them.
struct Given {
    kind: Kind,
    length: Prefix,
    size: u16,
    packing: Option<FilePacking>,
    align: Option<Align>,
    fill: Option<FileFill>,
    secret: bool,
}

/// The dialect that a file with this digest describes.
pub(super) fn build(file: File, digest: [u8; 32]) -> Result<Dialect, DialectError> {
    let mut base = Table {
        formats: [Format::UNKNOWN; 65],
        known: 0,
        fixed: 0,
    };
    let mut field_names = vec![Names::default(); 65];
    for (number, given) in file.fields {
        let field = number
            .parse()
            .ok()
            .and_then(Field::new)
            .ok_or(DialectError::FieldNumber {
                place: "fields",
                number,
            })?;
        field_names[field.index()] = Names {
            en: given.en,
            zh: given.zh,
        };
        let parts = Given {
            kind: given.kind,
            length: given.length,
            size: given.size,
            packing: given.packing,
            align: given.align,
            fill: given.fill,
            secret: given.secret,
        };
        base.formats[field.index()] = format(field, &parts)?;
        base.known |= field.bit();
    }
    base.fixed = base.fixed_bytes();
    if base.formats[Field::MAC.index()] != Format::MAC {
        return Err(DialectError::Format {
            field: Field::MAC,
            reason: "the MAC is eight bytes: write kind = \"b\", length = \"fixed\", size = 8",
        });
    }
    let special = exceptions(&file.exceptions, &base)?;
    Ok(Dialect {
        name: file.name,
        digest,
        names: Names {
            en: file.en,
            zh: file.zh,
        },
        header: hex::decode(&file.header)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(DialectError::Header(file.header))?,
        tpdu: file.tpdu,
        algorithm: file.mac,
        code: place("code", file.code, &base)?,
        merchant_code: place("merchant-code", file.merchant_code, &base)?,
        timeouts: Timeouts {
            connect: Span::from_millis(file.timeouts.connect_ms),
            response: Span::from_millis(file.timeouts.response_ms),
        },
        field_names,
        base,
        special,
    })
}

fn exceptions(given: &[FileException], base: &Table) -> Result<Vec<(Mti, Table)>, DialectError> {
    let mut special: Vec<(Mti, Table)> = Vec::new();
    for exception in given {
        let field = known(exception.field, "exceptions", base)?;
        let format = format(
            field,
            &Given {
                kind: exception.kind,
                length: exception.length,
                size: exception.size,
                packing: exception.packing,
                align: exception.align,
                fill: exception.fill,
                secret: exception
                    .secret
                    .unwrap_or(base.formats[field.index()].secret),
            },
        )?;
        for digits in &exception.messages {
            let mti = Mti::from_digits(digits).ok_or_else(|| DialectError::Mti(digits.clone()))?;
            let place = special.iter().position(|(other, _)| *other == mti);
            let place = place.unwrap_or_else(|| {
                special.push((mti, base.clone()));
                special.len() - 1
            });
            let table = &mut special[place].1;
            table.formats[field.index()] = format;
            table.fixed = table.fixed_bytes();
        }
    }
    Ok(special)
}

fn place(name: &'static str, given: FilePlace, base: &Table) -> Result<Place, DialectError> {
    let field = known(given.field, name, base)?;
    let tag = match given.tag {
        None => None,
        Some(tag) => match <[u8; 2]>::try_from(tag.as_bytes()) {
            Ok(bytes) if bytes.is_ascii() => Some(bytes),
            _ => return Err(DialectError::Tag { place: name, tag }),
        },
    };
    Ok(Place { field, tag })
}

fn known(number: u8, place: &'static str, base: &Table) -> Result<Field, DialectError> {
    let field = Field::new(number).ok_or_else(|| DialectError::FieldNumber {
        place,
        number: number.to_string(),
    })?;
    if base.known & field.bit() == 0 {
        return Err(DialectError::UnknownField { place, field });
    }
    Ok(field)
}

fn format(field: Field, given: &Given) -> Result<Format, DialectError> {
    let wrong = |reason| Err(DialectError::Format { field, reason });
    match (given.length, given.size) {
        (_, 0) => return wrong("its size is zero: write digits or bytes"),
        (Prefix::Two, 100..) => return wrong("LL counts to 99: write LLL or a smaller size"),
        (_, 1000..) => return wrong("no field has more than 999 digits or bytes"),
        _ => {}
    }
    let fixed = given.length == Prefix::Fixed;
    let align = given.align.unwrap_or(if given.kind == Kind::N && fixed {
        Align::Right
    } else {
        Align::Left
    });
    let packing = match (given.kind, given.packing) {
        (Kind::N, Some(FilePacking::Ascii)) => Packing::AsciiDigits(align),
        (Kind::N | Kind::Z, None | Some(FilePacking::Bcd)) => Packing::Packed(Layout {
            alphabet: match given.kind {
                Kind::Z => Alphabet::Track,
                _ => Alphabet::Decimal,
            },
            align,
            fill: match given.fill {
                Some(FileFill::F) => 0xF,
                Some(FileFill::Zero) | None => 0,
            },
        }),
        (Kind::An | Kind::Ans | Kind::B, Some(FilePacking::Bcd)) => {
            return wrong("only kinds n and z can be packed as bcd: leave packing out");
        }
        _ => Packing::Bytes,
    };
    if given.fill.is_some() && !matches!(packing, Packing::Packed(_)) {
        return wrong("only packed digits are filled with a nibble: leave fill out");
    }
    if align == Align::Right && packing == Packing::Bytes {
        return wrong("text and bytes stand at the left: leave align out");
    }
    Ok(Format {
        packing,
        prefix: given.length,
        shift: u8::from(matches!(packing, Packing::Packed(_))),
        size: given.size,
        kind: given.kind,
        secret: given.secret,
    })
}

impl Table {
    fn fixed_bytes(&self) -> usize {
        let fixed = |format: &&Format| format.prefix == Prefix::Fixed;
        let bytes = |format: &Format| usize::from(format.size);
        self.formats.iter().filter(fixed).map(bytes).sum()
    }
}

impl Format {
    /// The place of a field that the dialect does not have.
    const UNKNOWN: Self = Self {
        packing: Packing::Bytes,
        prefix: Prefix::Fixed,
        shift: 0,
        size: 0,
        kind: Kind::B,
        secret: false,
    };

    /// The one format that DE64 may have, since MACs are eight bytes.
    const MAC: Self = Self {
        size: 8,
        ..Self::UNKNOWN
    };
}
