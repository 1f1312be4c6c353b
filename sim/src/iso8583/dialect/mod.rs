//! A dialect: the formats of the fields and the customs of an acquirer, read from data into
//! tables. How a table is walked is in [`super::decode`] and [`super::encode`].

mod file;
mod layout;
mod place;
mod tables;

use std::sync::LazyLock;

pub use file::DialectError;
pub use layout::{FieldLayout, Writing};
pub use place::Place;

use super::bcd::Layout;
use super::field::Field;
use super::mac::Algorithm;
use super::mti::Mti;
use super::packet::{Header, Tpdu};
use crate::time::Span;

/// The text of the default dialect.
const CUP: &str = include_str!("../cup.toml");

/// The texts of the variants of it that are built in.
const VARIANTS: &[&str] = &[
    include_str!("../dialects/cup-cbc.toml"),
    include_str!("../dialects/cup-x919.toml"),
    include_str!("../dialects/cup-echo.toml"),
    include_str!("../dialects/cup-code-62.toml"),
    include_str!("../dialects/cup-campus.toml"),
];

/// An acquirer's dialect.
#[derive(Clone, Debug)]
pub struct Dialect {
    name: String,
    digest: [u8; 32],
    names: Names,
    header: Header,
    tpdu: TpduAnswer,
    algorithm: Algorithm,
    code: Place,
    merchant_code: Place,
    timeouts: Timeouts,
    field_names: Vec<Names>,
    base: Table,
    /// Whole tables for the message types in which a field looks otherwise.
    special: Vec<(Mti, Table)>,
}

/// A name in the two languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// What an answer does with the addresses of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TpduAnswer {
    /// Destination and origin change places.
    Swap,
    /// They stay as they were.
    Echo,
}

/// How long a terminal of this acquirer waits unless it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Span,
    /// For an answer.
    pub response: Span,
}

/// The formats of all fields of one message type.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// One format a field number; places of unknown fields are never read.
    pub(super) formats: [Format; 65],
    /// The fields that the dialect knows.
    pub(super) known: u64,
    /// Bytes of all fixed fields together.
    pub(super) fixed: usize,
}

/// How a field lies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) packing: Packing,
    pub(super) prefix: Prefix,
    /// The binary logarithm of digits a byte: 1 for packed ones, else 0.
    pub(super) shift: u8,
    /// The size of a fixed field and the most of a variable one, in digits or bytes.
    pub(super) size: u16,
    pub(super) kind: Kind,
    pub(super) secret: bool,
}

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    N,
    Z,
    An,
    Ans,
    B,
}

/// How values become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Two digits a byte.
    Packed(Layout),
    /// A decimal digit a byte.
    AsciiDigits(Align),
    /// As they are.
    Bytes,
}

/// The length indicator before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Prefix {
    #[serde(rename = "fixed")]
    Fixed,
    #[serde(rename = "LL")]
    Two,
    #[serde(rename = "LLL")]
    Three,
}

/// At which end of its place a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Align {
    Left,
    Right,
}

impl Prefix {
    /// Bytes on the wire.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::Fixed => 0,
            Self::Two => 1,
            Self::Three => 2,
        }
    }
}

impl Dialect {
    /// The default dialect, built in.
    pub fn cup() -> &'static Self {
        &Self::built_in()[0]
    }

    /// Every dialect that is built in, the default one first. Their names are part of the terminal
    /// protocol (`host.dialect`).
    pub fn built_in() -> &'static [Self] {
        static DIALECTS: LazyLock<Vec<Dialect>> = LazyLock::new(|| {
            let texts = [CUP].into_iter().chain(VARIANTS.iter().copied());
            let read = |text| match Dialect::from_toml(text) {
                Ok(dialect) => dialect,
                Err(error) => unreachable!("the built-in dialects are tested: {error}"),
            };
            texts.map(read).collect()
        });
        &DIALECTS
    }

    /// The built-in dialect of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::built_in()
            .iter()
            .find(|dialect| dialect.name() == name)
    }

    /// Reads a dialect from the text of its file.
    ///
    /// # Errors
    /// When the text is not TOML, has a key that is not known, lacks one, or describes a field
    /// that cannot be; the error says where.
    pub fn from_toml(text: &str) -> Result<Self, DialectError> {
        file::read(text)
    }

    /// Its short name, as given on a command line.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of everything that it says, with what it takes over from another.
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Its name for people.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// The header of a request.
    pub const fn header(&self) -> Header {
        self.header
    }

    /// The addresses of the answer to a request that had these.
    pub const fn answer_tpdu(&self, request: Tpdu) -> Tpdu {
        match self.tpdu {
            TpduAnswer::Echo => request,
            TpduAnswer::Swap => {
                let [id, to_high, to_low, from_high, from_low] = request;
                [id, from_high, from_low, to_high, to_low]
            }
        }
    }

    /// What an answer does with the addresses of its request.
    pub const fn tpdu_answer(&self) -> TpduAnswer {
        self.tpdu
    }

    /// How messages are authenticated.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Where a request carries the payment code.
    pub const fn code(&self) -> &Place {
        &self.code
    }

    /// Where an answer carries the content of the code that the terminal is to show.
    pub const fn merchant_code(&self) -> &Place {
        &self.merchant_code
    }

    /// Its default time-outs.
    pub const fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The name of a field; `None` where the dialect has no such field.
    pub fn field_names(&self, field: Field) -> Option<&Names> {
        self.knows(field).then(|| &self.field_names[field.index()])
    }

    /// Whether the dialect has that field.
    pub const fn knows(&self, field: Field) -> bool {
        self.base.known & field.bit() != 0
    }

    /// Whether the field's value must be masked when a message of that type is shown.
    pub fn is_secret(&self, mti: Mti, field: Field) -> bool {
        self.knows(field) && self.table(mti).formats[field.index()].secret
    }

    /// The formats that hold in messages of that type.
    pub(super) fn table(&self, mti: Mti) -> &Table {
        self.special
            .iter()
            .find(|(special, _)| *special == mti)
            .map_or(&self.base, |(_, table)| table)
    }
}

impl Format {
    /// Bytes on the wire of so many digits or bytes.
    pub(super) const fn bytes(self, length: usize) -> usize {
        (length + self.shift as usize) >> self.shift
    }

    /// Whether nothing may be filled up.
    pub(super) fn is_binary(self) -> bool {
        self.kind == Kind::B
    }
}
