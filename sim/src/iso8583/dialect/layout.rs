//! How fields lie on the wire, told to whoever reads messages with other means than ours.

use super::{Align, Dialect, Format, Packing, Table};
use crate::iso8583::field::Field;
use crate::iso8583::mti::Mti;

/// How the value of a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Two digits a byte; an odd number of them begins behind a filling nibble or ends before one.
    Packed {
        /// Whether the filling nibble stands before them.
        right: bool,
    },
    /// Text.
    Text,
    /// Bytes.
    Binary,
}

/// How a field lies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// The field.
    pub field: Field,
    /// How its value is written.
    pub writing: Writing,
    /// Bytes of the length before it, two digits each; none for a field of one size.
    pub prefix: usize,
    /// Its size or the most that it holds, in digits or bytes.
    pub size: u16,
}

impl Dialect {
    /// How every field lies on the wire.
    pub fn layouts(&self) -> impl Iterator<Item = FieldLayout> {
        of(&self.base)
    }

    /// The message types in which some field lies otherwise, and how those do.
    pub fn special_layouts(&self) -> impl Iterator<Item = (Mti, Vec<FieldLayout>)> {
        let special = self.special.iter().map(|(mti, table)| {
            let usual = |layout: &FieldLayout| of(&self.base).any(|usual| usual == *layout);
            let other: Vec<_> = of(table).filter(|layout| !usual(layout)).collect();
            (*mti, other)
        });
        // An exception may be about what is in a field and not about how it lies.
        special.filter(|(_, layouts)| !layouts.is_empty())
    }
}

fn of(table: &Table) -> impl Iterator<Item = FieldLayout> {
    let known = (1..=64).filter_map(Field::new);
    let known = known.filter(|field| table.known & field.bit() != 0);
    known.map(|field| layout(field, table.formats[field.index()]))
}

fn layout(field: Field, format: Format) -> FieldLayout {
    let writing = match format.packing {
        Packing::Packed(layout) => Writing::Packed {
            right: layout.align == Align::Right,
        },
        Packing::Bytes if format.is_binary() => Writing::Binary,
        Packing::AsciiDigits(_) | Packing::Bytes => Writing::Text,
    };
    FieldLayout {
        field,
        writing,
        prefix: format.prefix.bytes(),
        size: format.size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_told_as_its_line_says() {
        let cup = Dialect::cup();
        let of = |field| cup.layouts().find(|layout| layout.field == field).unwrap();
        let amount = of(Field::AMOUNT);
        assert_eq!(amount.writing, Writing::Packed { right: true });
        assert_eq!((amount.prefix, amount.size), (0, 12));
        assert_eq!(of(Field::MAC).writing, Writing::Binary);
        for (mti, layouts) in cup.special_layouts() {
            assert!(!layouts.is_empty(), "{mti}");
        }
    }
}
