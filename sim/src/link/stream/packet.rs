//! A packet of a stream. It carries no bytes: those stay with their sender until they are
//! delivered, and the packet says which they are.

use serde::{Deserialize, Serialize};

use super::super::{ConnId, Direction};

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PacketKind {
    /// The terminal wishes to connect.
    Syn,
    /// The host agrees.
    SynAck,
    /// What has arrived so far; nothing else.
    Ack,
    /// Bytes.
    Data,
    /// No more bytes follow.
    Fin,
    /// There is no such connection, or no longer.
    Reset,
}

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Packet {
    pub conn: ConnId,
    pub direction: Direction,
    pub kind: PacketKind,
    pub seq: u64,
    pub ack: u64,
    pub len: u32,
}
