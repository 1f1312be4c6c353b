//! Faults of a stream that packets cannot express: what a middlebox, a dying peer or a broken
//! modem does to it. Each is armed for the bytes towards one end and reports when it strikes.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Faults for the bytes towards one end of a connection. Offsets count that end's bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct StreamFaults {
    /// Deliver in pieces.
    pub chop: Option<Chop>,
    /// Corruption past the checksum: one bit of one byte arrives wrong.
    pub flip: Option<Flip>,
    /// Reset in the middle of a message: after so many bytes both ends are reset. An end whose
    /// reset is lost learns of it when it sends next.
    pub reset_after: Option<u64>,
    /// Half open: after so many bytes nothing passes any more in either direction, and nobody is
    /// told.
    pub sever_after: Option<u64>,
    /// End-of-file arrives so much later.
    pub slow_close: Option<Span>,
}

/// Delivers a stream in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Chop {
    /// The bytes of a piece.
    pub piece: NonZeroUsize,
    /// The time from one piece to the next; zero for all at one instant.
    #[serde(default)]
    pub gap: Span,
}

/// One bit of one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Flip {
    /// Which byte.
    pub offset: u64,
    /// Which bit of it, 0 the lowest; only the last three bits of this number count.
    pub bit: u8,
}

/// The kinds of [`StreamFaults`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StreamFaultKind {
    /// A message was delivered in more than one piece.
    Chop,
    /// A bit was flipped.
    Flip,
    /// The connection was reset.
    Reset,
    /// The connection was cut without anybody being told.
    Sever,
    /// End-of-file was held back.
    SlowClose,
}
